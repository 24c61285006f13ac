/** How rare a flood is, from the readings of a gauge that this node holds. */
import type { Held, Instant } from '../../engines/record/index.ts'
import {
  type ReadingBody,
  type ReturnLevel,
  returnPeriodOf,
  returnPeriods,
  yearlyMaxima,
} from '../../packs/environment/pack.ts'
import { type Command, number, whole } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

export const returnPeriodsCommand: Command = {
  name: 'return-periods',
  summary: 'Say how rare high water is at a gauge, from the yearly maxima of its readings.',
  teaches: [
    'SERIES is the key of an environment.series record (mosaic records --type environment.series). GEV by maximum likelihood,',
    'with the 95 % interval; two other methods stand beside it. Fewer than 15 complete years give nothing. Where floods come',
    'with the turn of the year, give --start-month 10. --value asks how rare that value is.',
    '',
    'Example: mosaic return-periods rhmz-gauges:45084/discharge --start-month 10',
  ].join('\n'),
  arguments: 'SERIES',
  takes: [1, 1],
  options: {
    'start-month': { type: 'string', value: 'N', help: 'first month of the year that is meant (default 1)' },
    value: { type: 'string', value: 'NUMBER', help: 'how rare is this?' },
    realm: realmOption,
  },
  run: (run) => {
    const [series = ''] = run.positionals
    const startMonth = whole(run.values, 'start-month', [1, 12]) ?? 1
    const value = number(run.values, 'value', [-1e9, 1e9])
    const realm = realmOf(run.values)
    return withNode(run, async (node) => {
      const held = (await node.store.read({
        types: ['environment.reading'],
        realm,
      })) as readonly Held<ReadingBody>[]
      const own = held.filter(({ record }) => record.body.series === series)
      await noteGiven(run, node, { act: 'read', held: own })
      const { maxima, incomplete } = yearlyMaxima(own.flatMap(measured), startMonth)
      const found = returnPeriods(maxima.map((one) => one.value))
      const left = incomplete.map(({ year, days }) => `${year} (${days} days)`).join(', ')
      if (left !== '') run.out.say(`Too little was measured in ${left}; these years are left out.`)
      if (found.kind === 'too-few') {
        run.out.say(`${found.years} complete years of ${series} are held; ${found.needed} are needed.`)
        return 1
      }
      const rarity = value === undefined ? undefined : (returnPeriodOf(value, found.fit) ?? null)
      if (run.json)
        run.out.object({
          series,
          maxima,
          ...found,
          ...(value !== undefined && { value, returnPeriodYears: rarity }),
        })
      else {
        if (found.method === 'l-moments')
          run.out.say('The likelihood has no regular optimum; L-moments are given.')
        for (const one of found.levels) run.out.line(lineOf(one))
        if (rarity !== undefined)
          run.out.line(
            rarity === null
              ? `${value}: above all that this fit allows`
              : `${value}: once in ${rounded(rarity)} years`,
          )
      }
      return 0
    })
  },
}

const measured = ({ record: { body } }: Held<ReadingBody>): readonly { time: Instant; value: number }[] =>
  body.value === undefined ? [] : [{ time: body.time, value: body.value }]

function lineOf({ years, level, low, high, byLMoments, byLogPearson, isBeyondRecord }: ReturnLevel): string {
  const interval =
    low === undefined || high === undefined ? 'no interval' : `${rounded(low)} to ${rounded(high)}`
  const others = [byLMoments, byLogPearson]
    .flatMap((one) => (one === undefined ? [] : [rounded(one)]))
    .join(', ')
  const far = isBeyondRecord ? '; reaches far beyond the record' : ''
  return `once in ${years} years: ${rounded(level)} (95 %: ${interval}; other methods ${others}${far})`
}

const rounded = (value: number): number => Number(value.toPrecision(4))
