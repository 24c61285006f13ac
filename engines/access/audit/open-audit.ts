/**
 * All that a node needs of this folder, opened once: the auditor, quotas, broken glass, what origins are told, and what
 * `mosaic doctor` says of them.
 */
import type { Clock, Instant, NodeId, RecordId } from '../../record/index.ts'
import type { Sql, Store } from '../../store/index.ts'
import type { Principal } from '../contract.ts'
import { auditor } from './auditor.ts'
import { type BrokenGlass, type Glass, glass } from './break-glass.ts'
import type { Auditor, Look } from './contract.ts'
import { looksFor } from './looks.ts'
import { type AuditPolicy, defaultAuditPolicy } from './policy.ts'
import { type Quotas, quotas } from './quota.ts'
import { sealsOf } from './seal.ts'
import { type TrailVerdict, verifyAudit } from './verify.ts'

export type AuditOptions = {
  readonly database: Sql
  readonly store: Pick<Store, 'read'>
  readonly clock: Clock
  readonly node: NodeId
  readonly policy?: AuditPolicy
  /** Broken glass rings here. */
  readonly alarm: (glass: BrokenGlass) => void
  /** The trail cannot be written. */
  readonly onTrouble?: (error: unknown) => void
}

/** One thing that doctor looks at. */
export type AuditFinding = { readonly check: string; readonly ok: boolean; readonly says: string }

export type Audit = AsyncDisposable & {
  readonly auditor: Auditor
  readonly quotas: Quotas
  readonly glass: Glass
  readonly policy: AuditPolicy
  readonly database: Sql
  readonly node: NodeId
  /** The principal with the glass that it has broken: for the sign-in. */
  readonly withGlass: (principal: Principal) => Promise<Principal>
  /** What the exchange tells an origin of looks at its records. */
  readonly looksFor: (origin: NodeId, ids: readonly RecordId[]) => Promise<readonly Look[]>
  readonly verify: (onProgress?: (entries: number) => void) => Promise<TrailVerdict>
  readonly findings: () => Promise<readonly AuditFinding[]>
}

export function openAudit(options: AuditOptions): Audit {
  const { database, store, clock, node, policy = defaultAuditPolicy, alarm, onTrouble } = options
  const made = auditor(database, clock, { policy, ...(onTrouble ? { onTrouble } : {}) })
  const glasses = glass({ database, clock, auditor: made, policy: policy.breakGlass, alarm })
  const verify: Audit['verify'] = async (onProgress) =>
    verifyAudit(database, {
      now: clock.now(),
      seals: await sealsOf({ store, node }),
      ...(onProgress ? { onProgress } : {}),
    })
  return {
    auditor: made,
    quotas: quotas(database, clock, policy.quotas),
    glass: glasses,
    policy,
    database,
    node,
    async withGlass(principal) {
      if (principal.kind !== 'person') return principal
      const until = await glasses.brokenUntil(principal.id, clock.now())
      return until === undefined ? principal : { ...principal, breakGlassUntil: until }
    },
    async looksFor(origin, ids) {
      const { items } = await looksFor({ database, auditor: made, policy }, { origin, ids })
      return items
    },
    verify,
    async findings() {
      const unreviewed = await glasses.list({ unreviewed: true, limit: 1000 })
      return [trailFinding(await verify()), glassFinding(unreviewed, clock.now())]
    },
    [Symbol.asyncDispose]: () => Promise.resolve(made[Symbol.asyncDispose]()),
  }
}

const trailFinding = (verdict: TrailVerdict): AuditFinding =>
  verdict.kind === 'sound'
    ? {
        check: 'audit',
        ok: true,
        says: `${verdict.entries} entries, ${verdict.seals} seals, the chain is whole`,
      }
    : { check: 'audit', ok: false, says: `${verdict.fault.message} (${verdict.fault.kind})` }

/** What waits for its review is told; what has waited too long is loud. */
function glassFinding(unreviewed: readonly BrokenGlass[], now: Instant): AuditFinding {
  const late = unreviewed.filter(({ reviewBy }) => reviewBy < now)
  const says =
    late.length > 0
      ? `${late.length} emergency accesses were to be reviewed long ago: ${late.map(({ id }) => id.slice(0, 8)).join(', ')}; see mosaic break-glass`
      : `${unreviewed.length} emergency accesses wait for review`
  return { check: 'break-glass', ok: late.length === 0, says }
}
