/** A warning from the first word to its end, on a real store and with the real reactor. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../test/support/database.ts'
import { readCap, signXml } from '../../formats/index.ts'
import {
  actual,
  createRegistry,
  type Handling,
  type Held,
  plusMs,
  type RecordId,
  SettableClock,
} from '../../record/index.ts'
import { openStore, settle } from '../../store/index.ts'
import { aProposal, aRule, eventId, hour, origin, someSettings, start } from '../builders.ts'
import type { ProposalBody } from '../contract.ts'
import { decide } from '../decide.ts'
import { issueReactor } from '../issue.ts'
import type { IssueSettings } from '../order.ts'
import { type WarningBody, warnRecords } from '../records.ts'
import type { DeskPerson } from './contract.ts'
import { type Desk, type GivenContent, openDesk } from './desk.ts'
import type { DraftFile } from './draft-file.ts'

const ana: DeskPerson = { id: 'person:ana', name: 'Ana Marku', role: 'duty-officer' }
const besa: DeskPerson = { id: 'person:besa', name: 'Besa Hoxha', role: 'approver' }

const byPeople = { rules: [aRule({ issues: 'by-person' })] }

async function aNode(parts: Partial<IssueSettings> = byPeople) {
  const database = await testDatabase()
  const clock = new SettableClock(start)
  const registry = createRegistry([...warnRecords])
  const store = await openStore({ url: database.url, node: origin, clock, registry, connections: 3 })
  const settings = someSettings({ identity: store.identity, ...parts })
  const failures: unknown[] = []
  let keys = 0
  const desk = openDesk({ store, clock, settings, newKey: () => `k${++keys}` })
  const run = () =>
    settle({
      store,
      realm: actual,
      reactors: [issueReactor(settings)],
      onFailure: ({ error }) => failures.push(error),
    })
  const propose = async (body: Partial<ProposalBody> = {}, handling?: Handling) => {
    const [appended] = await store.append([
      {
        type: 'warn.proposal',
        key: `${eventId}:AL`,
        realm: actual,
        producer: { kind: 'method', name: 'test', version: '1' },
        valid: { from: start, until: plusMs(start, 24 * hour) },
        ...(handling && { handling }),
        body: aProposal(body),
      },
    ])
    await run()
    if (appended?.kind !== 'appended') throw new Error(JSON.stringify(appended))
    return (await store.get(appended.record.id)) as Held<ProposalBody>
  }
  return {
    ...{ store, clock, desk, failures, run, propose },
    warnings: async () => (await store.read({ types: ['warn.warning'] })) as readonly Held<WarningBody>[],
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

const given = ({ content }: DraftFile['body']): GivenContent => ({
  ...content,
  texts: Object.fromEntries(
    Object.entries(content.texts).map(([language, text]) => [
      language,
      { ...text, isReviewed: text.reviewed !== undefined },
    ]),
  ),
})

/** Submits, has it approved and issues it. */
async function sendOut(desk: Desk, { id, life }: DraftFile): Promise<void> {
  const { version } = life
  await desk.step(id, { step: 'submit', version }, ana)
  await desk.step(id, { step: 'approve', version }, besa)
  await desk.step(id, { step: 'issue', version }, ana)
}

describe('a warning from the desk', () => {
  test('begins with a proposal, is approved by a second person, and keeps the evidence of its day', async () => {
    await using node = await aNode()
    const proposal = await node.propose()
    const draft = await node.desk.begin({ kind: 'proposal', proposal }, ana, actual)

    await sendOut(node.desk, draft)
    await node.run()

    const [warning] = await node.warnings()
    expect(node.failures).toEqual([])
    expect(warning?.record).toMatchObject({
      handling: { tlp: 'TLP:CLEAR' },
      producer: { kind: 'person', name: 'Ana Marku' },
      body: {
        msgType: 'Alert',
        scope: 'Public',
        number: 1,
        draft: { id: draft.id, version: 1 },
        proposal: { id: proposal.record.id, version: 1 },
        event: eventId,
        mandate: 'Law 45/2019 on civil protection',
      },
    })
    expect(warning?.record.links).toContainEqual({
      type: 'derivedFrom',
      id: proposal.record.id,
      version: 1,
    })
    expect(readCap(warning?.record.body.xml ?? '').verdict).toBe('clean')
    expect((await node.desk.file(draft.id))?.life.state).toBe('issued')
  })

  test('goes on as an update that refers to all in force, and ends with a cancel', async () => {
    await using node = await aNode()
    const proposal = await node.propose()
    await sendOut(node.desk, await node.desk.begin({ kind: 'proposal', proposal }, ana, actual))
    await node.run()
    for (const purpose of ['update', 'update', 'cancel'] as const) {
      node.clock.set(plusMs(node.clock.now(), hour))
      const newest = (await node.warnings()).at(-1)
      if (newest === undefined) throw new Error('no warning')
      const next = await node.desk.begin({ kind: 'warning', warning: newest, purpose }, ana, actual)
      await sendOut(node.desk, next)
      await node.run()
    }

    const all = (await node.warnings()).map(({ record: { body } }) => body)

    expect(node.failures).toEqual([])
    expect(all.map(({ msgType }) => msgType)).toEqual(['Alert', 'Update', 'Update', 'Cancel'])
    expect(all.map(({ references }) => references.length)).toEqual([0, 1, 2, 3])
    expect(all[3]?.infos[0]).toMatchObject({ responseType: ['AllClear'], urgency: 'Past' })
  })

  test('is changed no more once it is out, and its approval is void after any change', async () => {
    await using node = await aNode()
    const proposal = await node.propose()
    const { id, body } = await node.desk.begin({ kind: 'proposal', proposal }, ana, actual)
    const content = { ...given(body), severity: 'Extreme' as const }
    await node.desk.step(id, { step: 'submit', version: 1 }, ana)
    await node.desk.step(id, { step: 'approve', version: 1 }, besa)
    const changed = await node.desk.edit(id, { basedOn: 1, content }, ana)

    await expect(node.desk.step(id, { step: 'issue', version: 2 }, ana)).rejects.toMatchObject({
      code: 'warn/draft-not-approved',
    })
    await expect(node.desk.edit(id, { basedOn: 1, content }, ana)).rejects.toMatchObject({
      code: 'warn/draft-changed-since',
    })
    await sendOut(node.desk, changed)
    await node.run()
    await expect(node.desk.edit(id, { basedOn: 2, content }, ana)).rejects.toMatchObject({
      code: 'warn/draft-frozen',
    })
    expect((await node.warnings()).map(({ record }) => record.body.infos[0]?.severity)).toEqual(['Extreme'])
  })

  test('needs the second person for the end of a grave one too, and none for the mildest', async () => {
    await using node = await aNode()
    const proposal = await node.propose({ severity: 'Minor' })
    const draft = await node.desk.begin({ kind: 'proposal', proposal }, ana, actual)
    const mild = await node.desk.step(draft.id, { step: 'submit', version: 1 }, ana)
    const own = await node.desk.begin(
      { kind: 'proposal', proposal: await node.propose({ severity: 'Severe' }) },
      ana,
      actual,
    )
    await sendOut(node.desk, own)
    await node.run()
    const [warning] = await node.warnings()
    if (warning === undefined) throw new Error('no warning')
    const end = await node.desk.begin({ kind: 'warning', warning, purpose: 'cancel' }, ana, actual)
    const softened = await node.desk.edit(
      end.id,
      { basedOn: 1, content: { ...given(end.body), severity: 'Minor' } },
      ana,
    )

    expect(mild.life.state).toBe('approved')
    const submitted = await node.desk.step(softened.id, { step: 'submit', version: 2 }, ana)
    expect(submitted.life.state).toBe('submitted')
  })

  test('is refused with what the checks found, each at its place', async () => {
    await using node = await aNode()
    const proposal = await node.propose()
    const { id, body } = await node.desk.begin({ kind: 'proposal', proposal }, ana, actual)
    const before = given(body)
    const content: GivenContent = {
      ...before,
      severity: 'Unknown',
      onset: plusMs(start, 48 * hour),
      areas: [
        {
          desc: { en: 'Lezhë' },
          polygons: [
            [
              [41, 19],
              [42, 20],
              [42, 19],
              [41, 20],
              [41, 19],
            ],
          ],
          circles: [],
          geocodes: [],
        },
      ],
      texts: {
        ...before.texts,
        sq: {
          ...(before.texts['sq'] as never as GivenContent['texts'][string]),
          instruction: 'Brenda 5 km.',
        },
      },
    }
    const changed = await node.desk.edit(id, { basedOn: 1, content }, ana)

    const findings = node.desk.findings(changed)

    expect(
      findings.filter(({ level }) => level === 'error').map(({ rule, place }) => `${rule} ${place}`),
    ).toEqual([
      'desk/onset-after-expires /onset',
      'desk/unknown-value /severity',
      'desk/polygon-crosses-itself /areas/0/polygons/0',
      'desk/figures-differ /texts/sq',
    ])
    await expect(node.desk.step(id, { step: 'submit', version: 2 }, ana)).rejects.toMatchObject({
      code: 'warn/draft-findings-left',
    })
  })

  test('may set aside a figure in words, with a reason that stays', async () => {
    await using node = await aNode()
    const proposal = await node.propose()
    const { id, body } = await node.desk.begin({ kind: 'proposal', proposal }, ana, actual)
    const { texts, ...rest } = given(body)
    const sq = texts['sq'] as GivenContent['texts'][string]
    const content = {
      ...rest,
      texts: { ...texts, sq: { ...sq, instruction: 'Brenda 5 km.', isReviewed: true } },
    }
    await node.desk.edit(id, { basedOn: 1, content }, ana)
    const despite = ['desk/figures-differ']

    await expect(node.desk.step(id, { step: 'submit', version: 2, despite }, ana)).rejects.toMatchObject({
      code: 'warn/draft-reason-needed',
    })
    await node.desk.step(id, { step: 'submit', version: 2, despite, because: 'said in words' }, ana)
    await node.desk.step(id, { step: 'approve', version: 2 }, besa)
    const issued = await node.desk.step(id, { step: 'issue', version: 2 }, ana)
    await node.run()

    expect(issued.history.find(({ kind }) => kind === 'submit')).toMatchObject({
      despite,
      because: 'said in words',
    })
    expect((await node.warnings())[0]?.record.body.reviewed).toEqual({ en: true, sq: true })
  })

  test('is advice where the node has no mandate, and nothing where no rule covers it', async () => {
    await using node = await aNode({ rules: [aRule({ mandate: { kind: 'advice' }, issues: 'by-person' })] })
    const proposal = await node.propose()
    await sendOut(node.desk, await node.desk.begin({ kind: 'proposal', proposal }, ana, actual))
    await node.run()
    const [advice] = await node.warnings()
    await using other = await aNode({ rules: [] })
    const alone = await other.desk.begin(
      { kind: 'blank', country: 'AL', hazard: 'flood', expires: plusMs(start, hour) },
      ana,
      actual,
    )

    expect(advice?.record.body).toMatchObject({
      authority: 'advice',
      scope: 'Private',
      addresses: ['warning-authority:AL'],
    })
    expect(other.desk.findings(alone).map(({ rule }) => rule)).toContain('desk/no-issuer')
  })

  test('is kept from rules and single decisions once people wrote it', async () => {
    await using node = await aNode({ rules: [aRule({ issues: 'automatic' })] })
    const proposal = await node.propose()
    const [first] = await node.warnings()
    if (first === undefined) throw new Error('no warning')
    await sendOut(
      node.desk,
      await node.desk.begin({ kind: 'warning', warning: first, purpose: 'update' }, ana, actual),
    )
    await node.run()

    await node.propose({ severity: 'Extreme' })
    const by = { kind: 'person', name: 'Ana Marku' } as const
    await decide(node.store, { proposal: proposal.record.id, decision: 'issue', by, because: 'x' }).catch(
      () => {},
    )
    await node.run()

    const all = await node.warnings()
    expect(all.map(({ record }) => record.body.draft !== undefined)).toEqual([false, true])
  })

  test('from restricted evidence goes to those alone who may have it', async () => {
    await using node = await aNode()
    const proposal = await node.propose({}, { tlp: 'TLP:AMBER' })
    await sendOut(node.desk, await node.desk.begin({ kind: 'proposal', proposal }, ana, actual))
    await node.run()

    expect((await node.warnings())[0]?.record).toMatchObject({
      handling: { tlp: 'TLP:AMBER' },
      body: { scope: 'Restricted', restriction: 'TLP:AMBER' },
    })
  })

  test('carries the signature of the node', async () => {
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await using node = await aNode({ ...byPeople, sign: async (xml) => signXml(xml, { key }) })
    const proposal = await node.propose()
    await sendOut(node.desk, await node.desk.begin({ kind: 'proposal', proposal }, ana, actual))
    await node.run()

    const xml = (await node.warnings())[0]?.record.body.xml ?? ''

    expect(readCap(xml)).toMatchObject({ verdict: 'clean', alert: { signatures: 1 } })
  })

  test('of two people at once, one counts and the other is told', async () => {
    await using node = await aNode()
    const proposal = await node.propose()
    const { id, body } = await node.desk.begin({ kind: 'proposal', proposal }, ana, actual)
    const change = (note: string, by: DeskPerson) =>
      node.desk.edit(id, { basedOn: 1, content: { ...given(body), note } }, by)

    const outcomes = await Promise.allSettled([
      change('one', ana),
      change('two', { ...ana, id: 'person:dino' }),
    ])

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(
      (await node.desk.file(id as RecordId))?.history.filter((told) => told.void === undefined),
    ).toHaveLength(1)
  })
})
