/**
 * What an arrival must be before it is looked up: a parcel that opens, a proof that can be kept, a record of another node
 * whose id is its origin's to give, and a body that fits its type.
 */
import {
  type Issue,
  isNodeId,
  isOwnId,
  type MosaicRecord,
  type NodeId,
  type OpenedParcel,
  openParcel,
  type Registry,
  shown,
} from '../record/index.ts'
import type { Arrival } from './contract.ts'
import { type Checked, invalid } from './plan-receive.ts'

type Here = { readonly registry: Registry; readonly node: NodeId }

export function checkArrival({ registry, node }: Here, arrival: Arrival): Checked {
  const opened = openParcel(arrival.parcel)
  if (opened.kind === 'refused') return invalid(opened.issues)
  const isConfidential =
    registry.definition(opened.record.type) && registry.isConfidential(opened.record.type)
  const issues = [
    ...proofIssues(arrival),
    ...peerIssues(opened.record, node, isConfidential),
    ...bodyIssues(registry, opened),
  ]
  return issues.length > 0 ? invalid(issues) : { ...arrival, opened }
}

function peerIssues(record: MosaicRecord, node: NodeId, isConfidential?: boolean): readonly Issue[] {
  const { origin, id } = record
  if (origin === node)
    return [issue('record/origin-is-here', '/origin', origin, 'Only this node writes its own records.')]
  return isOwnId(record, isConfidential)
    ? []
    : [
        issue(
          'record/id',
          '/id',
          id,
          'Its origin cannot have given it this id: it follows from origin, type, key and realm.',
        ),
      ]
}

/** A body of which something is withheld cannot be judged by the schema of the whole. */
export function bodyIssues(registry: Registry, { record, withheld }: OpenedParcel): readonly Issue[] {
  const isWhole = !withheld.some((pointer) => pointer.startsWith('/body/'))
  return isWhole ? registry.check(record.type, record.body, record.schemaVersion) : []
}

const maxNote = 65_536

/** The shape only, so that it can be kept; whether it proves anything was verified before. */
function proofIssues({ via, proof: { index, treeSize, hashes, checkpoint } }: Arrival): readonly Issue[] {
  const isSound =
    isNodeId(via) &&
    Number.isSafeInteger(treeSize) &&
    Number.isSafeInteger(index) &&
    index >= 0 &&
    index < treeSize &&
    hashes.length <= 64 &&
    hashes.every((one) => /^[A-Za-z0-9+/]{43}=$/.test(one)) &&
    checkpoint.length <= maxNote &&
    checkpoint.isWellFormed() &&
    !checkpoint.includes('\u0000')
  return isSound
    ? []
    : [issue('record/proof', '', via, 'Its proof has not the shape of an RFC 9162 inclusion proof.')]
}

export const issue = (rule: string, place: string, value: string, message: string): Issue => ({
  rule,
  place,
  value: shown(value),
  message,
})
