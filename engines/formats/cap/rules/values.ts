/** Code values and numbers (CAP 1.2 §3.2.1 to §3.2.4). */
import { cap11 } from '../grammar.ts'
import { type CapNode, eachNode, fields, isEmpty } from '../node.ts'
import { readDecimal, readInteger, readWord } from '../word.ts'
import { at, type CapRule } from './rule.ts'
import { indispensable } from './structure.ts'

export const valueRules: readonly CapRule[] = [
  {
    rule: 'cap/value-unknown',
    clause: 'CAP 1.2 §3.2.1, §3.2.2',
    says: 'This is not one of the words that the standard allows here.',
    *check({ root }) {
      for (const { node, words } of coded(root)) {
        if (words.includes(node.value) || isVeryLikely(node)) continue
        const withhold = indispensable.includes(node.name) && readWord(words, node.value) === undefined
        yield { ...at(node, `Not one of ${words.join(', ')}.`), withhold }
      }
    },
  },
  {
    rule: 'cap/certainty-very-likely',
    clause: 'CAP 1.2 §3.2.2 certainty',
    says: '"Very Likely" is the word of CAP 1.0; it was read as Likely.',
    *check({ root }) {
      for (const { node } of coded(root)) if (isVeryLikely(node)) yield at(node)
    },
  },
  {
    rule: 'cap/value-later-than-version',
    clause: 'CAP 1.1 §3.2.2 responseType',
    says: 'This word came with CAP 1.2; a CAP 1.1 message may not use it.',
    *check({ version, infos }) {
      if (version !== '1.1') return
      const later: readonly string[] = cap11.laterResponseTypes
      for (const info of infos)
        for (const node of fields(info, 'responseType')) if (later.includes(node.value)) yield at(node)
    },
  },
  {
    rule: 'cap/value-padded',
    clause: 'CAP 1.2 §3.4',
    says: 'White space stands around a code value. It was cut away.',
    *check({ root }) {
      for (const node of eachNode(root)) {
        const isCode = Array.isArray(node.rule?.holds) || node.name === 'identifier' || node.name === 'sender'
        if (node.rule !== undefined && isCode && node.element.text !== node.value && !isEmpty(node))
          yield at(node)
      }
    },
  },
  {
    rule: 'cap/number-format',
    clause: 'CAP 1.2 §3.2.3 size, §3.2.4 altitude, ceiling',
    says: 'This is not a number, and was not read.',
    *check({ root }) {
      for (const node of eachNode(root)) {
        if (isEmpty(node)) continue
        if (node.rule?.holds === 'integer' && readInteger(node.value) === undefined) yield at(node)
        if (node.rule?.holds === 'decimal' && readDecimal(node.value) === undefined) yield at(node)
      }
    },
  },
]

const isVeryLikely = (node: CapNode): boolean =>
  node.name === 'certainty' && /^very likely$/i.test(node.value)

function* coded(root: CapNode): Generator<{ node: CapNode; words: readonly string[] }> {
  for (const node of eachNode(root)) {
    const holds = node.rule?.holds
    if (Array.isArray(holds) && !isEmpty(node)) yield { node, words: holds as readonly string[] }
  }
}
