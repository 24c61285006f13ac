import { describe, expect, test } from 'vitest'
import { nodeId } from '../../record/index.ts'
import { aReport } from '../../store/store.test-support.ts'
import { anOfficer, asking } from '../audit/audit.test-support.ts'
import { correct } from './correct.ts'
import { aNodeThatKeeps, durres, type Keeping } from './retention.test-support.ts'
import { subjectAccess } from './subject-access.ts'

const officer = asking(anOfficer({ roles: ['liaison'] }))
const by = { kind: 'person', name: 'Ana, liaison' } as const
const aCase = (key: string, body: unknown, parts = {}) => aReport({ type: 'crime.case', key, body, ...parts })

async function held(node: Keeping, key: string) {
  const [found] = await node.store.read({ types: ['crime.case'], key })
  if (found === undefined) throw new Error(`${key} is not held`)
  return found
}

describe('subject access', () => {
  test('finds every version that speaks of the person, marks what to be careful with, and is on the trail', async () => {
    await using node = await aNodeThatKeeps()
    const police = { tlp: 'TLP:AMBER', police: ['H1'], originatorControl: true } as const
    await node.store.append([
      aCase('1', { suspect: { name: 'Arta Hoxha' }, witness: { name: 'Besa Leka' } }, { handling: police }),
      aCase('2', { note: 'nobody' }),
    ])
    await node.store.append([aCase('1', { suspect: { name: 'Arta Hoxha' } }, { handling: police })])

    const found = await subjectAccess(
      { ...node.erasing, store: node.store },
      { asking: officer, sought: { names: ['Arta Hoxha'], ids: [] }, reason: 'Request 12/2024' },
    )

    expect(found).toMatchObject({ recordsRead: 3, node: durres, reason: 'Request 12/2024' })
    expect(found.records).toMatchObject([
      {
        version: 1,
        matches: [{ place: '/body/suspect/name', by: 'name' }],
        thirdPersons: ['/body/witness'],
        cautions: ['third-persons', 'police-code', 'originator-control'],
      },
      { version: 2, thirdPersons: [], cautions: ['police-code', 'originator-control'] },
    ])
    expect((await node.auditor.trail({ limit: 5 })).items).toMatchObject([
      { act: 'subject-access', reason: 'Request 12/2024', results: 2, records: [found.records[0]?.id] },
    ])
  })
})

describe('correction', () => {
  test('of an own record is its next version, with a notice about it for whoever was given it', async () => {
    await using node = await aNodeThatKeeps()
    await node.store.append([
      aCase('1', { name: 'Arta Hoxa', born: '1990', alias: 'x' }, { handling: { tlp: 'TLP:AMBER' } }),
    ])
    const before = await held(node, '1')

    const corrected = await correct(node.erasing, {
      ...{ asking: officer, held: before, by, reason: 'Misspelt' },
      changes: { '/name': 'Arta Hoxha', '/alias': null },
    })

    expect(corrected).toMatchObject({
      kind: 'corrected',
      record: { version: 2, body: { name: 'Arta Hoxha', born: '1990' }, handling: { tlp: 'TLP:AMBER' } },
      notice: {
        type: 'access.correction',
        handling: { tlp: 'TLP:AMBER' },
        body: { was: 1, now: 2, reason: 'Misspelt' },
        links: [{ type: 'about', id: before.record.id, version: 2 }],
      },
    })
    const [entry] = (await node.auditor.trail({ limit: 1 })).items
    expect(entry).toMatchObject({
      act: 'correct',
      records: [before.record.id],
      query: { places: ['/name', '/alias'] },
    })
    expect(JSON.stringify(entry)).not.toContain('Hoxha')
  })

  test("of another node's record asks its origin, and only the two nodes may see the request", async () => {
    await using node = await aNodeThatKeeps()
    await node.store.append([
      aCase('1', { name: 'Arta Hoxa' }, { handling: { tlp: 'TLP:GREEN', police: ['H1'] } }),
    ])
    const own = await held(node, '1')
    const foreign = { ...own, record: { ...own.record, origin: nodeId('tirana.example') } }

    const corrected = await correct(node.erasing, {
      ...{ asking: officer, held: foreign, by, reason: 'Misspelt' },
      changes: { '/name': 'Arta Hoxha' },
    })

    expect(corrected).toMatchObject({
      kind: 'requested',
      request: {
        handling: { tlp: 'TLP:AMBER', audience: ['durres.example', 'tirana.example'], police: ['H1'] },
        body: { origin: 'tirana.example', changes: { '/name': 'Arta Hoxha' } },
      },
    })
    expect((await held(node, '1')).record.version).toBe(1)
  })

  test('of a place that is not there is refused, and changes nothing', async () => {
    await using node = await aNodeThatKeeps()
    await node.store.append([aCase('1', { name: 'Arta' })])

    for (const place of ['/nmae', 'name', '/name/first', '/__proto__/x', '/constructor'])
      expect(
        await correct(node.erasing, {
          ...{ asking: officer, held: await held(node, '1'), by, reason: 'Misspelt' },
          changes: { [place]: 'x' },
        }),
      ).toEqual({ kind: 'refused', reason: { code: 'access/no-such-place', place } })
    expect((await held(node, '1')).record).toMatchObject({ version: 1, body: { name: 'Arta' } })
  })
})
