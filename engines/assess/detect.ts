/**
 * Detection as a reactor: a pack's detector looks at one record in the light of what is held, and says what it shows.
 * What is found has a key made of its inputs, so that a repeat after a crash writes nothing new, and grows by versions.
 * Only this node's own records are looked at: a peer looks at its own.
 */
import type { Draft, NodeId } from '../record/index.ts'
import type { Reactor } from '../store/index.ts'
import type { Detector } from './contract.ts'

export function detectReactor<World>(detector: Detector<World>, world: World, node: NodeId): Reactor {
  const producer: Draft['producer'] = {
    kind: 'method',
    name: `detect/${detector.name}`,
    version: detector.version,
  }
  return {
    name: `detect/${detector.name}`,
    version: detector.version,
    reads: detector.reads,
    writes: [detector.writes],
    react: async (input, view) => {
      if (input.record.origin !== node) return []
      const found = await detector.detect(input, view, world)
      const { realm } = input.record
      return found.map((one) => ({ ...one, type: detector.writes, realm, producer }))
    },
  }
}
