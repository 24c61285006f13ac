/**
 * Principals: the public, and by which names an audience may mean somebody.
 *
 * An audience holds plain names: nodes, organisations, communities, persons. A principal answers to
 *
 *     its own id                     `person:ana@durres.example`, `token:…`, `node:tirana.example`
 *     its organisation               `org-dcp`
 *     its node                       a peer node: itself. A person or token: the node of the account, as long as the
 *                                    organisation runs that node or is served by it; a guest does not speak for the node
 *     the communities of its clearances, each only as far up as the clearance there goes
 *
 * `*`, the community at large, is a community like every other. The public answers to no name.
 */
import { type NodeId, type TlpLabel, tlpLabels } from '../record/index.ts'
import type { Clearance, NodePrincipal, Principal } from './contract.ts'

/** Anybody: no sign-in, no name, no purpose that binds. */
export const thePublic: Principal = {
  kind: 'public',
  id: 'public',
  standing: 'guest',
  roles: ['public'],
  clearances: [],
  purposes: [],
  police: [],
}

/** A peer node as the policy sees it. */
export const nodePrincipal = (parts: {
  readonly node: NodeId
  readonly organisation?: string
  readonly standing?: Principal['standing']
  readonly clearances?: readonly Clearance[]
  readonly purposes?: Principal['purposes']
  readonly police?: Principal['police']
}): NodePrincipal => ({
  kind: 'node',
  id: `node:${parts.node}`,
  node: parts.node,
  ...(parts.organisation !== undefined && { organisation: parts.organisation }),
  standing: parts.standing ?? 'guest',
  roles: [],
  clearances: parts.clearances ?? [],
  purposes: parts.purposes ?? [],
  police: parts.police ?? [],
})

/** A label's place in the order of TLP 2.0, from CLEAR (0) to RED (4). */
export const rankOf = (label: TlpLabel): number => tlpLabels.indexOf(label)

/** May it have anything of this label at all? `TLP:CLEAR` needs no clearance. */
export const isCleared = ({ clearances }: Principal, label: TlpLabel): boolean =>
  label === 'TLP:CLEAR' || clearances.some(({ upTo }) => rankOf(upTo) >= rankOf(label))

/** Its own names: the person, the token, the node itself. */
export const ownNames = ({ kind, id, node }: Principal): readonly string[] => {
  if (kind === 'public') return []
  return kind === 'node' && node !== undefined ? [id, node] : [id]
}

/** Its own names and its organisation's. */
export const organisationNames = (principal: Principal): readonly string[] => [
  ...ownNames(principal),
  ...(principal.kind !== 'public' && principal.organisation !== undefined ? [principal.organisation] : []),
]

/** All names but those of communities, which count only as far up as the clearance in them goes. */
export const standingNames = (principal: Principal): readonly string[] => {
  const { kind, node, standing } = principal
  const speaksForNode = (kind === 'person' || kind === 'token') && standing !== 'guest' && node !== undefined
  return [...organisationNames(principal), ...(speaksForNode ? [node] : [])]
}

/** Communities in which it is cleared for this label. */
export const communitiesFor = ({ kind, clearances }: Principal, label: TlpLabel): readonly string[] => {
  if (kind === 'public') return []
  const cleared = clearances.filter(({ upTo }) => rankOf(upTo) >= rankOf(label))
  return [...new Set(cleared.map(({ community }) => community))].sort()
}
