import { describe, expect, test } from 'vitest'
import { type Handling, type Held, nodeId, type RecordId } from '../record/index.ts'
import { predicateOf } from '../store/index.ts'
import { anAsking, heldWith } from './access.test-support.ts'
import { mayPassOn, onwardTo, type PassingOn } from './onward.ts'
import { nodePrincipal } from './principals.ts'

const home = nodeId('durres.example')
const abroad = nodeId('tirana.example')
const others = 'b'.repeat(40) as RecordId
const alone: PassingOn = { own: [home], consents: [] }
const controlled: Handling = { tlp: 'TLP:GREEN', originatorControl: true }

const from = (origin: ReturnType<typeof nodeId>, handling: Handling, id?: RecordId): Held => {
  const held = heldWith(handling)
  return { ...held, record: { ...held.record, origin, id: id ?? held.record.id } }
}
const passes = (passingOn: PassingOn, held: Held) => predicateOf(mayPassOn(passingOn))(held)

describe('passing on what another node controls', () => {
  test('takes a consent of its origin, for originator control and for police code H2 alike', () => {
    for (const handling of [controlled, { tlp: 'TLP:GREEN', police: ['H2'] } as const]) {
      expect(passes(alone, from(abroad, handling))).toBe(false)
      expect(
        passes({ ...alone, consents: [{ origin: abroad, types: ['hazards.*'] }] }, from(abroad, handling)),
      ).toBe(true)
    }
  })

  test('is free for what is not controlled, and for what is this node’s own', () => {
    expect(passes(alone, from(abroad, { tlp: 'TLP:GREEN', police: ['H1'] }))).toBe(true)
    expect(passes(alone, from(home, controlled))).toBe(true)
  })

  test('a consent covers the records or types it names, of its own origin, and no other', () => {
    const held = from(abroad, controlled)

    expect(passes({ ...alone, consents: [{ origin: abroad, ids: [held.record.id] }] }, held)).toBe(true)
    expect(passes({ ...alone, consents: [{ origin: abroad, ids: [others] }] }, held)).toBe(false)
    expect(passes({ ...alone, consents: [{ origin: home, types: ['*'] }] }, held)).toBe(false)
    expect(passes({ ...alone, consents: [{ origin: abroad }] }, held)).toBe(false)
  })

  test('what this node derived from it is under the same control', () => {
    const derived = from(home, controlled, others)

    expect(passes({ ...alone, controlledByOthers: [others] }, derived)).toBe(false)
    expect(passes({ ...alone, controlledByOthers: [others], released: [others] }, derived)).toBe(true)
  })

  test('comes on top of what the peer may have at all', () => {
    const peer = nodePrincipal({
      node: nodeId('skopje.example'),
      clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
    })
    const condition = onwardTo(anAsking(peer, { purpose: 'civil-protection' }), alone)

    expect(predicateOf(condition)(from(home, controlled))).toBe(true)
    expect(predicateOf(condition)(from(home, { tlp: 'TLP:AMBER' }))).toBe(false)
    expect(predicateOf(condition)(from(abroad, controlled))).toBe(false)
  })
})
