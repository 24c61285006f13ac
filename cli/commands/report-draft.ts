import { instant } from '../../engines/record/index.ts'
import { reportsOf } from '../../node.ts'
import { type Command, Misused, text, type Values } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'
import { answer, asOption, personIn, subjectIn } from './report-node.ts'

const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

export const reportDraft: Command = {
  name: 'report draft',
  summary: 'Draft a report about an event from what this node holds, in the languages of its readers.',
  teaches: [
    'Languages: the official ones of the countries that it touches, and English; or those of --language. It rests on what',
    'this node held by now, or by --known-at. A draft is for this organisation alone; issued, it is handled as what it rests',
    'on. While an edition is open there is no other; --anew drafts it again, and keeps what was edited in its earlier versions.',
    '',
    'Example: mosaic report draft 3f2a9c --as "Vera Hoxha" --role "duty officer" --language sq --language en',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    ...asOption,
    realm: realmOption,
    language: { type: 'string', value: 'TAG', multiple: true, help: 'BCP 47, for example sq, sr-Latn' },
    'known-at': { type: 'string', value: 'INSTANT', help: 'what this node knew then' },
    template: { type: 'string', value: 'NAME', help: 'where several report on such a record' },
    anew: { type: 'boolean', help: 'the open edition again, from the records' },
  },
  run: async (run) => {
    const by = personIn(run.values)
    const realm = realmOf(run.values)
    const languages = languagesIn(run.values)
    const knownAt = instantIn(run.values, 'known-at')
    const template = text(run.values, 'template')
    return withNode(run, async (node) => {
      const types = [
        ...new Set(node.packs.flatMap(({ reports = [] }) => reports.flatMap(({ reads }) => reads))),
      ]
      const subject = await subjectIn(run, node.store, types)
      if (subject === undefined) return 1
      const outcome = await reportsOf(node).draft({
        ...{ subject, realm, by, anew: run.values['anew'] === true },
        ...(languages ? { languages } : {}),
        ...(knownAt ? { knownAt } : {}),
        ...(template === undefined ? {} : { template }),
      })
      return answer(run, outcome)
    })
  },
}

function languagesIn(values: Values): readonly string[] | undefined {
  const given = values['language']
  if (!Array.isArray(given) || given.length === 0) return undefined
  const wrong = given.find((tag) => !languageTag.test(tag))
  if (wrong !== undefined) throw new Misused(`--language takes a tag such as sq or sr-Latn, not "${wrong}".`)
  return given
}

function instantIn(values: Values, name: string) {
  const value = text(values, name)
  if (value === undefined) return undefined
  try {
    return instant(value)
  } catch {
    throw new Misused(`--${name} takes an instant with its zone, such as 2019-11-26T03:10:00Z.`)
  }
}
