/** Which messages this one is about (CAP 1.2 §3.2.1 references, msgType, note). */
import { readReferences } from '../lists.ts'
import { field, textOf } from '../node.ts'
import { capMillis } from '../time.ts'
import { at, type CapMessage, type CapRule } from './rule.ts'

const clause = 'CAP 1.2 §3.2.1 references'
const mustRefer = ['Update', 'Cancel', 'Ack', 'Error']

export const referenceRules: readonly CapRule[] = [
  {
    rule: 'cap/references-missing',
    clause: 'CAP 1.2 §3.2.1 msgType, references',
    says: 'A message of this kind must name the messages it is about, and names none.',
    *check(message) {
      const node = field(message.root, 'msgType')
      if (node !== undefined && mustRefer.includes(node.value) && list(message).references.length === 0)
        yield at(node)
    },
  },
  {
    rule: 'cap/reference-format',
    clause,
    says: 'A reference is sender,identifier,sent without spaces. This one was not read.',
    *check(message) {
      for (const part of list(message).unreadable) yield { place: '/alert/references', value: part }
    },
  },
  {
    rule: 'cap/reference-time',
    clause: 'CAP 1.2 §3.2.1 references, §3.3.2',
    says: 'The time in this reference is not a time with its zone.',
    *check(message) {
      for (const { sent } of list(message).references) {
        if (capMillis(sent) === undefined) yield { place: '/alert/references', value: sent }
      }
    },
  },
  {
    rule: 'cap/reference-to-itself',
    clause,
    says: 'The message refers to itself.',
    *check(message) {
      const identifier = textOf(message.root, 'identifier')
      const sender = textOf(message.root, 'sender')
      for (const each of list(message).references) {
        if (each.identifier === identifier && each.sender === sender)
          yield { place: '/alert/references', value: each.identifier }
      }
    },
  },
  {
    rule: 'cap/reference-to-later',
    clause,
    says: 'The message refers to one that was sent after it.',
    *check(message) {
      const own = capMillis(textOf(message.root, 'sent'))
      for (const { identifier, sent } of list(message).references) {
        const other = capMillis(sent)
        if (own !== undefined && other !== undefined && other > own)
          yield { place: '/alert/references', value: `${identifier} ${sent}` }
      }
    },
  },
  {
    rule: 'cap/reference-twice',
    clause,
    says: 'The same message is named twice.',
    *check(message) {
      const seen = new Set<string>()
      for (const { sender, identifier, sent } of list(message).references) {
        const triple = `${sender},${identifier},${sent}`
        if (seen.has(triple)) yield { place: '/alert/references', value: triple }
        seen.add(triple)
      }
    },
  },
  {
    rule: 'cap/error-without-note',
    clause: 'CAP 1.2 §3.2.1 msgType Error, note',
    says: 'An Error message should say in its note what was wrong.',
    *check({ root }) {
      const node = field(root, 'msgType')
      if (node?.value === 'Error' && field(root, 'note') === undefined) yield at(node)
    },
  },
]

const list = ({ root }: CapMessage) => readReferences(textOf(root, 'references') ?? '')
