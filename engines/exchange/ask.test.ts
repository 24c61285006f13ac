import { describe, expect, test } from 'vitest'
import type { NodeId } from '../record/index.ts'
import { addPeer, aNode, everything, pair, type TestNode } from './exchange.test-support.ts'

const floods = (node: TestNode, count: number) =>
  node.append(...Array.from({ length: count }, (_, n) => ({ key: `flood ${n}`, type: 'hazards.event' })))

describe('asking the region', () => {
  test('gathers what each node shares, and says which refused and which did not answer', async () => {
    await using tirana = await aNode('tirana.example')
    await using durres = await aNode('durres.example')
    await using skopje = await aNode('skopje.example')
    await using ohrid = await aNode('ohrid.example')
    for (const node of [durres, skopje, ohrid]) await pair(tirana, node, { purposes: ['health'] })
    await floods(durres, 2)
    await skopje.append({ key: 'not an event' })
    await skopje.exchange.peers.change('tirana.example' as NodeId, { purposes: [] })
    await tirana.exchange.peers.change('ohrid.example' as NodeId, { url: 'http://127.0.0.1:9' })

    const { records, nodes } = await tirana.exchange.ask(
      { types: ['hazards.*'], purpose: 'health', caseNumber: '12/2026' },
      { timeoutMs: 5000 },
    )

    expect(records.map(({ record, from }) => `${record.key} from ${from}`)).toEqual([
      'flood 1 from durres.example',
      'flood 0 from durres.example',
    ])
    expect(nodes).toEqual([
      { kind: 'answered', node: 'durres.example', count: 2, isAll: true, refused: 0 },
      { kind: 'silent', node: 'ohrid.example', reason: expect.stringMatching(/cannot be reached/) },
      {
        kind: 'refused',
        node: 'skopje.example',
        reason: expect.stringMatching(/not cleared here for health/),
      },
    ])
    expect(await tirana.store.count({ types: ['hazards.event'] })).toBe(0)
  })

  test('is answered under the rules for the asking node, and says when there is more', async () => {
    const asked: string[] = []
    await using tirana = await aNode('tirana.example')
    await using durres = await aNode('durres.example', {
      asked: async (peer, { caseNumber, person }, disclosed) => {
        asked.push(`${peer.node} ${caseNumber} ${person} ${disclosed}`)
      },
    })
    await addPeer(tirana, durres)
    await addPeer(durres, tirana, { gives: [{ types: ['hazards.*'], upTo: 'TLP:GREEN' }] })
    await floods(durres, 3)
    await durres.append(
      { key: 'amber', type: 'hazards.event', handling: { tlp: 'TLP:AMBER', audience: ['tirana.example'] } },
      { key: 'warning' },
    )

    const { records, nodes } = await tirana.exchange.ask(
      { purpose: 'public', limit: 2, caseNumber: '7', person: 'person:ana@tirana.example' },
      { timeoutMs: 5000 },
    )

    expect(records.map(({ record }) => record.key)).toEqual(['flood 2', 'flood 1'])
    expect(nodes).toEqual([{ kind: 'answered', node: 'durres.example', count: 2, isAll: false, refused: 0 }])
    expect(asked).toEqual(['tirana.example 7 person:ana@tirana.example 2'])
  })

  test('never gives a person more than up to the label that the asking node vouches for', async () => {
    await using tirana = await aNode('tirana.example')
    await using durres = await aNode('durres.example')
    await pair(tirana, durres, { gives: everything })
    await durres.append({ key: 'green', handling: { tlp: 'TLP:GREEN' } }, { key: 'clear' })

    const { records } = await tirana.exchange.ask(
      { purpose: 'public', upTo: 'TLP:CLEAR', types: ['warn.*'] },
      { timeoutMs: 5000 },
    )

    expect(records.map(({ record }) => record.key)).toEqual(['clear'])
  })
})

describe('schemas', () => {
  test('of a type that no pack here knows come from who brought its records, and go on to others', async () => {
    const { Type } = await import('typebox')
    const { createRegistry, defineRecord } = await import('../record/index.ts')
    const level = defineRecord({
      type: 'rivers.level',
      schemaVersion: 1,
      body: Type.Object(
        { level: Type.Number({ title: 'Level above zero', unit: 'm' }) },
        { title: 'River level' },
      ),
    })
    await using durres = await aNode('durres.example', {}, { registry: createRegistry([level]) })
    await using tirana = await aNode('tirana.example')
    await using skopje = await aNode('skopje.example')
    await pair(durres, tirana)
    await pair(tirana, skopje, { introduces: true })
    await durres.append({ key: 'Drin at Shkodër', type: 'rivers.level', body: { level: 4.2 } })
    tirana.live()
    skopje.live()

    await expect
      .poll(() => skopje.exchange.schemaOf('rivers.level'), { timeout: 10_000 })
      .toMatchObject({
        title: { en: 'River level' },
        schemaVersion: 1,
        schema: { properties: { level: { title: 'Level above zero' } } },
      })
    expect(await skopje.store.count({ types: ['rivers.level'] })).toBe(1)
  })
})
