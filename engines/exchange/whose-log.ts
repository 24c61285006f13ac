/**
 * Whose log proves a record.
 *
 *     its origin's      up to the end that a succession names, where one holds (succession.ts); beyond it what it says of
 *                       its keys and successions, and nothing else
 *     its origin's      heirs': next versions only, numbered above what the logs before can hold; nothing about keys and
 *                       successions of the old origin, which its own log alone says
 *     in an exercise    under a name that a scenario brings, whose keys nobody knows: the log of whichever node plays it
 *                       first. What follows of the same record is proven by that log too, so that no other node can
 *                       supersede there what the first wrote. Another node that plays the same scenario writes the same
 *                       versions with the same leaves; those change nothing and are taken for what they are.
 */
import {
  type Digest,
  exerciseOf,
  type Issue,
  type MosaicRecord,
  type NodeId,
  type RecordId,
} from '../record/index.ts'
import { type Checkpoint, originOf } from '../tlog/index.ts'
import { issue } from './issue.ts'
import type { Origins } from './origins.ts'
import type { Successions } from './succession.ts'

/** What stands in an exercise under names that a scenario brings. */
export type Played = {
  readonly isPlayed: (record: MosaicRecord) => boolean
  /** The log that first proved this record; undefined where it is not held, or its proof went with its content. */
  readonly provenBy: (id: RecordId) => string | undefined
  readonly isHeld: (record: MosaicRecord, leaf: Digest) => boolean
  /** Of the same batch: what comes after is proven by the same log. */
  readonly prove: (record: MosaicRecord, log: string) => void
}

export async function createPlayed(
  { origins }: { readonly origins: Pick<Origins, 'keys' | 'provenBy'> },
  records: readonly MosaicRecord[],
): Promise<Played> {
  const inExercise = records.filter(({ realm }) => exerciseOf(realm) !== undefined)
  const known = new Set<NodeId>()
  for (const origin of new Set(inExercise.map(({ origin }) => origin)))
    if ((await origins.keys(origin)).length > 0) known.add(origin)
  const isPlayed = ({ realm, origin }: MosaicRecord) => exerciseOf(realm) !== undefined && !known.has(origin)
  const held = await origins.provenBy(inExercise.filter(isPlayed).map(({ id }) => id))
  const logs = new Map([...held].map(([id, { log }]) => [id, log]))
  return {
    isPlayed,
    provenBy: (id) => logs.get(id),
    isHeld: ({ id, version }, leaf) => held.get(id)?.leaves.has(`${version} ${leaf}`) === true,
    prove(record, log) {
      if (isPlayed(record) && logs.get(record.id) === undefined) logs.set(record.id, log)
    },
  }
}

export type Proving = {
  readonly record: MosaicRecord
  readonly leaf: Digest
  readonly index: number
  readonly checkpoint: Checkpoint
  readonly played: Played
  readonly successions: Successions
}

/** What speaks against this log as the one that proves the record. */
export function logIssues(proving: Proving): readonly Issue[] {
  const against = proving.played.isPlayed(proving.record) ? playedIssue(proving) : ownedIssue(proving)
  return against === undefined ? [] : [against]
}

function playedIssue({ record, leaf, checkpoint, played }: Proving): Issue | undefined {
  const first = played.provenBy(record.id)
  if (first === undefined || first === checkpoint.origin || played.isHeld(record, leaf)) return undefined
  return issue(
    'exchange/other-log',
    '/under',
    checkpoint.origin,
    `In this exercise ${first} proved it first; that log alone proves what follows.`,
  )
}

function ownedIssue({ record, index, checkpoint, successions }: Proving): Issue | undefined {
  const line = successions.line(record.origin)
  const at = line.findIndex(({ node }) => originOf(node) === checkpoint.origin)
  const stretch = line[at]
  const isOfKeys = record.type.startsWith('tlog.')
  if (stretch === undefined || (at > 0 && isOfKeys))
    return issue(
      'exchange/other-log',
      '/under',
      checkpoint.origin,
      `The log of ${record.origin} proves its records, no other.`,
    )
  const { above, end } = stretch
  // A succession in the old log stands behind the checkpoint that it names; and a living node from which a key was stolen
  // revokes that key behind the end that the thief named. Both carry signatures of their own and are judged by them.
  if (at === 0 && isOfKeys) return undefined
  if (record.version <= above)
    return issue(
      'exchange/before-succession',
      '/parcel',
      `${record.id}@${record.version}`,
      `The numbers up to ${above} belong to ${line[at - 1]?.node}; its heir writes higher ones.`,
    )
  if (end === undefined) return undefined
  if (index >= end.size || record.version > above + end.size)
    return issue(
      'exchange/after-succession',
      '/proof',
      checkpoint.origin,
      `The log of ${stretch.node} ended at ${end.size} when ${line[at + 1]?.node ?? 'another'} succeeded it.`,
    )
  const isOther = checkpoint.size === end.size && end.root.some((byte, n) => byte !== checkpoint.root[n])
  return isOther
    ? issue(
        'exchange/after-succession',
        '/under',
        checkpoint.origin,
        `The log of ${stretch.node} ended with another checkpoint of that size.`,
      )
    : undefined
}
