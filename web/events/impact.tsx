/** The impact estimate: always a range with its assumptions beside it, bars per intensity band and per country, towns. */
import type { EventDetail } from '../../server/schemas/index.ts'
import { useCountries } from '../app/countries.ts'
import { isKey, type TextKey } from '../text/catalogue.ts'
import { decimal, people, percent, roman } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { Exposure } from './exposure.tsx'
import { readExposure } from './exposure-view.ts'
import { type ImpactView, type Range, readImpact } from './impact-view.ts'
import { intensityColour, intensityInk } from './intensity.ts'
import { isQuake } from './kinds.tsx'
import { PeopleRange } from './people-range.tsx'

const townsShown = 12

export function Impact({ event }: { readonly event: EventDetail }) {
  const exposure = readExposure(event.impact)
  const impact = readImpact(event.impact)
  return (
    <section aria-labelledby="impact" data-testid="impact">
      <h2 id="impact">
        <T k="impact.title" />
      </h2>
      {exposure ? (
        <Exposure exposure={exposure} />
      ) : impact ? (
        <Estimate impact={impact} />
      ) : (
        <p>
          <T k="event.noImpact" />
          {isQuake(event) && (
            <>
              . <T k="event.noImpact.text" />
            </>
          )}
        </p>
      )}
    </section>
  )
}

function Estimate({ impact }: { readonly impact: ImpactView }) {
  return (
    <>
      {impact.maxMmi !== undefined && (
        <p className="max-mmi">
          <T k="impact.maxMmi" /> <Intensity mmi={impact.maxMmi} />
        </p>
      )}
      <Fatalities impact={impact} />
      <Bands impact={impact} />
      <ByCountry impact={impact} />
      <Towns impact={impact} />
      <Critical impact={impact} />
      <Assumptions impact={impact} />
    </>
  )
}

/** How the figures were made: the rule of the level with its thresholds, the models, what is taken for granted. */
function Assumptions({ impact: { rule, models, assumptions } }: { readonly impact: ImpactView }) {
  const { locale } = useText()
  return (
    <details data-testid="impact-assumptions">
      <summary>
        <T k="impact.assumptions" />
      </summary>
      {rule && (
        <p data-testid="impact-rule">
          <T k="impact.rule" />: <span lang="en">{rule.name}</span> {decimal(rule.value, locale)} (
          {Object.entries(rule.thresholds)
            .toSorted(([, a], [, b]) => a - b)
            .map(([name, value]) => (
              <span key={name} className="threshold">
                {isKey(`level.${name}`) ? <T k={`level.${name}` as TextKey} /> : name} ≥ {value}{' '}
              </span>
            ))}
          )
        </p>
      )}
      <ul lang="en" className="bulleted">
        {models.map(({ name, weight }) => (
          <li key={name}>
            {name} {percent(weight, 'en')}
          </li>
        ))}
        {assumptions.map(({ key, text, args = {} }) => (
          <li key={`${key}${JSON.stringify(args)}`}>
            {text}{' '}
            {Object.entries(args).map(([name, value]) => (
              <code key={name}>
                {name} {value}{' '}
              </code>
            ))}
          </li>
        ))}
      </ul>
    </details>
  )
}

export function Intensity({ mmi }: { readonly mmi: number }) {
  const { locale } = useText()
  return (
    <span
      className="intensity"
      style={{ background: intensityColour(mmi), color: intensityInk(mmi) }}
      title={decimal(mmi, locale)}
    >
      {roman(mmi)}
    </span>
  )
}

function Fatalities({ impact: { fatalities } }: { readonly impact: ImpactView }) {
  const { locale } = useText()
  if (!fatalities) return null
  return (
    <div className="fatalities" data-testid="impact-fatalities">
      <h3>
        <T k="impact.fatalities" />: {people(fatalities.low, locale)}–{people(fatalities.high, locale)}
      </h3>
      <ul className="bins">
        {fatalities.ranges?.map(({ from, to, probability }) => (
          <li key={from}>
            <b>{percent(probability, locale)}</b>
            <span className="bin-bar" style={{ blockSize: `${Math.max(2, probability * 64)}px` }} />
            <small>
              {to === undefined
                ? `≥ ${people(from, locale)}`
                : from === 0 && to <= 1
                  ? '0'
                  : `${people(from, locale)}–${people(to, locale)}`}
            </small>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The bar shows the range itself: solid to its low end, hatched from there to the high end, on a scale of the largest. */
function RangeBar({ range: [low, high], most, colour }: { range: Range; most: number; colour?: string }) {
  return (
    <span className="range-bar" aria-hidden="true" style={colour ? { color: colour } : undefined}>
      <span style={{ inlineSize: `${(100 * low) / most}%` }} />
      <span className="hatched" style={{ inlineSize: `${(100 * (high - low)) / most}%` }} />
    </span>
  )
}

function Bands({ impact }: { readonly impact: ImpactView }) {
  if (impact.bands.length === 0) return null
  const most = Math.max(1, ...impact.bands.map(({ people: [, high] }) => high))
  return (
    <>
      <h3>
        <T k="impact.bands" />
      </h3>
      <ul className="bars" data-testid="impact-bands">
        {impact.bands.map((band) => (
          <li key={band.mmi}>
            <Intensity mmi={band.mmi} />
            <RangeBar range={band.people} most={most} colour={intensityColour(band.mmi)} />
            <span className="bar-text">
              <PeopleRange range={band.people} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function ByCountry({ impact }: { readonly impact: ImpactView }) {
  const { nameOf } = useCountries()
  if (impact.byCountry.length === 0) return null
  const most = Math.max(1, ...impact.byCountry.map(({ people: [, high] }) => high))
  return (
    <>
      <h3>
        <T k="impact.byCountry" /> (≥ {roman(impact.countryMmi)})
      </h3>
      <ul className="bars" data-testid="impact-countries">
        {impact.byCountry.map(({ country, people: range }) => (
          <li key={country}>
            <span className="bar-name">{nameOf(country)}</span>
            <RangeBar range={range} most={most} />
            <span className="bar-text">
              <PeopleRange range={range} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Towns({ impact }: { readonly impact: ImpactView }) {
  const { locale } = useText()
  const { nameOf } = useCountries()
  if (impact.towns.length === 0) return null
  return (
    <>
      <h3>
        <T k="impact.towns" />
      </h3>
      <div className="scroll">
        <table className="towns" data-testid="impact-towns">
          <thead>
            <tr>
              <th scope="col">
                <T k="impact.town" />
              </th>
              <th scope="col">
                <T k="impact.town.intensity" />
              </th>
              <th scope="col" className="number">
                <T k="impact.town.people" />
              </th>
              <th scope="col" className="number">
                <T k="impact.town.distance" />
              </th>
            </tr>
          </thead>
          <tbody>
            {impact.towns.slice(0, townsShown).map((town) => (
              <tr key={`${town.name}${town.at[0]}`}>
                <th scope="row">
                  {town.name} <small>{nameOf(town.country)}</small>
                </th>
                <td>
                  <Intensity mmi={town.mmi} />{' '}
                  {town.mmiLow !== undefined && town.mmiHigh !== undefined && (
                    <small className="faint">
                      {roman(town.mmiLow)}–{roman(town.mmiHigh)}
                    </small>
                  )}
                </td>
                <td className="number">{people(town.people, locale)}</td>
                <td className="number">
                  {town.distanceKm === undefined ? '' : `${decimal(town.distanceKm, locale, 0)} km`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Critical({ impact }: { readonly impact: ImpactView }) {
  const { nameOf } = useCountries()
  if (impact.critical.length === 0) return null
  return (
    <>
      <h3>
        <T k="impact.critical" />
      </h3>
      <ul className="plain">
        {impact.critical.map(({ name, country, why, mmi }) => (
          <li key={`${name}${country}`}>
            <Intensity mmi={mmi} /> {name} <small>{nameOf(country)}</small>{' '}
            {why && isKey(`critical.${why}`) && (
              <small className="faint">
                <T k={`critical.${why}` as TextKey} />
              </small>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
