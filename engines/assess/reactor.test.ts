import { describe, expect, test } from 'vitest'
import { type Held, type MosaicRecord, nodeId, type RecordId } from '../record/index.ts'
import type { ReactorView } from '../store/index.ts'
import type { Assessor } from './contract.ts'
import { assessReactor } from './reactor.ts'

type Flood = { readonly level: number }
type Wet = { readonly wet: boolean; readonly state: 'active' | 'withdrawn' }

const valid = { from: '2020-01-01T00:00:00.000Z' } as MosaicRecord['valid']
const held = (id: string, type: string, body: object, key = id) =>
  ({
    record: { id, type, key, version: 3, origin: 'here.example', realm: 'test', valid, body },
    index: 1,
  }) as unknown as Held
const anEvent = (figures?: Flood) =>
  held('e1', 'floods.event', figures === undefined ? {} : { figures }) as Held<{ figures?: Flood }>
const viewOf = (records: readonly Held[]): ReactorView => ({
  read: async () => records,
  get: async () => undefined,
})

const assessor: Assessor<Flood, Wet, { readonly bank: number }> = {
  name: 'floods.wet',
  version: '2',
  reads: 'floods.event',
  writes: 'floods.wet',
  assess: async ({ record: { body } }, { bank }) =>
    body.figures && { valid, body: { wet: body.figures.level > bank, state: 'active' } },
  withdraw: ({ record: { body } }) => ({ valid, body: { ...body, state: 'withdrawn' } }),
}
const node = nodeId('here.example')
const reactor = assessReactor(assessor, { bank: 5 }, node)

describe('assessing events as they come and change', () => {
  test('an event gives one assessment, keyed by its id and derived from the version that was read', async () => {
    const [draft] = await reactor.react(anEvent({ level: 6 }), viewOf([]))

    expect(draft).toMatchObject({
      type: 'floods.wet',
      key: 'floods.wet:e1',
      realm: 'test',
      links: [
        { type: 'about', id: 'e1' as RecordId },
        { type: 'derivedFrom', id: 'e1', version: 3 },
      ],
      body: { wet: true, state: 'active' },
    })
  })

  test('an event that can no longer be assessed takes its own assessment back', async () => {
    const other = held('a0', 'floods.wet', { wet: true, state: 'active' }, 'floods.dry:e1')
    const own = held('a1', 'floods.wet', { wet: false, state: 'active' }, 'floods.wet:e1')

    const drafts = await reactor.react(anEvent(), viewOf([other, own]))

    expect(drafts).toMatchObject([{ key: 'floods.wet:e1', body: { wet: false, state: 'withdrawn' } }])
  })

  test('an event that never had an assessment is passed over', async () => {
    expect(await reactor.react(anEvent(), viewOf([]))).toEqual([])
  })

  test("a peer's event is the peer's to assess", async () => {
    const elsewhere = assessReactor(assessor, { bank: 5 }, nodeId('there.example'))

    expect(await elsewhere.react(anEvent({ level: 6 }), viewOf([]))).toEqual([])
  })
})
