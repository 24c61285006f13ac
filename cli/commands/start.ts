import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { actual } from '../../engines/record/index.ts'
import { type MosaicNode, openNode, type Replay, scenarioOf } from '../../node.ts'
import { startServer } from '../../server/index.ts'
import type { Trust } from '../../trust.ts'
import { type Command, number, type Run, text } from '../command.ts'
import { readSettings, type Settings } from '../settings.ts'
import { inviteFirst } from './first-run.ts'

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
    const address = settings.publicUrl ?? server.address.replace('//127.0.0.1:', '//localhost:')
    await using _invitation = await inviteFirst(run, trust.accounts, { address, folder: settings.dataFolder })
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
  confirmations: { freshnessOf },
  embargoNow,
  exchange,
  recalls,
})

async function replayOf(run: Run, node: MosaicNode): Promise<Replay | undefined> {
  const always = text(run.values, 'replay')
  const whenEmpty = text(run.values, 'open-replay')
  const speed = number(run.values, 'speed', [0.1, 100_000])
  // What the node writes of itself (its keys, seals of its trail) is nothing to look at.
  const types = node.packs.flatMap(({ records }) => records.map(({ type }) => type))
  const isEmpty = (await node.store.count({ realm: actual, types })) === 0
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
