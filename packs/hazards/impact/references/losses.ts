/**
 * Reference methods of exposure and loss. They reproduce the published program, also where it silently takes θ 16,
 * β 0.15, G 1 for a country without a model; our own assessments never do (see coefficients/pager.ts).
 */
import {
  bandOf,
  csvRows,
  exposureByBand,
  listAt,
  numberAt,
  objectAt,
  type ReferenceCase,
  type ReferenceMethod,
  textAt,
} from '../../../../engines/assess/index.ts'
import { publishedLossModel } from '../coefficients/pager.ts'
import {
  alertLevel,
  lossRanges,
  probabilityBelow,
  rangeProbability,
  valueAtProbability,
} from '../pager/alert.ts'
import {
  combinedG,
  expectedDollars,
  expectedLoss,
  grownPopulation,
  type LossModel,
  lossRate,
} from '../pager/loss.ts'

type ReadFile = (path: string) => Promise<string>
const unknownCountry = { theta: 16, beta: 0.15, l2g: 1 }
const noModel: LossModel = { fatality: unknownCountry, economic: { ...unknownCountry, alpha: 1 } }

export const lossReferences: readonly ReferenceMethod[] = [
  { method: 'population exposure by intensity and country on a grid', run: async (one) => grid(one) },
  { method: 'PAGER empirical fatality and economic model on historic exposures (EXPO-CAT)', run: events },
  { method: 'PAGER lognormal loss rates', run: rates },
  { method: 'PAGER loss-range probabilities', run: async (one) => probabilities(one) },
  { method: 'PAGER population projection', run: async (one) => projection(one) },
]

function grid(one: ReferenceCase): Record<string, unknown> {
  const codes = objectAt(one.params ?? {}, 'countries') as Readonly<Record<string, string>>
  const people = listAt(one.input, 'population') as readonly (readonly (number | null | string)[])[]
  const numeric = listAt(one.input, 'countryIsoNumeric') as readonly (readonly (number | string)[])[]
  const rows = (listAt(one.input, 'mmi') as readonly (readonly number[])[]).map((row, y) =>
    row.map((intensity, x) => ({
      intensity,
      people: Number(people[y]?.[x] ?? 0) || 0,
      country: codes[String(numeric[y]?.[x])],
    })),
  )
  const exposure = Object.fromEntries(exposureByBand(rows.flat()))
  const deaths = Object.entries(exposure).map(
    ([country, bands]) => [country, Math.trunc(expectedLoss(modelOf(country).fatality, bands))] as const,
  )
  const byRow = rows.map((row) => row.reduce((sum, cell) => sum + cellLoss(cell), 0))
  return {
    exposure,
    fatalities: {
      ...Object.fromEntries(deaths),
      TotalFatalities: deaths.reduce((sum, [, n]) => sum + n, 0),
    },
    lossGridSum: byRow.reduce((sum, loss) => sum + loss, 0),
    lossGridByRow: byRow,
  }
}

/** @NOTE two habits of the program: a cell without a country takes the default model; exactly 9.5 has no loss. */
function cellLoss(cell: { intensity: number; people: number; country: string | undefined }): number {
  const band = bandOf(cell.intensity)
  if (band < 5 || cell.intensity === 9.5) return 0
  const model = cell.country === undefined ? noModel : modelOf(cell.country)
  return cell.people * lossRate(model.fatality, Math.min(band, 9))
}

const modelOf = (country: string): LossModel => publishedLossModel(country) ?? noModel

async function events(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const models = await readModels(one, file)
  const gdp = numberAt(one.input, 'gdpPerCapita')
  const ranges = (listAt(one.params ?? {}, 'ranges') as readonly string[]).map(
    (range) => range.split('-').map(Number) as unknown as readonly [number, number],
  )
  const last = ranges.length - 1
  const open = ranges.map(([from, to], at) => [from, at === last ? 1e12 : to] as const)
  const list = listAt(one.input, 'events') as readonly Readonly<Record<string, unknown>>[]
  return {
    events: list.map((event) => {
      const model = models.get(textAt(event, 'country')) ?? noModel
      const exposure = listAt(event, 'exposureMMI1to10') as readonly number[]
      const float = expectedLoss(model.fatality, exposure)
      const fatalities = Math.trunc(float)
      const dollars = Math.trunc(expectedDollars(model, exposure, gdp))
      const g = combinedG([{ l2g: model.fatality.l2g, expected: fatalities }])
      const economicG = combinedG([{ l2g: model.economic.l2g, expected: dollars }])
      return {
        eventId: event.eventId,
        fatalities,
        fatalitiesFloat: float,
        G: g,
        alert: alertLevel(fatalities),
        probabilities: open.map((range) => rangeProbability(fatalities, g, range)),
        dollars,
        economicAlert: alertLevel(dollars / 1e6),
        economicProbabilities: open.map((range) => rangeProbability(dollars / 1e6, economicG, range)),
      }
    }),
  }
}

async function rates(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const models = await readModels(one, file)
  const mmi = listAt(one.params ?? {}, 'mmi') as readonly number[]
  const fine = listAt(one.params ?? {}, 'mmiFine') as readonly number[]
  const countries = listAt(one.params ?? {}, 'countries') as readonly string[]
  return Object.fromEntries(
    countries.map((country) => {
      const { fatality, economic } = models.get(country) ?? noModel
      const rows = {
        fatality: mmi.map((m) => lossRate(fatality, m)),
        fatalityFine: fine.map((m) => lossRate(fatality, m)),
        economic: mmi.map((m) => lossRate(economic, m)),
      }
      return [country, rows]
    }),
  )
}

function probabilities(one: ReferenceCase): Record<string, unknown> {
  const params = one.params ?? {}
  const expected = listAt(params, 'expected') as readonly number[]
  const spreads = listAt(params, 'G') as readonly number[]
  const ranges = (params.ranges ?? lossRanges) as readonly (readonly [number, number])[]
  const each = <T>(of: (e: number, g: number) => T): readonly T[] =>
    expected.map((e, at) => of(e, spreads[at] ?? Number.NaN))
  return {
    ranges: each((e, g) => ranges.map((range) => rangeProbability(e, g, range))),
    valueAt: each((e, g) => [0.05, 0.5, 0.95].map((p) => valueAtProbability(e, g, p))),
    probBelow100: each((e, g) => probabilityBelow(e, g, 100)),
  }
}

function projection(one: ReferenceCase): Record<string, unknown> {
  const params = one.params ?? {}
  const rate = listAt(params, 'rate') as readonly number[]
  const [from, to] = [numberAt(params, 'yearPopulation'), numberAt(params, 'yearEvent')]
  const population = listAt(params, 'population') as readonly number[]
  return {
    adjusted: population.map((people, at) => grownPopulation(people, rate[at] ?? Number.NaN, from, to)),
  }
}

async function readModels(one: ReferenceCase, file: ReadFile): Promise<ReadonlyMap<string, LossModel>> {
  const rows = csvRows(await file(textAt(one.input, 'models')))
  return new Map(
    rows.map((row) => {
      const lognormal = (kind: string) => ({
        theta: Number(row[`${kind}_theta`]),
        beta: Number(row[`${kind}_beta`]),
        l2g: Number(row[`${kind}_l2g`]),
      })
      const economic = { ...lognormal('economic'), alpha: Number(row.economic_alpha) }
      return [row.country ?? '', { fatality: lognormal('fatality'), economic }]
    }),
  )
}
