import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkReference } from '../../../../engines/assess/index.ts'
import { describeWithData } from '../../../../test/support/shared-data.ts'
import { impactReferences } from './index.ts'

describeWithData('shaking and losses agree with the published programs', 'reference', (data) => {
  test.each(['gmm', 'exposure'])('in every value of every case of topic %s', async (topic) => {
    const results = await Array.fromAsync(checkReference([data(topic)], impactReferences))

    const files = (await readdir(data(`${topic}/cases`))).filter((name) => name.endsWith('.json'))
    expect(results).toHaveLength(files.length)
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([])
    expect(Math.min(...results.map(({ values }) => values))).toBeGreaterThan(0)
  })

  test('and a figure that was tampered with in one place is found and named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tampered-'))
    const one = JSON.parse(await readFile(data('gmm/cases/BooreEtAl2014_grid.json'), 'utf8'))
    one.expected.PGV.mean[77] += 1e-4
    await writeFile(join(folder, 'tampered.json'), JSON.stringify(one))

    const [result] = await Array.fromAsync(checkReference([folder], impactReferences))
    await rm(folder, { recursive: true })

    expect(result).toMatchObject({
      id: 'BooreEtAl2014_grid',
      passed: false,
      worst: { where: '/PGV/mean/77', expected: one.expected.PGV.mean[77] },
    })
  })
})
