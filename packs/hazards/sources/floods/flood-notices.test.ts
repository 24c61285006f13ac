import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { nodePrincipal, reader } from '../../../../engines/access/index.ts'
import { actual, createRegistry, instant, nodeId } from '../../../../engines/record/index.ts'
import { aStore } from '../../../../engines/store/store.test-support.ts'
import { type HazardReport, hazardsReport } from '../../report-records.ts'
import { decodeFloodNotices, floodNotices } from './flood-notices.ts'

const read = (name: string, mediaType: string) =>
  decodeFloodNotices({
    bytes: new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url))),
    mediaType,
    receivedAt: instant('2026-05-13T10:00:00Z'),
  })
const json = read('efas.json', 'application/json')
const bodies = ({ observations }: typeof json) => observations.map(({ body }) => body as HazardReport)

describe('a flood notification for partners', () => {
  test('is a forecast with its chance, its river and its countries', () => {
    expect(bodies(json)[0]).toMatchObject({
      kind: 'flood',
      status: 'forecast',
      title: 'Formal flood notification: Sava',
      probability: 0.72,
      countries: ['BA', 'HR', 'RS'],
      severity: 'Severe',
      level: { scheme: 'EFAS', value: 'formal flood notification' },
    })
    for (const body of bodies(json))
      expect(createRegistry([hazardsReport]).check('hazards.report', body)).toEqual([])
  })

  test('that keeps its own rule has no defect; one that does not is taken, and what it breaks is said', () => {
    expect(json.defects.map(({ rule, place }) => `${rule} ${place}`)).toEqual([
      'efas/outside-its-rule /notifications/1 probability',
      'efas/outside-its-rule /notifications/1 from',
    ])
  })

  test('of a kind that nobody knows is held', () => {
    expect(json.rejected.map(({ issues }) => issues.map(({ rule }) => rule))).toEqual([['efas/unknown-type']])
  })

  test('reads alike from a table; 62 without its sign is no chance', () => {
    const table = read('efas.csv', 'text/csv')

    expect(bodies(table)[0]).toMatchObject({ title: 'Informal flood notification: Drina', probability: 0.44 })
    expect(table.rejected.map(({ issues }) => issues.map(({ rule, place }) => `${rule} ${place}`))).toEqual([
      ['hazards/no-probability line 3'],
    ])
  })

  test.each([
    ['formal', 0.5, 60_000, 60, ['probability']],
    ['formal', 0.51, 60_000, 60, []],
    ['formal', 0.9, 999, 60, ['upstreamAreaKm2']],
    ['formal', 0.9, 1000, 169, ['from']],
    ['informal', 0.4, 500, 60, []],
    ['informal', 0.39, 500, 60, ['probability']],
    ['flash-flood', 0.3, 1999, 48, []],
    ['flash-flood', 0.29, 2000, 49, ['probability', 'upstreamAreaKm2', 'from']],
  ])('%s, chance %d, %d km², %d h ahead: outside its rule in %j', (type, probability, upstreamAreaKm2, hours, broken) => {
    const notice = {
      ...{
        id: 'one',
        type,
        probability,
        upstreamAreaKm2,
        issued: '2026-05-10T00:00:00Z',
        longitude: 19,
        latitude: 44,
      },
      from: new Date(Date.UTC(2026, 4, 10, hours)).toISOString(),
    }
    const { defects } = decodeFloodNotices({
      bytes: new TextEncoder().encode(JSON.stringify({ notifications: [notice] })),
      mediaType: 'application/json',
      receivedAt: instant('2026-05-13T10:00:00Z'),
    })

    expect(defects.map(({ place }) => place.split(' ')[1])).toEqual(broken)
  })

  test('does not leave the node: a peer of another organisation is given nothing of it', async () => {
    await using opened = await aStore()
    const source = floodNotices.open({ url: 'https://efas.example/', credentials: () => ({}) })
    await opened.store.append(
      json.observations.map((observed) => ({
        ...observed,
        realm: actual,
        producer: { kind: 'source' as const, name: source.id },
        attribution: [source.attribution],
      })),
    )
    const held = await opened.store.read({ types: [hazardsReport.type] })
    const now = instant('2026-05-13T10:00:00Z')
    const peer = nodePrincipal({
      ...{ node: nodeId('zagreb.example'), organisation: 'another-organisation', standing: 'client' },
      clearances: [{ community: 'see', upTo: 'TLP:AMBER' }],
    })

    expect(held.map(({ record }) => record.handling.tlp)).toEqual(['TLP:AMBER+STRICT', 'TLP:AMBER+STRICT'])
    const forPeer = reader({ principal: peer, purpose: 'civil-protection', now, embargoNow: now })
    expect(held.map((each) => forPeer.view(each))).toEqual([undefined, undefined])
  })
})
