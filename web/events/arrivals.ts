/**
 * From when the arrivals of reports are counted: of an earthquake from its origin time; of what grows over hours or weeks
 * and is warned of before it begins, from the first report that reached this node.
 */
import type { EventDetail } from '../../server/schemas/index.ts'
import { isQuake } from './kinds.tsx'

export function arrivalsFrom(event: Pick<EventDetail, 'kind' | 'time' | 'members' | 'history'>): number {
  if (isQuake(event)) return Date.parse(event.time)
  const arrivals = [
    ...event.members.flatMap(({ revisions }) => revisions.map(({ receivedAt }) => Date.parse(receivedAt))),
    ...event.history.map(({ receivedAt }) => Date.parse(receivedAt)),
  ]
  return arrivals.length === 0 ? Date.parse(event.time) : Math.min(...arrivals)
}
