import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlayedNode, type Json, type PlayedNode } from './builders.ts'

const realm = 'exercise:balkan-floods-2014'
let played: PlayedNode

beforeAll(async () => {
  played = await aPlayedNode({ scenario: 'balkan-floods-2014' })
})
afterAll(() => played?.[Symbol.asyncDispose]())

const every = async (path: string): Promise<readonly Json[]> => {
  const items: Json[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: Json = await played.ask(
      `${path}&limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`,
    )
    items.push(...page.items)
    next = page.next
  }
  return items
}

describe('early warning and risk', () => {
  test('each warning keeps the evidence of the day it was given, and afterwards its forecast is scored openly', async () => {
    const scores = await every(`/scores?realm=${realm}`)

    expect(scores.length).toBeGreaterThan(4)
    for (const { id, outcome, warning } of scores) {
      const detail = await played.ask(`/scores/${id}?realm=${realm}`)
      expect(detail.because.length).toBeGreaterThan(0)
      expect(detail.tolerance.name).not.toBe('')
      if (warning === undefined) continue
      // The versions of the day, all still there, whatever came since.
      expect(detail.evidence.length).toBeGreaterThan(0)
      for (const one of detail.evidence)
        expect(await played.ask(`/records/${one.id}?version=${one.version}`)).toMatchObject({
          type: one.type,
          version: one.version,
        })
      if (outcome === 'hit') expect(detail.observed.length).toBeGreaterThan(0)
    }
  })

  test('the floods that four services warned of are hits, with the time that people had', async () => {
    const scores = await every(`/scores?realm=${realm}&hazard=flood&outcome=hit`)
    const issuers = new Map(
      scores.filter(({ standing }) => standing === 'warning').map((one) => [one.issuer.id, one]),
    )

    expect([...issuers.keys()].sort()).toEqual(['ba-fhmzbih', 'ba-rhmzrs', 'hr-meteo', 'rs-hidmet'])
    const hoursAhead = Object.fromEntries(
      [...issuers].map(([id, one]) => [id, Math.round(one.leadTimeS / 3600)]),
    )
    expect(hoursAhead['rs-hidmet']).toBeGreaterThan(24)
    expect(hoursAhead['ba-fhmzbih']).toBeGreaterThan(12)
    // The wave came down the Sava two days after it was upstream; Croatia's lead time is to its own flood.
    expect(hoursAhead['hr-meteo']).toBeGreaterThan(48)
  })

  test('rain, which no source here measures, is neither right nor wrong', async () => {
    const scores = await every(`/scores?realm=${realm}&hazard=rain`)

    expect(scores.length).toBeGreaterThan(0)
    expect(scores.every(({ outcome, isCounted }) => outcome === 'not-verified' && !isCounted)).toBe(true)
  })

  test('the counts stand per issuer, hazard and country, with intervals, and say what they leave out', async () => {
    const { all, groups, isWhole }: Json = await played.ask(`/scores/summary?realm=${realm}`)

    expect(isWhole).toBe(true)
    expect(all).toMatchObject({ hits: 4, misses: 0, notVerified: 1 })
    expect(all.pod.low).toBeLessThan(1)
    expect(all.pod).toMatchObject({ value: 1, high: 1, of: 4 })
    const named = groups.map(({ by, name }: Json) => `${by} ${name}`)
    expect(named).toEqual(
      expect.arrayContaining(['issuer rs-hidmet', 'hazard flood', 'country BA', 'standing warning']),
    )
  })

  test('anybody can count again: the table has a line for each score', async () => {
    const { body, headers, statusCode } = await played.app.inject(`/api/v1/scores.csv?realm=${realm}`)
    const scores = await every(`/scores?realm=${realm}`)

    expect(statusCode).toBe(200)
    expect(headers['content-type']).toContain('text/csv')
    expect(body.split('\r\n').filter((line) => line !== '')).toHaveLength(scores.length + 1)
  })

  test('a question that means nothing is refused with what it may be', async () => {
    const wrong = await played.app.inject(`/api/v1/scores?realm=${realm}&outcome=lucky`)

    expect(wrong.statusCode).toBe(400)
    expect(wrong.json()).toMatchObject({ code: 'server/no-outcome' })
  })
})
