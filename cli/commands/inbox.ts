/** What states tell each other, in and out, with the clock of every addressee. */
import {
  contactsOf,
  type InboxEntry,
  type InboxKind,
  inboxKinds,
  inboxOf,
  typeOfInboxKind,
} from '../../packs/environment/pack.ts'
import { type Command, Misused, type Run, text } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

export const inbox: Command = {
  name: 'inbox',
  summary: 'List what came from other states and what went to them, with who has answered and who has not.',
  teaches: [
    'Limits exceeded, alarms on the river, the three forms of industrial accidents, tests of the line: the newest first, each',
    'with one line for every addressee, an alarm in river order. Answer with mosaic notification acknowledge, a request for',
    'assistance with mosaic form answer. Exercises stand in their own realm and are shown with --realm alone.',
    '',
    'Example: mosaic inbox --open',
  ].join('\n'),
  takes: [0, 0],
  options: {
    realm: realmOption,
    kind: { type: 'string', value: 'WORD', help: `one of ${inboxKinds.join(', ')}` },
    open: { type: 'boolean', help: 'only what waits for an answer' },
  },
  run: (run) => {
    const realm = realmOf(run.values)
    const kinds = kindsOf(run)
    return withNode(run, async (node) => {
      const { store, clock, places } = node
      const held = await store.read({ types: kinds.map(typeOfInboxKind), realm, order: '-index' })
      const all = await inboxOf((query) => store.read(query), held, {
        node: store.identity.node,
        now: clock.now(),
        contacts: await contactsOf((query) => store.read(query), places.region, store.identity.node),
      })
      const isOpen = ({ state }: InboxEntry) => state === 'waiting' || state === 'overdue'
      const shown = all.filter((entry) => run.values['open'] !== true || isOpen(entry))
      await noteGiven(run, node, { act: 'read', held: shown.map((entry) => entry.held) })
      for (const entry of shown) print(run, entry)
      if (shown.length === 0) run.out.say('There is nothing of the kind.')
      return 0
    })
  },
}

function kindsOf({ values }: Run): readonly InboxKind[] {
  const named = text(values, 'kind')
  if (named === undefined) return inboxKinds
  const kind = inboxKinds.find((one) => one === named)
  if (kind === undefined) throw new Misused(`--kind is one of ${inboxKinds.join(', ')}.`)
  return [kind]
}

function print({ out, json }: Run, entry: InboxEntry): void {
  const { held, ...shown } = entry
  if (json) {
    out.object({ ...held.record, ...shown, answers: shown.answers.map(({ record }) => record.body) })
    return
  }
  const { kind, mode, box, state, openedAt, clocks, notCounting, received, answers } = shown
  const { id, origin, body } = held.record
  const { headline = kind } = body as { readonly headline?: string }
  out.line(`${id}  ${box}  ${mode === 'normal' ? '' : `${mode.toUpperCase()}  `}${state}  ${headline}`)
  out.line(
    `    ${kind} of ${origin}, ${openedAt}${shown.isSenderKnown ? '' : ', SENDER NOT ON THE REGISTER'}`,
  )
  for (const {
    contact,
    country,
    state: word,
    dueAt,
    waitingSince,
    acknowledged,
    escalation,
    arrival,
  } of clocks) {
    const there = arrival === undefined ? '' : `, water there ${arrival.from} to ${arrival.until}`
    const next = escalation === undefined ? '' : `, ${escalation.step} since ${escalation.since}`
    const said = acknowledged ? `, ${acknowledged.at} by ${acknowledged.by.name} at ${acknowledged.node}` : ''
    const since = waitingSince === undefined ? '' : ` since ${waitingSince}, due ${dueAt}`
    out.line(`    ${country} ${contact}: ${word}${since}${said}${next}${there}`)
  }
  for (const { node, at } of received) out.line(`    received by ${node} ${at}`)
  for (const { record } of answers)
    out.line(`    ${record.origin} answers: help ${record.body.help}; ${record.body.terms}`)
  for (const { node, at, because } of notCounting) out.line(`    does not count: ${node} ${at} (${because})`)
}

export const contactList: Command = {
  name: 'contact list',
  summary: 'List the points of contact: who speaks for which country, in which system, on which node.',
  teaches: [
    'The region’s data, and over it what this node put on record with mosaic contact set. Only the nodes named here can',
    'acknowledge for a country.',
    '',
    'Example: mosaic contact list --system danube-alarm',
  ].join('\n'),
  takes: [0, 0],
  options: {
    system: { type: 'string', value: 'WORD', help: 'industrial-accidents, environment or danube-alarm' },
  },
  run: (run) => {
    const system = text(run.values, 'system')
    return withNode(run, async ({ store, places }) => {
      const all = await contactsOf((query) => store.read(query), places.region, store.identity.node)
      for (const one of all.filter(({ systems }) => system === undefined || systems.includes(system))) {
        if (run.json) run.out.object(one)
        else
          run.out.line(
            `${one.id}  ${one.country}  ${one.systems.join(',')}  ${one.nodes.join(',') || 'no node'}  ${one.role}, ${one.watch}  ${one.mail ?? ''}`,
          )
      }
      return 0
    })
  },
}
