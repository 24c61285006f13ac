import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings } from './settings.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-partners-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a partner’s key is read from its file, and stands in nothing that could be shown', async () => {
  const config = join(folder, 'mosaic.json')
  const headerFile = join(folder, 'efas.key')
  const read = async (partners: unknown, line = 'Authorization: Bearer not-for-the-log\n') => {
    await writeFile(headerFile, line)
    await writeFile(config, JSON.stringify({ partners }))
    return () => readSettings({ MOSAIC_DATA: folder })
  }
  const url = 'https://efas.example/notices.json'

  const settings = (await read({ efas: { url, headerFile } }))()
  expect(settings.partners?.['efas']?.credentials()).toEqual({ Authorization: 'Bearer not-for-the-log' })
  expect(JSON.stringify(settings)).not.toContain('not-for-the-log')
  expect(settings.partners?.['efas']?.url).toBe(url)

  expect(await read({ atlantis: { url, headerFile } })).toThrow('no source for partners')
  expect(await read({ efas: { url: 'https://user:pass@efas.example/', headerFile } })).toThrow(
    'partners/efas/url',
  )
  expect(await read({ efas: { url: 'http://efas.example/', headerFile } })).toThrow('partners/efas/url')
  expect(await read({ efas: { url, headerFile } }, 'no header at all\n')).toThrow(
    'whose first line is no header',
  )
  expect(await read({ efas: { url, headerFile: join(folder, 'gone') } })).toThrow('which is not there')
})
