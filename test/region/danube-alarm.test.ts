/**
 * The Danube alarm sequence between real nodes: one alert centre for each country, warning to all downstream, confirmation
 * of receipt by each from its own node, end of alert by who raised it. The accident and everybody in it are invented.
 */
import { describe, expect, test } from 'vitest'
import { actual, exercise, type Held, plusMs, type Realm } from '../../engines/record/index.ts'
import {
  type AcknowledgementBody,
  type AlarmBody,
  type AlarmOrder,
  acknowledge,
  acknowledgementRecord,
  alarmRecord,
  endAlarm,
  type Raised,
  raiseAlarm,
  type Sequence,
  sequenceOf,
} from '../../packs/environment/pack.ts'
import { see } from '../../regions/see/region.ts'
import { aRegion, noon, type Region, type RegionNode } from './region.test-support.ts'

const minute = 60_000
const hour = 60 * minute
const world = { contacts: see.contacts ?? [], rivers: see.rivers ?? [] }
const drill = exercise('danube-2026')
const terms = {
  gives: [{ types: ['environment.*'], upTo: 'TLP:GREEN', realms: [actual, drill] }],
  clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
} as const

const onWatch = { name: 'Anna Kovács', role: 'communication unit' }
const order = (parts: Partial<AlarmOrder> = {}): AlarmOrder => ({
  key: 'csepel-spill',
  realm: actual,
  at: [19.05, 47.45],
  incident: {
    what: 'A barge lost heavy fuel oil above the Csepel harbour.',
    kind: 'pollution',
    substance: 'heavy fuel oil',
    amount: 'about 40 t',
    occurredAt: plusMs(noon, -hour),
  },
  by: onWatch,
  now: noon,
  ...parts,
})

async function alarmAt(node: RegionNode, realm: Realm = actual): Promise<Held<AlarmBody> | undefined> {
  const [held] = await node.store().read({ types: [alarmRecord.type], realm })
  return held as Held<AlarmBody> | undefined
}

async function sequenceAt(node: RegionNode, realm: Realm = actual): Promise<Sequence> {
  const alarm = await alarmAt(node, realm)
  if (alarm === undefined) throw new Error(`${node.name} holds no alarm`)
  const answers = await node.store().read({ types: [acknowledgementRecord.type], realm })
  return sequenceOf(alarm, answers as readonly Held<AcknowledgementBody>[], node.clock.now())
}

async function confirm(node: RegionNode, name: string, realm: Realm = actual): Promise<string> {
  const alarm = await alarmAt(node, realm)
  if (alarm === undefined) throw new Error(`${node.name} holds no alarm`)
  const by = { name, role: 'communication unit' }
  return (await acknowledge(node.store(), alarm, { by, at: node.clock.now() })).kind
}

const statesAt = async (node: RegionNode, realm: Realm = actual) =>
  Object.fromEntries((await sequenceAt(node, realm)).steps.map(({ contact, state }) => [contact, state]))

/** Budapest in the middle of its peers; Skopje, on no bank of the river, is one of them. */
async function onTheDanube(
  act: (region: Region, nodes: Readonly<Record<string, RegionNode>>) => Promise<void>,
): Promise<void> {
  const seats = ['budapest', 'belgrade', 'bucharest', 'skopje']
  await using region = await aRegion(seats.map((seat) => `${seat}.example`))
  const nodes = Object.fromEntries(region.nodes.map((node, at) => [seats[at], node]))
  const { budapest } = nodes
  if (budapest === undefined) throw new Error('no Budapest')
  for (const other of region.nodes.filter((node) => node !== budapest))
    await region.join(budapest, other, terms)
  for (const node of region.nodes) node.live()
  await act(region, nodes)
}

describe('the Danube alarm sequence', () => {
  test(
    'a warning reaches every centre downstream, each confirms from its own node, one of them on its return, and the end of alert closes it everywhere',
    () =>
      onTheDanube(async (region, { budapest, belgrade, bucharest, skopje }) => {
        if (!budapest || !belgrade || !bucharest || !skopje) throw new Error('a centre is missing')
        await bucharest.away()

        const raised = await raiseAlarm(budapest.store(), world, order())
        expect(raised).toMatchObject({ kind: 'raised', appended: { kind: 'appended' } })
        const { addressees, withoutCentre, speed } = (await alarmAt(budapest))?.record.body as AlarmBody
        expect(addressees.map(({ contact }) => contact)).toEqual([
          ...['hr-danube', 'rs-danube', 'ro-danube', 'bg-danube', 'md-danube', 'ua-danube'],
        ])
        expect(withoutCentre).toEqual([])
        expect(speed).toMatchObject({ unit: 'km/h', low: 1.5, high: 7 })
        for (const { arrival, dueAt } of addressees) {
          expect(arrival.from < arrival.until).toBe(true)
          expect(dueAt > noon && dueAt <= plusMs(noon, hour)).toBe(true)
        }
        const [dues, arrivals] = [
          addressees.map((one) => one.dueAt),
          addressees.map((one) => one.arrival.from),
        ]
        expect([dues, arrivals]).toEqual([dues.toSorted(), arrivals.toSorted()])

        await region.until('it is in Belgrade', async () => (await alarmAt(belgrade)) !== undefined)
        expect(await confirm(belgrade, 'Jovana Ilić')).toBe('written')
        await region.until('and in Skopje', async () => (await alarmAt(skopje)) !== undefined)
        expect(await confirm(skopje, 'Ana Ristova')).toBe('not-addressed')
        expect(await confirm(budapest, 'Anna Kovács')).toBe('own')
        await region.until(
          'the word of Belgrade is in Budapest',
          async () => (await statesAt(budapest))['rs-danube'] === 'acknowledged',
        )

        region.pass(90 * minute)
        const waiting = await sequenceAt(budapest)
        expect(waiting).toMatchObject({ state: 'waiting', next: 'hr-danube', mode: 'normal' })
        expect(waiting.steps.find(({ contact }) => contact === 'rs-danube')?.isAheadOfRiver).toBe(true)
        const silent = waiting.steps.find(({ contact }) => contact === 'ro-danube')
        expect(silent).toMatchObject({
          state: 'overdue',
          waitingSince: noon,
          escalation: { step: 'telephone' },
        })

        await bucharest.back()
        await region.until('Bucharest has it', async () => (await alarmAt(bucharest)) !== undefined)
        expect(await confirm(bucharest, 'Radu Ionescu')).toBe('written')
        expect(await confirm(bucharest, 'Radu Ionescu')).toBe('written')
        await region.until(
          'the word of Bucharest is in Belgrade too',
          async () => (await statesAt(belgrade))['ro-danube'] === 'acknowledged-late',
        )
        expect(await sequenceAt(belgrade)).toEqual(await sequenceAt(budapest))

        const alarm = (await alarmAt(budapest)) as Held<AlarmBody>
        const there = (await alarmAt(belgrade)) as Held<AlarmBody>
        const end = { by: onWatch, at: budapest.clock.now(), because: 'The slick was held at Mohács.' }
        expect(await endAlarm(belgrade.store(), there, end)).toEqual({ kind: 'not-own' })
        expect(await endAlarm(budapest.store(), alarm, end)).toMatchObject({ kind: 'ended' })
        const ended = async (node: RegionNode) => (await sequenceAt(node)).state === 'ended'
        await region.until('it is over everywhere', async () => {
          const all = await Promise.all([budapest, belgrade, bucharest, skopje].map(ended))
          return all.every((one) => one)
        })
        expect(await statesAt(bucharest)).toEqual({
          ...{ 'hr-danube': 'closed', 'rs-danube': 'acknowledged', 'ro-danube': 'acknowledged-late' },
          ...{ 'bg-danube': 'closed', 'md-danube': 'closed', 'ua-danube': 'closed' },
        })
        const over = (await alarmAt(budapest)) as Held<AlarmBody>
        expect(await endAlarm(budapest.store(), over, end)).toMatchObject({ kind: 'ended-before' })
        const again: Raised = await raiseAlarm(budapest.store(), world, order())
        expect(again).toMatchObject({ kind: 'raised-before' })
      }),
    90_000,
  )

  test(
    'an exercise runs the same way in its own realm, says so in every text, and moves nothing that is real',
    () =>
      onTheDanube(async (region, { budapest, belgrade }) => {
        if (!budapest || !belgrade) throw new Error('a centre is missing')
        await raiseAlarm(budapest.store(), world, order())
        await raiseAlarm(budapest.store(), world, order({ realm: drill }))

        await region.until('both are in Belgrade', async () => {
          const both = await Promise.all([alarmAt(belgrade), alarmAt(belgrade, drill)])
          return both.every((one) => one !== undefined)
        })
        expect(await confirm(belgrade, 'Jovana Ilić', drill)).toBe('written')
        await region.until(
          'the drill is confirmed',
          async () => (await statesAt(budapest, drill))['rs-danube'] === 'acknowledged',
        )

        const played = (await alarmAt(belgrade, drill))?.record.body as AlarmBody
        expect(played.headline).toMatch(/^EXERCISE EXERCISE EXERCISE: .*\(EXERCISE\)$/)
        expect(played.incident.what).toMatch(/^EXERCISE EXERCISE EXERCISE: .*\(EXERCISE\)$/)
        expect((await alarmAt(belgrade))?.record.body.headline).not.toContain('EXERCISE')
        expect((await sequenceAt(budapest, drill)).mode).toBe('exercise')
        expect((await statesAt(budapest))['rs-danube']).toBe('waiting')

        const alarm = (await alarmAt(budapest, drill)) as Held<AlarmBody>
        await endAlarm(budapest.store(), alarm, { by: onWatch, at: noon, because: 'The exercise is over.' })
        expect((await sequenceAt(budapest, drill)).state).toBe('ended')
        expect((await sequenceAt(budapest)).state).toBe('waiting')
      }),
    60_000,
  )

  test('is raised only by a centre of the register, on a river that reaches somebody', async () => {
    await using region = await aRegion(['budapest.example', 'skopje.example', 'athens.example'])
    const [budapest, skopje, athens] = region.nodes
    if (!budapest || !skopje || !athens) throw new Error('a node is missing')

    expect(await raiseAlarm(athens.store(), world, order())).toEqual({ kind: 'no-centre' })
    expect(await raiseAlarm(budapest.store(), world, order({ at: [20.9, 39.6] }))).toEqual({
      kind: 'no-river',
    })
    expect(await alarmAt(athens)).toBeUndefined()
    const withoutRomania = world.contacts.filter(({ country }) => country !== 'RO')
    await raiseAlarm(budapest.store(), { ...world, contacts: withoutRomania }, order())
    expect((await alarmAt(budapest))?.record.body.withoutCentre).toEqual(['RO'])
  }, 30_000)
})
