/** Which rule a telling belongs to: exactly one, whatever it tells of. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disastersIn } from './disasters/fusion.ts'
import { sameFire } from './fires/fusion.ts'
import { floodsIn } from './floods/fusion.ts'
import { hazardKinds, kindWords } from './kinds.ts'
import { kindOfNotice } from './notice-kind.ts'
import { reportStatuses } from './report-records.ts'
import { aNotice, aReport, seePlaces } from './tellings.test-support.ts'
import { familyOf, isTold, revisedAt } from './tellings.ts'
import { weatherIn } from './weather/fusion.ts'

const places = await seePlaces()
const rules = [sameFire, floodsIn(places), weatherIn(places), disastersIn(places)]
const noticeOf = (type: number, parts = {}) => aNotice({ id: 'n', country: 'RS', type, parts }).body

describe('exactly one rule makes an event of a telling', () => {
  test('of every report that stands; shocks are told as observations, and by no report', () => {
    for (const kind of hazardKinds)
      for (const status of reportStatuses) {
        const { body } = aReport({ id: 'r', at: [20, 44], kind, status })
        const applied = rules.filter(
          (rule) => rule.reads.includes('hazards.report') && rule.applies(body as never),
        )
        const expected = status === 'withdrawn' || kind === 'earthquake' ? 0 : 1
        expect([kind, status, applied.length]).toEqual([kind, status, expected])
      }
  })

  test('of every warning of another authority, whatever number it carries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (type) => {
        const body = noticeOf(type)
        const applied = rules.filter(
          (rule) => rule.reads.includes('warn.notice') && rule.applies(body as never),
        )
        expect(applied.length).toBe(1)
      }),
    )
  })

  test('and not of an all-clear alone, or of what goes on under another key', () => {
    const { messages } = noticeOf(12)
    expect(isTold(noticeOf(12, { messages: messages.map((one) => ({ ...one, role: 'all-clear' })) }))).toBe(
      false,
    )
    expect(isTold(noticeOf(12, { state: 'superseded', goesOnAs: 'other' }))).toBe(false)
    expect(isTold(noticeOf(12, { state: 'ended' }))).toBe(true)
  })
})

describe('the kind of a warning', () => {
  test('is its number, then its code, then the English words of its event', () => {
    expect(kindOfNotice(noticeOf(12))).toBe('flood')
    expect(kindOfNotice(noticeOf(13))).toBe('flood')
    expect(kindOfNotice(noticeOf(1))).toBe('wind')
    const said = (kind: { scheme: string; code: string }[], event: string) =>
      kindOfNotice({ ...noticeOf(0), kind, texts: { ...noticeOf(0).texts, event: { 'en-GB': event } } })
    expect(said([{ scheme: 'SAME', code: 'FFW' }], 'Warning')).toBe('flood')
    expect(said([{ scheme: 'GLIDE', code: 'TC' }], 'Warning')).toBe('cyclone')
    expect(said([{ scheme: 'event', code: 'snow storm' }], 'Heavy snow storm')).toBe('snow-ice')
    expect(said([{ scheme: 'event', code: 'price' }], 'Price rise')).toBe('other')
  })

  test('of forest fire is danger of it and weather, not a fire', () => {
    expect(kindWords.wildfire.awarenessType).toContain(8)
    expect(familyOf(noticeOf(8))).toBe('weather')
  })

  test('of two versions of one notice the one that knows more is newer', () => {
    const first = noticeOf(12)
    const more = { ...first, messages: [...first.messages, ...first.messages] }
    const moved = { ...first, state: 'superseded' as const, goesOnAs: 'other' }
    expect(revisedAt(more)).toBeGreaterThan(revisedAt(first))
    expect(revisedAt(moved)).toBeGreaterThan(revisedAt(more))
    const lacking = { scheme: 'EMMA_ID', code: 'RS001', reason: 'place/area-as-country' as const }
    expect(revisedAt(first)).toBeGreaterThan(revisedAt({ ...first, areaFallback: [lacking] }))
  })
})
