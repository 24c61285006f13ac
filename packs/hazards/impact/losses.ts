/**
 * People exposed and expected deaths in one country.
 *
 * Exposed, as a range. `low`: only people of the listed towns, at the town's median intensity. `high`: the same,
 * scaled by the country's population over the people of all its listed towns, as if those who live outside them were
 * spread as the towns are. Where the towns add up to more than the country (lists count municipalities twice, or are
 * older), the roles change: the towns are `high`.
 *
 * Deaths, after PAGER's empirical model of the country. `expected`: exposure scaled to the whole population, at median
 * intensity, as PAGER's own exposure is (its model was fitted to median maps, so the within-event spread must not be
 * added again). `low` and `high`: the low exposure at the 16th and the high one at the 84th percentile of the event's
 * shaking, between models and between events.
 */
import { bandOf } from '../../../engines/assess/index.ts'
import type { Town } from '../../../engines/place/index.ts'
import { lossModelOf, publishedLossModel, standIns } from './coefficients/pager.ts'
import { type Exposure, expectedLoss } from './pager/loss.ts'
import { significant } from './round.ts'
import type { Shaking } from './shaking-field.ts'

export type ShakenTown = { readonly town: Town; readonly km: number; readonly shaking: Shaking }
export type CountryLoss = {
  readonly code: string
  readonly exposed: { mmi: number; low: number; high: number }[]
  readonly fatalities?: {
    readonly expected: number
    readonly low: number
    readonly high: number
    readonly model: string
  }
  readonly l2g?: number
}

const bands = 10
const fewest = 4 // the felt radius cuts through band 3, so it would be counted in part

/** `share`: the country's population over the people of its listed towns. */
export function countryLoss(code: string, towns: readonly ShakenTown[], share: number): CountryLoss {
  const median = exposureOf(towns, ({ mmi }) => mmi)
  const [less, more] = [Math.min(1, share), Math.max(1, share)]
  const exposed = median
    .map((people, at) => ({
      mmi: at + 1,
      low: significant(Math.round(people * less)),
      high: significant(Math.round(people * more)),
    }))
    .filter(({ mmi, high }) => mmi >= fewest && high > 0)
  const model = lossModelOf(code)
  if (model === undefined) return { code, exposed }
  const deaths = (exposure: Exposure, factor: number) => factor * expectedLoss(model.fatality, exposure)
  return {
    code,
    exposed,
    fatalities: {
      expected: deaths(median, share),
      low: deaths(
        exposureOf(towns, ({ eventLow }) => eventLow),
        less,
      ),
      high: deaths(
        exposureOf(towns, ({ eventHigh }) => eventHigh),
        more,
      ),
      model: publishedLossModel(code) === undefined ? (standIns[code] ?? code) : code,
    },
    l2g: model.fatality.l2g,
  }
}

function exposureOf(towns: readonly ShakenTown[], intensity: (shaking: Shaking) => number): number[] {
  const people = new Array<number>(bands).fill(0)
  for (const { town, shaking } of towns) {
    const at = bandOf(intensity(shaking)) - 1
    people[at] = (people[at] ?? 0) + town.people
  }
  return people
}
