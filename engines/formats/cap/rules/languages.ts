/**
 * One message in several languages: blocks that speak of the same areas and times must carry the same categories and
 * event codes in every language (CAP 1.2 §3.2.2 info), and a text that stands under two languages was not translated.
 */
import { defaultLanguage, languageFamily } from '../language.ts'
import { type CapNode, field, fields, textOf } from '../node.ts'
import { at, type CapRule } from './rule.ts'

const shortest = 20

export const languageRules: readonly CapRule[] = [
  {
    rule: 'cap/languages-differ-in-codes',
    clause: 'CAP 1.2 §3.2.2 info, category, eventCode',
    says: 'The blocks for the same areas and times differ in category or event code between languages.',
    *check({ infos }) {
      for (const group of sameMatter(infos)) {
        const perLanguage = new Map<string, { first: CapNode; codes: string[] }>()
        for (const info of group) {
          const entry = perLanguage.get(languageOf(info)) ?? { first: info, codes: [] }
          entry.codes.push(codesOf(info))
          perLanguage.set(languageOf(info), entry)
        }
        const [reference, ...others] = [...perLanguage.values()]
        for (const { first, codes } of others) {
          if (reference !== undefined && !sameSet(codes, reference.codes))
            yield { place: first.path, value: codesOf(first) }
        }
      }
    },
  },
  {
    rule: 'cap/same-text-in-two-languages',
    clause: 'CAP 1.2 §3.2.2 language',
    says: 'The same text stands under two languages; one of them is wrong.',
    *check({ infos }) {
      const seen = new Map<string, string>()
      for (const info of infos) {
        for (const name of ['headline', 'description', 'instruction']) {
          const node = field(info, name)
          if (node === undefined || node.value.length < shortest) continue
          const family = languageFamily(languageOf(info))
          const before = seen.get(node.value)
          if (before !== undefined && before !== family) yield at(node)
          seen.set(node.value, before ?? family)
        }
      }
    },
  },
]

const languageOf = (info: CapNode): string => textOf(info, 'language') ?? defaultLanguage

/** Blocks with the same times and areas: a bulletin holds many matters, each in every language. */
function sameMatter(infos: readonly CapNode[]): CapNode[][] {
  const groups = new Map<string, CapNode[]>()
  for (const info of infos) {
    const times = ['onset', 'expires'].map((name) => textOf(info, name) ?? '')
    const areas = fields(info, 'area').flatMap((area) =>
      ['polygon', 'circle', 'geocode'].flatMap((name) => fields(area, name).map(textBelow)),
    )
    const key = JSON.stringify([times, areas.sort()])
    const group = groups.get(key) ?? []
    group.push(info)
    groups.set(key, group)
  }
  return [...groups.values()]
}

const textBelow = (node: CapNode): string => [node.value, ...node.children.map(textBelow)].join('|')

const codesOf = (info: CapNode): string =>
  [...fields(info, 'category').map(({ value }) => value), ...fields(info, 'eventCode').map(textBelow)]
    .sort()
    .join(' ')

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a)
  const right = new Set(b)
  return left.size === right.size && left.isSubsetOf(right)
}
