/** The check that the page makes, on a proof of a real log; and each lie that it must find. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import type { RecordProof } from '../../server/schemas/index.ts'
import { checkProof } from './verify.ts'

let played: PlayedNode
let proof: RecordProof
beforeAll(async () => {
  played = await aPlayedNode({ isPlayed: false })
  const { node } = played
  const [made] = await node.store.append([
    {
      type: 'crime.sighting',
      key: 'sighting-1',
      realm: 'actual',
      producer: { kind: 'person', name: 'Vera Hoxha' },
      valid: { from: node.clock.now() },
      handling: { tlp: 'TLP:CLEAR', fieldMarks: { '/body/by': 'TLP:AMBER' } },
      body: { what: 'A boat without lights', by: 'Besnik Leka' },
    } as never,
  ])
  if (made?.kind !== 'appended') throw new Error(JSON.stringify(made))
  const trust = await node.trust()
  await trust.log.integrate()
  const app = await played.appWith({ transparencyLog: trust, exchange: trust.exchange, log: silent })
  proof = (await app.inject(`/api/v1/records/${made.record.id}/proof`)).json()
}, 60_000)
afterAll(() => played?.[Symbol.asyncDispose]())

const check = (change: (proof: RecordProof) => RecordProof = (same) => same) =>
  checkProof(change(structuredClone(proof)), proof.id)
const withNote = (one: RecordProof, change: (note: string) => string): RecordProof => ({
  ...one,
  proof: { ...one.proof, checkpoint: change(one.proof.checkpoint) },
})
const signature = (note: string): string => note.trimEnd().split(' ').at(-1) ?? ''

describe('the proof of a record, in the browser', () => {
  test('is good down to the signature, by the key of the origin’s log', async () => {
    expect(await check()).toMatchObject({
      kind: 'good',
      log: 'durres.example/log',
      key: expect.stringMatching(/^durres\.example\/log\+[0-9a-f]{8}$/),
    })
  })

  test('is no proof that somebody signed it where no key of that log is known', async () => {
    expect(await check((one) => ({ ...one, keys: [] }))).toMatchObject({
      kind: 'unsigned',
      because: 'no-key',
    })
  })

  test('takes no key under a name or an id that is not its own', async () => {
    const [vkey = ''] = proof.keys
    const renamed = [
      vkey.replace('durres', 'tirana'),
      vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
      'nonsense',
    ]

    expect(await check((one) => ({ ...one, keys: renamed }))).toMatchObject({ kind: 'unsigned' })
  })

  test('finds a signature that was made under something else', async () => {
    const forged = (note: string) => {
      const bytes = Buffer.from(signature(note), 'base64')
      bytes[20] = (bytes[20] ?? 0) ^ 1
      return note.replace(signature(note), bytes.toString('base64'))
    }

    expect(await check((one) => withNote(one, forged))).toMatchObject({ kind: 'forged' })
  })

  test('finds a field, a path, an id and a log that are not those', async () => {
    const altered = (one: RecordProof): RecordProof => ({
      ...one,
      parcel: {
        ...one.parcel,
        disclosed: one.parcel.disclosed.map((field) =>
          field.name === 'key' ? { ...field, value: 'another' } : field,
        ),
      },
    })

    expect(await check(altered)).toMatchObject({ kind: 'leaf-differs' })
    expect(
      await check((one) => ({ ...one, proof: { ...one.proof, index: one.proof.index + 1 } })),
    ).toMatchObject({ kind: 'not-in-log' })
    expect(await checkProof(proof, 'f'.repeat(40))).toMatchObject({ kind: 'another-record' })
    expect(
      await check((one) =>
        withNote(one, (note) => note.replace('durres.example/log\n', 'tirana.example/log\n')),
      ),
    ).toMatchObject({ kind: 'other-log' })
  })
})
