/** What every route is handed: the node without its store, the records anybody may have, and the open replay. */
import type { Realm } from '../engines/record/index.ts'
import type { Store } from '../engines/store/index.ts'
import type { MosaicNode, NodeLog, Replay } from '../node.ts'
import type { PublicRecords } from './public-records.ts'

/** The node as routes know it: its records are read through `Context.records` alone. */
export type ServedNode = Pick<
  MosaicNode,
  'settings' | 'clock' | 'places' | 'registry' | 'packs' | 'sources'
> & {
  readonly store: Pick<Store, 'sources' | 'quarantine' | 'identity'>
}

/** The replay as routes know it: its player, and the scenario's clock. */
export type ServedReplay = Pick<Replay, 'scenario' | 'player'> & {
  readonly setting: Pick<Replay['setting'], 'clock'>
}

export type Context = {
  readonly node: ServedNode
  readonly records: PublicRecords
  readonly replay?: ServedReplay
  readonly log: NodeLog
  /** The realm that a page shows when it is not told. */
  readonly defaultRealm: Realm
  /** The server can be reached from this machine only: who asks is its operator. */
  readonly isLoopback: boolean
  /** Names beside its address by which the node is known, for example behind a proxy. */
  readonly hostNames: readonly string[]
  /** Folder of the built web application; no page where it is not there. */
  readonly webFolder: string
  /** Aborted when the server stops: streams end with it. */
  readonly stopping: AbortSignal
  readonly types: RecordTypes
}

/** Which record types play which part, as the packs declare. */
export type RecordTypes = {
  readonly events: readonly string[]
  readonly impacts: readonly string[]
  readonly observations: readonly string[]
}

export function typesOf({ packs }: Pick<MosaicNode, 'packs'>): RecordTypes {
  return {
    events: packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes)),
    observations: packs.flatMap(({ fusion }) => fusion.map(({ reads }) => reads)),
    impacts: packs.flatMap(({ assessors }) => assessors.map(({ writes }) => writes)),
  }
}

/** The pack whose fusion writes this type of event. */
export const packOf = ({ packs }: Pick<MosaicNode, 'packs'>, eventType: string): string =>
  packs.find(({ fusion }) => fusion.some(({ writes }) => writes === eventType))?.name ??
  eventType.split('.')[0] ??
  ''
