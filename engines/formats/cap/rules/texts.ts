/** Texts that people read (CAP 1.2 §3.2.2 headline, event, description, instruction, language). */
import { isLanguageTag } from '../language.ts'
import { type CapNode, eachNode, field } from '../node.ts'
import { at, type CapRule } from './rule.ts'

const proseNames = [
  'event',
  'headline',
  'description',
  'instruction',
  'audience',
  'contact',
  'senderName',
  'areaDesc',
  'resourceDesc',
  'note',
]
const tags =
  'a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|script|small|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul'
const html = new RegExp(
  `</?(?:${tags})(?:\\s[^<>]*)?/?>|&(?:nbsp|amp|lt|gt|quot|#\\d+|#x[0-9a-f]+);|<!\\[CDATA\\[`,
  'i',
)

/** Phrases, not the bare word "test": a report may well speak of tests. */
const testPhrases = [
  'this is (?:only |just )?(?:a |an )?(?:test|exercise|drill)',
  'test (?:message|alert|warning) ?(?:only)?',
  'for test(?:ing)?(?: and evaluation)? purposes',
  'exercise exercise',
  "ceci est un (?:test|exercice|message d'essai)",
  'dies ist (?:nur )?(?:ein test|eine übung)',
  'questo è un test',
  'ovo je (?:samo )?(?:test|vježba|vežba|proba)',
  'ово је (?:само )?(?:тест|вежба|проба)',
]
const saysTest = new RegExp(`(?<![\\p{L}])(?:${testPhrases.join('|')})(?![\\p{L}])`, 'iu')

const longestHeadline = 140
const longestEvent = 35
const size = (text: string): number => [...text].length

export const textRules: readonly CapRule[] = [
  {
    rule: 'cap/html-in-text',
    clause: 'CAP 1.2 §3.2.2 description, §3.3.3',
    says: 'HTML stands in a text. CAP texts are plain; readers show the marks.',
    *check({ root }) {
      for (const node of prose(root)) if (html.test(node.value)) yield at(node)
    },
  },
  {
    rule: 'cap/headline-too-long',
    clause: `CAP 1.2 §3.2.2 headline; aggregators cut after ${longestHeadline}`,
    says: `The headline is longer than ${longestHeadline} characters; many readers will cut it.`,
    *check({ infos }) {
      for (const node of each(infos, 'headline')) if (size(node.value) > longestHeadline) yield at(node)
    },
  },
  {
    rule: 'cap/event-too-long',
    clause: 'CAP Composer, pull request 65',
    says: `The event is longer than ${longestEvent} characters; it is a name, not a text.`,
    *check({ infos }) {
      for (const node of each(infos, 'event')) if (size(node.value) > longestEvent) yield at(node)
    },
  },
  {
    rule: 'cap/language-tag',
    clause: 'CAP 1.2 §3.2.2 language; BCP 47',
    says: 'This is not a language tag such as "sq" or "sr-Cyrl".',
    *check({ infos }) {
      for (const node of each(infos, 'language')) if (!isLanguageTag(node.value)) yield at(node)
    },
  },
  {
    rule: 'cap/actual-says-test',
    clause: 'CAP 1.2 §3.2.1 status',
    says: 'The status is Actual but the text says that it is a test. Call the sender before passing it on.',
    *check({ root, alert }) {
      if (alert?.status !== 'Actual') return
      for (const node of prose(root)) if (saysTest.test(node.value)) yield at(node)
    },
  },
]

function* prose(root: CapNode): Generator<CapNode> {
  for (const node of eachNode(root)) if (node.rule !== undefined && proseNames.includes(node.name)) yield node
}

function* each(infos: readonly CapNode[], name: string): Generator<CapNode> {
  for (const info of infos) {
    const node = field(info, name)
    if (node !== undefined) yield node
  }
}
