import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/support/database.ts'
import { connect, readBackup, type Sql, writeBackup } from '../../store/index.ts'
import { anOfficer, asking, aTrail, morning, record, type Trail } from './audit.test-support.ts'
import { auditor } from './auditor.ts'
import { chainDigest, contentDigest, genesis, subjectsDigest } from './entry.ts'
import { verifyAudit } from './verify.ts'

const entries = 12

async function aTrailOfTwelve(): Promise<Trail> {
  const trail = await aTrail()
  for (let n = 0; n < entries; n++)
    trail.auditor.note({
      asking: { ...asking(anOfficer(), 'law-enforcement'), caseNumber: `K-${n}` },
      act: 'read',
      reason: 'checked',
      subjects: [record(n), record(n + 100)],
    })
  await trail.auditor.flush()
  return trail
}

/** As somebody does who owns the database. */
async function behindTheTriggers(database: Sql, act: (database: Sql) => Promise<unknown>): Promise<void> {
  const tables = ['audit_entry', 'audit_subject']
  for (const table of tables) await database.unsafe(`alter table ${table} disable trigger all`)
  await act(database)
  for (const table of tables) await database.unsafe(`alter table ${table} enable trigger all`)
}

const texts = ['entry', 'principal', 'organisation', 'purpose', 'case_number', 'act', 'outcome'] as const
const bytes = ['salt', 'content_digest', 'digest'] as const
const times = ['at', 'retain_until'] as const

describe('tampering', () => {
  test('with any byte of any column of an entry is found at that entry', { timeout: 120_000 }, async () => {
    await using trail = await aTrailOfTwelve()
    const { database } = trail
    const column = fc.constantFrom(...texts, ...bytes, ...times)

    await fc.assert(
      fc.asyncProperty(
        fc.nat(entries - 1),
        column,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (seq, name, at, mask) => {
          const [before] = await database`select * from audit_entry where seq = ${seq}`
          await behindTheTriggers(database, () => alter(database, { seq, name, at, mask }))
          const verdict = await verifyAudit(database, { now: morning })
          await behindTheTriggers(
            database,
            () => database`update audit_entry set ${database(before as never, name)} where seq = ${seq}`,
          )

          expect(verdict).toMatchObject({ kind: 'faulty', fault: { seq } })
        },
      ),
      { numRuns: 120 },
    )
    expect(await verifyAudit(database, { now: morning })).toMatchObject({ kind: 'sound', entries })
  })

  test.each([
    ['taking an entry out', 'delete from audit_entry where seq = 4', 'missing', 4],
    [
      'exchanging two entries',
      'update audit_entry set seq = 9 - seq + 1000 where seq in (4, 5); update audit_entry set seq = seq - 1000 where seq > 1000',
      'chain-broken',
      4,
    ],
    ['hiding that a record was read', 'delete from audit_subject where seq = 7', 'subjects-differ', 7],
    [
      'exchanging the record that was read',
      `update audit_subject set record_id = '${record(77)}', bucket = ${Number.parseInt(record(77).slice(0, 2), 16) % 64} where seq = 7 and record_id = '${record(7)}'`,
      'subjects-differ',
      7,
    ],
    [
      'passing an entry off as erased',
      'update audit_entry set entry = null, salt = null, principal = null, organisation = null, purpose = null, case_number = null, act = null, outcome = null where seq = 3',
      'erased-too-early',
      3,
    ],
    ['cutting off the end', 'delete from audit_entry where seq > 9', 'head-differs', 10],
  ] as const)('%s is found', async (_, statement, kind, seq) => {
    await using trail = await aTrailOfTwelve()
    await trail.database`alter table audit_subject drop constraint audit_subject_seq_fkey`

    await behindTheTriggers(trail.database, (database) => database.unsafe(statement))

    expect(await verifyAudit(trail.database, { now: morning })).toMatchObject({
      kind: 'faulty',
      fault: { kind, seq },
    })
  })

  test('rewriting the whole chain, head and all, is found by a seal', async () => {
    await using trail = await aTrailOfTwelve()
    const { database } = trail
    const [head] = await database<{ digest: string }[]>`
      select encode(digest, 'hex') as digest from audit_entry where seq = 9`
    const seal = { from: 0, to: 9, count: 10, head: head?.digest ?? '' }

    await behindTheTriggers(database, rewriteAllAs('person:nobody@durres.example'))

    expect(await verifyAudit(database, { now: morning })).toMatchObject({ kind: 'sound' })
    expect(await verifyAudit(database, { now: morning, seals: [seal] })).toMatchObject({
      kind: 'faulty',
      fault: { kind: 'seal-differs', seq: 9 },
    })
  })

  test('cutting off what was sealed is found, though the head was set to fit', async () => {
    await using trail = await aTrailOfTwelve()
    const { database } = trail
    await database`alter table audit_subject drop constraint audit_subject_seq_fkey`
    const seal = { from: 0, to: 11, count: 12, head: 'ab'.repeat(32) }

    await behindTheTriggers(database, async () => {
      await database`delete from audit_entry where seq >= 6`
      await database`
        update audit_head set next_seq = 6, digest = (select digest from audit_entry where seq = 5)`
    })

    expect(await verifyAudit(database, { now: morning, seals: [seal] })).toMatchObject({
      kind: 'faulty',
      fault: { kind: 'missing', seq: 6 },
    })
  })
})

describe('the database itself', () => {
  test.each([
    'delete from audit_entry',
    'update audit_entry set reason_of_mine = 1',
    "update audit_entry set act = 'search' where seq = 0",
    'delete from audit_subject',
    "update audit_subject set record_id = 'x'",
    'truncate audit_entry, audit_subject',
  ])('refuses: %s', async (statement) => {
    await using trail = await aTrailOfTwelve()

    await expect(trail.database.unsafe(statement)).rejects.toThrow()

    expect(await verifyAudit(trail.database, { now: morning })).toMatchObject({ kind: 'sound', entries })
  })
})

test('a backup carries the trail, and the restored one verifies and goes on', async () => {
  await using trail = await aTrailOfTwelve()
  await using fresh = await emptyDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-trail-'))
  const file = join(folder, 'node.mosaic')

  await writeBackup({ url: trail.url, file, now: morning })
  await readBackup({ url: fresh.url, file })
  await rm(folder, { recursive: true })

  const database = connect(fresh.url, { max: 2 })
  await using other = auditor(database, trail.clock)
  await other.noteBefore({ asking: asking(), act: 'read' })
  expect(await verifyAudit(database, { now: morning })).toMatchObject({ kind: 'sound', entries: entries + 1 })
  await other[Symbol.asyncDispose]()
  await database.end()
})

test('an empty trail is sound', async () => {
  await using trail = await aTrail()

  expect(await verifyAudit(trail.database, { now: morning })).toMatchObject({ kind: 'sound', entries: 0 })
})

describe('the digests', () => {
  test('of two entries, chains or lists of records that differ are different', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.uint8Array({ minLength: 16, maxLength: 16 }), (a, b, salt) => {
        fc.pre(a !== b)
        expect(contentDigest(salt, a)).not.toBe(contentDigest(salt, b))
      }),
    )
    const ids = fc.uniqueArray(fc.nat(500), { minLength: 1 }).map((all) => all.map(record))
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const same = JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted())
        expect(subjectsDigest(a) === subjectsDigest(b)).toBe(same)
      }),
    )
  })
})

type Change = { readonly seq: number; readonly name: string; readonly at: number; readonly mask: number }

/** One byte changed; of a time, its milliseconds. */
async function alter(database: Sql, { seq, name, at, mask }: Change): Promise<void> {
  const column = database(name)
  if ((times as readonly string[]).includes(name)) {
    await database`update audit_entry set ${column} = ${column} + make_interval(secs => ${mask / 1000}) where seq = ${seq}`
    return
  }
  const isText = (texts as readonly string[]).includes(name)
  const [row] = await database<{ value: Buffer }[]>`
    select ${isText ? database`convert_to(${column}, 'UTF8')` : column} as value from audit_entry where seq = ${seq}`
  const value = Buffer.from(row?.value ?? [])
  const place = at % value.length
  // Text stays ASCII, and never becomes U+0000, or the database itself would refuse it.
  value[place] = isText
    ? 1 + (((value[place] ?? 0) - 1 + 1 + (mask % 126)) % 127)
    : (value[place] ?? 0) ^ mask
  await (isText
    ? database`update audit_entry set ${column} = ${value.toString('utf8')} where seq = ${seq}`
    : database`update audit_entry set ${column} = ${value} where seq = ${seq}`)
}

/** What an owner of the database can do to a chain that nobody else has a copy of. */
const rewriteAllAs = (principal: string) => async (database: Sql) => {
  const rows = await database<{ seq: number; at: Date; until: Date; entry: string; salt: Buffer }[]>`
    select seq, at, retain_until as until, entry, salt from audit_entry order by seq`
  let before = genesis
  for (const { seq, at, until, entry, salt } of rows) {
    const text = entry.replace('person:ana@durres.example', principal)
    const content = contentDigest(salt, text)
    const chained = { seq, at: at.toISOString(), retainUntil: until.toISOString(), contentDigest: content }
    before = chainDigest(before, chained as never)
    await database`
      update audit_entry
      set entry = ${text}, principal = ${principal}, content_digest = decode(${content}, 'hex'), digest = decode(${before}, 'hex')
      where seq = ${seq}`
  }
  await database`update audit_head set digest = decode(${before}, 'hex')`
}
