/** Every rule that a CAP message is held to, in the order in which defects are reported. */
import { areaRules } from './areas.ts'
import { identityRules } from './identity.ts'
import { languageRules } from './languages.ts'
import { parameterRules } from './parameters.ts'
import { referenceRules } from './references.ts'
import { resourceRules } from './resources.ts'
import type { CapRule } from './rule.ts'
import { scopeRules } from './scope.ts'
import { signatureRules } from './signatures.ts'
import { structureRules } from './structure.ts'
import { textRules } from './texts.ts'
import { timeRules } from './times.ts'
import { valueRules } from './values.ts'

export const capRules: readonly CapRule[] = [
  ...structureRules,
  ...valueRules,
  ...identityRules,
  ...timeRules,
  ...referenceRules,
  ...scopeRules,
  ...textRules,
  ...languageRules,
  ...areaRules,
  ...resourceRules,
  ...parameterRules,
  ...signatureRules,
]

/** Found before or beside the table: what the message is at all, and the schema as the last guard of "clean". */
export const readingRules = {
  notAlert: {
    rule: 'cap/not-an-alert',
    clause: 'CAP 1.2 §3.2.1',
    says: 'The root element is not a CAP alert.',
  },
  version: {
    rule: 'cap/version',
    clause: 'CAP 1.2 §3.1',
    says: 'Only CAP 1.2 and 1.1 are read. Ask the sender for CAP 1.2.',
  },
  schema: {
    rule: 'cap/schema',
    clause: 'CAP 1.2 §3.4',
    says: 'The message breaks the schema of CAP 1.2.',
  },
  tooMany: {
    rule: 'cap/too-many-defects',
    clause: 'limit of this reader',
    says: 'More was found wrong than is listed here.',
  },
} as const

/** For documentation: rule, clause and sentence of everything that `readCap` may report. */
export const capDefectRules: readonly {
  readonly rule: string
  readonly clause: string
  readonly says: string
}[] = [...Object.values(readingRules), ...capRules.map(({ rule, clause, says }) => ({ rule, clause, says }))]
