/** What a database holds, asked of its catalogue, so that a table added by a later migration needs no change here. */
import type { Sql, Transaction } from '../connect.ts'
import type { BackupTable, BackupTotals } from './file.ts'

/** How the tables came to be; kept in the header, not as rows. */
const bookkeeping = 'migration'

/** Tables of the current schema with the columns that can be written, each after the tables it refers to. */
export async function tablesOf(sql: Sql | Transaction): Promise<readonly BackupTable[]> {
  const tables = await sql<{ name: string; columns: string[]; refers: string[] }[]>`
    select
      c.relname as name,
      array(
        select a.attname::text from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by a.attnum
      ) as columns,
      array(
        select distinct f.confrelid::regclass::text from pg_constraint as f
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid
      ) as refers
    from pg_class as c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> ${bookkeeping}
    order by c.relname`
  return inOrderOfReference(tables).map(({ name, columns }) => ({ name, columns }))
}

type Node = { readonly name: string; readonly refers: readonly string[] }

/** Tables that refer to each other in a circle come last, by name: their keys must then be deferrable. */
export function inOrderOfReference<T extends Node>(tables: readonly T[]): readonly T[] {
  const placed: T[] = []
  let left = [...tables]
  while (left.length > 0) {
    const isFree = (table: T) => table.refers.every((name) => !left.some((other) => other.name === name))
    const free = left.filter(isFree)
    if (free.length === 0) return [...placed, ...left]
    placed.push(...free)
    left = left.filter((table) => !free.includes(table))
  }
  return placed
}

/** Where the identity columns stand. */
export async function sequencesOf(sql: Transaction): Promise<BackupTotals['sequences']> {
  const columns = await sql<{ table: string; column: string; sequence: string }[]>`
    select c.relname as table, a.attname as column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attidentity <> '' and not a.attisdropped
    order by 1, 2`
  const sequences = []
  for (const { table, column, sequence } of columns) {
    const [row] = await sql<{ last: string; isCalled: boolean }[]>`
      select last_value::text as last, is_called as "isCalled" from ${sql.unsafe(sequence)}`
    if (row !== undefined) sequences.push({ table, column, last: row.last, isCalled: row.isCalled })
  }
  return sequences
}

/** Tables, views, sequences and functions of the current schema that no extension brought. */
export async function objectsOf(sql: Sql): Promise<readonly string[]> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_class as c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
    union all
    select p.proname || '()'
    from pg_proc as p
    where p.pronamespace = current_schema()::regnamespace
      and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
    order by 1`
  return rows.map((row) => row.name)
}

/** Takes away what a failed restore made in a database that was empty before. */
export async function dropObjects(sql: Sql): Promise<void> {
  await sql`
    do $$
    declare
      command text;
    begin
      for command in
        select format('drop table if exists %s cascade', c.oid::regclass)
        from pg_class as c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
          and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
        union all
        select format('drop routine if exists %s cascade', p.oid::regprocedure)
        from pg_proc as p
        where p.pronamespace = current_schema()::regnamespace
          and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
      loop
        execute command;
      end loop;
    end
    $$`.simple()
}
