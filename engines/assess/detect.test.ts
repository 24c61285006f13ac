import { expect, test } from 'vitest'
import { actual, type Held, nodeId, type RecordId } from '../record/index.ts'
import type { ReactorView } from '../store/index.ts'
import type { Detector } from './contract.ts'
import { detectReactor } from './detect.ts'

const here = nodeId('durres.example')
const view = {} as ReactorView
const aHeld = (origin = here): Held =>
  ({
    record: { id: 'a'.repeat(40) as RecordId, origin, realm: actual, body: { value: 7 } },
  }) as unknown as Held

const tooMuch: Detector<{ readonly limit: number }> = {
  name: 'test.too-much',
  version: '3',
  reads: ['test.value'],
  writes: 'test.found',
  detect: async ({ record }, _, { limit }) =>
    (record.body as { value: number }).value > limit
      ? [{ key: record.id, valid: { from: '2026-03-01T12:00:00.000Z' as never }, body: {} }]
      : [],
}

test('what a detector finds is written in its name, in the realm of what it looked at', async () => {
  const [found] = await detectReactor(tooMuch, { limit: 5 }, here).react(aHeld(), view)

  expect(found).toMatchObject({
    type: 'test.found',
    realm: actual,
    producer: { kind: 'method', name: 'detect/test.too-much', version: '3' },
  })
})

test('nothing is found below what it looks for, nor in what a peer owns', async () => {
  const reactor = (limit: number) => detectReactor(tooMuch, { limit }, here)

  expect(await reactor(9).react(aHeld(), view)).toEqual([])
  expect(await reactor(5).react(aHeld(nodeId('tirana.example')), view)).toEqual([])
})
