/**
 * The program itself, as a child process, on one data folder: what a person at a terminal, and a script behind a pipe,
 * get to see.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from './commands/index.ts'
import { helpOf } from './help.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const feed = join(root, 'fixtures/seismic/usgs-summary.json')

type Ran = { readonly code: number; readonly out: string; readonly talk: string }
type Line = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

let folder = ''

function mosaic(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'cli/main.ts'), ...words],
      {
        cwd: folder,
        env: { ...process.env, MOSAIC_DATA: join(folder, 'data'), ...env },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, out, talk) => resolve({ code: error ? Number(error.code) : 0, out, talk }),
    )
  })
}

const lines = ({ out }: Ran): Line[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-cli-'))
  await chmod(folder, 0o711) // run as root, the database server is another account's and must pass through
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('mosaic', () => {
  test('without a command lists the commands; with an unknown one says so and exits 2', async () => {
    const [none, unknown] = await Promise.all([mosaic([]), mosaic(['fly'])])

    expect(none.code).toBe(0)
    for (const { name } of commands) expect(none.out).toContain(name)
    expect(unknown).toMatchObject({ code: 2, out: '' })
    expect(unknown.talk).toContain('"fly"')
  })

  test('with the first word of several commands lists these alone', async () => {
    const { code, talk } = await mosaic(['peer'])

    expect(code).toBe(2)
    expect(talk).toContain('peer add')
    expect(talk).not.toContain('user add')
  })

  test('explains a command, and refuses an option that it has not with exit 2', async () => {
    for (const name of ['records', 'peer add']) {
      const [help, wrong] = await Promise.all([
        mosaic([...name.split(' '), '--help']),
        mosaic([...name.split(' '), '--no-such-option']),
      ])

      expect(help).toMatchObject({ code: 0, talk: '' })
      expect(help.out).toContain(commands.find((command) => command.name === name)?.summary)
      expect(wrong).toMatchObject({ code: 2, out: '' })
      expect(wrong.talk).toMatch(/^There is no option --no-such-option; there are --/)
      expect(wrong.talk).toContain(`Usage: mosaic ${name}`)
    }
  })

  test('has an explanation of every command: what it does, how it is called, each option', () => {
    for (const command of commands) {
      const help = helpOf(command, {})

      expect(help).toContain(`Usage: mosaic ${command.name}`)
      expect(help).toContain(command.summary)
      expect(command.teaches.length).toBeGreaterThan(40)
      for (const name of Object.keys(command.options)) expect(help).toContain(`--${name}`)
    }
  })
})

describe('a replay', () => {
  test(
    'prints the same bytes every time: whole records, events first, in a fixed order',
    { timeout: 60_000 },
    async () => {
      const [one, two] = await Promise.all(
        [0, 1].map(() => mosaic(['replay', 'durres-2019', '--instant', '--json'])),
      )

      expect(one?.code).toBe(0)
      expect(two?.out).toBe(one?.out)
      const records = lines(one as Ran)
      for (const record of records) {
        expect(Object.keys(record)).toEqual(
          expect.arrayContaining(['id', 'version', 'type', 'origin', 'realm', 'handling', 'links', 'body']),
        )
      }
      expect(records.map(({ type }) => type)).toEqual([...records.map(({ type }) => type)].sort())
    },
  )

  test(
    'makes the Durrës main shock one event of both agencies, and warns every country whose towns shake',
    { timeout: 60_000 },
    async () => {
      const records = lines(await mosaic(['replay', 'durres-2019', '--instant', '--json']))
      const strong = records.filter(
        ({ type, body }) =>
          type === 'hazards.event' &&
          body['state'] === 'active' &&
          (body['figures'] as { magnitude: number }).magnitude > 6.2,
      )

      expect(strong).toHaveLength(1)
      const [shock] = strong
      expect((shock?.body['figures'] as { agencies: string[] }).agencies).toEqual(['EMSC', 'us'])
      const warned = records.filter(
        ({ type, body }) => type === 'warn.warning' && body['event'] === shock?.id,
      )
      expect([...new Set(warned.map(({ body }) => body['country']))].sort()).toEqual(['AL', 'ME', 'MK', 'XK'])
      expect(warned.map(({ body }) => body['status'])).toEqual(warned.map(() => 'Exercise'))
    },
  )

  test('of Petrinja warns Croatia and its neighbours', { timeout: 60_000 }, async () => {
    const records = lines(await mosaic(['replay', 'petrinja-2020', '--instant', '--json']))

    const countries = new Set(
      records.filter(({ type }) => type === 'warn.warning').map(({ body }) => body['country']),
    )
    expect([...countries]).toEqual(expect.arrayContaining(['HR', 'BA', 'SI']))
  })

  test('of a scenario that is not there says which file is missing', async () => {
    const ran = await mosaic(['replay', 'no-such-scenario', '--instant'])

    expect(ran.code).toBe(1)
    expect(ran.talk).toContain('no-such-scenario')
    expect(ran.talk).not.toContain('    at ')
  })
})

describe('reading a file as a source', () => {
  test('without writing prints the records it would append, then what was read', async () => {
    const printed = lines(
      await mosaic(['ingest', '--source', 'usgs-earthquakes', '--file', feed, '--dry-run', '--json']),
    )

    const summary = printed.at(-1)
    expect(summary).toMatchObject({ read: expect.any(Number), accepted: printed.length - 1, quarantined: 1 })
    expect(summary?.['issues']).toHaveLength(1)
    for (const record of printed.slice(0, -1))
      expect(record).toMatchObject({ type: 'hazards.observation', version: 1, realm: 'actual' })
  })

  test(
    'appends once, holds what it cannot read, and lists it with its reason',
    { timeout: 60_000 },
    async () => {
      const words = ['ingest', '--source', 'usgs-earthquakes', '--file', feed, '--realm', 'test', '--json']
      const [first] = lines(await mosaic(words))
      const [again] = lines(await mosaic(words))
      const held = lines(await mosaic(['quarantine', '--json']))

      expect(first).toMatchObject({ quarantined: 1, unchanged: 0 })
      expect(again).toMatchObject({ accepted: 0, unchanged: first?.['accepted'] })
      expect(held).toHaveLength(1)
      expect(held[0]).toMatchObject({
        from: 'usgs-earthquakes',
        kind: 'undecodable',
        times: 2,
        issues: [{ message: expect.any(String) }],
      })
    },
  )

  test.each([
    ['a file of no bytes', ''],
    ['a truncated file', '{"type":"FeatureCollection","features":[{"type":"Fea'],
    ['a file in another encoding', '\u0000{\u0000"\u0000t\u0000"'],
  ])('holds %s whole, with a reason, and exits 1', { timeout: 60_000 }, async (_, content) => {
    const file = join(folder, 'bad.json')
    await writeFile(file, content)

    const ran = await mosaic([
      'ingest',
      '--source',
      'emsc-earthquakes',
      '--file',
      file,
      '--realm',
      'test',
      '--json',
    ])

    expect(ran.code).toBe(1)
    expect(lines(ran)[0]).toMatchObject({ accepted: 0, quarantined: 1 })
  })

  test('names a file that is not there, and a folder, without a stack trace', async () => {
    for (const file of [join(folder, 'missing.json'), folder]) {
      const ran = await mosaic(['ingest', '--source', 'emsc-earthquakes', '--file', file, '--dry-run'])

      expect(ran.code).toBe(1)
      expect(ran.talk).toContain(file)
      expect(ran.talk).not.toContain('    at ')
    }
  })
})

describe('looking into the node', () => {
  test(
    'lists records and sources, and shows an event by the beginning of its id',
    { timeout: 60_000 },
    async () => {
      const events = lines(await mosaic(['records', '--type', 'hazards.event', '--realm', 'test', '--json']))
      expect(events.length).toBeGreaterThan(0)

      const shown = lines(await mosaic(['event', String(events[0]?.id).slice(0, 10), '--json']))
      const sources = lines(await mosaic(['sources', '--json']))

      expect(shown.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['hazards.event', 'hazards.observation']),
      )
      expect(sources.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['usgs-earthquakes', 'emsc-earthquakes', 'emsc-earthquakes-live']),
      )
      expect((await mosaic(['event', 'ffffffffff'])).code).toBe(1)
    },
  )

  test('doctor says what needs a person: here the quarantine', { timeout: 60_000 }, async () => {
    const ran = await mosaic(['doctor', '--json'])

    expect(ran.code).toBe(1)
    expect(
      lines(ran)
        .filter((line) => line['ok'] === false)
        .map((line) => line['check']),
    ).toEqual(['quarantine'])
  })

  test(
    'nothing waits for a person in a realm where nothing happened; a word needs a name and a reason',
    { timeout: 60_000 },
    async () => {
      const [waiting, nameless] = [
        await mosaic(['proposals']),
        await mosaic(['decide', 'f'.repeat(40), 'issue']),
      ]

      expect(waiting).toMatchObject({ code: 0, out: '' })
      expect(nameless.code).toBe(2)
    },
  )

  test('areas are imported once, and the bad one is named', { timeout: 60_000 }, async () => {
    const square = (left: number) => [
      [
        [left, 42],
        [left + 1, 42],
        [left + 1, 43],
        [left, 43],
        [left, 42],
      ],
    ]
    const feature = (code: string, coordinates: unknown) => ({
      type: 'Feature',
      properties: { code, name: code },
      geometry: { type: 'Polygon', coordinates },
    })
    const file = join(folder, 'areas.geojson')
    await writeFile(
      file,
      JSON.stringify({
        type: 'FeatureCollection',
        features: [feature('XX001', square(20)), feature('XX002', [[[900, 0]]])],
      }),
    )
    const words = [
      'areas',
      'import',
      file,
      '--code-property',
      'code',
      '--scheme',
      'EMMA_ID',
      '--from',
      '2026-01-01',
      '--json',
    ]

    const [first] = lines(await mosaic(words))
    const [again] = lines(await mosaic(words))

    expect(first).toMatchObject({ read: 2, appended: 1, rejected: 1 })
    expect(again).toMatchObject({ appended: 0, unchanged: 1 })
  })
})

describe('a backup', () => {
  test(
    'puts the same records into an empty node, under a new incarnation, and into no other',
    { timeout: 90_000 },
    async () => {
      const file = join(folder, 'node.mosaic')
      const there = { MOSAIC_DATA: join(folder, 'restored') }
      const records = ['records', '--json', '--all']

      const written = lines(await mosaic(['backup', file, '--json']))[0]
      const restored = lines(await mosaic(['restore', file, '--json'], there))[0]

      expect((await mosaic(records, there)).out).toBe((await mosaic(records)).out)
      expect(restored?.['newIncarnation']).toMatch(/.+/)
      expect(restored?.['newIncarnation']).not.toBe(written?.['incarnation'])
      expect((await mosaic(['restore', file], there)).code).toBe(1)
      const bytes = await readFile(file)
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
      await writeFile(file, bytes)
      expect(await mosaic(['restore', file], { MOSAIC_DATA: join(folder, 'never') })).toMatchObject({
        code: 1,
      })
    },
  )
})

describe('checks that an institution runs on its own installation', () => {
  test('a CAP message is clean, has defects, or is withheld, and then the exit code is 1', async () => {
    const [clean, withheld] = await Promise.all([
      mosaic(['cap', 'validate', '--json', join(root, 'fixtures/cap/valid/flood-two-languages.xml')]),
      mosaic(['cap', 'validate', '--json', feed]),
    ])

    expect(clean.code).toBe(0)
    expect(lines(clean)[0]).toMatchObject({ verdict: 'clean', defects: [] })
    expect(withheld.code).toBe(1)
    expect(lines(withheld)[0]).toMatchObject({
      file: feed,
      verdict: 'withhold',
      defects: [{ rule: expect.any(String), place: expect.any(String) }],
    })
  })

  test('a reference case passes, and a tampered one names the value that is off', async () => {
    const file = join(root, 'docs/examples/pager-probabilities.json')
    const tampered = join(folder, 'tampered.json')
    const text = await readFile(file, 'utf8')
    const at = text.lastIndexOf('"expected"')
    await writeFile(tampered, text.slice(0, at) + text.slice(at).replace(/0\.\d+/, '0.999'))

    const [good, bad] = await Promise.all([
      mosaic(['check-reference', file, '--json']),
      mosaic(['check-reference', tampered, '--json']),
    ])

    expect(good.code).toBe(0)
    expect(lines(good)[0]).toMatchObject({ passed: true })
    expect(bad.code).toBe(1)
    expect(lines(bad)[0]).toMatchObject({ passed: false, worst: { where: expect.any(String) } })
  })

  test('a new pack passes its own tests where it is made', { timeout: 90_000 }, async () => {
    const made = await mosaic(['pack', 'new', 'snow-melt', '--into', join(folder, 'packs')])

    expect(made.code).toBe(0)
    const pack = await readFile(join(folder, 'packs/snow-melt/pack.ts'), 'utf8')
    expect(pack).toContain("export const snowMelt = definePack({\n  name: 'snow-melt',")
    expect(pack).toContain("from '../pack.ts'")
    expect((await mosaic(['pack', 'new', 'snow-melt', '--into', join(folder, 'packs')])).code).toBe(1)
  })
})
