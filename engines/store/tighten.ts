/**
 * Tightening: a handling joined to the effective one of every version of a record and of all that is derived from it.
 * The record stays as its origin wrote it; what holds from now on stands beside it, in `effective` and the columns that
 * conditions are asked of. A join that leaves nobody is right here: then nobody may have it.
 *
 * No append escapes: it reads the handling of its inputs under the shared handling lock (`lockIds`), and a tightening
 * holds that lock alone. What was appended before is found as derived; what comes after reads what holds now.
 */
import type { Handling, RecordId } from '../record/index.ts'
import type { Sql, Transaction } from './connect.ts'
import type { Ref } from './contract.ts'
import { withDerived } from './derived.ts'
import { effectiveOf, stricter, writeEffective } from './effective.ts'
import { lockHandling } from './queries.ts'

const batchSize = 1000

/** Answers the versions that became stricter. */
export async function tighten(
  { sql, home }: { readonly sql: Sql; readonly home: readonly string[] },
  id: RecordId,
  handling: Handling,
): Promise<readonly Ref[]> {
  const refs = await sql.begin(async (handle) => {
    const tx = handle as Transaction
    await lockHandling(tx)
    return tightenUnderLock({ tx, home }, id, handling)
  })
  return refs as readonly Ref[]
}

/** In a transaction that has `lockHandling`. */
export async function tightenUnderLock(
  { tx, home }: { readonly tx: Transaction; readonly home: readonly string[] },
  id: RecordId,
  handling: Handling,
): Promise<readonly Ref[]> {
  const refs = await withDerived(tx, [id])
  const changed: Ref[] = []
  for (let at = 0; at < refs.length; at += batchSize)
    changed.push(...(await joinTo({ tx, home }, refs.slice(at, at + batchSize), handling)))
  return changed
}

async function joinTo(
  { tx, home }: { readonly tx: Transaction; readonly home: readonly string[] },
  refs: readonly Ref[],
  handling: Handling,
): Promise<readonly Ref[]> {
  const changed = (await effectiveOf(tx, refs)).flatMap((row) => stricter(row, handling, home) ?? [])
  if (changed.length > 0) await writeEffective(tx, changed)
  return changed.map(({ id, version, origin }) => ({ id, version, origin }))
}
