/**
 * Drafts of next versions that this node writes in the place of an origin that it succeeds (`AppendOptions.inPlaceOf`).
 * Their ids are looked up and not computed: those of confidential types only the old origin could compute, and what is not
 * held cannot be shown to have been the old origin's.
 */
import type { Draft, NodeId, RecordId } from '../record/index.ts'
import type { AppendParts } from './append.ts'
import { issue } from './check-arrival.ts'
import { type Identified, identify } from './plan-append.ts'

export async function identifyHeld(
  { sql, registry }: Pick<AppendParts, 'sql' | 'registry'>,
  drafts: readonly Draft[],
  origin: NodeId,
): Promise<readonly Identified[]> {
  // Which records of this origin are held under these types and keys?
  const rows = await sql<{ id: RecordId; type: string; key: string; realm: string }[]>`
    select distinct r.id, r.type, r.key, r.realm
    from unnest(
      ${drafts.map(({ type }) => type)}::text[],
      ${drafts.map(({ key }) => key)}::text[],
      ${drafts.map(({ realm }) => realm)}::text[]
    ) as w (type, key, realm)
    join record as r using (type, key, realm)
    where r.origin = ${origin} and r.erased_at is null`
  const held = new Map(rows.map(({ id, type, key, realm }) => [nameOf({ type, key, realm }), id]))
  return identify(drafts, registry, (draft) => held.get(nameOf(draft)) ?? none).map((one) =>
    'id' in one && one.id === none ? { draft: one.draft, issues: [notHeld(one.draft, origin)] } : one,
  )
}

const none = '' as RecordId

const nameOf = ({
  type,
  key,
  realm,
}: {
  readonly type: string
  readonly key: string
  readonly realm: string
}) => JSON.stringify([type, key, realm])

const notHeld = ({ key }: Draft, origin: NodeId) =>
  issue(
    'record/not-held',
    '/key',
    key,
    `This node holds no record of ${origin} under this type and key, so it has none to supersede.`,
  )
