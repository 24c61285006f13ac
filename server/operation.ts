/**
 * How the node itself does: source errors and figures, and what stands in quarantine. None of it has a handling, and it
 * can hold anything: an error quotes what a source sent, a quarantined item is the very record that a peer or a reactor
 * could not pass on, a count tells that something came. So it is for who runs the node, and nobody else learns of it:
 *
 *     all           administrator, duty-officer
 *     own-sources   whoever sits at the machine of a node that listens on loopback and has no accounts yet: its operator.
 *                   Source errors and figures, and quarantined items that this node's declared sources brought; what a
 *                   peer sent or a reactor failed on may be restricted, and is read with `mosaic quarantine`
 *     none          everybody else, the operator's own browser too once accounts exist
 */
import type { Asking } from '../engines/access/index.ts'
import type { SourceHealth as IngestHealth } from '../engines/ingest/index.ts'
import type { Quarantine, Quarantined, SourceState, Store } from '../engines/store/index.ts'

export type Reach = 'all' | 'own-sources' | 'none'

export type Operation = {
  readonly reachOf: (asking: Asking) => Promise<Reach>
  /** States of the sources; without figures and errors for who may not have them. */
  readonly sources: (asking: Asking) => Promise<readonly ShownState[]>
  /** Undefined: not for this asker. */
  readonly quarantine: (asking: Asking) => Promise<VisibleQuarantine | undefined>
}

/** What anybody may know of a source: that it is asked, and whether it answers. */
export type ShownState = Pick<SourceState, 'source' | 'lastAttemptAt' | 'lastSuccessAt' | 'errorsInARow'> & {
  readonly inside?: IngestHealth
}

export type VisibleQuarantine = {
  readonly list: (
    query: Parameters<Quarantine['list']>[0] & { readonly limit: number },
  ) => Promise<readonly Quarantined[]>
  readonly get: (id: string) => Promise<Quarantined | undefined>
  readonly count: () => Promise<number>
}

export type OperationParts = {
  readonly store: Pick<Store, 'sources' | 'quarantine'>
  readonly sourceIds: readonly string[]
  readonly isLoopback: boolean
  /** Whether anybody can sign in to this node. */
  readonly hasAccounts: () => Promise<boolean>
}

const operators = ['administrator', 'duty-officer'] as const

export function operationOf(parts: OperationParts): Operation {
  const { store } = parts
  const reachOf = (asking: Asking) => reach(parts, asking)
  return {
    reachOf,
    async sources(asking) {
      const isInside = (await reachOf(asking)) !== 'none'
      const states = await store.sources.all()
      return states.map((state) => {
        const { source, lastAttemptAt, lastSuccessAt, errorsInARow } = state
        return {
          source,
          ...(lastAttemptAt === undefined ? {} : { lastAttemptAt }),
          ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
          errorsInARow,
          ...(isInside ? { inside: state } : {}),
        }
      })
    },
    async quarantine(asking) {
      const reached = await reachOf(asking)
      if (reached === 'none') return undefined
      return reached === 'all' ? whole(store.quarantine) : ofSources(store.quarantine, parts.sourceIds)
    },
  }
}

async function reach({ isLoopback, hasAccounts }: OperationParts, { principal }: Asking): Promise<Reach> {
  if (principal.roles.some((role) => operators.some((operator) => operator === role))) return 'all'
  if (!isLoopback || principal.kind !== 'public') return 'none'
  return (await hasAccounts()) ? 'none' : 'own-sources'
}

const whole = ({ list, get, count }: Quarantine): VisibleQuarantine => ({ list, get, count })

const batch = 200

function ofSources(quarantine: Quarantine, sourceIds: readonly string[]): VisibleQuarantine {
  const isOwn = ({ from, kind }: Quarantined) =>
    sourceIds.includes(from) && kind !== 'equivocation' && kind !== 'reactor-failed'
  const list: VisibleQuarantine['list'] = async (query) => {
    const found: Quarantined[] = []
    let { before } = query
    for (;;) {
      const items = await quarantine.list({
        ...query,
        ...(before === undefined ? {} : { before }),
        limit: batch,
      })
      found.push(...items.filter(isOwn))
      before = items.at(-1)?.id
      if (found.length >= query.limit || items.length < batch) return found.slice(0, query.limit)
    }
  }
  return {
    list,
    get: async (id) => {
      const item = await quarantine.get(id)
      return item && isOwn(item) ? item : undefined
    },
    count: async () => (await list({ state: 'held', limit: 1000 })).length,
  }
}
