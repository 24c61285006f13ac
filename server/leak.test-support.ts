/**
 * Two nodes that differ in nothing but what the asker may not see: `seen` holds what he may have, `all` the same and
 * hidden records beside it, appended between the others, by the same clock. And one asker, put into every request.
 *
 * The records are those of a played scenario, moved into a realm of their own with every id changed, so that each run has
 * events with assessments, warnings and reports that hang together.
 */
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Asking, Principal } from '../engines/access/index.ts'
import {
  type Draft,
  exercise,
  type Handling,
  type Held,
  instant,
  type NodeId,
  nodeId,
  type Realm,
  type RecordId,
  recordId,
  SettableClock,
} from '../engines/record/index.ts'
import { type MosaicNode, openNode, regions } from '../node.ts'
import { testDatabase } from '../test/support/database.ts'
import { buildApp } from './app.ts'
import { aPlayedNode, silent } from './builders.ts'
import { contextOf } from './index.ts'
import { type RecordStore, visibleRecords } from './visible-records.ts'

export const home = nodeId('durres.example')
export const begins = instant('2026-03-01T10:00:00Z')

export type Asker = {
  readonly name: string
  readonly principal: Principal
  readonly purpose: Asking['purpose']
}

export type Twin = AsyncDisposable & {
  readonly node: MosaicNode
  readonly clock: SettableClock
  readonly app: FastifyInstance
  readonly address: string
  readonly routes: readonly RouteOptions[]
  /** The reads of the store since the last look: the same for both, or the time they take tells them apart. */
  readonly looks: () => readonly string[]
}

/** One node on a fresh database, reachable by others, that takes everybody for this asker. */
export async function aTwin(
  asker: Asker,
  onApp: (app: FastifyInstance, node: MosaicNode) => void = () => {},
): Promise<Twin> {
  const region = regions['see']
  if (!region) throw new Error('the region is gone')
  const database = await testDatabase()
  const clock = new SettableClock(begins)
  const node = await openNode(
    {
      name: home,
      title: { en: 'Node of the tests' },
      dataFolder: '',
      databaseUrl: database.url,
      region,
      issueRules: [],
      userAgent: 'test',
    },
    clock,
  )
  const stopping = new AbortController()
  const routes: RouteOptions[] = []
  const looks: string[] = []
  const trust = await node.trust()
  const parts = await contextOf(
    {
      node,
      host: '0.0.0.0',
      log: silent,
      signIn: { accounts: trust.accounts, withGlass: trust.audit.withGlass },
      audit: { audit: trust.audit },
      transparencyLog: trust,
      exchange: trust.exchange,
      recalls: trust.recalls,
      embargoNow: trust.embargoNow,
    },
    stopping.signal,
  )
  const app = await buildApp(
    { ...parts, recordsFor: (asking) => visibleRecords(counted(node.store, looks), asking) },
    (route) => {
      routes.push(route)
      route.onRequest = [asked(asker)].concat((route.onRequest as never) ?? [])
    },
  )
  onApp(app, node)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    node,
    clock,
    app,
    address,
    routes,
    looks: () => looks.splice(0),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await app.close()
      await node[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

const asked =
  ({ principal, purpose }: Asker): ((request: { asking: Asking }) => Promise<void>) =>
  async (request) => {
    request.asking = { ...request.asking, principal, purpose }
    Object.assign(request, { asksStill: async () => request.asking })
  }

function counted(store: RecordStore, looks: string[]): RecordStore {
  const noted =
    <Arguments extends readonly unknown[], Answer>(name: string, act: (...given: Arguments) => Answer) =>
    (...given: Arguments): Answer => {
      looks.push(name)
      return act(...given)
    }
  return {
    read: noted('read', store.read),
    count: noted('count', store.count),
    head: noted('head', store.head),
    follow: store.follow,
  }
}

/** Every version of a played scenario, in the order of its log. */
export async function theScenario(): Promise<readonly Held[]> {
  await using played = await aPlayedNode()
  return played.node.store.read({ realm: exercise('durres-2019'), versions: 'all' })
}

/** These records as drafts of another realm, with every id that names one of them changed alike. */
export function movedTo(realm: Realm, bank: readonly Held[]): readonly Draft[] {
  const ids = new Map(
    bank.map(({ record: { id, type, key } }) => [id as string, recordId(home as NodeId, type, key, realm)]),
  )
  const renamed = <Value>(value: Value): Value =>
    JSON.parse(JSON.stringify(value).replace(/\b[0-9a-f]{40}\b/g, (id) => ids.get(id) ?? id)) as Value
  return bank.map(({ record }) => {
    const { type, key, producer, attribution, valid, place, links, body } = record
    return {
      type,
      key,
      realm,
      producer,
      attribution,
      valid,
      ...(place ? { place } : {}),
      links: renamed(links),
      body: renamed(body),
    }
  })
}

/** A record that is not to be seen: like one of the others, under a key of its own, linked to what is visible. */
export function hiddenLike(
  draft: Draft,
  at: number,
  parts: { readonly handling: Handling; readonly linkTo: readonly RecordId[] },
): Draft {
  const links = (draft.links ?? []).filter(({ type }) => type !== 'derivedFrom')
  const more = parts.linkTo.map((id, n) => ({
    type: (['about', 'aliasOf', 'partOf', 'evidenceFor'] as const)[n % 4] ?? 'about',
    id,
  }))
  return { ...draft, key: `hidden ${at} ${draft.key}`, links: [...links, ...more], handling: parts.handling }
}

export const idIn = ({ type, key, realm }: Draft): RecordId => recordId(home as NodeId, type, key, realm)
