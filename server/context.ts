/** What every route is handed: the node, the open replay, and the parts of the region that do not change. */
import type { Realm } from '../engines/record/index.ts'
import type { MosaicNode, NodeLog, Replay } from '../node.ts'

export type Context = {
  readonly node: MosaicNode
  readonly replay?: Replay
  readonly log: NodeLog
  /** The realm that a page shows when it is not told. */
  readonly defaultRealm: Realm
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

export function typesOf(node: MosaicNode): RecordTypes {
  const { packs } = node
  return {
    events: packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes)),
    observations: packs.flatMap(({ fusion }) => fusion.map(({ reads }) => reads)),
    impacts: packs.flatMap(({ assessors }) => assessors.map(({ writes }) => writes)),
  }
}

/** The pack whose fusion writes this type of event. */
export const packOf = ({ packs }: MosaicNode, eventType: string): string =>
  packs.find(({ fusion }) => fusion.some(({ writes }) => writes === eventType))?.name ??
  eventType.split('.')[0] ??
  ''
