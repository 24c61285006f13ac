/** TLP:AMBER without an audience is for the recipient's own people; where it meets a named audience, home stays. */
import { describe, expect, test } from 'vitest'
import type { Handling, MosaicRecord } from '../record/index.ts'
import type { OpenStore } from './open-store.ts'
import { aPeerRecord, arriving, skopje } from './receive.test-support.ts'
import { aReport, aStore } from './store.test-support.ts'

const ours = { organisation: 'civil-protection' } as const
const ownOnly: Handling = { tlp: 'TLP:AMBER' }
const named: Handling = { tlp: 'TLP:GREEN', audience: ['civil-protection', 'durres.example', 'org-b'] }
const strangers: Handling = { tlp: 'TLP:GREEN', audience: ['org-b'] }
const home = ['civil-protection', 'durres.example']

async function appended(store: OpenStore, handling: Handling, parts: object = {}): Promise<MosaicRecord> {
  const [outcome] = await store.append([aReport({ handling, ...parts })])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record
}

const heldAs = async (store: OpenStore, { id, version }: MosaicRecord) => {
  const held = await store.get(id, version)
  return held?.effective ?? held?.record.handling
}

describe('what is for its recipient alone, beside what names others, stays for home', () => {
  test('when this node derives from both', async () => {
    await using opened = await aStore(ours)
    const { store } = opened
    const inputs = [await appended(store, ownOnly, { key: 'a' }), await appended(store, named, { key: 'b' })]

    const links = inputs.map(({ id, version }) => ({ type: 'derivedFrom', id, version }) as const)
    const event = await appended(store, { tlp: 'TLP:CLEAR' }, { key: 'event', links })

    expect(event.handling).toEqual({ tlp: 'TLP:AMBER', audience: home })
  })

  test('when a later version binds an earlier one, its own or of a peer, in whatever order they came', async () => {
    await using opened = await aStore(ours)
    const { store } = opened
    const first = await appended(store, ownOnly)
    await appended(store, named, { body: { magnitude: 6.5 } })
    const theirs = aPeerRecord({ handling: ownOnly })
    const later = aPeerRecord({ version: 2, handling: named, body: { magnitude: 6.5 } })
    await store.receive([arriving(later)])
    await store.receive([arriving(theirs)])

    expect(await heldAs(store, first)).toEqual({ tlp: 'TLP:AMBER', audience: home })
    expect(await heldAs(store, theirs)).toEqual({ tlp: 'TLP:AMBER', audience: home })
  })

  test('when a peer derived from what was tightened here', async () => {
    await using opened = await aStore(ours)
    const { store } = opened
    const input = aPeerRecord({ handling: { tlp: 'TLP:GREEN' } })
    await store.receive([arriving(input)])
    await store.tighten(input.id, named)
    const links = [{ type: 'derivedFrom', id: input.id, version: 1 }] as const
    const derived = aPeerRecord({ type: 'hazards.event', key: 'event', handling: ownOnly, links })

    await store.receive([arriving(derived)])

    expect(await heldAs(store, derived)).toEqual({ tlp: 'TLP:AMBER', audience: home })
  })

  test('and is for nobody where the others named are not home', async () => {
    await using opened = await aStore(ours)
    const { store } = opened
    const theirs = aPeerRecord({ origin: skopje, handling: ownOnly })
    await store.receive([
      arriving(theirs),
      arriving(aPeerRecord({ version: 2, handling: strangers, body: {} })),
    ])

    expect(await heldAs(store, theirs)).toEqual({ tlp: 'TLP:AMBER', audience: [] })
  })
})
