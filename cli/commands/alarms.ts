/** The alarm sequence of a river: raise, and end. Confirming is mosaic notification acknowledge, looking is mosaic inbox. */

import type { Held } from '../../engines/record/index.ts'
import { type Instant, instant, unreachable } from '../../engines/record/index.ts'
import type { Appended } from '../../engines/store/index.ts'
import {
  type AlarmBody,
  contactsOf,
  endAlarm,
  type Incident,
  type Raised,
  raiseAlarm,
} from '../../packs/environment/pack.ts'
import { type Command, Misused, number, type Run, text, type Values } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, reasonOf } from './recall-node.ts'

const kinds = ['pollution', 'flood', 'ice', 'radiation', 'other'] as const

export const alarmRaise: Command = {
  name: 'alarm raise',
  summary: 'Warn every alert centre downstream of an accident on a river.',
  teaches: [
    'KEY names it among this node’s own. The centres, their order along the river and when the water may be there are reckoned',
    'from the region’s rivers and register, as ranges. mosaic inbox shows who has confirmed; mosaic alarm end ends it.',
    'In an exercise: --realm exercise:NAME; every text then says so.',
    '',
    'Example: mosaic alarm raise csepel --longitude 19.05 --latitude 47.45 --kind pollution --what "Fuel oil on the water" --occurred 2026-03-01T11:00:00Z --as "Anna Kovács"',
  ].join('\n'),
  arguments: 'KEY',
  takes: [1, 1],
  options: {
    longitude: { type: 'string', value: 'DEGREES', help: 'of the accident' },
    latitude: { type: 'string', value: 'DEGREES', help: 'of the accident' },
    river: { type: 'string', value: 'ID', help: 'only this river, where several are near' },
    kind: { type: 'string', value: 'WORD', help: kinds.join(', ') },
    what: { type: 'string', value: 'TEXT', help: 'what happened' },
    substance: { type: 'string', value: 'TEXT', help: 'what is in the water' },
    amount: { type: 'string', value: 'TEXT', help: 'how much, with its unit' },
    advice: { type: 'string', value: 'TEXT', help: 'what those downstream should do' },
    occurred: { type: 'string', value: 'TIME', help: 'when, with its zone (default now)' },
    realm: realmOption,
    as: { type: 'string', value: 'NAME', help: 'who raises it' },
    role: { type: 'string', value: 'TEXT', help: 'in which role' },
  },
  run: (run) => {
    const [key = ''] = run.positionals
    const { values } = run
    const longitude = number(values, 'longitude', [-180, 180])
    const latitude = number(values, 'latitude', [-90, 90])
    if (longitude === undefined || latitude === undefined)
      throw new Misused('Say where with --longitude and --latitude.')
    const river = text(values, 'river')
    const realm = realmOf(values)
    const by = whoOf(values)
    return withNode(run, async ({ store, places, clock }) => {
      const contacts = await contactsOf((query) => store.read(query), places.region, store.identity.node)
      const now = clock.now()
      const raised = await raiseAlarm(
        store,
        { contacts, rivers: places.region.rivers ?? [] },
        {
          ...{ key, realm, by, now, incident: incidentOf(values, now) },
          at: [longitude, latitude],
          ...(river === undefined ? {} : { river }),
        },
      )
      return sayRaised(run, raised)
    })
  },
}

export function whoOf(values: Values): { readonly name: string; readonly role?: string } {
  const name = text(values, 'as')?.trim()
  const role = text(values, 'role')?.trim()
  if (!name) throw new Misused('Say who does it with --as.')
  return { name, ...(role && { role }) }
}

function incidentOf(values: Values, now: Instant): Incident {
  const kind = kinds.find((one) => one === text(values, 'kind'))
  const what = text(values, 'what')?.trim()
  if (kind === undefined) throw new Misused(`--kind is one of ${kinds.join(', ')}.`)
  if (!what) throw new Misused('Say what happened with --what.')
  const [substance, amount, advice] = ['substance', 'amount', 'advice'].map((name) =>
    text(values, name)?.trim(),
  )
  return {
    ...{ what, kind, occurredAt: timeOf(text(values, 'occurred')) ?? now },
    ...(substance && { substance }),
    ...(amount && { amount }),
    ...(advice && { advice }),
  }
}

function timeOf(given: string | undefined): Instant | undefined {
  if (given === undefined) return undefined
  try {
    return instant(given)
  } catch {
    throw new Misused(`--occurred takes an instant with its zone (2026-03-01T11:00:00Z), not "${given}".`)
  }
}

function sayRaised(run: Run, raised: Raised): 0 | 1 {
  switch (raised.kind) {
    case 'raised':
      return sayWritten(run, raised.appended)
    case 'no-centre':
      run.out.say(
        'This node speaks for no alert centre; mosaic contact list --system danube-alarm says who does.',
      )
      return 1
    case 'no-river':
      run.out.say('No river of the region is near that place; see the coordinates, and --river.')
      return 1
    case 'nobody-downstream':
      run.out.say('The water reaches no other country from there.')
      return 1
    case 'raised-before':
      run.out.say(`An alarm of this key was raised before: ${raised.alarm.record.id}. Choose another key.`)
      return 1
    default:
      return unreachable(raised)
  }
}

export function sayWritten({ out, json }: Run, appended: Appended): 0 | 1 {
  if (appended.kind === 'refused' || appended.kind === 'held-back') {
    out.say(
      `It was refused${appended.kind === 'refused' ? `: ${appended.reason.code}` : ''}; nothing was written.`,
    )
    return 1
  }
  if (json) out.object(appended.record)
  else out.line(`${appended.kind}  ${appended.record.id}@${appended.record.version}`)
  return 0
}

export const alarmEnd: Command = {
  name: 'alarm end',
  summary: 'End an alarm that this node raised: it waits for nobody any more, here and at every centre.',
  teaches: [
    'ID is what mosaic inbox shows; its beginning will do. An ended alarm is not raised again: a new one gets a key of its own.',
    '',
    'Example: mosaic alarm end 3f2a9c --because "The slick was held at Mohács" --as "Anna Kovács"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    because: { type: 'string', value: 'TEXT', help: 'why; every centre reads it' },
    as: { type: 'string', value: 'NAME', help: 'who ends it' },
    role: { type: 'string', value: 'TEXT', help: 'in which role' },
  },
  run: (run) => {
    const beginning = idBeginning(run.positionals[0])
    const because = reasonOf(run.values)
    const by = whoOf(run.values)
    return withNode(run, async ({ store, clock }) => {
      const held = (await store.read({ types: ['environment.alarm'] })) as readonly Held<AlarmBody>[]
      const [alarm, ...others] = held.filter(({ record }) => record.id.startsWith(beginning))
      if (alarm === undefined || others.length > 0) {
        run.out.say(alarm === undefined ? `There is no alarm ${beginning}.` : 'Give more of the id.')
        return 1
      }
      const ended = await endAlarm(store, alarm, { by, at: clock.now(), because })
      if (ended.kind === 'ended') return sayWritten(run, ended.appended)
      run.out.say(
        ended.kind === 'not-own'
          ? 'Another centre raised it, and ends it.'
          : `It was ended before, at ${ended.at}.`,
      )
      return 1
    })
  },
}
