/**
 * Reading CAP 1.2 and 1.1, with three verdicts instead of two. `withhold`: cannot be read, author unknown, or a
 * signature that this node requires fails. `defects`: published, with a list of what is wrong. `clean`: nothing found.
 * CAP 1.0 is withheld. Status other than Actual is kept and marked, never dropped. Never throws, whatever the bytes.
 *
 *     readCap(new TextEncoder().encode('<alert/>')).verdict // 'withhold'
 */
import type { XmlDocument } from 'libxml2-wasm'
import type { Issue } from '../../record/index.ts'
import { readXmlWith, type XmlElement } from '../xml/read.ts'
import { signaturesOf, verifySignatures, type XmlSignatureResult } from '../xml/signature.ts'
import type { CapAlert, CapDefect, CapVerdict } from './alert.ts'
import { buildAlert } from './build.ts'
import { capNode, fields, textOf } from './node.ts'
import { type CapPolicy, type CapSignature, defaultCapPolicy, signatureOutcome } from './policy.ts'
import { type CapMessage, type JudgedDefect, judge } from './rules/rule.ts'
import { capRules, readingRules } from './rules/table.ts'
import { breaksSchema } from './schema.ts'

export const capNamespaces = {
  '1.2': 'urn:oasis:names:tc:emergency:cap:1.2',
  '1.1': 'urn:oasis:names:tc:emergency:cap:1.1',
} as const

/** A list longer than this helps nobody, and a hostile message could make it endless. */
const mostDefects = 500

export type CapReading = { readonly verdict: CapVerdict; readonly signature: CapSignature }

export type CapReadOptions = {
  /** By its sender, when that could be read: each authority has a policy of its own. */
  readonly policyOf: (sender: string | undefined) => CapPolicy
  /**
   * The text was taken out of another document (a feed, an envelope) and written again, so its signature no longer
   * covers these bytes: what does not verify is called unchecked, not forged.
   */
  readonly isCarried?: boolean
}

export const readCap = (source: Uint8Array | string, policy: CapPolicy = defaultCapPolicy): CapVerdict =>
  readCapBy(source, { policyOf: () => policy }).verdict

/** The same, with a policy that may differ by sender, and what its signatures are worth. */
export function readCapBy(source: Uint8Array | string, options: CapReadOptions): CapReading {
  const read = readXmlWith(source, (root, document): CapReading => {
    const version = versionOf(root)
    if (typeof version !== 'string') return withheld(version)
    const message = messageOf(source, root, version, options)
    return { verdict: verdictOf(message, document), signature: signatureOutcome(message) }
  })
  return read.ok ? read.value : withheld(unreadable(read.issue))
}

const withheld = (defect: CapDefect): CapReading => ({
  verdict: { verdict: 'withhold', defects: [defect] },
  signature: { kind: 'unsigned' },
})

function verdictOf(message: CapMessage, document: XmlDocument): CapVerdict {
  const found = defectsOf(message)
  const defects = found.map(({ withhold: _, ...defect }): CapDefect => defect)
  if (message.alert === undefined || found.some(({ withhold }) => withhold)) {
    return { verdict: 'withhold', defects, ...(message.alert === undefined ? {} : { alert: message.alert }) }
  }
  if (defects.length > 0) return { verdict: 'defects', alert: message.alert, defects }
  const broken = message.version === '1.2' ? breaksSchema(document) : undefined
  if (broken === undefined) return { verdict: 'clean', alert: message.alert, defects: [] }
  return { verdict: 'defects', alert: message.alert, defects: [{ ...defectOf('schema'), ...broken }] }
}

function messageOf(
  source: Uint8Array | string,
  element: XmlElement,
  version: CapAlert['version'],
  { policyOf, isCarried = false }: CapReadOptions,
): CapMessage {
  const root = capNode(element, capNamespaces[version])
  const policy = policyOf(textOf(root, 'sender'))
  const count = signaturesOf(element).length
  const signatures = count === 0 || policy.signature === 'ignore' ? [] : verifySignatures(source)
  return {
    root,
    infos: fields(root, 'info'),
    version,
    alert: buildAlert(root, version, count),
    signatures: isCarried ? signatures.map(uncheckedUnlessVerified) : signatures,
    policy,
  }
}

const uncheckedUnlessVerified = (result: XmlSignatureResult): XmlSignatureResult =>
  result.kind === 'verified'
    ? result
    : { kind: 'unsupported', what: 'the message was carried inside another document' }

function defectsOf(message: CapMessage): JudgedDefect[] {
  const found: JudgedDefect[] = []
  let more = 0
  for (const rule of capRules) {
    for (const finding of rule.check(message)) {
      const defect = judge(rule, finding)
      if (found.length < mostDefects || defect.withhold) found.push(defect)
      else more += 1
    }
  }
  if (more > 0) found.push({ ...defectOf('tooMany'), value: `${more} more`, withhold: false })
  return found
}

function versionOf(root: XmlElement): CapAlert['version'] | CapDefect {
  if (root.name !== 'alert') return { ...defectOf('notAlert'), place: `/${root.name}`, value: root.namespace }
  if (root.namespace === capNamespaces['1.1']) return '1.1'
  if (root.namespace === capNamespaces['1.2'] || root.namespace === '') return '1.2'
  return { ...defectOf('version'), value: root.namespace.slice(0, 200) }
}

const defectOf = (name: keyof typeof readingRules): CapDefect => ({
  rule: readingRules[name].rule,
  place: '/alert',
  value: '',
  message: readingRules[name].says,
})

const unreadable = ({ rule, place, value, message }: Issue): CapDefect => ({
  rule,
  place,
  value: value ?? '',
  message,
})
