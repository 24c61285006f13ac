/** Who lies where it is told of: people as a range, countries touched, near and downstream in order, towns, assumptions. */
import { useCountries } from '../app/countries.ts'
import { isKey, type TextKey } from '../text/catalogue.ts'
import { people } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import type { ExposedCountry, ExposedTown, ExposureView } from './exposure-view.ts'
import { PeopleRange } from './people-range.tsx'

const townsShown = 12

export function Exposure({ exposure }: { readonly exposure: ExposureView }) {
  const { area, radiusKm = 0, people: inside, countries, critical, towns, townsInside } = exposure
  return (
    <div data-testid="exposure">
      {inside && area !== 'unknown' && (
        <p>
          <T k="exposure.people" />:{' '}
          <b>
            <PeopleRange range={[inside.low, inside.high]} />
          </b>
        </p>
      )}
      {area && (
        <p className="faint">
          <T k={`exposure.area.${area}`} km={radiusKm} />
        </p>
      )}
      {countries.length > 0 && (
        <>
          <h3>
            <T k="impact.byCountry" />
          </h3>
          <ul className="plain" data-testid="exposure-countries">
            {countries.map((country) => (
              <Country key={country.code} country={country} />
            ))}
          </ul>
        </>
      )}
      <Places title="impact.critical" towns={critical} />
      <Places title="impact.towns" towns={towns.slice(0, townsShown)} of={townsInside} />
      <Assumptions exposure={exposure} />
    </div>
  )
}

function Country({ country }: { readonly country: ExposedCountry }) {
  const { nameOf } = useCountries()
  const { code, relation, nearestKm = 0, people: own, downstream, warnedBy } = country
  return (
    <li data-relation={relation}>
      <b>{nameOf(code)}</b> <T k={`exposure.relation.${relation}`} km={Math.round(nearestKm)} />
      {own && own.high > 0 && (
        <>
          {', '}
          <PeopleRange range={[own.low, own.high]} />
        </>
      )}
      {downstream && (
        <>
          {', '}
          <T
            k="exposure.downstream"
            river={downstream.river}
            low={downstream.km.low}
            high={downstream.km.high}
          />
        </>
      )}
      {warnedBy && (
        <>
          {'. '}
          <T k="exposure.warnedBy" name={warnedBy.name} />
        </>
      )}
    </li>
  )
}

type PlacesProps = { readonly title: TextKey; readonly towns: readonly ExposedTown[]; readonly of?: number }

function Places({ title, towns, of }: PlacesProps) {
  const { nameOf } = useCountries()
  const { locale } = useText()
  if (towns.length === 0) return null
  return (
    <>
      <h3>
        <T k={title} />
        {of !== undefined && of > towns.length && ` (${towns.length}/${of})`}
      </h3>
      <ul className="reason-list">
        {towns.map(({ name, country, people: count, why }) => (
          <li key={`${name}${country}`}>
            {name} <small className="faint">{nameOf(country)}</small> {people(count, locale)}{' '}
            {why !== undefined && isKey(`critical.${why}`) && (
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

/** The node writes them in English. */
function Assumptions({ exposure: { rule, assumptions } }: { readonly exposure: ExposureView }) {
  return (
    <details data-testid="impact-assumptions">
      <summary>
        <T k="impact.assumptions" />
      </summary>
      {rule && (
        <p data-testid="impact-rule">
          <T k="impact.rule" />: <span lang="en">{`${rule.name}: ${rule.value}. ${rule.because}`}</span>
        </p>
      )}
      <ul lang="en" className="bulleted">
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
