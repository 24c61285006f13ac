import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProposalBody } from '../../../engines/fuse/index.ts'
import { aStore } from '../../../engines/store/store.test-support.ts'
import { aNotice, aReport, eventsOf, fused, membersOf, registry, square } from '../tellings.test-support.ts'

const brcko = [18.8, 44.88] as const
const samac = [18.47, 45.06] as const

describe('floods: basin and week', () => {
  test("two countries' warnings on one river are one flood, told by both", async () => {
    const [flood, ...others] = await eventsOf([
      aNotice({ id: 'ba', country: 'BA', geometry: square(...brcko) }),
      aNotice({ id: 'rs', country: 'RS', geometry: square(19.7, 44.75), from: 20, until: 60 }),
    ])

    expect(others).toEqual([])
    expect(flood?.record.body.figures).toMatchObject({
      kind: 'flood',
      status: 'forecast',
      severity: 'Severe',
      countries: ['BA', 'RS'],
      agencies: ['Weather service, BA', 'Weather service, RS'],
      warnedBy: [
        { country: 'BA', authority: 'ba-weather', notices: 1 },
        { country: 'RS', authority: 'rs-weather', notices: 1 },
      ],
    })
    expect(flood?.record.body.joined[0]?.reasons.map(({ name }) => name)).toContain('along the river')
    expect(flood?.record.place?.geometry?.type).toBe('MultiPolygon')
  })

  test('floods of two seas are two, and so is the same bank a fortnight later', async () => {
    const events = await eventsOf([
      aNotice({ id: 'ba', country: 'BA', geometry: square(...brcko) }),
      aNotice({ id: 'gr', country: 'GR', geometry: square(22.68, 40.65) }),
      aNotice({ id: 'later', country: 'BA', geometry: square(...brcko), from: 24 * 14, until: 24 * 15 }),
    ])

    expect(membersOf(events)).toEqual([1, 1, 1])
  })

  test('GDACS, GLIDE and Copernicus of one flood are one by the names they share, however far apart their points', async () => {
    const events = await eventsOf([
      aReport({ id: 'FL1', at: [18, 44], ids: ['gdacs:FL1', 'glide:FL-2026-000001-BIH'] }),
      aReport({
        id: 'glide',
        agency: 'GLIDE',
        at: [16, 43],
        from: 24 * 9,
        ids: ['glide:FL-2026-000001-BIH'],
        title: 'Flood',
      }),
      aReport({
        id: 'cems',
        agency: 'Copernicus EMS',
        at: [21, 46],
        from: 48,
        ids: ['cems:EMSR1', 'gdacs:FL1'],
      }),
    ])

    expect(membersOf(events)).toEqual([3])
    expect(events[0]?.record.body.joined.every(({ by }) => by === 'hard-link')).toBe(true)
  })

  test('what names only codes joins within its country, and is a question across a shared river', async () => {
    const drafts = [
      aNotice({ id: 'hr1', country: 'HR', codes: ['HR001'] }),
      aNotice({ id: 'hr2', country: 'HR', codes: ['HR002'] }),
      aNotice({ id: 'rs', country: 'RS', codes: ['RS001'] }),
    ]
    await using open = await aStore({ registry })
    const events = await fused(open.store, drafts)

    expect(membersOf(events)).toEqual([1, 2])
    const asked = await open.store.read({ types: ['fuse.proposal'] })
    expect(asked.map(({ record }) => (record.body as ProposalBody).state)).toContain('open')
    const own = events.find(({ record }) => record.body.members.length === 2)
    expect(own?.record.body.figures?.isPlaceCoarse).toBe(true)
    expect(own?.record.place?.areas).toHaveLength(2)
  })

  test('a warning that was ended stays in the flood, and warns for its country no more', async () => {
    const notice = aNotice({ id: 'ba', country: 'BA', geometry: square(...brcko) })
    const { body } = notice
    const [cancel] = body.messages
    const ended = {
      ...notice,
      body: {
        ...body,
        state: 'ended' as const,
        messages: [
          ...body.messages,
          { ...(cancel as (typeof body.messages)[0] & object), key: 'c', role: 'cancel' as const },
        ],
      },
    }
    const [flood] = await eventsOf([notice, ended])

    expect(flood?.record.body.figures).toMatchObject({ status: 'ended' })
    expect(flood?.record.body.figures?.warnedBy).toBeUndefined()
  })

  test('a sender whom the region does not know is shown, and gives neither severity nor its country a warning', async () => {
    const { body, ...draft } = aNotice({ id: 'x', country: 'BA', geometry: square(...brcko) })
    const { country: _, ...authority } = body.authority
    const [flood] = await eventsOf([
      { ...draft, body: { ...body, authority: { ...authority, isKnown: false } } },
    ])

    expect(flood?.record.body.figures).toMatchObject({ kind: 'flood', status: 'forecast' })
    expect(flood?.record.body.figures?.severity).toBeUndefined()
    expect(flood?.record.body.figures?.warnedBy).toBeUndefined()
  })

  test('any order of arrival gives the same floods', async () => {
    const all = [
      aNotice({ id: 'ba', country: 'BA', geometry: square(...brcko) }),
      aNotice({ id: 'ba2', country: 'BA', geometry: square(...samac), from: 5 }),
      aNotice({ id: 'rs', country: 'RS', geometry: square(19.7, 44.75), from: 30, until: 60 }),
      aReport({ id: 'FL1', at: brcko, countries: ['BA', 'RS'], title: 'Flood on the Sava' }),
      aNotice({ id: 'gr', country: 'GR', geometry: square(22.68, 40.65) }),
    ]
    const told = async (drafts: typeof all) =>
      (await eventsOf(drafts))
        .map(({ record }) =>
          JSON.stringify([record.body.members.map(({ id }) => id).sort(), record.body.figures, record.place]),
        )
        .sort()
    const expected = await told(all)
    expect(expected).toHaveLength(2)

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (shuffled) => {
        expect(await told(shuffled)).toEqual(expected)
      }),
      { numRuns: process.env['MOSAIC_LONG'] ? 40 : 4 },
    )
  })
})
