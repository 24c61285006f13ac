import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Asking, Principal } from '../../access/index.ts'
import {
  actual,
  type Draft,
  type Handling,
  type MosaicRecord,
  nodeId,
  tlpLabels,
} from '../../record/index.ts'
import { aPeerRecord, arriving } from '../../store/receive.test-support.ts'
import { aReport, aStore, atMainShock } from '../../store/store.test-support.ts'
import { formatVkey, logVerifier, openKeys, openLog, signingKey } from '../../tlog/index.ts'
import { checkExport, isExport } from './check.ts'
import { type ExportParts, planExport, writeExport } from './write.ts'

const node = nodeId('durres.example')
const ana: Principal = {
  kind: 'person',
  id: 'person:ana@durres.example',
  organisation: 'org-dcp',
  node,
  standing: 'home',
  roles: ['reader', 'analyst'],
  clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
  purposes: ['civil-protection'],
  police: [],
}
const asking: Asking = {
  principal: ana,
  purpose: 'civil-protection',
  now: atMainShock,
  embargoNow: atMainShock,
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-export-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A key that two nodes can share, so that what they sign can be compared. */
const signer = signingKey(new Uint8Array(32).fill(7))
const sameKey = {
  node,
  keyId: '00000000',
  key: Buffer.from(signer.publicKey).toString('base64'),
  validFrom: atMainShock,
}

async function aNode(drafts: readonly Draft[]) {
  const opened = await aStore({ node })
  const { store, clock } = opened
  for (const draft of drafts) await store.append([draft])
  const keys = await openKeys({ database: store.database, node, clock, cost: 2 ** 4 })
  const log = openLog({ database: store.database, node, clock, keys })
  const parts: ExportParts = { store, node, log, keys, keysOf: async () => [] }
  return {
    ...{ store, parts, keys },
    /** To a file, as the command does it. */
    exported: async (
      options: Partial<Parameters<typeof planExport>[1]> = {},
      other: Partial<ExportParts> = {},
    ) => {
      const file = join(folder, `${crypto.randomUUID()}.jsonl`)
      const plan = await planExport({ ...parts, ...other }, { asking, realm: actual, ...options })
      return { file, plan, ...(await writeExport({ ...parts, ...other }, plan, file)) }
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

const recordsIn = async (file: string): Promise<readonly { record: MosaicRecord; withheld: string[] }[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('{"kind":"record"'))
    .map((line) => JSON.parse(line))
const report = (key: string, handling: Handling, parts: Partial<Draft> = {}): Draft =>
  aReport({ key, handling, ...parts })

describe('an export', () => {
  test('holds exactly what its principal may have, marked fields withheld and told, readable by the owner alone', async () => {
    await using durres = await aNode([
      report('clear', { tlp: 'TLP:CLEAR' }),
      report('red', { tlp: 'TLP:RED' }),
      report('health', { tlp: 'TLP:AMBER', purposes: ['health'] }),
      report(
        'marked',
        { tlp: 'TLP:AMBER', fieldMarks: { '/body/witness': 'TLP:RED' } },
        { body: { magnitude: 6.4, witness: 'Ana Kola' } },
      ),
    ])

    const { file, plan, records } = await durres.exported()

    const written = await recordsIn(file)
    expect(written.map(({ record }) => record.key)).toEqual(['clear', 'marked'])
    expect(written.map(({ withheld }) => withheld)).toEqual([[], ['/body/witness']])
    expect(await readFile(file, 'utf8')).not.toContain('Ana Kola')
    expect([records, plan.subjects.length]).toEqual([2, 2])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await isExport(file)).toBe(true)
  })

  test('narrows by type and realm, and gives every version where it is asked to', async () => {
    await using durres = await aNode([
      report('a', { tlp: 'TLP:CLEAR' }),
      report('a', { tlp: 'TLP:CLEAR' }, { body: { magnitude: 6.2 } }),
      report('b', { tlp: 'TLP:CLEAR' }, { type: 'warn.warning' }),
    ])
    const keysOf = async (options: Parameters<typeof durres.exported>[0]) =>
      (await recordsIn((await durres.exported(options)).file)).map(
        ({ record }) => `${record.key}@${record.version}`,
      )

    expect(await keysOf({ types: ['hazards.*'] })).toEqual(['a@2'])
    expect(await keysOf({ types: ['hazards.*'], versions: 'all' })).toEqual(['a@1', 'a@2'])
  })

  test('proves itself without the node, a peer’s record by its own origin; and not once a byte is changed', async () => {
    await using durres = await aNode([
      report('clear', { tlp: 'TLP:CLEAR' }),
      report('hidden', { tlp: 'TLP:RED' }),
      report('marked', { tlp: 'TLP:AMBER', fieldMarks: { '/body/magnitude': 'TLP:RED' } }),
    ])
    await using other = await aNode([])
    const vkey = formatVkey(logVerifier(durres.keys.current()))

    const { file } = await durres.exported({ withProofs: true })

    const sound = { kind: 'sound', records: 2, proven: 2 }
    expect(await checkExport(file)).toMatchObject({ ...sound, keysFrom: 'served' })
    expect(await checkExport(file, [vkey])).toMatchObject({ ...sound, keysFrom: 'given' })
    expect(await checkExport(file, [formatVkey(logVerifier(other.keys.current()))])).toMatchObject({
      kind: 'wrong',
      line: 3,
    })
    const bytes = await readFile(file)
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = Buffer.from(bytes)
          changed[at] = (changed[at] ?? 0) ^ by
          await writeFile(`${file}.changed`, changed)
          expect(await checkExport(`${file}.changed`, [vkey])).toMatchObject({ kind: 'wrong' })
        },
      ),
      { numRuns: 40 },
    )
    await writeFile(`${file}.cut`, bytes.subarray(0, bytes.lastIndexOf('{"kind":"end"')))
    expect(await checkExport(`${file}.cut`)).toMatchObject({ kind: 'wrong', says: 'it is cut short' })
  })

  test('passes over the proof of what cannot be proven here', async () => {
    await using durres = await aNode([])
    await durres.store.receive([arriving(aPeerRecord({ handling: { tlp: 'TLP:CLEAR' } }))])

    const { file, records } = await durres.exported({ withProofs: false })

    expect([records, await checkExport(file)]).toMatchObject([1, { kind: 'sound', records: 1, proven: 0 }])
  })

  test('without proofs tells nothing of what its principal may not have: the same bytes, whatever else is held', async () => {
    const draft = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      tlp: fc.constantFrom(...tlpLabels),
      purposes: fc.option(fc.constantFrom(['health'], ['civil-protection']), { nil: undefined }),
      mark: fc.boolean(),
    })
    const keys = { all: async () => [sameKey], current: () => sameKey, sign: signer.sign }
    const mayHave = ({ tlp, purposes }: { tlp: string; purposes?: readonly string[] | undefined }) =>
      tlpLabels.indexOf(tlp as never) <= tlpLabels.indexOf('TLP:AMBER') && purposes?.[0] !== 'health'

    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(draft, { selector: ({ key }) => key, minLength: 1, maxLength: 6 }),
        async (all) => {
          const drafts = all.map(({ key, tlp, purposes, mark }) =>
            report(key, {
              tlp,
              ...(purposes && { purposes }),
              ...(mark && { fieldMarks: { '/body/magnitude': 'TLP:RED' as const } }),
            }),
          )
          await using whole = await aNode(drafts)
          await using seen = await aNode(drafts.filter((_, at) => mayHave(all[at] as never)))
          const [one, two] = await Promise.all([whole.exported({}, { keys }), seen.exported({}, { keys })])

          expect(await readFile(one.file, 'utf8')).toBe(await readFile(two.file, 'utf8'))
        },
      ),
      { numRuns: 6 },
    )
  }, 60_000)
})
