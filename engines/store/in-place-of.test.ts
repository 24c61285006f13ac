/** Next versions that a node writes in the place of an origin that it succeeds. */

import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { createRegistry, defineRecord, nodeId, recordId } from '../record/index.ts'
import { aReport, aStore } from './store.test-support.ts'

const lost = nodeId('lost.example')
const wanted = defineRecord({
  type: 'police.wanted',
  schemaVersion: 1,
  confidential: true,
  body: Type.Unknown(),
})
const registry = createRegistry([wanted])

/** As if what the lost node wrote had come by the exchange. */
async function withTheirs(...keys: readonly string[]) {
  const opened = await aStore({ registry })
  const identity = { node: lost, incarnation: 'lost' }
  const secret = new Uint8Array(32).fill(7)
  const theirs = await opened.beside({ node: lost, identity, secret, registry })
  for (const key of keys) await theirs.append([aReport({ key }), aReport({ key, type: wanted.type })])
  return opened
}

const inPlaceOf = { origin: lost, above: 40 }

test('keeps name and id, and is numbered above what the old log can hold', async () => {
  await using opened = await withTheirs('r1')
  const { store } = opened

  const [first] = await store.append([aReport({ key: 'r1', body: { magnitude: 6.1 } })], { inPlaceOf })
  const [again] = await store.append([aReport({ key: 'r1', body: { magnitude: 6.1 } })], { inPlaceOf })
  const [second] = await store.append([aReport({ key: 'r1', body: { magnitude: 6.2 } })], { inPlaceOf })

  const id = recordId(lost, 'hazards.observation', 'r1', aReport().realm)
  expect(first).toMatchObject({ kind: 'appended', record: { id, origin: lost, version: 41 } })
  expect(again?.kind).toBe('unchanged')
  expect(second).toMatchObject({ kind: 'appended', record: { id, version: 42 } })
})

test('keeps the id of a confidential type, which only the old origin could compute', async () => {
  await using opened = await withTheirs('RS-1234')
  const [held] = await opened.store.read({ types: [wanted.type] })

  const draft = aReport({ key: 'RS-1234', type: wanted.type, body: { found: true } })
  const [outcome] = await opened.store.append([draft], { inPlaceOf })

  expect(outcome).toMatchObject({ kind: 'appended', record: { id: held?.record.id, version: 41 } })
})

test('is of nothing that is not held, nor of another origin, nor of what is erased', async () => {
  await using opened = await withTheirs('r1', 'r2')
  const { store } = opened
  await store.append([aReport({ key: 'ours' })])
  const [erased] = await store.read({ key: 'r2', types: ['hazards.observation'] })
  if (erased) await store.erase([erased.record.id], { derived: true, reason: 'withdrawn' })

  const outcomes = await store.append(
    ['never', 'ours', 'r2'].map((key) => aReport({ key })),
    { inPlaceOf },
  )

  const refused = { kind: 'refused', reason: { issues: [{ rule: 'record/not-held' }] } }
  expect(outcomes).toMatchObject([refused, refused, refused])
})
