/**
 * Freshness: whether an origin can be reached, so that a record says "not confirmed since hh:mm" while a recall of it
 * could not arrive. Only records of that origin are marked; this node's own are always confirmed.
 *
 * An origin is heard of through its newest checkpoint that this node verified, brought by whomever, or by contact itself.
 */
import { type Instant, millis, type NodeId } from '../../record/index.ts'

export type Freshness =
  | { readonly kind: 'own' }
  | { readonly kind: 'confirmed'; readonly at: Instant }
  /** `since` absent: never heard of. */
  | { readonly kind: 'not-confirmed'; readonly since?: Instant }

export type FreshnessParts = {
  readonly node: NodeId
  readonly now: Instant
  /** When this origin was last heard of. */
  readonly lastHeard: (origin: NodeId) => Promise<Instant | undefined>
  /** Silence that is no news, milliseconds; longer than peers hold a request open. */
  readonly silenceMs?: number
}

const usualSilenceMs = 120_000

export async function freshness(
  { node, now, lastHeard, silenceMs = usualSilenceMs }: FreshnessParts,
  origin: NodeId,
): Promise<Freshness> {
  if (origin === node) return { kind: 'own' }
  const at = await lastHeard(origin)
  if (at === undefined) return { kind: 'not-confirmed' }
  return millis(now) - millis(at) <= silenceMs
    ? { kind: 'confirmed', at }
    : { kind: 'not-confirmed', since: at }
}

/** Of many records at once: each origin is asked after once. */
export async function freshnessOf(
  parts: FreshnessParts,
  origins: Iterable<NodeId>,
): Promise<ReadonlyMap<NodeId, Freshness>> {
  const all = [...new Set(origins)]
  const answers = await Promise.all(all.map((origin) => freshness(parts, origin)))
  return new Map(all.map((origin, n) => [origin, answers[n] as Freshness]))
}
