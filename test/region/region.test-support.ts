/**
 * A whole region in one process: real nodes, each with its own database, store, keys, log and exchange, served over HTTP
 * on this machine, and between any two that are peers a bad line of its own for each direction.
 *
 *     await using region = await aRegion(['durres.example', 'tirana.example'])
 *     const [durres, tirana] = region.nodes
 *     await region.join(durres, tirana)
 *     region.line(tirana, durres).set({ isDown: true })
 *     await region.until('it is there', async () => (await tirana.held()).includes('flood@1'))
 *
 * Nothing sleeps: whoever waits is woken when a log grows or a node says that something happened, and looks once more
 * every so often, because not everything that is waited for stands in a log.
 */
import type { Exchange, SharingRule } from '../../engines/exchange/index.ts'
import { type NodeId, nodeId, plusMs } from '../../engines/record/index.ts'
import { type Faults, type FaultyLink, faultyLink } from '../support/faulty-link.ts'
import { type Bell, createBell } from './bell.ts'
import { type NodeOptions, openRegionNode, type RegionNode } from './node.test-support.ts'

export { noon, type RegionNode } from './node.test-support.ts'

export type Terms = Partial<Parameters<Exchange['welcome']>[1]['terms']>

export type Region = AsyncDisposable & {
  readonly nodes: readonly RegionNode[]
  readonly node: (name: NodeId) => RegionNode
  /** Both add each other, each under its own terms, after the program compared the fingerprints. */
  readonly join: (a: RegionNode, b: RegionNode, terms?: Terms, back?: Terms) => Promise<void>
  /** By which `from` asks `to`. */
  readonly line: (from: RegionNode, to: RegionNode) => FaultyLink
  readonly lines: () => readonly FaultyLink[]
  /** Every clock goes on by so much. */
  readonly pass: (ms: number) => void
  readonly until: Bell['until']
  /** Until a log grows, something happens, or the time is over. */
  readonly moment: (atMostMs: number) => Promise<void>
}

export type RegionOptions = Omit<NodeOptions, 'happened'> & {
  readonly seed?: number
  readonly faults?: Faults
}

export const everything: readonly SharingRule[] = [{ types: ['*'], upTo: 'TLP:AMBER' }]

const usual = {
  gives: everything,
  clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
  purposes: [],
  police: [],
  introduces: true,
} as const

export async function aRegion(names: readonly string[], options: RegionOptions = {}): Promise<Region> {
  const { seed = 1, faults = {}, ...nodeOptions } = options
  const bell = createBell()
  const happened = bell.ring
  const nodes = await Promise.all(
    names.map((name) => openRegionNode(nodeId(name), { ...nodeOptions, happened })),
  )
  const lines = new Map<string, FaultyLink>()
  const nameOf = (from: RegionNode, to: RegionNode) => `${from.name} ${to.name}`
  const lineOf = (from: RegionNode, to: RegionNode): FaultyLink => {
    const line = lines.get(nameOf(from, to))
    if (line === undefined) throw new Error(`${from.name} and ${to.name} are no peers`)
    return line
  }
  const draw = async (from: RegionNode, to: RegionNode) =>
    lines.set(nameOf(from, to), await faultyLink(to.url, faults, seed * 1000 + lines.size))
  return {
    nodes,
    node(name) {
      const found = nodes.find((node) => node.name === name)
      if (found === undefined) throw new Error(`${name} is not in this region`)
      return found
    },
    async join(a, b, terms = {}, back = terms) {
      await draw(a, b)
      await draw(b, a)
      await welcome(a.trust().exchange, lineOf(a, b).url, terms)
      await welcome(b.trust().exchange, lineOf(b, a).url, back)
    },
    line: lineOf,
    lines: () => [...lines.values()],
    pass(ms) {
      for (const { clock } of nodes) clock.set(plusMs(clock.now(), ms))
    },
    async until(what, holds, timeoutMs) {
      try {
        await bell.until(what, holds, timeoutMs)
      } catch (cause) {
        const said = nodes.flatMap((node) => node.said.slice(-3).map((line) => `${node.name}: ${line}`))
        throw new Error(`${String(cause)}\nNodes said last:\n${said.join('\n')}`, { cause })
      }
    },
    moment: (atMostMs) => bell.wait(bell.count(), atMostMs),
    async [Symbol.asyncDispose]() {
      const failures: unknown[] = []
      const close = (one: AsyncDisposable) =>
        Promise.resolve(one[Symbol.asyncDispose]()).catch((error: unknown) => failures.push(error))
      await Promise.all([...lines.values()].map(close))
      await Promise.all(nodes.map(close))
      if (failures.length > 0) throw new AggregateError(failures, 'the region did not close cleanly')
    },
  }
}

/** Having compared the fingerprint. */
export async function welcome(
  exchange: Pick<Exchange, 'meet' | 'welcome'>,
  url: string,
  terms: Terms,
): Promise<void> {
  const met = await exchange.meet({ url })
  await exchange.welcome(met, { fingerprint: met.fingerprint, terms: { ...usual, ...terms } })
}
