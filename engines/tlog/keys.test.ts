import { describe, expect, test } from 'vitest'
import { instant, type NodeId, nodeId, plusMs } from '../record/index.ts'
import { connect } from '../store/index.ts'
import { toBase64 } from './bytes.ts'
import { logVerifier, openCheckpoint, originOf } from './checkpoint.ts'
import type { PublicKey } from './contract.ts'
import { signingKey, verifyEd25519 } from './ed25519.ts'
import { followKeys } from './follow-keys.ts'
import { type KeyBody, keyMessage, revocationMessage } from './key-records.ts'
import { keysAtRest, openKeys } from './keys.ts'
import { ed25519Type, keyIdOf } from './note.ts'
import { aLog, durres, fastCost } from './tlog.test-support.ts'

const day = 86_400_000
const tirana = nodeId('tirana.example')

describe("a node's key", () => {
  test('is made at the first start and found at every other', async () => {
    await using node = await aLog()

    const again = await node.reopenKeys()

    expect(again.current()).toEqual(node.keys.current())
    expect(node.keys.current()).toMatchObject({
      node: 'durres.example',
      validFrom: '2019-11-26T02:54:12.000Z',
    })
  })

  test('is one, when processes start at once', async () => {
    await using node = await aLog()
    await node.sql`delete from tlog_key`
    const others = await Promise.all([1, 2, 3].map(() => node.reopenKeys()))

    expect(new Set(others.map((keys) => keys.current().keyId)).size).toBe(1)
  })

  test('signs what its public half verifies', async () => {
    await using node = await aLog()
    const message = Buffer.from('a message')

    const signature = node.keys.sign(message)

    const key = Buffer.from(node.keys.current().key, 'base64')
    expect(verifyEd25519(key, message, signature)).toBe(true)
    expect(node.keys.current().keyId).toBe(keyIdOf('durres.example/log', ed25519Type, key))
  })

  test('without a passphrase stands open, and the node knows', async () => {
    await using node = await aLog()

    expect(await node.keys.isSealed()).toBe(false)
    expect(await keysAtRest(node.sql)).toBe('open')
  })

  test('under a passphrase is nowhere in the database', async () => {
    const seed = Buffer.alloc(32, 0x5a)
    await using node = await aLog({
      passphrase: 'korçë 1920',
      randomness: (n) => (n === 32 ? seed : Buffer.alloc(n, 1)),
    })

    const dump = JSON.stringify(await node.sql`select * from tlog_key`)

    expect(await node.keys.isSealed()).toBe(true)
    expect(dump).not.toContain(seed.toString('base64'))
    expect(dump).not.toContain('korçë')
    expect((await node.reopenKeys()).current()).toEqual(node.keys.current())
  })

  test('opens with the very passphrase only', async () => {
    await using node = await aLog({ passphrase: 'right' })
    const { sql, clock } = node
    const reopen = (passphrase?: string) =>
      openKeys({ database: sql, node: durres, clock, ...(passphrase !== undefined && { passphrase }) })

    await expect(reopen('wrong')).rejects.toMatchObject({ code: 'tlog/passphrase-wrong' })
    await expect(reopen()).rejects.toMatchObject({ code: 'tlog/passphrase-missing' })
  })

  test('that stood open is sealed at the first start with a passphrase', async () => {
    await using node = await aLog()

    const sealed = await node.reopenKeys({ passphrase: 'new' })

    expect(await keysAtRest(node.sql)).toBe('sealed')
    expect(sealed.current()).toEqual(node.keys.current())
    await expect(node.reopenKeys()).rejects.toMatchObject({ code: 'tlog/passphrase-missing' })
  })

  test.each([
    [
      'its box',
      "update tlog_key set box = jsonb_set(box::jsonb, '{sealed}', to_jsonb(reverse(box ->> 'sealed')))",
    ],
    ['the cost of opening it', "update tlog_key set box = jsonb_set(box::jsonb, '{n}', '1073741824')"],
    ['its form', `update tlog_key set box = '{"kind":"open"}'`],
  ])('does not open when somebody changed %s', async (_, change) => {
    await using node = await aLog({ passphrase: 'right' })

    await node.sql.unsafe(change)

    await expect(node.reopenKeys()).rejects.toMatchObject({ code: 'tlog/passphrase-wrong' })
  })

  test('whose public half was exchanged is refused', async () => {
    await using node = await aLog()

    await node.sql`update tlog_key set public_key = sha256('another')`

    await expect(node.reopenKeys()).rejects.toMatchObject({ code: 'tlog/key-unfit' })
  })
})

describe('rotation', () => {
  test('the new key signs from now on, both sign the log until the overlap ends', async () => {
    await using node = await aLog()
    await node.fill(3)
    const old = node.keys.current()

    const made = await node.keys.rotate(day)
    const during = await node.log.integrate()
    node.clock.set(plusMs(node.clock.now(), day))
    await node.fill(1)
    const after = await node.log.integrate()

    expect(node.keys.current()).toEqual(made)
    const [byOld, byNew] = [old, made].map((key) => [logVerifier(key)])
    expect(openCheckpoint(during.note, byOld ?? []).kind).toBe('verified')
    expect(openCheckpoint(during.note, byNew ?? []).kind).toBe('verified')
    expect(openCheckpoint(after.note, byOld ?? []).kind).toBe('unknown-signer')
    expect(openCheckpoint(after.note, byNew ?? []).kind).toBe('verified')
    expect(await node.keys.all()).toEqual([made, { ...old, validUntil: instant('2019-11-27T02:54:12Z') }])
  })

  test('is seen by a process that was running before', async () => {
    await using node = await aLog({ passphrase: 'right' })
    const other = await node.reopenKeys()

    const made = await node.keys.rotate(day)

    expect((await other.signers()).map(({ publicKey }) => publicKey.keyId)).toContain(made.keyId)
    expect(other.current()).toEqual(made)
  })

  test('two at once do not make two heirs', async () => {
    await using node = await aLog()
    const pool = connect(node.url, { max: 2 })
    const other = await openKeys({ database: pool, node: durres, clock: node.clock, cost: fastCost })

    // Both have looked, and wait for the table that a third holds.
    const gate = connect(node.url, { max: 1 })
    const waiting = await gate.begin(async (tx) => {
      await tx`lock table tlog_key in exclusive mode`
      const both = Promise.allSettled([node.keys.rotate(day), other.rotate(day)])
      const wait = async (): Promise<void> => {
        const queue = await tx`select from pg_locks where relation = 'tlog_key'::regclass and not granted`
        if (queue.length < 2) await wait()
      }
      await wait()
      return { both }
    })
    const outcomes = await waiting.both

    await gate.end()
    await pool.end()
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await node.keys.all()).toHaveLength(2)
  })

  test('the key that signs cannot be revoked; the one before can, and signs nothing more', async () => {
    await using node = await aLog()
    const old = node.keys.current()
    await expect(node.keys.revoke(old.keyId, 'stolen')).rejects.toMatchObject({ code: 'tlog/key-unfit' })
    const made = await node.keys.rotate(day)

    await node.keys.revoke(old.keyId, 'stolen')

    expect((await node.keys.signers()).map(({ publicKey }) => publicKey)).toEqual([made])
    expect((await node.keys.all()).map(({ revokedAt }) => revokedAt !== undefined)).toEqual([false, true])
  })
})

/** A key of our own making, as a thief or a stranger has it. */
const aKey = (fill: number, node: NodeId = durres) => {
  const key = signingKey(new Uint8Array(32).fill(fill))
  const keyId = keyIdOf(originOf(node), ed25519Type, key.publicKey)
  return { ...key, keyId, node }
}
type Key = ReturnType<typeof aKey>
const from = instant('2019-11-26T00:00:00Z')
const pin = ({ node, keyId, publicKey }: Key, more: Partial<PublicKey> = {}): PublicKey => ({
  node,
  keyId,
  key: toBase64(publicKey),
  validFrom: from,
  ...more,
})
const endorses = (by: Key, key: Key, more: Partial<KeyBody> = {}) => {
  const said = {
    publicKey: toBase64(key.publicKey),
    keyId: key.keyId,
    validFrom: from as string,
    endorsedBy: by.keyId,
    ...more,
  }
  const { signature, ...rest } = { signature: undefined, ...said }
  return {
    type: 'tlog.key',
    origin: durres,
    body: { ...rest, signature: signature ?? toBase64(by.sign(keyMessage(durres, rest))) },
  }
}
const revokes = (by: Key, key: Key) => {
  const said = { keyId: key.keyId, revokedAt: '2019-11-27T00:00:00.000Z', reason: 'stolen', by: by.keyId }
  return {
    type: 'tlog.key-revocation',
    origin: durres,
    body: { ...said, signature: toBase64(by.sign(revocationMessage(durres, said))) },
  }
}
const now = instant('2019-12-01T00:00:00Z')
const [a, b, c, thief] = [aKey(1), aKey(2), aKey(3), aKey(66)] as [Key, Key, Key, Key]
const ids = (keys: readonly PublicKey[]) => keys.map(({ keyId }) => keyId)

describe('whoever pinned an old key follows the chain', () => {
  test('of the statements that a node makes', async () => {
    await using node = await aLog()
    const pinned = node.keys.current()
    const second = await node.keys.rotate(day)
    const third = await node.keys.rotate(day)
    await node.keys.revoke(pinned.keyId, 'the old machine was sold')
    const records = (await node.keys.statements()).map(({ type, body }) => ({ type, origin: durres, body }))

    const followed = followKeys([pinned], records, node.clock.now())

    expect(ids(followed.keys)).toEqual([second.keyId, third.keyId])
    expect(followed.refusals).toEqual([])
    expect(followed.known.find(({ keyId }) => keyId === pinned.keyId)?.revokedAt).toBeDefined()
    const later = followKeys([pinned], records, plusMs(node.clock.now(), 2 * day))
    expect(ids(later.keys)).toEqual([third.keyId])
  })

  test('from key to key, and again from any of them', () => {
    const records = [endorses(a, a), endorses(a, b), endorses(b, c)]

    expect(ids(followKeys([pin(a)], records, now).keys)).toEqual([a.keyId, b.keyId, c.keyId])
    expect(ids(followKeys([pin(a), pin(b), pin(c)], records, now).keys)).toEqual([a.keyId, b.keyId, c.keyId])
    expect(ids(followKeys([pin(c)], records, now).keys)).toEqual([c.keyId])
  })

  test('and an heir revokes what it came from, also for who had pinned both', () => {
    const records = [endorses(a, b), revokes(b, a)]

    expect(ids(followKeys([pin(a)], records, now).keys)).toEqual([b.keyId])
    expect(ids(followKeys([pin(a), pin(b)], records, now).keys)).toEqual([b.keyId])
  })

  test('also when the statements come in another order than they were made', () => {
    const made = [endorses(a, b), revokes(b, a), endorses(b, c), endorses(a, thief)].map((one, index) => ({
      ...one,
      index,
    }))

    const inDisorder = followKeys([pin(a)], made.toReversed(), now)
    const unnumbered = followKeys([pin(a)], [revokes(b, a), endorses(b, c), endorses(a, b)], now)

    expect(ids(inDisorder.keys)).toEqual([b.keyId, c.keyId])
    expect(inDisorder.refusals).toEqual([{ at: 0, keyId: thief.keyId, reason: 'endorser-revoked' }])
    expect(ids(unnumbered.keys).toSorted()).toEqual([b.keyId, c.keyId].toSorted())
  })

  test('the end of an overlap holds once the heir has said it', () => {
    const ending = endorses(b, a, { validUntil: '2019-11-28T00:00:00.000Z' })
    const longer = endorses(a, a, { validUntil: '2029-11-28T00:00:00.000Z' })

    const { keys, refusals } = followKeys([pin(a)], [endorses(a, b), ending, longer], now)

    expect(ids(keys)).toEqual([b.keyId])
    expect(refusals).toEqual([])
  })
})

describe('nobody else becomes an heir', () => {
  const refusal = (records: ReturnType<typeof endorses | typeof revokes>[], pinned = [pin(a)]) => {
    const { keys, refusals } = followKeys(pinned, records, now)
    return { keys: ids(keys), reasons: refusals.map(({ reason }) => reason) }
  }

  test('by a forged endorsement', () => {
    const forged = endorses(a, thief)
    const signature = toBase64(thief.sign(Buffer.from('anything')))

    expect(refusal([{ ...forged, body: { ...forged.body, signature } }])).toEqual({
      keys: [a.keyId],
      reasons: ['forged'],
    })
  })

  test('by one whose words were changed', () => {
    const sound = endorses(a, b, { validUntil: '2019-11-30T00:00:00.000Z' })
    const { validUntil: _, ...endless } = sound.body

    expect(refusal([{ ...sound, body: endless as never }])).toEqual({ keys: [a.keyId], reasons: ['forged'] })
  })

  test('by vouching for itself', () => {
    expect(refusal([endorses(thief, thief)])).toEqual({ keys: [a.keyId], reasons: ['unknown-endorser'] })
  })

  test('through a key that was revoked before', () => {
    expect(refusal([endorses(a, b), revokes(b, a), endorses(a, thief)])).toEqual({
      keys: [b.keyId],
      reasons: ['endorser-revoked'],
    })
  })

  test('through a key whose time was over', () => {
    const late = endorses(a, thief, { validFrom: '2019-11-29T00:00:00.000Z' })

    expect(refusal([late], [pin(a, { validUntil: instant('2019-11-28T00:00:00Z') })])).toEqual({
      keys: [],
      reasons: ['endorser-expired'],
    })
  })

  test('by another node, in whose name the statement does not hold', () => {
    const foreign = { ...endorses(a, b), origin: tirana }

    expect(refusal([foreign])).toEqual({ keys: [a.keyId], reasons: ['other-node'] })
  })

  test('and the thief of an old key cannot revoke the new one, nor a key itself', () => {
    expect(refusal([endorses(a, b), revokes(a, b), revokes(b, b)])).toEqual({
      keys: [a.keyId, b.keyId],
      reasons: ['not-an-heir', 'not-an-heir'],
    })
  })

  test('nor by saying that the old key came of the new', () => {
    expect(refusal([endorses(a, b), endorses(b, a), revokes(a, b)], [pin(a), pin(b)])).toEqual({
      keys: [a.keyId, b.keyId],
      reasons: ['not-an-heir'],
    })
  })

  test('by a record that is of no form', () => {
    const odd = { ...endorses(a, b), body: { keyId: 'x', extra: true } as never }

    expect(refusal([odd])).toEqual({ keys: [a.keyId], reasons: ['malformed'] })
  })

  test('by a key id that is not of its key', () => {
    const said = endorses(a, b)

    expect(refusal([{ ...said, body: { ...said.body, keyId: c.keyId } }])).toEqual({
      keys: [a.keyId],
      reasons: ['malformed'],
    })
  })
})
