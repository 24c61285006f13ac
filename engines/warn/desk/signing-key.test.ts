import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { nodeId } from '../../record/index.ts'
import { aStore } from '../../store/store.test-support.ts'
import { openWarningKey } from './signing-key.ts'

const node = nodeId('durres.example')

describe('the key of the warnings', () => {
  test('is made once, sealed, and the same for every process of the node', async () => {
    await using opened = await aStore()
    const { store, clock } = opened
    const options = { database: store.database, node, clock, passphrase: 'a long one', cost: 1024 }

    const [first, second] = await Promise.all([openWarningKey(options), openWarningKey(options)])
    const [row] = await store.database`select box from warning_key`

    expect(second.fingerprint).toBe(first.fingerprint)
    expect(row?.['box']).toMatchObject({ kind: 'scrypt-aes-256-gcm' })
    await expect(openWarningKey({ ...options, passphrase: 'another' })).rejects.toMatchObject({
      code: 'tlog/passphrase-wrong',
    })
  })

  test('may be the authority’s own, as PEM', async () => {
    await using opened = await aStore()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

    const given = await openWarningKey({
      database: opened.store.database,
      node,
      clock: opened.clock,
      given: { key },
    })

    expect(given.algorithm).toBe('RSA-SHA256')
    expect(given.sign('<a/>\n<!-- -->'.replace('<a/>', '<a></a>'))).toContain('</Signature></a>')
  })
})
