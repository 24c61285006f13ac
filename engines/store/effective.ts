/** The effective handling of held versions: asked for, and made stricter in the columns that conditions are asked of. */
import { type Handling, joinHeld, leq } from '../record/index.ts'
import type { Transaction } from './connect.ts'
import type { Ref } from './contract.ts'
import type { VersionRef } from './queries.ts'
import { bucketOf, handlingColumns } from './rows.ts'

export type EffectiveRow = Ref & { readonly handling: Handling }

/** What handling holds for each of these versions now? */
export const effectiveOf = (tx: Transaction, refs: readonly VersionRef[]) => tx<EffectiveRow[]>`
  select r.id, r.version, r.origin, coalesce(r.effective, r.record -> 'handling') as handling
  from unnest(
    ${refs.map(({ id }) => bucketOf(id))}::smallint[],
    ${refs.map(({ id }) => id)}::text[],
    ${refs.map(({ version }) => version)}::int[]
  ) as w (bucket, id, version)
  join record as r using (bucket, id, version)`

/**
 * Undefined when this handling changes nothing. `home`: the node's own names, for what is its people's alone beside what
 * names others.
 */
export const stricter = (
  row: EffectiveRow,
  handling: Handling,
  home: readonly string[],
): EffectiveRow | undefined =>
  leq(handling, row.handling) ? undefined : { ...row, handling: joinHeld([row.handling, handling], home) }

export function writeEffective(tx: Transaction, rows: readonly EffectiveRow[]) {
  const values = rows.map(({ id, version, handling }) => ({
    bucket: bucketOf(id),
    id,
    version,
    ...handlingColumns(handling),
    effective: handling,
  }))
  return tx`
    update record as r
    set
      tlp = n.tlp,
      audience = n.audience,
      purposes = n.purposes,
      police = n.police,
      originator_control = n.originator_control,
      embargo_until = n.embargo_until,
      retain_until = n.retain_until,
      marks = n.marks,
      effective = n.effective
    from json_to_recordset(${JSON.stringify(values)}::text::json) as n (
      bucket smallint, id text, version int, tlp smallint, audience text[], purposes text[], police text[],
      originator_control boolean, embargo_until timestamptz, retain_until timestamptz, marks text[], effective json
    )
    where r.bucket = n.bucket and r.id = n.id and r.version = n.version`
}
