/**
 * Following the log: batches in index order, for ever. A notification wakes the reader, a look once a second is the net
 * under it (and takes up what a crashed process committed without giving it an index). Types that are not asked for are
 * passed over: the reader's place moves to the head all the same, so a rare type costs no second look at the old log. So is
 * what `where` does not let through, and what is erased.
 */
import type { Held } from '../record/index.ts'
import { isTransient, type Sql } from './connect.ts'
import type { Store } from './contract.ts'
import { headOf } from './queries.ts'
import { read } from './read.ts'
import type { Sequencer } from './sequencer.ts'
import type { Wakeups } from './wakeups.ts'

const pollMs = 1000
const defaultBatch = 256

export type FollowParts = {
  readonly sql: Sql
  readonly sequencer: Sequencer
  readonly wakeups: Wakeups
  /** The store is closing. */
  readonly closing: AbortSignal
}

type Page = { readonly held: readonly Held[]; readonly place: number; readonly isLast: boolean }

export async function* follow(
  parts: FollowParts,
  options: Parameters<Store['follow']>[0],
): AsyncGenerator<readonly Held[]> {
  const stop = AbortSignal.any([options.signal, parts.closing])
  let place = options.after
  while (!stop.aborted) {
    const seen = parts.wakeups.count()
    const page = await lookOrWait(parts, options, place, stop)
    if (page === undefined) continue
    place = page.place
    if (page.held.length > 0) yield page.held
    if (!page.isLast || stop.aborted) continue
    const isWoken = await parts.wakeups.wait(seen, pollMs, stop)
    if (!isWoken && !stop.aborted) await takeLeftovers(parts)
  }
}

/** Undefined when the database was away: the reader stays where it is and looks again. */
async function lookOrWait(
  parts: FollowParts,
  options: Parameters<Store['follow']>[0],
  place: number,
  stop: AbortSignal,
): Promise<Page | undefined> {
  try {
    return await look(parts.sql, options, place)
  } catch (error) {
    if (stop.aborted) return undefined
    if (!isTransient(error)) throw error
    await parts.wakeups.wait(parts.wakeups.count(), pollMs, stop)
    return undefined
  }
}

async function look(sql: Sql, options: Parameters<Store['follow']>[0], place: number): Promise<Page> {
  const head = await headOf(sql)
  if (head <= place) return { held: [], place, isLast: true }
  const { types, realm, where, batch = defaultBatch } = options
  const held = await read(sql, {
    after: place,
    upTo: head,
    versions: 'all',
    limit: batch,
    ...(types && { types }),
    ...(realm !== undefined && { realm }),
    ...(where && { where: typeof where === 'function' ? where() : where }),
  })
  const last = held.at(-1)
  const isLast = held.length < batch
  return { held, place: isLast || last === undefined ? head : last.index, isLast }
}

async function takeLeftovers({ sequencer }: FollowParts): Promise<void> {
  try {
    await sequencer.run()
  } catch (error) {
    if (!isTransient(error)) throw error // away: the next look waits for it
  }
}
