/** Which log first proved a record here: this node's own where it was written here, else that of the proof it came with. */
import type { Digest, NodeId, RecordId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { originOf } from '../tlog/index.ts'

export type ProvenBy = {
  /** Absent where its content is erased, and its proof with it. */
  readonly log?: string
  readonly leaves: ReadonlySet<string>
}

type ProvenRow = {
  readonly id: RecordId
  readonly version: number
  readonly leaf: Digest | null
  readonly log: string | null
  readonly isHere: boolean
}

export async function provenBy(
  sql: Sql,
  ids: readonly RecordId[],
  own: NodeId | undefined,
): Promise<ReadonlyMap<RecordId, ProvenBy>> {
  if (ids.length === 0) return new Map()
  // Which versions of these are held, under which leaf and which origin's log, first come first?
  const rows = await sql<ProvenRow[]>`
    select
      r.id, r.version, encode(coalesce(p.leaf, l.leaf), 'hex') as leaf, split_part(n.note, chr(10), 1) as log,
      r.salt is not null as "isHere"
    from record as r
    left join log as l using (bucket, id, version)
    left join provenance as p using (bucket, id, version)
    left join origin_note as n on n.seq = p.note
    where r.bucket = any (${[...new Set(ids.map(bucketOf))]}::smallint[]) and r.id = any (${ids}::text[])
    order by l.index nulls last, r.version`
  const found = new Map<RecordId, { log?: string; leaves: Set<string> }>()
  for (const { id, version, leaf, log, isHere } of rows) {
    const one = found.get(id) ?? { leaves: new Set() }
    const by = log ?? (isHere && own !== undefined ? originOf(own) : undefined)
    if (one.log === undefined && by !== undefined) one.log = by
    one.leaves.add(`${version} ${leaf}`)
    found.set(id, one)
  }
  return found
}

const bucketOf = (id: RecordId): number => Number.parseInt(id.slice(0, 2), 16) % 64
