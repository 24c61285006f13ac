/** What the assessment of an earthquake says, as ranges with what they take for granted. */
import {
  number,
  plain,
  quoted,
  range,
  type Section,
  said,
  type Words,
} from '../../../engines/report/index.ts'
import type { ImpactBody } from '../impact-record.ts'
import type { Matter } from './material.ts'

type Country = ImpactBody['countries'][number]

export function impactSection({ impact }: Matter): readonly Section<Words>[] {
  const body = impact?.record.body
  if (!body) return []
  const from = leastIntensity(body)
  const mmi = plain(numerals[from] ?? String(from))
  const people = body.countries
    .map((country) => ({ country, ...exposed(country, from) }))
    .filter(({ high }) => high > 0)
    .toSorted((a, b) => b.high - a.high)
  const { low, high, expected } = body.fatalities
  return [
    {
      id: 'impact',
      heading: said('report.impact'),
      blocks: [
        {
          kind: 'facts',
          id: 'facts',
          rows: [
            { label: said('report.level'), value: said(`report.level.${body.level}`) },
            { label: said('report.strongest'), value: number(body.maxMmi, 1) },
            ...(people.length === 0
              ? []
              : [
                  {
                    label: said('report.people', { mmi }),
                    value: range(sum(people, 'low'), sum(people, 'high')),
                  },
                ]),
            {
              label: said('report.deaths'),
              value: range(Math.floor(Math.min(low, expected)), Math.ceil(Math.max(high, expected))),
            },
          ],
        },
        ...(people.length === 0
          ? []
          : [
              {
                kind: 'figure' as const,
                id: 'people',
                caption: said('report.people', { mmi }),
                figure: {
                  kind: 'ranges' as const,
                  axis: said('report.people', { mmi }),
                  rows: people.slice(0, 20).map(({ country: { code }, low, high }) => ({
                    label: { kind: 'countries' as const, codes: [code] },
                    low,
                    high,
                  })),
                },
              },
            ]),
        { kind: 'paragraph', id: 'assumed', words: said('report.assumptions') },
        {
          kind: 'list',
          id: 'assumptions',
          items: body.assumptions.slice(0, 30).map(({ text }) => quoted({ en: text })),
        },
      ],
    },
  ]
}

export function neighboursSection({ impact, countries, figures }: Matter): readonly Section<Words>[] {
  const named = (impact?.record.body.countries ?? []).filter(({ code }) => countries.includes(code))
  if (named.length === 0 && figures.kind === 'earthquake') return []
  const from = impact ? leastIntensity(impact.record.body) : 4
  const mmi = plain(numerals[from] ?? String(from))
  const id = 'neighbours'
  const heading = said('report.neighbours')
  if (named.length === 0)
    return countries.length === 0
      ? []
      : [
          {
            id,
            heading,
            blocks: [{ kind: 'list', id: 'countries', items: [{ kind: 'countries', codes: countries }] }],
          },
        ]
  return [
    {
      id,
      heading,
      blocks: [
        {
          kind: 'table',
          id: 'countries',
          caption: said('report.neighbours'),
          head: [
            said('report.country'),
            said('report.strongest'),
            said('report.people', { mmi }),
            said('report.distance'),
          ],
          rows: named.map((country) => {
            const { low, high } = exposed(country, from)
            return [
              { kind: 'countries', codes: [country.code] },
              number(Math.max(country.maxMmi, country.nearestMmi), 1),
              range(low, high),
              number(country.nearestKm, 0, 'km'),
            ]
          }),
        },
      ],
    },
  ]
}

/** From VI damage begins; where nobody is, from IV it is felt. */
const leastIntensity = ({ countries }: ImpactBody): number =>
  countries.some((country) => exposed(country, 6).high > 0) ? 6 : 4

function exposed({ exposed: bins }: Country, from: number) {
  const at = bins.filter(({ mmi }) => mmi >= from)
  return { low: twoFigures(sum(at, 'low')), high: twoFigures(sum(at, 'high')) }
}

const sum = (all: readonly { readonly low: number; readonly high: number }[], end: 'low' | 'high'): number =>
  twoFigures(all.reduce((total, one) => total + one[end], 0))

const twoFigures = (value: number): number => (value < 1 ? 0 : Number(value.toPrecision(2)))

const numerals: Readonly<Record<number, string>> = { 4: 'IV', 6: 'VI' }
