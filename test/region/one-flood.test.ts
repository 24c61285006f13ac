/**
 * Two authorities, two CAP messages, one flood: read by the region's own sources, resolved, fused, assessed and listed by a
 * whole node over HTTP. One check of the hazards centre stands here by its own words.
 */
import { describe, expect, test } from 'vitest'
import { actual, type Draft, type Instant, plusMs } from '../../engines/record/index.ts'
import type { EventDetail, EventPage } from '../../server/schemas/index.ts'
import { createBell } from './bell.ts'
import { noon } from './region.test-support.ts'
import { aWholeNode, type WholeNode } from './whole-node.test-support.ts'

const hourMs = 3_600_000
const capTime = (at: Instant): string => `${at.slice(0, 19)}-00:00`

type Warned = {
  readonly source: string
  readonly sender: string
  readonly id: string
  readonly language: string
  readonly area: string
  /** lat,lon pairs, as CAP writes them. */
  readonly polygon: string
  readonly event: string
}

/** The Sava floods above its mouth: Croatia and Serbia warn, each in its own words. */
const croatia: Warned = {
  source: 'meteoalarm-croatia',
  sender: 'flood-duty@meteo.hr',
  id: '2.49.0.1.191.0.2019.1',
  language: 'hr',
  area: 'Sava, Gunja',
  polygon: '44.8,18.5 45.1,18.5 45.1,19.0 44.8,19.0 44.8,18.5',
  event: 'Upozorenje na poplavu',
}
const serbia: Warned = {
  source: 'meteoalarm-serbia',
  sender: 'hydrology@hidmet.gov.rs',
  id: '2.49.0.1.688.0.2019.7',
  language: 'sr',
  area: 'Сава, Шабац',
  polygon: '44.6,19.5 44.9,19.5 44.9,19.9 44.6,19.9 44.6,19.5',
  event: 'Упозорење на поплаву',
}

const capOf = (
  { sender, id, language, area, polygon, event }: Warned,
  sent: Instant,
): string => `<?xml version="1.0"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${id}</identifier><sender>${sender}</sender>
<sent>${capTime(sent)}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info>
<language>${language}</language><category>Met</category><event>${event}</event><responseType>Prepare</responseType>
<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><onset>${capTime(sent)}</onset>
<expires>${capTime(plusMs(sent, 24 * hourMs))}</expires><senderName>${sender}</senderName><headline>${event}</headline>
<description>${event}</description><parameter><valueName>awareness_level</valueName>
<value>3; orange; Severe</value></parameter><parameter><valueName>awareness_type</valueName><value>12; flooding</value>
</parameter><area><areaDesc>${area}</areaDesc><polygon>${polygon}</polygon></area></info></alert>`

/** As the source that carries it reads it. */
async function brought(at: WholeNode, warned: Warned, sent: Instant): Promise<void> {
  const node = at.node()
  const source = node.sources.find(({ id }) => id === warned.source)
  if (source === undefined) throw new Error(`the region has no ${warned.source}`)
  const bytes = new TextEncoder().encode(capOf(warned, sent))
  const { observations, rejected } = source.decode({
    bytes,
    mediaType: 'application/cap+xml',
    receivedAt: sent,
  })
  expect(rejected).toEqual([])
  for (const observed of observations) {
    const draft = {
      ...observed,
      realm: actual,
      producer: { kind: 'source', name: source.id },
      attribution: [source.attribution],
    } as Draft
    const [outcome] = await node.store.append([draft])
    if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  }
}

const floods = async (at: WholeNode) => (await at.ask<EventPage>('/events?limit=50')).items

describe('a flood on a shared river', () => {
  test("two countries' warnings for the same flood are shown as one event with both sources", async () => {
    const bell = createBell()
    await using centre = await aWholeNode('centre.example', bell.ring)
    await brought(centre, croatia, noon)
    await bell.until('the first warning is an event', async () => (await floods(centre)).length === 1)
    const [first] = await floods(centre)

    await brought(centre, serbia, plusMs(noon, hourMs))
    await bell.until('both are in one event', async () => (await floods(centre))[0]?.reports === 2)

    const [flood, ...others] = await floods(centre)
    expect(others).toEqual([])
    expect(flood).toMatchObject({ id: first?.id, kind: 'flood', state: 'active' })
    expect(flood?.agencies).toEqual([
      'Croatian Meteorological and Hydrological Service',
      'Republic Hydrometeorological Service of Serbia',
    ])
    await bell.until('it is assessed', async () => (await floods(centre))[0]?.level === 'orange')
    const detail = await centre.ask<EventDetail>(`/events/${flood?.id}`)
    expect(
      new Set(detail.members.flatMap(({ attribution }) => attribution.map(({ credit }) => credit))),
    ).toEqual(new Set(['EUMETNET MeteoAlarm']))
    expect(detail.members).toHaveLength(2)
    expect(detail.impact).toMatchObject({ kind: 'flood', level: 'orange' })
    // Before Serbia spoke it lay downstream; now both warn for themselves, and nobody does in their place.
    const proposed = async () => {
      const { proposals } = await centre.ask<EventDetail>(`/events/${flood?.id}`)
      return proposals.filter(({ kind }) => kind === 'warn').map(({ country }) => country)
    }
    await bell.until('no proposal is open for Serbia', async () => !(await proposed()).includes('RS'))
    expect(await proposed()).not.toContain('HR')
    expect(await proposed()).toContain('RO')
  }, 60_000)
})
