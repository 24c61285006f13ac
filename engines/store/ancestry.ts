/**
 * Where inputs come from: the inputs that drafts name, and, where a draft names a release, all that those inputs are
 * derived from, with the releases themselves. Asked in one go, before anything is decided.
 *
 * Ten thousand ancestors are looked at in one batch, and no more: who derives from more than that cannot name a release.
 */
import {
  type Handling,
  type Link,
  type MosaicRecord,
  type NodeId,
  type RecordId,
  wholeHandling,
} from '../record/index.ts'
import type { Transaction } from './connect.ts'
import { bucketOf } from './rows.ts'

export const maxAncestors = 10_000

export const inputName = (id: RecordId, version?: number): string => (version ? `${id}@${version}` : id)

/** An input as it counts: with the handling that binds what is derived from it. */
export type HeldInput = {
  readonly record: MosaicRecord
  readonly handling: Handling
  readonly isErased: boolean
}

type InputParts = {
  readonly record: MosaicRecord
  readonly effective: Handling | null
  readonly withheld: readonly string[] | null
  readonly isErased: boolean
}

export const heldInput = ({ record, effective, withheld, isErased }: InputParts): HeldInput => ({
  record,
  handling: wholeHandling(effective ?? record.handling, withheld ?? []),
  isErased,
})

/** A record that an input is derived from, or the input itself: what of it decides who must release. */
export type Ancestor = Pick<MosaicRecord, 'id' | 'version' | 'type' | 'origin' | 'realm'> & {
  readonly handling: Handling
  readonly place?: MosaicRecord['place']
  readonly links: readonly Link[]
}

export type Ancestry = {
  /** By `inputName` of the version. */
  readonly ancestors: ReadonlyMap<string, Ancestor>
  /** More than `maxAncestors`: nothing can be said. */
  readonly isCut: boolean
  /** The newest version of each release that is named, by id. */
  readonly releases: ReadonlyMap<RecordId, HeldInput>
  /** Who recalled which of them. */
  readonly recalls: ReadonlyMap<RecordId, readonly NodeId[]>
}

/** What do these links name? By `inputName` of the link: the newest version where none is named. */
export async function inputsHeld(
  tx: Transaction,
  links: readonly Link[],
): Promise<ReadonlyMap<string, HeldInput>> {
  const wanted = [...new Map(links.map((link) => [inputName(link.id, link.version), link])).values()]
  if (wanted.length === 0) return new Map()
  const rows = await tx<(InputParts & { readonly asked: number | null })[]>`
    select w.version as asked, n.*
    from unnest(
      ${wanted.map(({ id }) => bucketOf(id))}::smallint[],
      ${wanted.map(({ id }) => id)}::text[],
      ${wanted.map(({ version }) => version ?? null)}::int[]
    ) as w (bucket, id, version)
    cross join lateral (
      select r.record, r.effective, r.withheld, r.erased_at is not null as "isErased"
      from record as r
      where r.bucket = w.bucket and r.id = w.id and (w.version is null or r.version = w.version)
      order by r.version desc
      limit 1
    ) as n`
  return new Map(rows.map((row) => [inputName(row.record.id, row.asked ?? undefined), heldInput(row)]))
}

/** `inputs`: the links of all drafts of the batch; `named`: the releases that one or another of them names. */
export async function ancestryOf(
  tx: Transaction,
  inputs: readonly Link[],
  named: readonly RecordId[],
): Promise<Ancestry> {
  const [rows, releases, recalls] = await Promise.all([
    ancestorsOf(tx, inputs),
    inputsHeld(
      tx,
      named.map((id) => ({ type: 'releasedBy', id })),
    ),
    recallsOf(tx, named),
  ])
  return {
    ancestors: new Map(
      rows.slice(0, maxAncestors).map((row) => [inputName(row.id, row.version), ancestorOf(row)]),
    ),
    isCut: rows.length > maxAncestors,
    releases: new Map([...releases.values()].map((held) => [held.record.id, held])),
    recalls: byRecord(recalls),
  }
}

function byRecord(
  rows: readonly { id: RecordId; origin: NodeId }[],
): ReadonlyMap<RecordId, readonly NodeId[]> {
  const grouped = Map.groupBy(rows, ({ id }) => id)
  return new Map([...grouped].map(([id, some]) => [id, some.map(({ origin }) => origin)]))
}

type AncestorRow = Pick<
  MosaicRecord,
  'id' | 'version' | 'type' | 'origin' | 'realm' | 'handling' | 'links'
> & {
  readonly withheld: readonly string[] | null
  readonly areas: NonNullable<MosaicRecord['place']>['areas'] | null
}

const ancestorOf = ({ withheld, areas, handling, ...rest }: AncestorRow): Ancestor => ({
  ...rest,
  handling: wholeHandling(handling, withheld ?? []),
  ...(areas && { place: { areas } }),
})

/** What are these versions, what are they derived from, and what is that derived from? */
const ancestorsOf = (tx: Transaction, links: readonly Link[]) => tx<AncestorRow[]>`
  with recursive ancestor (bucket, id, version) as (
    select n.bucket, n.id, n.version
    from unnest(
      ${links.map(({ id }) => bucketOf(id))}::smallint[],
      ${links.map(({ id }) => id)}::text[],
      ${links.map(({ version }) => version ?? null)}::int[]
    ) as w (bucket, id, version)
    cross join lateral (
      select r.bucket, r.id, r.version
      from record as r
      where r.bucket = w.bucket and r.id = w.id and (w.version is null or r.version = w.version)
      order by r.version desc
      limit 1
    ) as n
    union
    select n.bucket, n.id, n.version
    from ancestor as a
    join record_link as k using (bucket, id, version)
    cross join lateral (
      select r.bucket, r.id, r.version
      from record as r
      where k.type = 'derivedFrom'
      and r.bucket = (('x' || left(k.target, 2))::bit(8)::int % 64)::smallint
      and r.id = k.target
      and (k.target_version is null or r.version = k.target_version)
      order by r.version desc
      limit 1
    ) as n
  )
  select
    r.id, r.version, r.type, r.origin, r.realm, r.withheld,
    coalesce(r.effective, r.record -> 'handling') as handling,
    r.record -> 'links' as links,
    r.record #> '{place,areas}' as areas
  from (select * from ancestor limit ${maxAncestors + 1}) as a
  join record as r using (bucket, id, version)`

/** Who says that these are recalled? */
const recallsOf = (tx: Transaction, ids: readonly RecordId[]) => tx<{ id: RecordId; origin: NodeId }[]>`
  select distinct k.target as id, r.origin
  from record_link as k
  join record as r using (bucket, id, version)
  where k.target = any (${ids}::text[])
  and k.type = 'recalls'`
