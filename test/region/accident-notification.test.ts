/**
 * The three industrial accident notification forms between points of contact, each on a real node: sent to those affected
 * and nobody else, acknowledged with a clock that both sides see, a request for assistance answered with scope and terms,
 * played in an exercise, and the line tested. The accident is invented.
 */
import { describe, expect, test } from 'vitest'
import { actual, exercise, type Held, plusMs, type Realm, testRealm } from '../../engines/record/index.ts'
import {
  type AssistanceRequestBody,
  acknowledge,
  acknowledgementRecord,
  answerRequest,
  type CommunicationTestBody,
  discardDraft,
  type FormDraftBody,
  type FormOrder,
  type InboxEntry,
  inboxOf,
  lineTests,
  saveDraft,
  sendDraft,
  sendForm,
  toldTypes,
} from '../../packs/environment/pack.ts'
import { see } from '../../regions/see/region.ts'
import { aRegion, noon, type Region, type RegionNode } from './region.test-support.ts'

const hour = 3_600_000
const contacts = see.contacts ?? []
const drill = exercise('border-plant-2026')
const terms = {
  gives: [{ types: ['environment.*'], upTo: 'TLP:AMBER', realms: [actual, testRealm, drill] }],
  clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
} as const

const accident = {
  kinds: ['release'],
  occurredAt: plusMs(noon, -hour),
  where: 'Chemical works at Ruse, 2 km from the river',
  hazardousActivity: 'storage of ammonia',
  description: 'A pipe broke; a cloud moves north over the river.',
  substances: [{ name: 'ammonia', cas: '7664-41-7', un: 'UN 1005', state: 'gas', released: 'about 3 t' }],
  media: ['air'],
} as const

const by = { name: 'Petya Dimitrova', role: 'duty officer' }
const warning = (parts: Partial<FormOrder> = {}): FormOrder => ({
  key: 'ruse-ammonia',
  form: 'early-warning',
  realm: actual,
  to: ['RO'],
  fields: {
    accident,
    spread: 'wind from the south, 3 m/s',
    reachesBorderAt: plusMs(noon, -hour / 2),
    expectedEffects: 'Smell and irritation in the town across the river.',
    measuresTaken: 'The pipe is shut; people stay indoors.',
    assistanceMayBeAsked: true,
  },
  by,
  now: noon,
  ...parts,
})
const request = (parts: Partial<FormOrder> = {}): FormOrder =>
  warning({
    form: 'assistance-request',
    fields: {
      accident,
      needs: [{ what: 'mobile measuring laboratory', quantity: '2' }],
      where: 'Ruse, fire station',
      neededFrom: noon,
      entryPoint: 'Danube bridge',
      contactOnSite: 'incident commander',
      costs: 'borne-by-requesting-party',
    },
    ...parts,
  })

async function boxOf(node: RegionNode, realm: Realm = actual): Promise<readonly InboxEntry[]> {
  const held = await node.store().read({ types: toldTypes, realm })
  return inboxOf((query) => node.store().read(query), held, {
    ...{ node: node.name, now: node.clock.now(), contacts },
  })
}
const firstOf = async (node: RegionNode, kind: InboxEntry['kind'], realm: Realm = actual) =>
  (await boxOf(node, realm)).find((entry) => entry.kind === kind)

type Three = { readonly sofia: RegionNode; readonly bucharest: RegionNode; readonly skopje: RegionNode }
async function betweenThree(act: (region: Region, nodes: Three) => Promise<void>): Promise<void> {
  await using region = await aRegion(['sofia.example', 'bucharest.example', 'skopje.example'])
  const [sofia, bucharest, skopje] = region.nodes
  if (!sofia || !bucharest || !skopje) throw new Error('a node is missing')
  await region.join(sofia, bucharest, terms)
  await region.join(sofia, skopje, terms)
  for (const node of region.nodes) node.live()
  await act(region, { sofia, bucharest, skopje })
}

describe('industrial accident notification', () => {
  test(
    'an early warning reaches the point of contact addressed and nobody else, and both see the clock to its acknowledgement',
    () =>
      betweenThree(async (region, { sofia, bucharest, skopje }) => {
        const test = {
          form: 'communication-test',
          realm: testRealm,
          to: ['MK', 'RO'],
          fields: { text: 'Answer.' },
        }
        expect((await sendForm(sofia.store(), contacts, warning())).kind).toBe('sent')
        await sendForm(sofia.store(), contacts, warning(test as Partial<FormOrder>))
        await region.until(
          'it is in Bucharest',
          async () => (await firstOf(bucharest, 'early-warning')) !== undefined,
        )
        await region.until(
          'the later test is in Skopje',
          async () => (await firstOf(skopje, 'communication-test', testRealm)) !== undefined,
        )

        expect(await boxOf(skopje)).toEqual([])
        const [out, into] = [await firstOf(sofia, 'early-warning'), await firstOf(bucharest, 'early-warning')]
        expect([out?.box, into?.box]).toEqual(['out', 'in'])
        expect([out?.isSenderKnown, into?.isSenderKnown]).toEqual([true, true])
        expect(into?.clocks).toEqual(out?.clocks)
        expect(into?.clocks).toMatchObject([
          { contact: 'ro-accidents', state: 'waiting', waitingSince: noon, remainingMs: hour },
        ])
        region.pass(2 * hour)
        expect((await firstOf(sofia, 'early-warning'))?.state).toBe('overdue')

        const at = bucharest.clock.now()
        const answered = await acknowledge(bucharest.store(), into?.held as Held, {
          by: { name: 'Radu Ionescu' },
          at,
        })
        expect(answered.kind).toBe('written')
        await region.until(
          'the answer is in Sofia',
          async () => (await firstOf(sofia, 'early-warning'))?.state === 'answered',
        )
        expect((await firstOf(sofia, 'early-warning'))?.clocks).toMatchObject([
          {
            state: 'acknowledged-late',
            acknowledged: { node: 'bucharest.example', by: { name: 'Radu Ionescu' } },
          },
        ])

        const tests = (await sofia.store().read({
          types: ['environment.communication-test'],
          realm: testRealm,
        })) as readonly Held<CommunicationTestBody>[]
        const answers = await sofia.store().read({ types: [acknowledgementRecord.type], realm: testRealm })
        const lines = lineTests(contacts, { tests, answers: answers as never, now: sofia.clock.now() })
        expect(lines.find(({ contact }) => contact === 'mk-accidents')).toMatchObject({
          lastTestedAt: noon,
          isSilent: true,
          isDue: false,
        })
        expect(lines.find(({ contact }) => contact === 'al-accidents')).toMatchObject({
          isDue: true,
          isSilent: false,
        })
      }),
    60_000,
  )

  test(
    'a request for assistance waits for whether, what and on which terms; receipt alone does not stop its clock',
    () =>
      betweenThree(async (region, { sofia, bucharest }) => {
        await sendForm(sofia.store(), contacts, request())
        await region.until(
          'it is in Bucharest',
          async () => (await firstOf(bucharest, 'assistance-request')) !== undefined,
        )
        const asked = (await firstOf(bucharest, 'assistance-request'))?.held as Held<AssistanceRequestBody>
        const person = { by: { name: 'Radu Ionescu' }, at: noon }
        await acknowledge(bucharest.store(), asked, person)
        await region.until(
          'the receipt is in Sofia',
          async () => ((await firstOf(sofia, 'assistance-request'))?.received.length ?? 0) > 0,
        )
        expect(await firstOf(sofia, 'assistance-request')).toMatchObject({ state: 'waiting', answers: [] })

        const empty = { help: 'partly' as const, scope: [], terms: 'At cost.', ...person }
        expect(await answerRequest(bucharest.store(), asked, empty)).toEqual({ kind: 'no-scope' })
        const scope = [{ what: 'mobile measuring laboratory', quantity: '1' }]
        await answerRequest(bucharest.store(), asked, { ...empty, scope })
        await region.until(
          'the answer is in Sofia',
          async () => (await firstOf(sofia, 'assistance-request'))?.state === 'answered',
        )

        const seen = await firstOf(sofia, 'assistance-request')
        expect(seen?.answers.map(({ record }) => record.body)).toMatchObject([
          { help: 'partly', scope, terms: 'At cost.' },
        ])
        expect(seen?.clocks).toMatchObject([
          { state: 'acknowledged', acknowledged: { node: 'bucharest.example' } },
        ])
      }),
    60_000,
  )

  test(
    'in an exercise everything is marked, stands in its own realm, and stops no real clock',
    () =>
      betweenThree(async (region, { sofia, bucharest }) => {
        await sendForm(sofia.store(), contacts, warning())
        await sendForm(sofia.store(), contacts, warning({ realm: drill }))
        await region.until('both are in Bucharest', async () => {
          const both = [
            await firstOf(bucharest, 'early-warning'),
            await firstOf(bucharest, 'early-warning', drill),
          ]
          return both.every((one) => one !== undefined)
        })
        const played = await firstOf(bucharest, 'early-warning', drill)
        expect(played?.mode).toBe('exercise')
        expect(played?.held.record.body).toMatchObject({
          headline: expect.stringMatching(/^EXERCISE EXERCISE EXERCISE: /),
          accident: { description: expect.stringMatching(/^EXERCISE EXERCISE EXERCISE: .*\(EXERCISE\)$/) },
        })

        await acknowledge(bucharest.store(), played?.held as Held, { by: { name: 'Radu Ionescu' }, at: noon })
        await region.until(
          'the drill is answered',
          async () => (await firstOf(sofia, 'early-warning', drill))?.state === 'answered',
        )
        expect((await firstOf(sofia, 'early-warning'))?.state).toBe('waiting')
      }),
    60_000,
  )

  test('a draft stays at home until it is sent whole, and is sent once', async () => {
    await using region = await aRegion(['sofia.example', 'oslo.example'])
    const [sofia, oslo] = region.nodes
    if (!sofia || !oslo) throw new Error('a node is missing')
    const draftAt = async () =>
      (await sofia.store().read({ types: ['environment.form-draft'] }))[0] as Held<FormDraftBody>
    const sending = async () => sendDraft(sofia.store(), contacts, { draft: await draftAt(), by, now: noon })

    await saveDraft(sofia.store(), warning({ fields: { expectedEffects: 'Smell.' } }))
    expect((await draftAt()).record.handling.tlp).toBe('TLP:AMBER+STRICT')
    const early = await sending()
    expect(early.kind === 'incomplete' && early.issues.map(({ rule }) => rule)).toContain(
      'environment/form-incomplete',
    )
    await saveDraft(sofia.store(), warning({ to: ['RO', 'ZZ'] }))
    expect((await sending()).kind).toBe('sent')
    expect(await sending()).toEqual({ kind: 'closed', state: 'sent' })
    expect((await discardDraft(sofia.store(), await draftAt(), { by, now: noon })).kind).toBe('closed')

    expect((await boxOf(sofia)).map(({ held }) => held.record.body)).toMatchObject([
      { withoutContact: ['ZZ'] },
    ])
    expect((await boxOf(sofia))[0]?.held.record.handling).toEqual({
      tlp: 'TLP:AMBER',
      audience: ['bucharest.example', 'sofia.example'],
    })
    expect((await sendForm(sofia.store(), contacts, warning())).kind).toBe('sent-before')
    expect((await sendForm(oslo.store(), contacts, warning())).kind).toBe('no-contact')
    expect((await sendForm(sofia.store(), contacts, warning({ key: 'b', to: ['BG'] }))).kind).toBe(
      'nobody-registered',
    )
    expect((await sendForm(sofia.store(), contacts, warning({ key: 'b', realm: testRealm }))).kind).toBe(
      'wrong-realm',
    )
  }, 30_000)
})
