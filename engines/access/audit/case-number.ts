/**
 * Where the policy demands a case number: for some purposes, whatever is read; and for records with a police code,
 * whatever the purpose. A look without one is refused with its reason; in lists, police-coded records are left out.
 */
import type { PoliceCode } from '../../record/index.ts'
import type { Condition } from '../../store/index.ts'
import type { Asking, Purpose } from '../contract.ts'
import type { AuditPolicy } from './policy.ts'

export type CaseNumberRefusal = {
  readonly code: 'access/case-number-required'
  readonly because:
    | { readonly kind: 'purpose'; readonly purpose: Purpose }
    | { readonly kind: 'police-code'; readonly codes: readonly PoliceCode[] }
}

type Rule = AuditPolicy['caseNumber']

/** Letters, digits and the signs that registries use; at most 100. The sign-in takes the narrower set of HTTP headers. */
export const isCaseNumber = (text: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N} ./:_()#-]{0,99}$/u.test(text)

/** What refuses this request; `police`: codes of the record that is asked for. */
export function caseNumberMissing(
  rule: Rule,
  { principal, purpose, caseNumber }: Pick<Asking, 'principal' | 'purpose' | 'caseNumber'>,
  police: readonly PoliceCode[] = [],
): CaseNumberRefusal | undefined {
  if (principal.kind === 'node' || (caseNumber !== undefined && isCaseNumber(caseNumber))) return undefined
  if (principal.kind !== 'public' && rule.purposes.includes(purpose))
    return { code: 'access/case-number-required', because: { kind: 'purpose', purpose } }
  if (rule.policeCoded && police.length > 0)
    return { code: 'access/case-number-required', because: { kind: 'police-code', codes: police } }
  return undefined
}

/** The same for a list, as a condition to be joined to the policy's. */
export function caseNumberCondition(
  rule: Rule,
  asking: Pick<Asking, 'principal' | 'purpose' | 'caseNumber'>,
): Condition {
  const of: Condition =
    caseNumberMissing(rule, asking) !== undefined
      ? { kind: 'any', of: [] }
      : caseNumberMissing(rule, asking, ['H0']) !== undefined
        ? { kind: 'police-within', codes: [] }
        : { kind: 'all', of: [] }
  return { kind: 'rule', rule: 'case-number', of }
}
