/**
 * Schemas travel: a node without the pack of a type keeps, verifies and forwards its records all the same, and asks who
 * brought them what their fields are called, so that it can show them plainly.
 *
 * `GET schemas/TYPE` answers the JSON Schema and title of a type, ours or as we learnt it. A schema that came from a peer
 * titles what is shown and checks nothing.
 */
import type { Clock, MosaicRecord, MultilingualText, Registry } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import type { Client } from './client.ts'
import type { Peer } from './contract.ts'
import { PeerFailed, RequestRefused } from './errors.ts'
import type { ExchangeRoute } from './handlers.ts'
import { parseSchema } from './wire.ts'

export type TypeSchema = {
  readonly type: string
  readonly schemaVersion: number
  readonly title: MultilingualText
  readonly schema: { readonly [name: string]: unknown }
}

export type SchemaParts = {
  readonly sql: Sql
  readonly registry: Registry
  readonly client: Client
  readonly clock: Clock
}

const maxBytes = 128 * 1024
/** More types than any pack declares: what comes beyond is not asked for. */
const maxLearnt = 1000

export type Schemas = {
  /** Ours, or as a peer published it. */
  readonly get: (type: string) => Promise<TypeSchema | undefined>
  /** Asks the peer for the types of these records that are not known here; at most once each while the node lives. */
  readonly learn: (peer: Peer, records: readonly MosaicRecord[]) => Promise<void>
}

export function createSchemas(parts: SchemaParts): Schemas {
  const { sql, registry } = parts
  const asked = new Set<string>()
  const get = async (type: string): Promise<TypeSchema | undefined> =>
    ownSchema(registry, type) ?? (await learnt(sql, type))
  return {
    get,
    async learn(peer, records) {
      const unknown = new Set(
        records.map(({ type }) => type).filter((type) => registry.definition(type) === undefined),
      )
      for (const type of unknown) {
        const name = `${peer.node} ${type}`
        if (asked.has(name) || asked.size >= maxLearnt) continue
        asked.add(name)
        if ((await learnt(sql, type)) === undefined) await learnFrom(parts, peer, type)
      }
    },
  }
}

function ownSchema(registry: Registry, type: string): TypeSchema | undefined {
  const definition = registry.definition(type)
  const schema = registry.jsonSchema(type) as TypeSchema['schema'] | undefined
  if (definition === undefined || schema === undefined) return undefined
  const title = typeof schema['title'] === 'string' ? schema['title'] : type
  return { type, schemaVersion: definition.schemaVersion, title: { en: title }, schema }
}

async function learnt(sql: Sql, type: string): Promise<TypeSchema | undefined> {
  const [row] = await sql<TypeSchema[]>`
    select type, schema_version as "schemaVersion", title, schema from peer_schema where type = ${type}`
  return row
}

/** A peer that has no schema of the type, or gives none that can be read, costs us titles and nothing else. */
async function learnFrom({ sql, client, clock }: SchemaParts, peer: Peer, type: string): Promise<void> {
  try {
    const answer = await client.ask(
      peer,
      { method: 'GET', path: `/exchange/v1/schemas/${type}` },
      { timeoutMs: 20_000, idleMs: 15_000, maxBytes, maxUnfoldedBytes: maxBytes, expects: [404] },
    )
    if (answer.status === 404) return
    const { schemaVersion, title, schema, type: said } = parseSchema(answer.body)
    if (said !== type) return
    await sql`
      insert into peer_schema (type, schema_version, schema, title, via, learnt_at)
      values (${type}, ${schemaVersion}, ${sql.json(schema as never)}, ${sql.json(title)}, ${peer.node}, ${clock.now()})
      on conflict do nothing`
  } catch (error) {
    if (!(error instanceof PeerFailed)) throw error // the titles are missing until another peer, or a restart, gives them
  }
}

export const schemaRoute = ({ get }: Schemas): ExchangeRoute => ({
  method: 'GET',
  path: 'schemas/:type',
  async answer({ path }) {
    const found = await get(path[1] ?? '')
    if (found === undefined)
      throw new RequestRefused(404, 'exchange/no-schema', 'No schema of that type is known here.')
    return { mediaType: 'application/json', body: JSON.stringify(found) }
  },
})
