/**
 * What else holds the content of a record: the raw payload that it came in, and copies in quarantine.
 *
 * A payload is found by what it decodes to: the same feed repeats a report for days, so a record stands in every payload
 * of its source since it came, and no link in the database says in which. `keysIn` asks the source's own decoder. A
 * payload that also holds records that are kept stays until the last of them goes, and is said to be shared; the run that
 * erases the last finds it again. Bytes, receipt and hash go together: the hash of a short message can be guessed.
 *
 * A copy in quarantine is found by the record's id in its bytes (parcels and records name it), or by type and key
 * (drafts that were refused). Its bytes and the values in its issues go; that it was there, and why, stays.
 */
import type { TransactionSql } from 'postgres'
import {
  type Held,
  type Instant,
  type Issue,
  instant,
  millis,
  plusMs,
  type Realm,
} from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'

type Transaction = TransactionSql<{ bigint: number }>

export type Named = { readonly type: string; readonly key: string }

/** What a payload of this source decodes to; undefined when no decoder reads it. */
export type KeysIn = (payload: {
  readonly source: string
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly receivedAt: Instant
}) => readonly Named[] | undefined

export type LeftBehind = {
  readonly payloads: number
  /** Held also by records that stay. */
  readonly shared: number
  /** Of a source that no decoder is declared for any more: look at them by hand. */
  readonly unread: number
  readonly quarantined: number
}

export const nothingLeft: LeftBehind = { payloads: 0, shared: 0, unread: 0, quarantined: 0 }

/** Before the records themselves are erased, because their keys go with them. `held`: every version, of one realm. */
export async function dropLeftBehind(
  database: Sql,
  held: readonly Held[],
  keysIn: KeysIn,
): Promise<LeftBehind> {
  const sourced = held.filter(({ record }) => record.producer.kind === 'source')
  const payloads = sourced.length === 0 ? nothingLeft : await dropPayloads(database, sourced, keysIn)
  return { ...payloads, quarantined: await emptyQuarantined(database, held) }
}

/** A line of small messages is appended together, each received a little before the records are. */
const gatheringMs = 600_000
const receiptsPerPage = 50

type Receipt = {
  readonly seq: number
  readonly hash: string
  readonly source: string
  readonly receivedAt: Date
}
type Going = {
  readonly realm: Realm
  readonly ids: readonly string[]
  readonly names: ReadonlySet<string>
  readonly since: Instant
}

async function dropPayloads(database: Sql, held: readonly Held[], keysIn: KeysIn): Promise<LeftBehind> {
  const going = goingOf(held)
  let { payloads, shared, unread } = nothingLeft
  const judged = new Set<string>()
  for (let after = 0; ; ) {
    const receipts = await receiptsOf(database, going, after)
    for (const receipt of receipts) {
      if (judged.has(receipt.hash)) continue // the same bytes came again
      judged.add(receipt.hash)
      const verdict = await verdictOn(database, receipt, { going, keysIn })
      if (verdict === 'unread') unread++
      if (verdict === 'shared') shared++
      if (verdict === 'goes' && (await dropPayload(database, receipt.hash, going.realm))) payloads++
    }
    const last = receipts.at(-1)
    if (last === undefined || receipts.length < receiptsPerPage) break
    after = last.seq
  }
  return { ...nothingLeft, payloads, shared, unread }
}

function goingOf(held: readonly Held[]): Going {
  const first = held.reduce((least, { receivedAt }) => Math.min(least, millis(receivedAt)), Number.MAX_VALUE)
  const [any] = held
  if (any === undefined) throw new Error('nothing is going')
  const since = held.find(({ receivedAt }) => millis(receivedAt) === first)?.receivedAt ?? any.receivedAt
  return {
    realm: any.record.realm,
    ids: held.map(({ record }) => record.id),
    names: new Set(held.map(({ record }) => nameOf(record))),
    since: plusMs(since, -gatheringMs),
  }
}

const nameOf = ({ type, key }: Named): string => JSON.stringify([type, key])

/** Which payloads came since then? */
const receiptsOf = (database: Sql, { realm, since }: Going, after: number) => database<Receipt[]>`
  select seq, hash, source, received_at as "receivedAt"
  from receipt
  where realm = ${realm} and received_at >= ${since}::timestamptz and seq > ${after}
  order by seq
  limit ${receiptsPerPage}`

async function verdictOn(
  database: Sql,
  { hash, source, receivedAt }: Receipt,
  { going, keysIn }: { readonly going: Going; readonly keysIn: KeysIn },
): Promise<'goes' | 'shared' | 'unread' | 'other'> {
  const [payload] = await database<{ mediaType: string; bytes: Buffer }[]>`
    select media_type as "mediaType", bytes from payload where hash = ${hash}`
  if (payload === undefined) return 'other'
  const named = namesIn({ source, ...payload, receivedAt: instant(receivedAt) }, keysIn)
  if (named === undefined) return 'unread'
  if (!named.some((one) => going.names.has(nameOf(one)))) return 'other'
  const others = named.filter((one) => !going.names.has(nameOf(one)))
  return (await anyHeld(database, others, going)) ? 'shared' : 'goes'
}

/** A decoder that throws says as little as one that is not there. */
function namesIn(payload: Parameters<KeysIn>[0], keysIn: KeysIn): readonly Named[] | undefined {
  try {
    return keysIn(payload)
  } catch {
    return undefined // told as unread: somebody looks at it by hand
  }
}

async function anyHeld(database: Sql, named: readonly Named[], { realm, ids }: Going): Promise<boolean> {
  const rows = await database`
    select 1
    from unnest(${named.map(({ type }) => type)}::text[], ${named.map(({ key }) => key)}::text[]) as n (type, key)
    join record as r using (type, key)
    where r.realm = ${realm} and r.erased_at is null and r.id <> all (${[...ids]}::text[])
    limit 1`
  return rows.length > 0
}

/** First word of the locks that the store keeps arrivals of the same bytes apart by (engines/store/payloads.ts). */
const payloadLocks = 0x6d6f70

/** The receipts of this realm, and the bytes when no other realm has received them. */
const dropPayload = (database: Sql, hash: string, realm: Realm) =>
  database.begin(async (handle) => {
    const tx = handle as Transaction
    await tx`select pg_advisory_xact_lock(${payloadLocks}::int, ${Number.parseInt(hash.slice(0, 4), 16)}::int)`
    const receipts = await tx`delete from receipt where hash = ${hash} and realm = ${realm} returning seq`
    await tx`delete from payload where hash = ${hash} and not exists (select from receipt where hash = ${hash})`
    return receipts.length > 0
  })

type Copy = { readonly id: string; readonly issues: readonly Issue[] }

async function emptyQuarantined(database: Sql, held: readonly Held[]): Promise<number> {
  const ids = [...new Set(held.map(({ record }) => record.id))]
  const drafts = [...new Set(held.map(({ record }) => nameOf(record)))].map(
    (name) => JSON.parse(name) as readonly [string, string],
  )
  const copies = await database<Copy[]>`
    select q.id, q.issues
    from quarantine as q
    where length(q.bytes) > 0
    and (
      exists (select from unnest(${ids}::text[]) as i (id) where position(convert_to(i.id, 'UTF8') in q.bytes) > 0)
      or q.kind = 'refused' and exists (
        select
        from unnest(
          ${drafts.map(([type]) => `"type":${JSON.stringify(type)}`)}::text[],
          ${drafts.map(([, key]) => `"key":${JSON.stringify(key)}`)}::text[]
        ) as d (type, key)
        where position(convert_to(d.type, 'UTF8') in q.bytes) > 0
        and position(convert_to(d.key, 'UTF8') in q.bytes) > 0
      )
    )`
  for (const { id, issues } of copies)
    await database`
      update quarantine
      set bytes = '', state = 'discarded', issues = ${JSON.stringify(issues.map(withoutValue))}::text::json
      where id = ${id}`
  return copies.length
}

const withoutValue = ({ rule, place }: Issue): Issue => ({
  rule,
  place,
  message: 'Its content was erased with the record it held.',
})
