/**
 * Seals: from time to time the head of the audit trail becomes a record, so that the node's transparency log, and with it
 * every witness, commits to the trail. Peers see a salted leaf and nothing else; the record itself is for the oversight of
 * the organisation that runs the node.
 *
 * Each seal covers the entries since the one before; its key is the number of its last entry, so a repeat is the same
 * record.
 */
import { type Static, Type } from 'typebox'
import { actual, type Clock, type Draft, defineRecord, type NodeId } from '../../record/index.ts'
import type { Appended, Sql, Store } from '../../store/index.ts'
import { headOfTrail } from './queries.ts'
import type { Seal } from './verify.ts'

export const auditSealRecord = defineRecord({
  type: 'access.audit-seal',
  schemaVersion: 1,
  body: Type.Object(
    {
      from: Type.Integer({ minimum: 0 }),
      to: Type.Integer({ minimum: 0 }),
      count: Type.Integer({ minimum: 1 }),
      head: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    },
    { additionalProperties: false },
  ),
})
export type AuditSealBody = Static<typeof auditSealRecord.body>

export type Sealing = {
  readonly store: Pick<Store, 'append' | 'read'>
  readonly database: Sql
  readonly clock: Clock
  readonly node: NodeId
}

export type SealReading = { readonly store: Pick<Store, 'read'>; readonly node: NodeId }

/** Undefined when nothing was noted since the last seal. */
export async function sealAudit(parts: Sealing): Promise<Appended | undefined> {
  const { nextSeq, digest } = await headOfTrail(parts.database)
  const sealed = (await lastSeal(parts))?.to ?? -1
  if (nextSeq - 1 <= sealed) return undefined
  const seal = { from: sealed + 1, to: nextSeq - 1, count: nextSeq - 1 - sealed, head: digest }
  const [appended] = await parts.store.append([sealDraft(seal, parts)])
  return appended
}

/** All seals of this node, oldest first: what `verifyAudit` compares with. */
export async function sealsOf({ store, node }: SealReading): Promise<readonly Seal[]> {
  const held = await store.read({ types: [auditSealRecord.type], realm: actual, limit: 1_000_000 })
  return held.filter(({ record }) => record.origin === node).map(({ record }) => record.body as AuditSealBody)
}

async function lastSeal({ store, node }: Sealing): Promise<Seal | undefined> {
  const held = await store.read({ types: [auditSealRecord.type], realm: actual, order: '-index', limit: 50 })
  return held.find(({ record }) => record.origin === node)?.record.body as AuditSealBody | undefined
}

function sealDraft(seal: Seal, { clock, node }: Sealing): Draft<AuditSealBody> {
  const now = clock.now()
  return {
    type: auditSealRecord.type,
    key: String(seal.to),
    realm: actual,
    producer: { kind: 'method', name: 'mosaic.access', version: '1' },
    valid: { from: now, until: now },
    handling: {
      tlp: 'TLP:AMBER+STRICT',
      audience: [node],
      originatorControl: true,
      purposes: ['oversight'],
    },
    body: seal,
  }
}
