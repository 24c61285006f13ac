/**
 * The auditor of one process: notes, and answers who looked.
 *
 * What must be on record before it is answered (`precedes`): whatever leaves the node (export, disclosure), whatever
 * changes or takes away (change, correct, erase, administer), what reads a person's data for a person, anything under
 * broken glass, and every read of a police-coded record. The rest follows within 50 ms; only a crash can lose it.
 *
 * Anybody's reads of public data are counted by route and day and not traced: the public has a right to look without
 * being watched, and a log of it would be the profile that the strategy forbids.
 */
import { randomBytes } from 'node:crypto'
import type { Clock, Handling } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Principal } from '../contract.ts'
import type { AuditAct, Auditor, Look, Noted, Page, TrailEntry, TrailQuery } from './contract.ts'
import { entriesOf } from './entry.ts'
import { type AuditPolicy, defaultAuditPolicy } from './policy.ts'
import { PublicCounter } from './public-count.ts'
import { figureRows, type LookRow, lookRows, publicFigureRows, trailRows } from './queries.ts'
import { Writer, type WriterOptions } from './writer.ts'

export type AuditorOptions = Omit<WriterOptions, 'database'> & {
  readonly policy?: AuditPolicy
  /** For the salts; the machine's own when absent. */
  readonly random?: (size: number) => Uint8Array
}

export function auditor(database: Sql, clock: Clock, options: AuditorOptions = {}): Auditor {
  const { policy = defaultAuditPolicy, random = randomBytes, ...writing } = options
  const writer = new Writer({ database, ...writing })
  const counter = new PublicCounter(database, clock, writing.onTrouble)
  const prepared = (noted: Noted) => entriesOf(noted, { at: clock.now(), keepDays: policy.keepDays, random })
  return {
    note: (noted) => writer.soon(prepared(noted)),
    noteBefore: (noted) => writer.now(prepared(noted)),
    countPublic: (act, what) => counter.count(act, what),
    async flush() {
      await writer.flush()
      await counter.flush()
    },
    looks: async ({ named = false, ...query }) =>
      pageOfLooks(await lookRows(database, query), query.limit, named),
    trail: async (query) => pageOfTrail(await trailRows(database, query), query),
    figures: async (query) => ({
      figures: await figureRows(database, query),
      public: await publicFigureRows(database, query),
    }),
    async [Symbol.asyncDispose]() {
      try {
        await writer[Symbol.asyncDispose]()
      } finally {
        await counter[Symbol.asyncDispose]()
      }
    },
  }
}

const preceding: ReadonlySet<AuditAct> = new Set([
  'export',
  'disclose',
  'change',
  'erase',
  'subject-access',
  'correct',
  'administer',
  'break-glass',
  'review',
])

/** Must this be on record before it is answered? `handlings`: of the records it gives. */
export const precedes = (
  act: AuditAct,
  principal: Pick<Principal, 'breakGlassUntil'>,
  handlings: readonly Pick<Handling, 'police'>[] = [],
): boolean =>
  preceding.has(act) ||
  principal.breakGlassUntil !== undefined ||
  handlings.some(({ police = [] }) => police.length > 0)

const looksPerPage = 500

function pageOfLooks(rows: readonly LookRow[], limit = looksPerPage, named: boolean): Page<Look> {
  const items = rows.map((row) => lookOf(row, named))
  const last = rows.at(-1)
  return rows.length === limit && last ? { items, next: last.seq } : { items }
}

function lookOf({ record, entry }: LookRow, named: boolean): Look {
  const { at, act, kind, organisation, roles, purpose, caseNumber, glassBroken, principal } = entry
  return {
    ...{ record, at, act, kind, roles, purpose },
    ...(organisation === undefined ? {} : { organisation }),
    ...(caseNumber === undefined ? {} : { caseNumber }),
    ...(glassBroken === undefined ? {} : { glassBroken }),
    ...(named || kind === 'node' ? { principal } : {}),
  }
}

function pageOfTrail(rows: Awaited<ReturnType<typeof trailRows>>, { limit }: TrailQuery): Page<TrailEntry> {
  const items = rows.map(({ seq, entry, digest, records }) => ({ ...entry, seq, digest, records }))
  const last = rows.at(-1)
  return rows.length === limit && last ? { items, next: last.seq } : { items }
}
