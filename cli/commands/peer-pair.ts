import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Exchange } from '../../engines/exchange/index.ts'
import { fingerprintOf, rulesText, type SharingRule } from '../../engines/exchange/index.ts'
import type { Held } from '../../engines/record/index.ts'
import { type MosaicNode, openNode } from '../../node.ts'
import { type Command, Misused, type Run } from '../command.ts'
import { readSettings } from '../settings.ts'
import { noteCommand } from '../trail.ts'
import { giveOption, rulesOf } from './peer-node.ts'

export const peerPair: Command = {
  name: 'peer pair',
  summary: 'Make two nodes that you run yourself peers of each other.',
  teaches: [
    'For two nodes whose data folders are both on this machine: it reads the key of each from its own database, so there is',
    'nobody to telephone. Each node is its data folder, =, and the address where it answers. With --watch it goes on and',
    'prints every record of that type as it reaches the second node, until Ctrl-C.',
    '',
    'Example: mosaic peer pair north=http://127.0.0.1:8421 south=http://127.0.0.1:8422 --give "*:CLEAR"',
  ].join('\n'),
  arguments: 'FOLDER=URL FOLDER=URL',
  takes: [2, 2],
  options: {
    give: giveOption,
    watch: { type: 'string', value: 'TYPE', help: 'print what of this type reaches the second node' },
  },
  run: async (run) => {
    const [first, second] = run.positionals.map(placeOf)
    if (!first || !second) throw new Misused('Name two nodes.')
    const gives = rulesOf(run.values) ?? []
    const missing = [first, second].find(({ folder }) => !existsSync(join(folder, 'postgres')))
    if (missing) {
      run.out.say(
        `${missing.folder} is no data folder of a node. Start both nodes first, and name the folders that MOSAIC_DATA gave them.`,
      )
      return 1
    }
    await using a = await open(run, first)
    await using b = await open(run, second)
    const from = await b.node.store.head()
    await noteCommand(run, [a.node, b.node], async () => {
      await introduce(run, b, { to: a, gives })
      await introduce(run, a, { to: b, gives })
      return 0
    })
    const watched = run.values['watch']
    if (typeof watched === 'string') await watch(run, b, { type: watched, from })
    return 0
  },
}

type Place = { readonly folder: string; readonly url: string }
type Opened = AsyncDisposable & Place & { readonly node: MosaicNode; readonly exchange: Exchange }

function placeOf(text: string): Place {
  const at = text.indexOf('=')
  const [folder, url] = [text.slice(0, at), text.slice(at + 1)]
  if (at > 0 && URL.canParse(url)) return { folder, url }
  throw new Misused(`"${text}" is not FOLDER=URL; for example north=http://127.0.0.1:8421.`)
}

async function open(run: Run, place: Place): Promise<Opened> {
  const { MOSAIC_NAME: _, MOSAIC_CONFIG: __, DATABASE_URL: ___, ...env } = process.env
  const node = await openNode(readSettings({ ...env, MOSAIC_DATA: place.folder }), undefined, {
    info: () => {},
    warn: (_, message) => run.out.say(message),
    error: (facts, message) => run.out.say(`${message} ${JSON.stringify(facts)}`),
  })
  const { exchange } = await node.trust()
  return { ...place, node, exchange, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() }
}

/** `node` becomes a peer at `to`: whoever answers at its address must have the key that its database holds. */
async function introduce(
  run: Run,
  { url, exchange }: Opened,
  { to, gives }: { readonly to: Opened; readonly gives: readonly SharingRule[] },
): Promise<void> {
  const card = await exchange.card()
  const key = card.keys.find(({ keyId }) => keyId === card.current)
  const met = await to.exchange.meet({ url, insecureHttp: false, signal: run.signal })
  const peer = await to.exchange.welcome(met, {
    fingerprint: key ? fingerprintOf(key) : '',
    terms: { gives, clearances: [], purposes: [], police: [], introduces: false },
  })
  if (run.json) run.out.object({ peer: peer.node, at: to.node.settings.name, gives: peer.gives })
  else run.out.line(`${to.node.settings.name} gives ${peer.node} ${rulesText(peer.gives) || 'nothing yet'}`)
}

async function watch(
  run: Run,
  { node }: Opened,
  { type, from }: { readonly type: string; readonly from: number },
): Promise<void> {
  run.out.say(`Waiting for ${type} at ${node.settings.name}; Ctrl-C ends it.`)
  for await (const batch of node.store.follow({ after: from, types: [type], signal: run.signal }))
    for (const held of batch) if (held.record.origin !== node.settings.name) say(run, held)
}

function say(run: Run, { record, receivedAt }: Held): void {
  const { id, version, origin, realm, key } = record
  if (run.json) run.out.object({ receivedAt, id, version, origin, realm, key })
  else run.out.line(`${receivedAt}  ${realm}  ${record.type}  ${id}@${version}  from ${origin}`)
}
