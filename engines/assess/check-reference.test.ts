import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkReference, type ReferenceOptions } from './check-reference.ts'
import { ReferenceDeparture, type ReferenceMethod } from './contract.ts'

/** Doubles a column; with `table`, adds the number in that file. */
const double: ReferenceMethod = {
  method: 'double',
  run: async ({ input }, file) => {
    const add = typeof input.table === 'string' ? Number(await file(input.table)) : 0
    return { twice: (input.x as number[]).map((x) => 2 * x + add) }
  },
}
const aCase = (id: string, rest: object = {}) =>
  JSON.stringify({
    id,
    topic: 't',
    method: 'double',
    input: { x: [1, 2] },
    expected: { twice: [2, 4] },
    ...rest,
  })

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reference-'))
  await mkdir(join(folder, 'topic', 'cases'), { recursive: true })
  await mkdir(join(folder, 'topic', 'data'))
  await mkdir(join(folder, 'broken'))
  await writeFile(join(folder, 'topic', 'INDEX.json'), '{}')
  await writeFile(join(folder, 'topic', 'data', 'add.csv'), '10')
  await writeFile(join(folder, 'topic', 'data', 'other.json'), '{}')
  const inCases = (name: string, text: string) => writeFile(join(folder, 'topic', 'cases', name), text)
  await inCases('a-good.json', aCase('good'))
  await inCases(
    'b-table.json',
    aCase('table', { input: { x: [1], table: '../data/add.csv' }, expected: { twice: [12] } }),
  )
  await inCases('c-tampered.json', aCase('tampered', { expected: { twice: [2, 4.001] } }))
  await inCases('d-unknown.json', aCase('unknown', { method: 'triple' }))
  await writeFile(join(folder, 'broken', 'not-json.json'), '{"id":')
  await writeFile(
    join(folder, 'broken', 'no-expected.json'),
    '{"id":"x","topic":"t","method":"double","input":{}}',
  )
  await writeFile(join(folder, 'broken', 'throws.json'), aCase('throws', { input: { x: null } }))
})
afterAll(() => rm(folder, { recursive: true }))

const check = (path: string, options?: ReferenceOptions) =>
  Array.fromAsync(checkReference([join(folder, path)], [double], options))

describe('checking an installation against reference cases', () => {
  test('runs every case of a folder, finds its tables, and leaves other files alone', async () => {
    const results = await check('topic')

    expect(results.map(({ id, status, values }) => [id, status, values])).toEqual([
      ['good', 'passed', 2],
      ['table', 'passed', 1],
      ['tampered', 'failed', 2],
      ['unknown', 'unknown', 0],
    ])
  })

  test('names the value that was tampered with', async () => {
    const [result] = await check('topic/cases/c-tampered.json')

    expect(result).toMatchObject({ passed: false, worst: { where: '/twice/1', got: 4, expected: 4.001 } })
  })

  test('a method without code is not judged, unless it was asked for by name', async () => {
    const [unasked] = await check('topic/cases/d-unknown.json')
    const [asked] = await check('topic', { method: 'triple' })

    expect([unasked?.passed, asked?.passed]).toEqual([null, false])
  })

  test('a broken file, a case that cannot run and a path without cases are told each on its own', async () => {
    const results = [...(await check('broken')), ...(await check('nowhere'))]

    expect(results.map(({ id, status, passed }) => [id, status, passed])).toEqual([
      ['no-expected', 'malformed', false],
      ['not-json', 'malformed', false],
      ['throws', 'failed', false],
      ['nowhere', 'malformed', false],
    ])
    expect(results.every(({ message }) => message !== undefined && message.length > 10)).toBe(true)
  })

  test('asking for a method that no case has is a failure, not silence', async () => {
    expect(await check('topic', { method: 'nothing' })).toMatchObject([{ method: 'nothing', passed: false }])
  })

  test('a value that our method can show to be wrong is told with its reason, and not counted as agreement', async () => {
    const method: ReferenceMethod = {
      method: 'double',
      run: async () => ({ twice: [2, new ReferenceDeparture(4, 'the reference rounds too early')] }),
    }

    const path = join(folder, 'topic/cases/c-tampered.json')
    const [result] = await Array.fromAsync(checkReference([path], [method]))

    expect(result).toMatchObject({
      status: 'passed',
      values: 1,
      departures: [{ where: '/twice/1', got: 4, expected: 4.001, why: 'the reference rounds too early' }],
    })
  })

  test('an empty list in place of parameters is none, as R writes it', async () => {
    await writeFile(join(folder, 'empty-list.json'), aCase('empty-list', { params: [] }))

    expect(await check('empty-list.json')).toMatchObject([{ status: 'passed' }])
  })
})
