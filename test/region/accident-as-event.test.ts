/** A spill and a release of radiation, told by the accident forms, stand among the other events of the node. */
import { expect, test } from 'vitest'
import { actual, type Held } from '../../engines/record/index.ts'
import { type FormOrder, sendForm } from '../../packs/environment/pack.ts'
import { see } from '../../regions/see/region.ts'
import { createBell } from './bell.ts'
import { noon } from './region.test-support.ts'
import { aWholeNode } from './whole-node.test-support.ts'

const order = (key: string, kind: string, parts: object = {}): FormOrder => ({
  key,
  form: 'information-report',
  realm: actual,
  to: ['RO'],
  fields: {
    accident: {
      kinds: [kind],
      occurredAt: noon,
      where: 'Ruse',
      position: { longitude: 25.95, latitude: 43.86 },
      description: 'Invented.',
      substances: [],
      media: ['water'],
    },
    number: 1,
    situation: 'going-on',
    casualties: { injured: 2 },
    effectsOnPeople: 'None known.',
    effectsOnEnvironment: 'A slick.',
    measuresTaken: 'Booms.',
    ...parts,
  },
  by: { name: 'Petya Dimitrova' },
  now: noon,
})

test('radiation and spills come as hazard reports through the same form, one for each accident, bound as the form is', async () => {
  const bell = createBell()
  await using sofia = await aWholeNode('sofia.example', bell.ring)
  const { store } = sofia.node()
  const contacts = see.contacts ?? []
  const spill = await sendForm(store, contacts, order('spill', 'spill'))
  const first =
    spill.kind === 'sent' && spill.appended.kind === 'appended' ? spill.appended.record.id : undefined
  if (first === undefined) throw new Error(JSON.stringify(spill))
  await sendForm(store, contacts, {
    ...order('spill-2', 'spill', { number: 2, situation: 'over' }),
    follows: first,
  })
  await sendForm(store, contacts, order('source', 'radiation'))

  const reports = async () =>
    (await store.read({ types: ['hazards.report'] })) as readonly Held<{ kind: string }>[]
  await bell.until('both are there, the spill in its second version', async () => {
    const found = (await reports()).map(({ record }) => record.version)
    return found.length === 2 && found.includes(2)
  })
  await bell.until(
    'and are events',
    async () => (await store.read({ types: ['hazards.event'] })).length === 2,
  )

  const found = (await reports()).toSorted((a, b) => (a.record.body.kind < b.record.body.kind ? -1 : 1))
  expect(found.map(({ record }) => record)).toMatchObject([
    { body: { kind: 'radiation', status: 'active', countries: ['BG', 'RO'] } },
    {
      version: 2,
      body: { kind: 'water-pollution', status: 'ended', measures: [{ name: 'injured', value: 2 }] },
    },
  ])
  for (const { record } of found)
    expect(record.handling).toMatchObject({
      tlp: 'TLP:AMBER',
      audience: ['bucharest.example', 'sofia.example'],
    })
}, 60_000)
