/** Notifications between neighbours: what was told, and the clock to its acknowledgement. */
import {
  acknowledge,
  type NotificationClock,
  type NotificationShown,
  notificationsOf,
  toldTypes,
} from '../../packs/environment/pack.ts'
import { type Command, Misused, type Run, text } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

export const notificationList: Command = {
  name: 'notification list',
  summary: 'List what neighbours were told of exceeded limits, each with the clock to its acknowledgement.',
  teaches: [
    'Both sides see the same: what this node opened, and what neighbours opened for it. The newest comes first. waiting and',
    'overdue wait for the neighbour; acknowledged says by whom and when. --open leaves out what was answered.',
    '',
    'Example: mosaic notification list --open --json',
  ].join('\n'),
  takes: [0, 0],
  options: {
    realm: realmOption,
    open: { type: 'boolean', help: 'only what waits for an answer' },
    country: { type: 'string', value: 'CODE', help: 'only those to this country' },
  },
  run: (run) => {
    const realm = realmOf(run.values)
    const country = text(run.values, 'country')?.toUpperCase()
    return withNode(run, async (node) => {
      const { store, clock } = node
      const all = await notificationsOf(store, realm, clock.now())
      const shown = all.filter(
        ({ notification, clock: { acknowledged } }) =>
          (run.values['open'] !== true || acknowledged === undefined) &&
          (country === undefined || notification.record.body.to === country),
      )
      await noteGiven(run, node, { act: 'read', held: shown.map(({ notification }) => notification) })
      for (const one of shown) print(run, one)
      if (shown.length === 0) run.out.say('There is no such notification.')
      return 0
    })
  },
}

function print({ out, json }: Run, { notification: { record }, clock }: NotificationShown): void {
  if (json) {
    out.object({ ...record, clock })
    return
  }
  const { body, id, origin } = record
  const { limit, station, property, peak, to, distanceKm, state } = body
  out.line(
    `${id}  ${body.from ?? '?'} to ${to}  ${property} ${peak} ${limit.unit} at ${station.name ?? station.id}, ${distanceKm} km from the border`,
  )
  out.line(
    `    ${limit.kind} above ${limit.value} ${limit.unit} (${limit.source}), ${state}; told by ${origin}`,
  )
  out.line(`    ${clockLine(clock)}`)
}

function clockLine({ state, openedAt, dueAt, remainingMs, acknowledged }: NotificationClock): string {
  const head = `${state}, opened ${openedAt}, due ${dueAt}`
  if (acknowledged === undefined) return `${head}, ${minutes(remainingMs ?? 0)}`
  const { at, by, node, note } = acknowledged
  return `${head}, answered ${at} by ${by.name}${by.role ? ` (${by.role})` : ''} at ${node}${note ? `: ${note}` : ''}`
}

const minutes = (ms: number): string =>
  ms < 0 ? `${Math.ceil(-ms / 60_000)} minutes over` : `${Math.floor(ms / 60_000)} minutes left`

const unanswered = {
  own: 'This node opened it; the neighbour answers.',
  'not-addressed':
    'It is not addressed to this node: mosaic contact list says which nodes speak for whom. Nothing was written.',
  ended: 'Its sender has ended it; nothing waits for an answer.',
} as const

export const notificationAcknowledge: Command = {
  name: 'notification acknowledge',
  summary:
    'Confirm that what another state told this one was received: a record of this node with your name.',
  teaches: [
    'For limits exceeded, alarms, forms and tests of the line. It stops the clock on both sides; what this node opened itself',
    'waits for the neighbour, and only who is addressed can answer. ID is what mosaic inbox shows; its beginning will do.',
    '',
    'Example: mosaic notification acknowledge 3f2a9c --as "Eleni Vasiliou" --role "duty officer" --note "Measured here too"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    as: { type: 'string', value: 'NAME', help: 'who answers' },
    role: { type: 'string', value: 'TEXT', help: 'in which role' },
    note: { type: 'string', value: 'TEXT', help: 'what the neighbour should know' },
  },
  run: (run) => {
    const [beginning = ''] = run.positionals
    if (!/^[0-9a-f]{6,40}$/.test(beginning))
      throw new Misused('An id is 40 hexadecimal digits; six or more will do.')
    const name = text(run.values, 'as')?.trim()
    const role = text(run.values, 'role')?.trim()
    if (!name) throw new Misused('Say who answers with --as.')
    const by = { name, ...(role && { role }) }
    const note = text(run.values, 'note')?.trim()
    return withNode(run, async ({ store, clock }) => {
      const held = await store.read({ types: toldTypes })
      const found = held.filter(({ record }) => record.id.startsWith(beginning))
      const [notification] = found
      if (notification === undefined || found.length > 1) {
        run.out.say(
          found.length === 0
            ? `This node holds no notification ${beginning}; mosaic notification list shows them.`
            : `${found.length} notifications begin with ${beginning}; give more of the id.`,
        )
        return 1
      }
      const answer = await acknowledge(store, notification, { by, at: clock.now(), ...(note && { note }) })
      if (answer.kind !== 'written') {
        run.out.say(unanswered[answer.kind])
        return 1
      }
      if (answer.appended.kind === 'refused' || answer.appended.kind === 'held-back') {
        run.out.say('The answer was refused; see mosaic doctor.')
        return 1
      }
      const { record } = answer.appended
      if (run.json) run.out.object(record)
      else run.out.line(`${answer.appended.kind}  ${record.id}@${record.version}`)
      return 0
    })
  },
}
