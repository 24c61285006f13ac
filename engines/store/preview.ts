/**
 * What an append would write into a store that holds nothing, without a store: the whole envelope of each draft, as its
 * first version. Ids of confidential types depend on a node's secret, so those are not the ids that a node would give.
 */
import type { Draft } from '../record/index.ts'
import { confidentialRecordId, recordId } from '../record/index.ts'
import type { Appended } from './contract.ts'
import { createPlanner, identify, type Writer } from './plan-append.ts'

const noSecret = new Uint8Array(32)

export function previewAppend(
  { node, clock, registry }: Omit<Writer, 'salts' | 'home'>,
  drafts: readonly Draft[],
): readonly Appended[] {
  const identified = identify(drafts, registry, ({ type, key, realm }) =>
    registry.isConfidential(type)
      ? confidentialRecordId(noSecret, node, type, key, realm)
      : recordId(node, type, key, realm),
  )
  const nothingHeld = { newest: new Map(), inputs: new Map() }
  const plan = createPlanner(
    nothingHeld,
    { node, clock, registry, salts: () => noSecret, home: [node] },
    clock.now(),
  )
  return identified.map((one) => plan(one).outcome as Appended)
}
