import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeId } from '../record/index.ts'
import { openKeys } from './keys.ts'
import { putBack, recoverKeys } from './recovery.ts'
import { combineShares, splitSecret } from './shares.ts'
import { succeeds, successionBody, tlogSuccession } from './succession.ts'
import { aLog, durres, fastCost } from './tlog.test-support.ts'

const day = 86_400_000
const secret = new Uint8Array(32).fill(5)
const refused = { code: 'tlog/recovery-refused' }

describe('shares', () => {
  test('any two of five give the secret back, one does not', async () => {
    const shares = await splitSecret(secret, 5)

    for (const one of shares)
      for (const other of shares)
        if (one === other) await expect(combineShares([one, other])).rejects.toMatchObject(refused)
        else expect(await combineShares([one, other])).toEqual(secret)
    await expect(combineShares(shares.slice(0, 1))).rejects.toMatchObject(refused)
    await expect(combineShares([])).rejects.toMatchObject(refused)
    expect(await combineShares(shares)).toEqual(secret)
  })

  test('are read as people write them down', async () => {
    const [one = '', other = ''] = await splitSecret(secret, 2)

    const written = [one.toLowerCase().replaceAll('-', ' '), other.replaceAll('O', '0').replaceAll('I', '1')]

    expect(await combineShares(written)).toEqual(secret)
    expect(one).toMatch(/^([A-Z2-7]{4}-){16}[A-Z2-7]{4}$/)
  })

  test('a letter that was mistyped is found before anything is tried', async () => {
    const [one = '', other = ''] = await splitSecret(secret, 2)
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567']

    await fc.assert(
      fc.asyncProperty(fc.nat(one.length - 1), fc.constantFrom(...letters), async (at, letter) => {
        if (one[at] === '-' || one[at] === letter) return
        const mistyped = one.slice(0, at) + letter + one.slice(at + 1)
        await expect(combineShares([mistyped, other])).rejects.toMatchObject(refused)
      }),
    )
  })

  test('of two splits are told apart', async () => {
    const [one = ''] = await splitSecret(secret, 2)
    const [, other = ''] = await splitSecret(new Uint8Array(32).fill(6), 2)

    await expect(combineShares([one, other])).rejects.toMatchObject({
      ...refused,
      message: /not of one split/,
    })
  })
})

describe('recovery', () => {
  test('two people and the escrow copy give the keys back, also those made since', async () => {
    await using node = await aLog({ passphrase: 'forgotten' })
    const { shares } = await node.keys.split(3)
    const made = await node.keys.rotate(day)
    const escrow = (await node.keys.escrow()) ?? ''

    const recovered = await recoverKeys(shares.slice(1), escrow)

    expect(recovered).toMatchObject({ node: 'durres.example', keyId: made.keyId })
    expect(recovered.signing.sign(Buffer.from('x'))).toEqual(node.keys.sign(Buffer.from('x')))
    expect(recovered.content.keys).toHaveLength(2)
    await expect(recoverKeys(shares.slice(0, 1), escrow)).rejects.toMatchObject(refused)
  })

  test('a forgotten passphrase is replaced', async () => {
    await using node = await aLog({ passphrase: 'forgotten' })
    const { shares, escrow } = await node.keys.split(2)

    const recovered = await recoverKeys(shares, escrow)
    await putBack(node.sql, recovered, {
      passphrase: 'new',
      cost: fastCost,
      random: (n) => Buffer.alloc(n, 3),
    })

    const { sql, clock } = node
    const keys = await openKeys({ database: sql, node: durres, clock, passphrase: 'new' })
    expect(keys.current()).toEqual(node.keys.current())
    expect(await keys.statements()).toHaveLength(1)
  })

  test('an empty database of the same node gets all keys and what was said of them', async () => {
    await using node = await aLog()
    const { shares } = await node.keys.split(2)
    await node.keys.rotate(day)
    const recovered = await recoverKeys(shares, (await node.keys.escrow()) ?? '')
    await using fresh = await aLog()
    await fresh.sql`delete from tlog_key`
    await fresh.sql`delete from tlog_key_statement`

    await putBack(fresh.sql, recovered, { random: (n) => Buffer.alloc(n, 3) })

    const keys = await fresh.reopenKeys()
    expect(await keys.all()).toEqual(await node.keys.all())
    expect(await keys.statements()).toEqual(await node.keys.statements())
    await keys.rotate(day)
  })

  test('a database with a key of its own is left alone', async () => {
    await using node = await aLog()
    await using other = await aLog()
    const { shares, escrow } = await node.keys.split(2)

    const putting = putBack(other.sql, await recoverKeys(shares, escrow), {
      random: (n) => Buffer.alloc(n, 3),
    })

    await expect(putting).rejects.toMatchObject(refused)
  })

  test('new shares open only the new copy, and the old ones only the old', async () => {
    await using node = await aLog()
    const before = await node.keys.split(2)
    const after = await node.keys.split(2)

    await expect(recoverKeys(before.shares, after.escrow)).rejects.toMatchObject({
      ...refused,
      message: /another escrow copy/,
    })
    expect((await recoverKeys(after.shares, after.escrow)).keyId).toBe(node.keys.current().keyId)
  })

  test('an escrow copy with a changed letter is refused', async () => {
    await using node = await aLog()
    const { shares, escrow } = await node.keys.split(2)
    const at = escrow.length - 40
    const changed = `${escrow.slice(0, at)}${escrow[at] === 'A' ? 'B' : 'A'}${escrow.slice(at + 1)}`

    await expect(recoverKeys(shares, changed)).rejects.toMatchObject(refused)
    await expect(recoverKeys(shares, changed.replace('durres', 'tirana'))).rejects.toMatchObject(refused)
    await expect(recoverKeys(shares, 'nothing')).rejects.toMatchObject(refused)
  })

  test('neither the copy nor the database holds a key that can be read', async () => {
    const seed = Buffer.alloc(32, 0x5a)
    await using node = await aLog({
      passphrase: 'p',
      randomness: (n) => (n === 32 ? seed : Buffer.alloc(n, 1)),
    })
    const { shares, escrow } = await node.keys.split(2)

    const dump = JSON.stringify(await node.sql`select * from tlog_recovery`) + escrow

    expect(dump).not.toContain(seed.toString('base64'))
    for (const share of shares) expect(dump).not.toContain(share)
  })
})

describe('succession', () => {
  const vlora = nodeId('vlora.example')

  const aSuccession = async () => {
    const node = await aLog()
    await node.fill(7)
    const { note } = await node.log.integrate()
    const { shares, escrow } = await node.keys.split(2)
    const { signing, keyId } = await recoverKeys(shares, escrow)
    const said = { from: durres, to: vlora, kind: 'recovery', checkpoint: note, keyId } as const
    const body = successionBody(said, signing.sign)
    return {
      node,
      body,
      record: { type: tlogSuccession.type, origin: vlora, body },
      keys: await node.keys.all(),
    }
  }

  test('holds when a key of the old node signed it, and says where the old log ends', async () => {
    const { node, record, keys } = await aSuccession()
    await using _ = node

    expect(succeeds(record, keys)).toMatchObject({
      kind: 'succeeds',
      from: durres,
      to: vlora,
      end: { origin: 'durres.example/log', size: 7 },
    })
    expect(succeeds({ ...record, origin: durres }, keys).kind).toBe('succeeds')
  })

  test('does not hold for anybody else, at another end, or by a key that was revoked or is not known', async () => {
    const { node, record, body, keys } = await aSuccession()
    await using _ = node
    await node.fill(1)
    const later = (await node.log.integrate()).note
    const reason = (change: object, by = keys) => {
      const outcome = succeeds({ ...record, ...change }, by)
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind
    }

    expect(reason({ origin: nodeId('thief.example') })).toBe('other-origin')
    expect(reason({ origin: durres, body: { ...body, to: 'thief.example' } })).toBe('forged')
    expect(reason({ body: { ...body, checkpoint: later } })).toBe('forged')
    expect(reason({ body: { ...body, kind: 'merge' } })).toBe('forged')
    expect(reason({ body: { ...body, to: 'durres.example' } })).toBe('same-node')
    expect(reason({ body: { ...body, more: 1 } })).toBe('malformed')
    expect(reason({ type: 'tlog.key' })).toBe('malformed')
    expect(reason({}, [])).toBe('unknown-key')
    expect(
      reason(
        {},
        keys.map((key) => ({ ...key, revokedAt: key.validFrom })),
      ),
    ).toBe('key-revoked')
  })

  test('does not hold over a checkpoint of another log', async () => {
    const { node, body, keys, record } = await aSuccession()
    await using _ = node
    await using other = await aLog({ node: vlora })
    const { note } = await other.log.integrate()
    const said = { from: durres, to: vlora, kind: 'recovery', checkpoint: note, keyId: body.keyId } as const

    const outcome = succeeds({ ...record, body: successionBody(said, node.keys.sign) }, [
      ...keys,
      ...(await other.keys.all()),
    ])

    expect(outcome).toEqual({ kind: 'refused', reason: 'wrong-checkpoint' })
  })
})
