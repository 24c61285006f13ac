import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createBinaryRows } from './binary-copy.ts'
import { connect } from './connect.ts'

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((one) => Buffer.from(one).toString('hex'))

const row = fc.record({
  small: fc.integer({ min: -32_768, max: 32_767 }),
  whole: fc.integer(),
  large: fc.maxSafeInteger(),
  // U+0000 is no text in PostgreSQL.
  text: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u0000', '')),
  salts: fc.array(hex(16), { maxLength: 40 }),
  hashes: fc.array(hex(32), { maxLength: 70 }),
})
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never

function* written(all: readonly Row[], piece: number): Generator<Buffer> {
  const rows = createBinaryRows()
  for (const [at, { small, whole, large, text, salts, hashes }] of all.entries()) {
    rows.row(7)
    rows.int4(at)
    rows.int2(small)
    rows.int4(whole)
    rows.int8(large)
    rows.text(text)
    rows.bytes(salts, 16, 'hex')
    rows.bytes(
      hashes.map((hash) => Buffer.from(hash, 'hex').toString('base64')),
      32,
      'base64',
    )
    if (at % piece === 0) yield rows.take()
  }
  yield rows.take(true)
}

test('rows in the binary format of COPY read back as they were written, however they are cut into pieces', async () => {
  await using database = await testDatabase()
  const sql = connect(database.url, { max: 1 })
  await sql`
    create table written (
      place integer, small smallint, whole integer, large bigint, text text, salts bytea, hashes bytea
    )`

  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 30 }),
      fc.integer({ min: 1, max: 30 }),
      async (all, piece) => {
        const read = await sql.begin(async (tx) => {
          await tx`truncate written`
          const into = await tx`copy written from stdin with (format binary)`.writable()
          await pipeline(Readable.from(written(all, piece)), into)
          return tx`
          select small, whole, large, text, encode(salts, 'hex') as salts, encode(hashes, 'hex') as hashes
          from written
          order by place`
        })

        expect([...read]).toEqual(
          all.map((one) => ({ ...one, salts: one.salts.join(''), hashes: one.hashes.join('') })),
        )
      },
    ),
    { numRuns: 40 },
  )
  await sql.end()
})

test('a part of another length is refused, and not shown', () => {
  const rows = createBinaryRows()

  expect(() => rows.bytes(['00ff00'], 16, 'hex')).toThrow(/not 16 bytes in hex/)
  expect(() => rows.bytes(['00ff00'], 16, 'hex')).not.toThrow(/00ff00/)
})
