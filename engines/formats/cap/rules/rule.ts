/** What a rule is: its name, where it comes from, one sentence for the person who must mend the message, and a check. */

import type { XmlSignatureResult } from '../../xml/signature.ts'
import type { CapAlert, CapDefect } from '../alert.ts'
import type { CapNode } from '../node.ts'
import type { CapPolicy } from '../policy.ts'

export type CapMessage = {
  readonly root: CapNode
  readonly infos: readonly CapNode[]
  readonly version: CapAlert['version']
  /** What could be read, or undefined when the identity or the routing of the message is missing. */
  readonly alert: CapAlert | undefined
  /** Empty when the policy is to ignore signatures. */
  readonly signatures: readonly XmlSignatureResult[]
  readonly policy: CapPolicy
}

export type Finding = {
  readonly place: string
  readonly value: string
  /** Said instead of the rule's own sentence, when this case deserves its own. */
  readonly message?: string
  /** This case keeps the message from being published at all. */
  readonly withhold?: boolean
}

export type CapRule = {
  readonly rule: string
  /** Clause of the standard, or who else asks for it. */
  readonly clause: string
  readonly says: string
  readonly check: (message: CapMessage) => Iterable<Finding>
}

export type JudgedDefect = CapDefect & { readonly withhold: boolean }

const longest = 200

export const judge = (rule: CapRule, finding: Finding): JudgedDefect => ({
  rule: rule.rule,
  place: finding.place,
  value: finding.value.slice(0, longest),
  message: finding.message ?? rule.says,
  withhold: finding.withhold === true,
})

export const at = (node: CapNode, message?: string): Finding => ({
  place: node.path,
  value: node.value,
  ...(message === undefined ? {} : { message }),
})

/** A public message that asks people to do something: what it lacks, they miss. */
export const isPublicWarning = ({ alert }: CapMessage): boolean =>
  alert?.scope === 'Public' && (alert.msgType === 'Alert' || alert.msgType === 'Update')
