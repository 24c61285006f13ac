/**
 * The exchange of one node, composed: what it answers to other nodes (`handlers`), what it takes from its peers for as
 * long as it lives (`live`), its peers and where it stands with each.
 *
 *     const exchange = await openExchange({ store, log, keys, clock, self, random })
 *     await exchange.live({ signal })
 */
import { hkdfSync, randomBytes as systemRandomBytes } from 'node:crypto'
import { createWakeups, type OpenStore } from '../store/index.ts'
import { openHold, originOf } from '../tlog/index.ts'
import { agreedTime } from './agreed-time.ts'
import { questionRoute } from './answer-question.ts'
import { askRegion } from './ask-region.ts'
import { attachmentRoute, expectFiles } from './attachments.ts'
import { createClient } from './client.ts'
import { type NodeCard, protocolVersion, type RecallHooks } from './contract.ts'
import { createCursors } from './cursor.ts'
import { createDeliveries } from './deliveries.ts'
import { entitlementOf } from './entitlement.ts'
import { PeerUnfit } from './errors.ts'
import { listenForGrowth } from './growth.ts'
import { exchangeHandlers, type OpenRoute } from './handlers.ts'
import { askAboutOurLog } from './held-log.ts'
import { createIntroductions, renewAll } from './introductions.ts'
import { meet, welcome } from './join.ts'
import { seenRoute } from './last-seen.ts'
import { liveExchange } from './live.ts'
import { askLooks, looksRoute } from './looks.ts'
import { mayHoldOf } from './may-hold.ts'
import { createNonces } from './nonces.ts'
import type { Exchange, ExchangeOptions } from './options.ts'
import { createOrigins, keysOf, verifyOf } from './origins.ts'
import { following, keysRoute, statementsRoute } from './peer-keys.ts'
import { createPeers } from './peers.ts'
import type { PullParts } from './pull.ts'
import { recordsRoute } from './records-route.ts'
import { createRelayed } from './relayed.ts'
import { createGivenLogs, relayedLogsRoute } from './relayed-logs.ts'
import { createSchemas, schemaRoute } from './schemas.ts'
import { settleOrigin } from './settle-origin.ts'
import type { Signer } from './signing.ts'
import { knownSuccessions, ownedBy, speaksFor, successorOf, supersede } from './succession.ts'
import { createTransport } from './transport.ts'

const noRecall: RecallHooks = { noteSent: async () => {}, followUpsFor: async () => [] }
const maxHeldMs = 25_000
const anHourMs = 3_600_000

export async function openExchange(options: ExchangeOptions): Promise<Exchange> {
  const parts = await openParts(options)
  const { peers, client, schemas, clock, node, transport, growth, agreed, card, pull } = parts
  const peerOf = async (name: typeof node) => {
    const peer = await peers.get(name)
    if (peer === undefined) throw new PeerUnfit('exchange/no-peer', `${name} is no peer of this node.`)
    return peer
  }
  return {
    handlers: exchangeHandlers({
      ...parts,
      ...routesOf(options, parts),
      onFailure: (error) => parts.on({ kind: 'broken', error }),
    }),
    peers,
    async status() {
      const [all, withheld] = await Promise.all([peers.status(), parts.relayed.withheld()])
      return all.map((one) => {
        const found = withheld.get(one.node)
        return found === undefined ? one : { ...one, withheld: found }
      })
    },
    meet: (asked) => meet(transport, asked),
    welcome: (introduction, asked) => welcome({ peers, clock, node }, introduction, asked),
    card,
    ask: async (question, { nodes, ...asked }) => {
      const all = await peers.all()
      return askRegion(pull, nodes === undefined ? all : all.filter((peer) => nodes.includes(peer.node)), {
        question,
        ...asked,
      })
    },
    looksAt: async (name, ids) => askLooks(client, await peerOf(name), ids),
    schemaOf: schemas.get,
    deliveries: parts.deliveries.list,
    lastHeard: async (name) => {
      const heir = await successorOf(parts.successionParts, name)
      return heir === node ? clock.now() : parts.origins.lastHeard(heir ?? name)
    },
    keysOf: keysOf(parts.origins),
    introduced: parts.origins.introduced.all,
    settleOrigin: (name, fingerprint) => settleOrigin(parts, name, fingerprint),
    successions: () => knownSuccessions(parts.successionParts),
    speaksFor: (heir, origin) => speaksFor(parts.successionParts, heir, origin),
    ownedBy: (heir) => ownedBy(parts.successionParts, heir),
    supersede: (origin, drafts) => supersede(parts.successionParts, origin, drafts),
    agreedTime: agreed,
    signing: parts.hold.state,
    resumeSigning: (because, signal = new AbortController().signal) => askAboutOurLog(parts, signal, because),
    live: ({ signal }) =>
      liveExchange(
        {
          ...pull,
          ...parts,
          random: options.random,
          waitMs: options.waitMs ?? maxHeldMs,
          relaysEveryMs: Math.min(60_000, (options.withheldAfterMs ?? anHourMs) / 4),
        },
        signal,
      ),
    async [Symbol.asyncDispose]() {
      await growth[Symbol.asyncDispose]()
      await transport[Symbol.asyncDispose]()
    },
  }
}

async function openParts(options: ExchangeOptions) {
  const { store, log, keys, clock, randomBytes = systemRandomBytes, on = () => {} } = options
  const sql = store.database
  const node = keys.node
  const nonce = () => Buffer.from(randomBytes(18)).toString('base64url')
  const peers = createPeers(sql)
  const own = { node, keys: async () => (await keys.all()).map(({ node: _, ...key }) => key) }
  const origins = createOrigins(sql, peers, own)
  const successionParts = { store, node, keysOf: keysOf(origins) }
  const transport = createTransport()
  const keyParts = { node, peers, store, transport, clock }
  const verify = following(
    keyParts,
    verifyOf(peers, () => clock.now()),
  )
  const signer = (): Signer => ({ node, keyId: keys.current().keyId, sign: keys.sign })
  const client = createClient({ transport, signer, verify, clock, nonce, heard: peers.heard })
  const agreed = async () => agreedTime(clock.now(), await peers.attestations())
  const schemas = createSchemas({ sql, registry: store.registry, client, clock })
  const files = createWakeups()
  const relayed = createRelayed({ sql, node, clock, afterMs: options.withheldAfterMs ?? anHourMs })
  const pull: PullParts = {
    node,
    store,
    peers,
    origins,
    client,
    clock,
    relayed,
    mayHold: () => mayHoldOf(options, clock.now()),
    successions: () => knownSuccessions(successionParts),
    introductions: createIntroductions({ node, origins, peers, client, store, clock }),
    async taken(peer, records) {
      await renewAll({ ...keyParts, origins }, records)
      if ((await expectFiles({ store }, records)) > 0) files.wake()
      await schemas.learn(peer, records)
      await options.taken?.(peer, records)
    },
  }
  return {
    node,
    sql,
    store,
    log,
    hold: openHold({ database: sql, node, clock, keys }),
    doubts: new Set<typeof node>(),
    clock,
    nonce,
    peers,
    origins,
    successionParts,
    transport,
    keyParts,
    verify,
    signer,
    client,
    agreed,
    schemas,
    files,
    pull,
    on,
    nonces: createNonces(sql),
    deliveries: createDeliveries(sql),
    givenLogs: createGivenLogs(sql, node),
    relayed,
    growth: await listenForGrowth(sql),
    cursors: createCursors(await cursorSecret(store), randomBytes),
    card: () => cardOf(options),
  }
}

type Parts = Awaited<ReturnType<typeof openParts>>

function routesOf(options: ExchangeOptions, parts: Parts) {
  const { agreed, card, keyParts, origins, schemas } = parts
  const giving = {
    ...parts,
    recall: options.recall ?? noRecall,
    consentsFor: options.consentsFor ?? (async () => ({ consents: [] })),
    embargoNow: async () => (await agreed()).at,
    inherited: () => ownedBy(parts.successionParts, parts.node),
    asked: options.asked ?? (async () => {}),
  }
  const open: readonly OpenRoute[] = [
    {
      path: 'node',
      answer: async () => ({ mediaType: 'application/json', body: JSON.stringify(await card()) }),
    },
    statementsRoute(keyParts),
  ]
  const routes = [
    recordsRoute(giving),
    keysRoute({ origins, store: parts.store }, async (peer, origin) => {
      const entitlement = await entitlementOf(giving, peer)
      const theirs = { kind: 'origin-in' as const, nodes: [origin] }
      const followUps = { kind: 'id-in' as const, ids: await giving.recall.followUpsFor(peer.node) }
      const given = {
        kind: 'any' as const,
        of: [entitlement.at(giving.clock.now(), await giving.embargoNow()), followUps],
      }
      const where = { kind: 'all' as const, of: [theirs, given] }
      return (await giving.store.read({ where, versions: 'all', limit: 1 })).length > 0
    }),
    attachmentRoute(giving),
    schemaRoute(schemas),
    questionRoute(giving),
    seenRoute(parts),
    relayedLogsRoute(parts),
    ...(options.looksFor ? [looksRoute(options.looksFor)] : []),
    ...(options.routes ?? []),
  ]
  return { open, routes }
}

async function cardOf({ keys, clock, self }: ExchangeOptions): Promise<NodeCard> {
  const all = await keys.all()
  return {
    node: keys.node,
    title: self.title,
    ...(self.organisation !== undefined && { organisation: self.organisation }),
    keys: all.map(({ node: _, ...key }) => key),
    current: keys.current().keyId,
    logOrigin: originOf(keys.node),
    versions: [protocolVersion],
    now: clock.now(),
  }
}

async function cursorSecret({ database }: OpenStore): Promise<Uint8Array> {
  const [row] = await database<{ secret: Buffer }[]>`select secret from identity`
  if (row === undefined) throw new Error('the store opened without an identity')
  return new Uint8Array(hkdfSync('sha256', row.secret, '', 'mosaic-exchange-1', 32))
}
