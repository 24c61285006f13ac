import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkReach, pickAccount, serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { makeCluster } from './cluster.ts'
import { layoutOf, prepareLayout } from './layout.ts'

const isWindows = process.platform === 'win32'
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mosaic-cluster-'))
  await chmod(root, 0o755)
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function making(initdb: string) {
  const folder = join(root, 'data folder')
  const account = await serverAccount(layoutOf(folder).data)
  return {
    layout: await prepareLayout(folder, account),
    account,
    binaries: { ...(await findBinaries()), initdb },
    password: 'secret',
    durable: false,
  }
}

describe('making a cluster', () => {
  const failing = async (words: string) => {
    const initdb = join(root, 'initdb')
    await writeFile(initdb, `#!/bin/sh\necho "${words}" >&2\nexit 1\n`)
    await chmod(initdb, 0o755)
    return making(initdb)
  }

  test.skipIf(isWindows)(
    'when initdb fails, its own words are told and nothing looks like a cluster',
    async () => {
      const attempt = await failing('initdb: error: could not look up effective user ID')

      await expect(makeCluster(attempt)).rejects.toMatchObject({
        code: 'store/init-failed',
        message: expect.stringContaining('could not look up effective user ID'),
      })
      expect(await readdir(attempt.layout.server)).toEqual([])
    },
  )

  test.skipIf(isWindows)('a full disk is called a full disk', async () => {
    const attempt = await failing('could not write: No space left on device')

    await expect(makeCluster(attempt)).rejects.toMatchObject({ code: 'store/disk-full' })
  })

  test('a machine that npm has no PostgreSQL for is pointed to DATABASE_URL', async () => {
    await expect(findBinaries('plan9', 'x64')).rejects.toMatchObject({
      code: 'store/no-postgres-binaries',
      message: expect.stringContaining('DATABASE_URL'),
    })
  })
})

describe('the account that runs the server for root', () => {
  const passwd = (...lines: string[]) => ['root:x:0:0:root:/root:/bin/bash', ...lines, ''].join('\n')
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin'

  test('is postgres where there is one, else nobody', () => {
    expect(pickAccount(passwd(nobody, 'postgres:x:101:104::/var/lib/postgresql:/bin/bash'))).toEqual({
      name: 'postgres',
      uid: 101,
      gid: 104,
    })
    expect(pickAccount(passwd(nobody))?.name).toBe('nobody')
  })

  test('is never root by another name', () => {
    expect(pickAccount(passwd('postgres:x:0:0::/root:/bin/sh'))).toBeUndefined()
  })

  test.skipIf(isWindows)('is told of the first folder on the way that it cannot pass', async () => {
    const stranger = { name: 'stranger', uid: 4_000_000, gid: 4_000_000 }
    const path = join(root, 'closed', 'inner')
    await prepareLayout(path, undefined)
    await chmod(join(root, 'closed'), 0o700)

    await expect(checkReach(stranger, path)).rejects.toMatchObject({
      code: 'store/folder-unreachable',
      folder: join(root, 'closed'),
    })
  })
})
