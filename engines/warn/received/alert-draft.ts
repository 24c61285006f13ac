/**
 * One CAP message as a draft of `warn.alert`, or why there is none. Nothing in it depends on the path it came by: the same
 * message from a service's own file, an Atom link or a JSON feed is the same record. Signatures are the one exception,
 * because JSON carries none: such a message has a second version at most.
 *
 * Status other than Actual is kept and marked as a test, whatever realm it comes through. A message that is not for the
 * public is bound as its scope says. Inlined files (`derefUri`) of more than 4 kB are left to the raw bytes.
 */
import {
  type CapAlert,
  type CapDefect,
  type CapReading,
  type CapResource,
  type CapTriple,
  capDigest,
  capMillis,
  capTriple,
  capTripleText,
} from '../../formats/index.ts'
import type { Observed } from '../../ingest/index.ts'
import { type Handling, type Instant, type Issue, instant } from '../../record/index.ts'
import type { CapProfile } from './contract.ts'
import { linksOf, slotId } from './names.ts'
import { type AlertBody, alertRecord } from './records.ts'
import { assumedMs, segmentsOf } from './segments.ts'

export type AlertDraft =
  | { readonly ok: true; readonly observed: Observed; readonly carriage: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Wrong in the wrapping, not in what it says: these differ by path. */
const carriageRules = new Set([
  'cap/schema',
  'cap/element-order',
  'cap/element-empty',
  'cap/element-repeated',
  'cap/element-outside-namespace',
  'cap/element-unknown',
  'cap/attribute-unexpected',
  'cap/text-between-elements',
  'cap/markup-in-text',
  'cap/value-padded',
  'cap/too-many-defects',
])
const longestInlined = 4096
const longestKey = 480
/** The longest bulletin seen has 15; a country has some 400 warning areas. */
const mostWarnings = 2_000
const tooMany = (count: number): Issue => ({
  rule: 'warn/too-many-warnings',
  place: '/alert/info',
  value: String(count),
  message: `One message is read up to ${mostWarnings} warnings. Ask its sender to send it in parts.`,
})

export function alertDraft({ verdict, signature }: CapReading, profile: CapProfile): AlertDraft {
  if (verdict.verdict === 'withhold') return { ok: false, issues: verdict.defects.map(issueOf) }
  const triple = capTriple(verdict.alert)
  if (triple === undefined) return { ok: false, issues: verdict.defects.map(issueOf) }
  const slots = slotsOf(verdict.alert, triple, profile)
  if (slots.length > mostWarnings) return { ok: false, issues: [tooMany(slots.length)] }
  const defects = verdict.defects.filter(({ rule }) => !carriageRules.has(rule))
  const carriage = verdict.defects.filter(({ rule }) => carriageRules.has(rule)).map(issueOf)
  const digest = capDigest(verdict.alert)
  const alert = withoutFiles(verdict.alert)
  const body: AlertBody = {
    triple,
    digest,
    alert,
    verdict: defects.length === 0 ? 'clean' : 'defects',
    defects: defects.slice(0, 100),
    signature,
  }
  const codes = codesIn(alert)
  return {
    ok: true,
    carriage,
    observed: {
      type: alertRecord.type,
      key: keyOf(triple, digest),
      ...(alert.status === 'Actual' ? {} : { isTest: true }),
      valid: validityOf(alert, triple),
      ...(codes.length === 0 ? {} : { place: { areas: codes } }),
      ...handlingOf(alert),
      links: linksOf(
        triple,
        alert.references.flatMap((each) => capTriple(each) ?? []),
        slots,
      ),
      body,
    },
  }
}

function keyOf(triple: CapTriple, digest: string): string {
  const name = capTripleText(triple)
  return `${name.length <= longestKey ? name : name.slice(0, longestKey)}#${digest.slice(0, 12)}`
}

function slotsOf(alert: CapAlert, triple: CapTriple, profile: CapProfile) {
  if (alert.msgType !== 'Alert' && alert.msgType !== 'Update') return []
  return segmentsOf({ alert, triple }, profile).map(slotId)
}

/** From the first block that begins to the last that ends; a message without blocks holds at the instant it was sent. */
function validityOf(
  alert: CapAlert,
  { sent }: CapTriple,
): { readonly from: Instant; readonly until: Instant } {
  const sentMs = Date.parse(sent)
  const from = alert.info.map(({ onset, effective }) => capMillis(onset) ?? capMillis(effective) ?? sentMs)
  const until = alert.info.map(({ expires }) => capMillis(expires) ?? sentMs + assumedMs)
  const begins = from.length === 0 ? sentMs : Math.min(...from)
  return { from: instant(begins), until: instant(Math.max(begins, ...until)) }
}

/** CAP 1.2 §3.2.1 scope: Restricted goes to whom its restriction names, Private to its addresses alone. */
function handlingOf({ scope }: CapAlert): { readonly handling?: Handling } {
  if (scope === 'Public') return {}
  return { handling: { tlp: scope === 'Restricted' ? 'TLP:AMBER' : 'TLP:RED' } }
}

function codesIn(alert: CapAlert) {
  const codes = alert.info
    .flatMap(({ area }) => area.flatMap(({ geocode }) => geocode))
    .filter(({ valueName, value }) => isCode(valueName) && isCode(value))
    .map(({ valueName, value }) => ({ scheme: valueName, code: value }))
  return [...new Map(codes.map((code) => [`${code.scheme}:${code.code}`, code])).values()]
}

const isCode = (word: string): boolean => word.length > 0 && word.length <= 100

function withoutFiles(alert: CapAlert): CapAlert {
  const isLong = (file: string | undefined): boolean => (file?.length ?? 0) > longestInlined
  if (!alert.info.some(({ resource }) => resource.some(({ derefUri }) => isLong(derefUri)))) return alert
  const lighter = ({ derefUri, ...rest }: CapResource): CapResource =>
    derefUri === undefined || isLong(derefUri) ? rest : { ...rest, derefUri }
  return { ...alert, info: alert.info.map((info) => ({ ...info, resource: info.resource.map(lighter) })) }
}

export const issueOf = ({ rule, place, value, message }: CapDefect): Issue => ({
  rule,
  place,
  message,
  ...(value === '' ? {} : { value: value.slice(0, 200) }),
})
