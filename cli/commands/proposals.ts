import type { ProposalBody as Question } from '../../engines/fuse/index.ts'
import { type Held, inLanguage, type RecordId } from '../../engines/record/index.ts'
import type { Store } from '../../engines/store/index.ts'
import type { ProposalBody, WarnDecisionBody, WarningBody } from '../../engines/warn/index.ts'
import { type Command, text } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

export const proposals: Command = {
  name: 'proposals',
  summary: 'List what waits for a person: whether to warn, and whether two reports are one thing.',
  teaches: [
    'A proposal to warn waits until its newest version went out in a warning, or somebody decided on it; a question of',
    'fusion waits until somebody answers it or a later report settles it. Answer with mosaic decide.',
    '',
    'Example: mosaic proposals --json',
  ].join('\n'),
  takes: [0, 0],
  options: {
    realm: realmOption,
    country: { type: 'string', value: 'CODE', help: 'only proposals for this country' },
  },
  run: async (run) => {
    const realm = realmOf(run.values)
    const country = text(run.values, 'country')?.toUpperCase()
    return withNode(run, async (node) => {
      const { store, places } = node
      const warn = (await openProposals(store, realm)).filter(
        ({ record }) => country === undefined || record.body.country === country,
      )
      const questions = country === undefined ? await openQuestions(store, realm) : []
      await noteGiven(run, node, { act: 'read', held: [...warn, ...questions] })
      if (run.json) for (const { record } of [...warn, ...questions]) run.out.object(record)
      else {
        for (const { record } of warn) {
          const { state, severity, hazard, because } = record.body
          const name = inLanguage(places.country(record.body.country)?.names ?? {}, 'en')?.text
          run.out.line(`${record.id}  ${state} ${record.body.country} ${name ?? ''}: ${severity} ${hazard}`)
          for (const { name: measure, value, threshold } of because)
            run.out.line(
              `    ${measure} ${value}${threshold === undefined ? '' : ` (threshold ${threshold})`}`,
            )
        }
        for (const { record } of questions) {
          const { a, b, score, reasons } = record.body
          run.out.line(
            `${record.id}  same or different? ${a.slice(0, 8)} and ${b.slice(0, 8)}, score ${score}`,
          )
          for (const { name, value, unit } of reasons) run.out.line(`    ${name} ${value} ${unit}`)
        }
      }
      if (warn.length + questions.length === 0) run.out.say('Nothing waits for a person.')
      return 0
    })
  },
}

type Realm = ReturnType<typeof realmOf>

/** Proposals whose newest version nobody has answered: neither a warning nor a person's decision. */
async function openProposals(store: Store, realm: Realm): Promise<readonly Held<ProposalBody>[]> {
  const [all, warnings, decisions] = await Promise.all([
    store.read({ types: ['warn.proposal'], realm }) as Promise<readonly Held<ProposalBody>[]>,
    store.read({ types: ['warn.warning'], realm }) as Promise<readonly Held<WarningBody>[]>,
    store.read({ types: ['warn.decision'], realm }) as Promise<readonly Held<WarnDecisionBody>[]>,
  ])
  const named = (id: string, version: number) => `${id}@${version}`
  const answered = new Set([
    ...warnings.flatMap(({ record: { body } }) =>
      body.proposal ? [named(body.proposal.id, body.proposal.version)] : [],
    ),
    ...decisions.map(({ record: { body } }) => named(body.proposal, body.version)),
  ])
  const warned = new Set<RecordId>(warnings.flatMap(({ record }) => record.body.proposal?.id ?? []))
  return all.filter(
    ({ record: { id, version, body } }) =>
      !answered.has(named(id, version)) && (body.state === 'warn' || warned.has(id)),
  )
}

async function openQuestions(store: Store, realm: Realm): Promise<readonly Held<Question>[]> {
  const all = (await store.read({ types: ['fuse.proposal'], realm })) as readonly Held<Question>[]
  return all.filter(({ record }) => record.body.state === 'open')
}
