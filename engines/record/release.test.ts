import { describe, expect, test } from 'vitest'
import { clear } from './handling.ts'
import { instant } from './instant.ts'
import { actual, nodeId } from './realm.ts'
import type { RecordId } from './record.ts'
import { coveringReleases, type Evidence, type Release, releasedHandling } from './release.ts'

const at = instant('2019-11-26T02:54:12Z')
const [durres, skopje] = [nodeId('durres.example'), nodeId('skopje.example')]
const evidence = (parts: Partial<Evidence> = {}): Evidence => ({
  id: 'a'.repeat(40) as RecordId,
  version: 1,
  type: 'hazards.observation',
  origin: skopje,
  realm: actual,
  handling: { tlp: 'TLP:AMBER' },
  ...parts,
})
const standing = (parts: Partial<Release> = {}): Release => ({
  id: 'b'.repeat(40) as RecordId,
  origin: skopje,
  realm: actual,
  valid: { from: at },
  links: [],
  body: { what: { kind: 'standing', types: ['hazards.*'], upTo: 'TLP:AMBER' }, as: clear },
  ...parts,
})

describe('the releases in view', () => {
  test('cover evidence by its own origin alone, and say what they leave uncovered', () => {
    const ours = evidence({ id: 'c'.repeat(40) as RecordId, origin: durres })
    const open = evidence({ handling: clear })
    const [theirs, old] = [standing(), standing({ valid: { from: at, until: at } })]

    const now = coveringReleases([old, theirs], [evidence(), ours, open], instant('2019-11-26T02:55:00Z'))

    expect(now).toEqual({ covering: [theirs], uncovered: [ours] })
  })

  test('by patterns of types: of one owner, of all, and not of owners that begin alike', () => {
    const rule = (types: readonly string[]) =>
      standing({ body: { what: { kind: 'standing', types, upTo: 'TLP:RED' }, as: clear } })
    const covered = (types: readonly string[]) =>
      coveringReleases([rule(types)], [evidence()], at).covering.length

    expect(
      [
        ['hazards.*'],
        ['*'],
        ['hazards.observation'],
        ['hazard.*'],
        ['hazards.observation.*'],
        ['*.observation'],
      ].map(covered),
    ).toEqual([1, 1, 1, 0, 0, 0])
  })
})

describe('what a root contributes', () => {
  test('is the least strict that its origin allows, and never stricter than it is', () => {
    const rules = [
      standing({ body: { ...standing().body, as: { tlp: 'TLP:GREEN' } } }),
      standing({ body: { ...standing().body, as: { tlp: 'TLP:RED' } } }),
      standing({ origin: durres }),
    ]

    expect(releasedHandling(evidence(), evidence(), rules)).toEqual({ tlp: 'TLP:GREEN' })
    expect(releasedHandling(evidence(), evidence(), rules.slice(1))).toEqual({ tlp: 'TLP:AMBER' })
    expect(releasedHandling(evidence(), evidence(), rules.slice(2))).toBeUndefined()
  })

  test('counts its marked fields at their own label', () => {
    const marked = evidence({ handling: { tlp: 'TLP:GREEN', fieldMarks: { '/body/name': 'TLP:RED' } } })

    expect(releasedHandling(marked, marked, [standing()])).toBeUndefined()
  })

  test('may be let out by what was derived from it, if the rule reaches its own label too', () => {
    const event = evidence({ type: 'hazards.event', origin: durres, id: 'd'.repeat(40) as RecordId })
    const rule = standing({
      body: { what: { kind: 'standing', types: ['hazards.event'], upTo: 'TLP:AMBER' }, as: clear },
    })
    const red = evidence({ handling: { tlp: 'TLP:RED' } })

    expect(releasedHandling(evidence(), event, [rule])).toEqual(clear)
    expect(releasedHandling(red, event, [rule])).toBeUndefined()
  })
})
