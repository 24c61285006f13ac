/**
 * The part of the policy that this folder enforces, as data: quotas, case numbers, broken glass, how long the trail is
 * kept. It comes from the node's settings; what is not set has the defaults below.
 */
import { type Static, Type } from 'typebox'
import { type Purpose, purposes, type Role, roles } from '../contract.ts'

const strict = { additionalProperties: false }
const purposesSchema = Type.Unsafe<readonly Purpose[]>(Type.Array(Type.Enum(purposes)))
const rolesSchema = Type.Unsafe<readonly Role[]>(Type.Array(Type.Enum(roles)))
const textsSchema = Type.Unsafe<readonly string[]>(Type.Array(Type.String({ minLength: 1 })))

export const quotaActs = ['read', 'search', 'export'] as const
export type QuotaAct = (typeof quotaActs)[number]

/**
 * So many of these acts per officer and day, for whom all that it names fits; absent fits everybody. Reads are counted in
 * records, searches and exports in requests.
 */
export const quotaRuleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
    roles: Type.Optional(rolesSchema),
    organisations: Type.Optional(textsSchema),
    purposes: Type.Optional(purposesSchema),
    acts: Type.Unsafe<readonly QuotaAct[]>(Type.Array(Type.Enum(quotaActs), { minItems: 1 })),
    perDay: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  },
  strict,
)
export type QuotaRule = Static<typeof quotaRuleSchema>

export const auditPolicySchema = Type.Object(
  {
    quotas: Type.Optional(Type.Unsafe<readonly QuotaRule[]>(Type.Array(quotaRuleSchema, { maxItems: 100 }))),
    caseNumber: Type.Optional(
      Type.Object(
        {
          purposes: purposesSchema,
          /** Also for every record with a police code, whatever the purpose. */
          policeCoded: Type.Boolean(),
        },
        strict,
      ),
    ),
    breakGlass: Type.Optional(
      Type.Object(
        {
          maxMinutes: Type.Integer({ minimum: 1, maximum: 60 }),
          reviewWithinDays: Type.Integer({ minimum: 1, maximum: 90 }),
        },
        strict,
      ),
    ),
    /** The owner of a record learns the names of persons who looked, not only their organisation and role. */
    ownersSeeNames: Type.Optional(Type.Boolean()),
    keepDays: Type.Optional(Type.Integer({ minimum: 30, maximum: 36_500 })),
  },
  strict,
)
export type AuditPolicySettings = Static<typeof auditPolicySchema>

export type AuditPolicy = {
  readonly quotas: readonly QuotaRule[]
  readonly caseNumber: { readonly purposes: readonly Purpose[]; readonly policeCoded: boolean }
  readonly breakGlass: {
    readonly maxMinutes: number
    readonly reviewWithinDays: number
  }
  readonly ownersSeeNames: boolean
  readonly keepDays: number
}

/** Three years: long enough for a complaint to a supervisory authority and what follows from it. */
export const defaultAuditPolicy: AuditPolicy = {
  quotas: [],
  caseNumber: { purposes: ['law-enforcement', 'border'], policeCoded: true },
  breakGlass: { maxMinutes: 60, reviewWithinDays: 3 },
  ownersSeeNames: false,
  keepDays: 1095,
}

export const auditPolicy = (settings: AuditPolicySettings = {}): AuditPolicy => ({
  ...defaultAuditPolicy,
  ...settings,
})
