/**
 * What a peer may receive, as rules that its operator writes, and as a condition that the store can ask.
 *
 *     warn.*                      every warning, up to TLP:GREEN
 *     hazards.event:AMBER@RS,BA   these events, up to TLP:AMBER, that touch Serbia or Bosnia and Herzegovina
 *     *:CLEAR@NUTS:RS22/test      everything public in one area by another code, in the realm of tests
 *
 * One rule is enough for a record; the policy is asked besides.
 */
import { type Purpose, purposes } from '../access/index.ts'
import { isRealm, type Realm, type TlpLabel, tlpLabels } from '../record/index.ts'
import type { Condition } from '../store/index.ts'
import type { SharingRule } from './contract.ts'
import { PeerUnfit } from './errors.ts'

export const sharingCondition = (rules: readonly SharingRule[]): Condition => ({
  kind: 'rule',
  rule: 'sharing',
  of: { kind: 'any', of: rules.map(conditionOf) },
})

function conditionOf({
  types,
  areas,
  upTo,
  purposes: forPurposes,
  realms = ['actual' as Realm],
}: SharingRule): Condition {
  return {
    kind: 'all',
    of: [
      ...(types.includes('*') ? [] : [{ kind: 'type-in' as const, types }]),
      ...(areas === undefined ? [] : [{ kind: 'area-in' as const, areas: areas.map(areaOf) }]),
      { kind: 'tlp-at-most', label: upTo },
      ...(forPurposes === undefined ? [] : [purposesOf(forPurposes)]),
      { kind: 'realm-in', realms },
    ],
  }
}

const purposesOf = (names: readonly Purpose[]): Condition => ({
  kind: 'any',
  of: [{ kind: 'purposes-open' }, ...names.map((purpose) => ({ kind: 'purposes-name' as const, purpose }))],
})

/** `RS` is a country; `NUTS:RS22` says its scheme. */
export function areaOf(text: string): { scheme: string; code: string } {
  const at = text.indexOf(':')
  return at < 0
    ? { scheme: 'ISO3166-1', code: text }
    : { scheme: text.slice(0, at), code: text.slice(at + 1) }
}

const shape =
  /^([a-z0-9.*,-]+)(?::([A-Z+]+))?(?:@([A-Za-z0-9_:.,-]+))?(?:\/([a-z0-9:*,-]+))?(?:\[([a-z,-]+)\])?$/
const typeShape = /^(\*|[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*(\.\*)?)$/

/** `TYPES[:LABEL][@AREAS][/REALMS]['['PURPOSES']']`; several rules apart by spaces. */
export const parseRules = (text: string): readonly SharingRule[] =>
  text.split(/\s+/).filter(Boolean).map(parseRule)

function parseRule(text: string): SharingRule {
  const [, types = '', label, areas, realms, forPurposes] =
    shape.exec(text) ?? unfit(text, 'it has another form')
  const names = types.split(',')
  for (const type of names) if (!typeShape.test(type)) unfit(text, `"${type}" is no type`)
  return {
    types: names,
    upTo: label === undefined ? 'TLP:GREEN' : labelOf(text, label),
    ...(areas !== undefined && { areas: areas.split(',') }),
    ...(realms !== undefined && { realms: realms.split(',').map((realm) => realmOf(text, realm)) }),
    ...(forPurposes !== undefined && {
      purposes: forPurposes.split(',').map((purpose) => purposeOf(text, purpose)),
    }),
  }
}

const labelOf = (rule: string, word: string): TlpLabel =>
  tlpLabels.find((label) => label === `TLP:${word}`) ?? unfit(rule, `"${word}" is no label of TLP 2.0`)

const realmOf = (rule: string, word: string): Realm =>
  isRealm(word) ? word : unfit(rule, `"${word}" is no realm`)

const purposeOf = (rule: string, word: string): Purpose =>
  purposes.find((purpose) => purpose === word) ?? unfit(rule, `"${word}" is no purpose`)

export function rulesText(rules: readonly SharingRule[]): string {
  return rules
    .map(({ types, upTo, areas, realms, purposes: forPurposes }) =>
      [
        types.join(','),
        `:${upTo.slice('TLP:'.length)}`,
        areas === undefined ? '' : `@${areas.join(',')}`,
        realms === undefined ? '' : `/${realms.join(',')}`,
        forPurposes === undefined ? '' : `[${forPurposes.join(',')}]`,
      ].join(''),
    )
    .join(' ')
}

function unfit(rule: string, why: string): never {
  throw new PeerUnfit(
    'exchange/rule-unfit',
    `"${rule}" is no rule: ${why}. Write TYPES:LABEL@AREAS, for example warn.*:GREEN@RS,BA.`,
  )
}
