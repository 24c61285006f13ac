import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { actual, type NodeId } from '../../engines/record/index.ts'
import { type MosaicNode, openNode, type Replay, scenarioOf } from '../../node.ts'
import { startServer } from '../../server/index.ts'
import type { Trust } from '../../trust.ts'
import { type Command, number, type Run, text } from '../command.ts'
import { readSettings, type Settings } from '../settings.ts'

export const start: Command = {
  name: 'start',
  summary: 'Run the node: sources, reactors, HTTP, the page in the browser.',
  teaches: [
    'Prints the address when the page is up. With --open-replay a node that holds no data of its own opens on that',
    'scenario, in its exercise realm; a node with data opens on its data. Stop with Ctrl-C; what runs is finished first.',
    '',
    'Example: mosaic start --open-replay durres-2019',
  ].join('\n'),
  takes: [0, 0],
  options: {
    'open-replay': {
      type: 'string',
      value: 'SCENARIO',
      help: 'play this scenario when the node holds no other data',
    },
    replay: { type: 'string', value: 'SCENARIO', help: 'play this scenario whatever the node holds' },
    speed: { type: 'string', value: 'N', help: 'scenario seconds per second (default 30)' },
  },
  run: async (run) => {
    const settings = readSettings(process.env)
    const log = pino({ level: settings.logLevel, base: null }, pino.destination({ fd: 2, sync: true }))
    await using node = await openNode(settings, undefined, log)
    const { clockBehindMs } = node.store
    if (clockBehindMs > 1000)
      log.warn({ clockBehindMs }, 'the clock stands before what was received last; see mosaic doctor')
    await using replay = await replayOf(run, node)
    replay?.player.onChange(({ state, reason }) => {
      if (state === 'failed') log.error({ scenario: replay.scenario.id, reason }, 'the replay stopped')
    })
    const trust = await node.trust()
    await using server = await startServer({
      node,
      ...(replay ? { replay } : {}),
      host: settings.host,
      port: settings.port,
      hostNames: settings.hostNames,
      tls: settings.tls,
      log,
      ...facesOf(trust, settings),
    })
    replay?.player.play()
    run.out.line(run.json ? JSON.stringify({ address: server.address }) : `Mosaic is up: ${server.address}`)
    await invite(run, trust, settings.publicUrl ?? server.address.replace('//127.0.0.1:', '//localhost:'))
    if (replay)
      run.out.say(`Playing the exercise ${replay.scenario.id}; nothing here is real or leaves this node.`)
    await liveUntilStopped(run, node, settings)
    run.out.say('Stopping.')
    return 0
  },
}

/** What the HTTP face needs of the node's dealings with people and peers. */
const facesOf = (
  { accounts, audit, embargoNow, exchange, freshnessOf, keys, log, witness, looksElsewhere, recalls }: Trust,
  { publicUrl }: Settings,
) => ({
  signIn: { accounts, withGlass: audit.withGlass, ...(publicUrl === undefined ? {} : { publicUrl }) },
  audit: { audit, looksElsewhere },
  transparencyLog: { log, keys, witness },
  confirmations: {
    notConfirmedSince: async (origin: NodeId) => {
      const found = await freshnessOf(origin)
      return found.kind === 'not-confirmed' ? found.since : undefined
    },
  },
  embargoNow,
  exchange,
  recalls,
})

/** As long as nobody can sign in, every start prints a new link. A passkey is bound to a name and to no IP address. */
async function invite(run: Run, { accounts }: Trust, address: string): Promise<void> {
  const link = await accounts.enrolment.firstRunLink()
  if (link === undefined) return
  run.out.say(`Nobody can sign in yet. The first administrator: ${address}/enrol#${link.secret}`)
  run.out.say(`The link opens once, until ${link.expiresAt}.`)
}

async function replayOf(run: Run, node: MosaicNode): Promise<Replay | undefined> {
  const always = text(run.values, 'replay')
  const whenEmpty = text(run.values, 'open-replay')
  const speed = number(run.values, 'speed', [0.1, 100_000])
  const isEmpty = (await node.store.count({ realm: actual })) === 0
  const name = always ?? (isEmpty ? whenEmpty : undefined)
  if (name === undefined) return undefined
  return node.openReplay(await scenarioOf(node.settings.region, name), speed)
}

/** Long enough to finish what runs, short enough for whoever stops the node. */
const finishMs = 3000

/** Reactors and sources until Ctrl-C; a failure of the store ends the process with its reason. */
async function liveUntilStopped(run: Run, node: MosaicNode, { fetchSources }: Settings): Promise<void> {
  const { signal } = run
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const living = node.live({ fetchSources, signal })
  await Promise.race([living, stopped])
  if (!signal.aborted) await stopped
  await Promise.race([living, sleep(finishMs, undefined, { ref: false })])
}
