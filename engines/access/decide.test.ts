import { describe, expect, test } from 'vitest'
import { type Handling, type Held, nodeId } from '../record/index.ts'
import { after, anAsking, aPerson, heldWith } from './access.test-support.ts'
import { decide, reader, view, withheldFor } from './decide.ts'
import { explain, explanationLines } from './explain.ts'
import { thePublic } from './principals.ts'

const amberDepth: Handling = { tlp: 'TLP:GREEN', fieldMarks: { '/body/depthKm': 'TLP:AMBER' } }
const greenGuest = aPerson({
  standing: 'guest',
  organisation: 'org-b',
  clearances: [{ community: 'csirts', upTo: 'TLP:GREEN' }],
})

describe('a marked field', () => {
  test('is taken out for a reader who may have the record and not the field, and the reader is told', () => {
    const held = heldWith(amberDepth)

    const seen = view(anAsking(greenGuest), held)

    expect(seen?.record.body).toEqual({ magnitude: 6.4 })
    expect(seen?.withheld).toEqual(['/body/depthKm'])
    expect(held.record.body).toEqual({ magnitude: 6.4, depthKm: 10 })
  })

  test('is seen by whoever would see the record under that label', () => {
    expect(view(anAsking(), heldWith(amberDepth))?.record.body).toEqual({ magnitude: 6.4, depthKm: 10 })
    expect(withheldFor(anAsking(), heldWith(amberDepth))).toEqual([])
  })

  test('below the label of the record marks nothing', () => {
    const held = heldWith({ tlp: 'TLP:GREEN', fieldMarks: { '/body/depthKm': 'TLP:CLEAR' } })

    expect(withheldFor(anAsking(greenGuest), held)).toEqual([])
  })

  test('that this node was not given stays told beside those taken out here', () => {
    const marks = { '/body/depthKm': 'TLP:AMBER', '/place': 'TLP:RED' } as const
    const held: Held = { ...heldWith({ tlp: 'TLP:GREEN', fieldMarks: marks }), withheld: ['/place'] }

    expect(view(anAsking(greenGuest), held)?.withheld).toEqual(['/body/depthKm', '/place'])
  })

  test('takes out nothing of a record that is refused whole: the reader gets no record', () => {
    expect(view(anAsking(thePublic), heldWith(amberDepth))).toBeUndefined()
  })
})

describe('a decision', () => {
  test('asks the handling that holds now, not the one the record was written with', () => {
    const tightened = heldWith({ tlp: 'TLP:CLEAR' }, { tlp: 'TLP:AMBER' })

    expect(decide(anAsking(thePublic), heldWith({ tlp: 'TLP:CLEAR' }))).toEqual({
      kind: 'allowed',
      withheld: [],
    })
    expect(decide(anAsking(thePublic), tightened)).toMatchObject({ kind: 'refused' })
  })

  test('names every rule that refused, with what was asked and what was there', () => {
    const held = heldWith({
      tlp: 'TLP:AMBER',
      audience: ['org-x'],
      purposes: ['health'],
      police: ['H2'],
      embargoUntil: after,
    })

    const decision = decide(anAsking(greenGuest), held)

    expect(decision).toEqual({
      kind: 'refused',
      reasons: [
        {
          rule: 'label',
          asks: 'TLP:AMBER',
          has: 'org-b, guest of this node, cleared for TLP:GREEN in csirts',
        },
        {
          rule: 'audience',
          asks: 'audience: org-x',
          has: 'names: person:ana@durres.example, org-b, csirts',
        },
        {
          rule: 'purpose',
          asks: 'purposes: health',
          has: 'asks for civil-protection, may ask for civil-protection',
        },
        {
          rule: 'police-code',
          asks: 'police codes: H2',
          has: 'asks for civil-protection, may ask for civil-protection, accepted no code',
        },
        {
          rule: 'embargo',
          asks: `embargo until ${after}`,
          has: 'it is 2026-03-01T12:00:00.000Z by what is attested',
        },
      ],
    })
  })

  test('is one and the same by itself and from a prepared reader', () => {
    const prepared = reader(anAsking(greenGuest))

    for (const tlp of ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER'] as const) {
      const held = heldWith({ ...amberDepth, tlp })
      expect(prepared.decide(held)).toEqual(decide(anAsking(greenGuest), held))
      expect(prepared.view(held)).toEqual(view(anAsking(greenGuest), held))
    }
  })
})

describe('an explanation', () => {
  test('says of every rule whether it held, the verdict first', () => {
    const asking = anAsking(greenGuest)

    const lines = explanationLines(asking, explain(asking, heldWith({ tlp: 'TLP:AMBER' })))

    expect(lines[0]).toBe('refused: person:ana@durres.example, asking for civil-protection')
    expect(lines.filter((line) => line.includes('REFUSES'))).toHaveLength(1)
    expect(lines.find((line) => line.includes('REFUSES'))).toContain('label')
    expect(lines.filter((line) => line.includes('holds '))).toHaveLength(5)
  })

  test('says when glass is broken, and what is taken out', () => {
    const broken = anAsking(aPerson({ ...greenGuest, kind: 'person', breakGlassUntil: after }))

    expect(explanationLines(broken, explain(broken, heldWith({ tlp: 'TLP:RED' }))).join('\n')).toContain(
      'broken glass until',
    )
    const asking = anAsking(greenGuest)
    expect(explanationLines(asking, explain(asking, heldWith(amberDepth))).at(-1)).toContain('/body/depthKm')
  })

  test('never repeats what the record says', () => {
    const held = heldWith({ tlp: 'TLP:RED' })
    const secret = {
      ...held,
      record: { ...held.record, origin: nodeId('skopje.example'), body: 'the secret' },
    }

    expect(JSON.stringify(explain(anAsking(greenGuest), secret))).not.toContain('the secret')
  })
})
