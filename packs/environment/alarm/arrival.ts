/**
 * When the water may be there: distance along the river over the speed of the flow, both as ranges.
 *
 * Distances: the region's rough lines of rivers, up to half as far again for bends (`engines/place/rivers.ts`). Speed:
 * *assumed* for all rivers alike; the cyanide of Baia Mare (2000) took about four weeks for some 2,000 km down to the
 * Danube's delta, about 3 km/h, which lies inside. Dispersion, reservoirs and floods are not reckoned: the expert unit of
 * each centre has its own model, and its word goes before this.
 */
import { type LonLat, type River, riverNet } from '../../../engines/place/index.ts'
import { type Instant, plusMs } from '../../../engines/record/index.ts'
import { alarmParameters } from '../settings.ts'

export type Reached = {
  readonly country: string
  readonly river: string
  readonly km: { readonly low: number; readonly high: number }
  readonly arrival: { readonly from: Instant; readonly until: Instant }
}

export type Spill = {
  readonly at: LonLat
  /** Only this river; absent: every one that is near. */
  readonly river?: string
  readonly occurredAt: Instant
  /** Not told: the sender's own. */
  readonly but: readonly string[]
}

export type Reach = { readonly rivers: readonly string[]; readonly reached: readonly Reached[] }

const hourMs = 3_600_000

/** Countries in the order in which the flow reaches them; no rivers where none is near. */
export function downstreamOf(rivers: readonly River[], { at, river, occurredAt, but }: Spill): Reach {
  const net = riverNet(rivers)
  const { reach, slowest, fastest } = alarmParameters
  const stretches = net
    .stretchesIn({ type: 'Point', coordinates: [...at] }, reach.value)
    .filter((one) => river === undefined || one.river === river)
  // The place is good to some kilometres only: the flow is followed from the upper end of what is near.
  const inexactKm = Math.max(0, ...stretches.map(({ fromKm, toKm }) => toKm - fromKm))
  const from = stretches.map((one) => ({ ...one, toKm: one.fromKm }))
  const reached = net.downstreamOf(from, but).map((one): Reached => {
    const low = Math.max(0, one.low - inexactKm)
    return {
      country: one.country,
      river: one.river,
      km: { low: Math.round(low), high: Math.round(one.high) },
      arrival: {
        from: plusMs(occurredAt, (low / fastest.value) * hourMs),
        until: plusMs(occurredAt, (one.high / slowest.value) * hourMs),
      },
    }
  })
  return { rivers: [...new Set(stretches.map((one) => one.river))], reached }
}
