/**
 * The policy has two readings, a function and SQL. Here is a third, written from the words of the standards alone and
 * sharing no code with it; generated requests and handlings must get the same answer from all three.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Handling, isPublic, join, leq, type TlpLabel } from '../record/index.ts'
import { predicateOf } from '../store/index.ts'
import { aReport, aStore } from '../store/store.test-support.ts'
import {
  after,
  anAsking,
  anyAsking,
  anyHandling,
  aPerson,
  before,
  heldWith,
  noon,
} from './access.test-support.ts'
import type { Asking, Principal } from './contract.ts'
import { visibleTo } from './policy.ts'
import { thePublic } from './principals.ts'

const mayHave = (asking: Asking, handling: Handling): boolean =>
  predicateOf(visibleTo(asking))(heldWith(handling))

/** The rules in plain words. */
function oracle({ principal, purpose, now, embargoNow }: Asking, handling: Handling): boolean {
  const { tlp, audience } = handling

  // Not before the embargo ends; not after the retention ends.
  if (handling.embargoUntil && handling.embargoUntil > embargoNow) return false
  if (handling.retainUntil && handling.retainUntil < now) return false

  // What its originator controls is never shown to everybody.
  if (principal.kind === 'public' && handling.originatorControl) return false

  // Police codes: for police or border work, by somebody who accepted each code. H0 says nothing, to whoever took any.
  for (const code of handling.police ?? []) {
    if (purpose !== 'law-enforcement' && purpose !== 'border') return false
    if (!principal.purposes.includes(purpose)) return false
    if (code === 'H0' ? principal.police.length === 0 : !principal.police.includes(code)) return false
  }

  // Somebody in person who broke the glass, until it is whole again.
  if (principal.kind === 'person' && principal.breakGlassUntil && principal.breakGlassUntil > now) return true

  if (handling.purposes) {
    if (!handling.purposes.includes(purpose)) return false
    if (!principal.purposes.includes(purpose)) return false
  }

  // Who it is to the audience, if there is one.
  const isNamed = (name: string | undefined) => name !== undefined && (audience ?? []).includes(name)
  const anybody = principal.kind === 'public'
  const himself =
    !anybody && (isNamed(principal.id) || (principal.kind === 'node' && isNamed(principal.node)))
  const hisOrganisation = !anybody && isNamed(principal.organisation)
  const hisNode = !anybody && principal.standing !== 'guest' && isNamed(principal.node)
  const hisCommunity = principal.clearances.some(
    ({ community, upTo }) => !anybody && isNamed(community) && isUpTo(upTo, tlp),
  )
  if (audience && !himself && !hisOrganisation && !hisNode && !hisCommunity) return false

  if (tlp !== 'TLP:CLEAR' && !principal.clearances.some(({ upTo }) => isUpTo(upTo, tlp))) return false
  const isHome = principal.standing === 'home'
  switch (tlp) {
    case 'TLP:CLEAR':
    case 'TLP:GREEN':
      return true
    case 'TLP:AMBER':
      return isHome || principal.standing === 'client' || himself || hisOrganisation || hisCommunity
    case 'TLP:AMBER+STRICT':
      return isHome || himself || hisOrganisation
    case 'TLP:RED':
      return himself
  }
}

const isUpTo = (clearance: TlpLabel, label: TlpLabel): boolean => {
  const order = 'TLP:CLEAR TLP:GREEN TLP:AMBER TLP:AMBER+STRICT TLP:RED'.split(' ')
  return order.indexOf(clearance) >= order.indexOf(label)
}

describe('the policy', () => {
  test('says what its rules say in plain words', () => {
    fc.assert(
      fc.property(anyAsking, anyHandling, (asking, handling) => {
        expect(mayHave(asking, handling)).toBe(oracle(asking, handling))
      }),
      { numRuns: 5000 },
    )
  })

  test('says the same in the database', async () => {
    await using opened = await aStore()
    const handlings = fc.sample(anyHandling, { numRuns: 400, seed: 7 })
    const body = { magnitude: 6.4, depthKm: 10 }
    const drafts = handlings.map((handling, n) => aReport({ key: `r${n}`, handling, body }))
    const outcomes = await opened.store.append(drafts)
    expect(outcomes.every(({ kind }) => kind === 'appended')).toBe(true)

    const askings = fc.sample(anyAsking, { numRuns: 150, seed: 11 })
    let shown = 0
    for (const asking of askings) {
      const held = await opened.store.read({ where: visibleTo(asking) })

      const keys = held.map(({ record }) => record.key).sort()
      const expected = drafts.filter((_, n) => oracle(asking, handlings[n] as Handling)).map(({ key }) => key)
      expect(keys).toEqual(expected.sort())
      expect(await opened.store.count({ where: visibleTo(asking) })).toBe(keys.length)
      shown += keys.length
    }
    expect(shown).toBeGreaterThan(1000)
  }, 60_000)

  test('lets whoever may have a record have what is at most as restrictive, but for audiences from AMBER upwards', () => {
    let both = 0
    fc.assert(
      fc.property(anyAsking, anyHandling, anyHandling, (asking, a, other) => {
        const b = join(a, other)
        const addsAudience = a.audience === undefined && b.audience !== undefined
        fc.pre(leq(a, b) && !(addsAudience && isUpTo(a.tlp, 'TLP:AMBER')))
        if (!mayHave(asking, b)) return
        both += 1
        expect(mayHave(asking, a)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
    expect(both).toBeGreaterThan(100)
  })

  test('lets the public have what `isPublic` calls public, and nothing else whole', () => {
    fc.assert(
      fc.property(anyHandling, (handling) => {
        const asking = anAsking(thePublic, { purpose: 'public' })
        const whole = mayHave(asking, handling) && handling.fieldMarks === undefined
        expect(whole).toBe(isPublic(handling, noon))
      }),
      { numRuns: 3000 },
    )
  })
})

const guest: Partial<Principal> = { standing: 'guest', organisation: 'org-b' }
const cleared = (upTo: TlpLabel): Partial<Principal> => ({ clearances: [{ community: 'csirts', upTo }] })

describe('TLP 2.0 at this node', () => {
  test('GREEN goes to whoever is cleared in some community, guests as well, and not to the public', () => {
    expect(mayHave(anAsking(aPerson({ ...guest, ...cleared('TLP:GREEN') })), { tlp: 'TLP:GREEN' })).toBe(true)
    expect(mayHave(anAsking(aPerson(cleared('TLP:CLEAR'))), { tlp: 'TLP:GREEN' })).toBe(false)
    expect(mayHave(anAsking(thePublic), { tlp: 'TLP:GREEN' })).toBe(false)
  })

  test('AMBER stays with the home organisation and its clients until the audience names somebody else', () => {
    const amber: Handling = { tlp: 'TLP:AMBER' }
    const named: Handling = { ...amber, audience: ['org-b', 'org-dcp'] }

    expect(mayHave(anAsking(), amber)).toBe(true)
    expect(mayHave(anAsking(aPerson({ standing: 'client' })), amber)).toBe(true)
    expect(mayHave(anAsking(aPerson(guest)), amber)).toBe(false)
    expect(mayHave(anAsking(aPerson(guest)), named)).toBe(true)
  })

  test('a community that the audience names counts only as far up as the clearance in it', () => {
    const amber: Handling = { tlp: 'TLP:AMBER', audience: ['csirts'] }
    const elsewhere = [
      { community: 'csirts', upTo: 'TLP:GREEN' },
      { community: 'health-net', upTo: 'TLP:AMBER' },
    ] as const

    expect(mayHave(anAsking(aPerson({ ...guest, ...cleared('TLP:AMBER') })), amber)).toBe(true)
    expect(mayHave(anAsking(aPerson({ ...guest, clearances: elsewhere })), amber)).toBe(false)
  })

  test('AMBER+STRICT leaves out clients, and communities named', () => {
    expect(mayHave(anAsking(aPerson({ standing: 'client' })), { tlp: 'TLP:AMBER+STRICT' })).toBe(false)
    expect(
      mayHave(anAsking(aPerson({ ...guest, ...cleared('TLP:RED') })), {
        tlp: 'TLP:AMBER+STRICT',
        audience: ['csirts'],
      }),
    ).toBe(false)
    expect(mayHave(anAsking(aPerson(guest)), { tlp: 'TLP:AMBER+STRICT', audience: ['org-b'] })).toBe(true)
  })

  test('RED is for whom it names in person: not for colleagues, not for everybody at a node that it names', () => {
    const forAna: Handling = { tlp: 'TLP:RED', audience: ['durres.example', 'person:ana@durres.example'] }

    expect(mayHave(anAsking(), forAna)).toBe(true)
    expect(mayHave(anAsking(aPerson({ id: 'person:besa@durres.example' })), forAna)).toBe(false)
    expect(mayHave(anAsking(), { tlp: 'TLP:RED' })).toBe(false)
  })
})

describe('the clock', () => {
  test('set forward opens no embargo: what peers attest counts', () => {
    const embargoed: Handling = { tlp: 'TLP:CLEAR', embargoUntil: noon }

    expect(mayHave(anAsking(thePublic, { now: after, embargoNow: before }), embargoed)).toBe(false)
    expect(mayHave(anAsking(thePublic, { now: after, embargoNow: noon }), embargoed)).toBe(true)
  })
})

describe('broken glass', () => {
  const red: Handling = { tlp: 'TLP:RED', audience: [], purposes: ['health'] }
  const broken = aPerson({ ...cleared('TLP:CLEAR'), breakGlassUntil: after })

  test('lifts label, audience and purpose, until its instant', () => {
    expect(mayHave(anAsking(broken), red)).toBe(true)
    expect(mayHave(anAsking(broken, { now: after }), red)).toBe(false)
  })

  test('lifts neither embargo nor retention nor police codes', () => {
    expect(mayHave(anAsking(broken), { ...red, embargoUntil: after })).toBe(false)
    expect(mayHave(anAsking(broken), { ...red, retainUntil: before })).toBe(false)
    expect(mayHave(anAsking(broken), { ...red, police: ['H1'] })).toBe(false)
  })

  test('is for people: a peer node or a token never does it', () => {
    expect(mayHave(anAsking({ ...broken, kind: 'node' }), red)).toBe(false)
    expect(mayHave(anAsking({ ...broken, kind: 'token' }), red)).toBe(false)
  })
})
