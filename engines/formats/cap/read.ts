/**
 * Reading CAP 1.2 and 1.1, with three verdicts instead of two. `withhold`: cannot be read, author unknown, or a
 * signature that this node requires fails. `defects`: published, with a list of what is wrong. `clean`: nothing found.
 * CAP 1.0 is withheld. Status other than Actual is kept and marked, never dropped. Never throws, whatever the bytes.
 *
 *     readCap(new TextEncoder().encode('<alert/>')).verdict // 'withhold'
 */
import type { Issue } from '../../record/index.ts'
import { readXml, type XmlElement } from '../xml/read.ts'
import { signaturesOf, verifySignatures } from '../xml/signature.ts'
import type { CapAlert, CapDefect, CapVerdict } from './alert.ts'
import { buildAlert } from './build.ts'
import { capNode, fields } from './node.ts'
import { type CapPolicy, defaultCapPolicy } from './policy.ts'
import { type CapMessage, type JudgedDefect, judge } from './rules/rule.ts'
import { capRules, readingRules } from './rules/table.ts'
import { breaksSchema } from './schema.ts'

export const capNamespaces = {
  '1.2': 'urn:oasis:names:tc:emergency:cap:1.2',
  '1.1': 'urn:oasis:names:tc:emergency:cap:1.1',
} as const

/** A list longer than this helps nobody, and a hostile message could make it endless. */
const mostDefects = 500

export function readCap(source: Uint8Array | string, policy: CapPolicy = defaultCapPolicy): CapVerdict {
  const read = readXml(source)
  if (!read.ok) return { verdict: 'withhold', defects: [unreadable(read.issue)] }
  const version = versionOf(read.root)
  if (typeof version !== 'string') return { verdict: 'withhold', defects: [version] }

  const message = messageOf(source, read.root, version, policy)
  const found = defectsOf(message)
  const defects = found.map(({ withhold: _, ...defect }): CapDefect => defect)
  if (message.alert === undefined || found.some(({ withhold }) => withhold)) {
    return { verdict: 'withhold', defects, ...(message.alert === undefined ? {} : { alert: message.alert }) }
  }
  if (defects.length > 0) return { verdict: 'defects', alert: message.alert, defects }
  const broken = version === '1.2' ? breaksSchema(source) : undefined
  if (broken === undefined) return { verdict: 'clean', alert: message.alert, defects: [] }
  return { verdict: 'defects', alert: message.alert, defects: [{ ...defectOf('schema'), ...broken }] }
}

function messageOf(
  source: Uint8Array | string,
  element: XmlElement,
  version: CapAlert['version'],
  policy: CapPolicy,
): CapMessage {
  const root = capNode(element, capNamespaces[version])
  return {
    root,
    infos: fields(root, 'info'),
    version,
    alert: buildAlert(root, version, signaturesOf(element).length),
    signatures: policy.signature === 'ignore' ? [] : verifySignatures(source),
    policy,
  }
}

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
