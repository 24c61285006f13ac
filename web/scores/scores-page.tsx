/** How warnings did: counted, plotted, and each with what became of it. Public where the warnings are. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ScoreFigures, ScoreGroups, ScoreSummaryView } from '../../server/schemas/index.ts'
import { scoreGroupsQuery, scoresCsvAddress, scoresQuery } from '../api/scores.ts'
import { useCountries } from '../app/countries.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { When } from '../app/when.tsx'
import { i18n, type TextKey } from '../text/catalogue.ts'
import { decimal } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { LeadTimes, Reliability } from './plots.tsx'
import './scores.css'

export function ScoresPage() {
  const view = useView()
  const groups = useQuery(scoreGroupsQuery(view))
  return (
    <section className="wide" aria-labelledby="scores-title" data-testid="scores-page">
      <h1 id="scores-title">
        <T k="scores.title" />
      </h1>
      <p>
        <T k="scores.text" />
      </p>
      {groups.isPending && <Loading />}
      {groups.isError && <Failed error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data?.groups.length === 0 && (
        <Nothing title={<T k="scores.empty" />}>
          <p />
        </Nothing>
      )}
      {groups.data && groups.data.groups.length > 0 && <Counted groups={groups.data} />}
    </section>
  )
}

function Counted({ groups: { all, groups } }: { readonly groups: ScoreGroups }) {
  return (
    <>
      <Figures figures={all} />
      <Plots figures={all} />
      {(['issuer', 'hazard', 'country', 'standing'] as const).map((by) => (
        <GroupTable key={by} by={by} groups={groups.filter((one) => one.by === by)} />
      ))}
      <Each />
    </>
  )
}

function Figures({ figures }: { readonly figures: ScoreFigures }) {
  const share = useShare()
  const hoursText = useHours()
  const counts = [
    ['scores.outcome.hit', figures.hits],
    ['scores.outcome.miss', figures.misses],
    ['scores.outcome.false-alarm', figures.falseAlarms],
    ['scores.outcome.not-verified', figures.notVerified],
  ] as const
  const shares = [
    ['scores.pod', figures.pod],
    ['scores.far', figures.far],
    ['scores.csi', figures.csi],
  ] as const
  return (
    <dl className="facts" data-testid="score-figures">
      {counts.map(([key, count]) => (
        <Fact key={key} name={key} value={String(count)} />
      ))}
      {shares.map(([key, one]) => one && <Fact key={key} name={key} value={share(one)} />)}
      {figures.leadTime && <Fact name="scores.lead" value={hoursText(figures.leadTime.medianS)} />}
    </dl>
  )
}

function Fact({ name, value }: { readonly name: TextKey; readonly value: string }) {
  return (
    <>
      <dt>
        <T k={name} />
      </dt>
      <dd>{value}</dd>
    </>
  )
}

function Plots({ figures }: { readonly figures: ScoreFigures }) {
  const { say, locale } = useText()
  const scores = useInfiniteQuery(scoresQuery(useView()))
  const hours = (scores.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ isCounted, standing }) => isCounted && standing === 'warning')
    .flatMap(({ leadTimeS }) => (leadTimeS === undefined ? [] : [leadTimeS / 3600]))
  const { probability } = figures
  return (
    <div className="score-plots">
      {hours.length > 0 && (
        <figure>
          <figcaption>
            <strong>
              <T k="scores.lead" />
            </strong>{' '}
            <T k="scores.lead.text" />
          </figcaption>
          <LeadTimes
            hours={hours}
            title={say('scores.lead')}
            told={hours.map((value) => decimal(value, locale)).join(', ')}
          />
        </figure>
      )}
      <figure>
        <figcaption>
          <strong>
            <T k="scores.reliability" />
          </strong>{' '}
          <T k="scores.reliability.text" /> {probability === undefined && <T k="scores.none" />}
        </figcaption>
        {probability && (
          <Reliability
            bins={probability.bins}
            title={say('scores.reliability')}
            told={probability.bins
              .map(
                (bin) => `${decimal(bin.meanForecast, locale, 2)} → ${decimal(bin.observedRate, locale, 2)}`,
              )
              .join(', ')}
          />
        )}
      </figure>
    </div>
  )
}

function GroupTable({
  by,
  groups,
}: {
  readonly by: 'issuer' | 'hazard' | 'country' | 'standing'
  readonly groups: ScoreGroups['groups']
}) {
  const share = useShare()
  const hoursText = useHours()
  const nameOf = useNames()
  if (groups.length === 0) return null
  return (
    <div className="score-table">
      <table data-testid={`scores-by-${by}`}>
        <caption>
          <T k={`scores.by.${by}`} />
        </caption>
        <thead>
          <tr>
            <td />
            {(['hit', 'miss', 'false-alarm', 'not-verified'] as const).map((outcome) => (
              <th key={outcome} scope="col">
                <T k={`scores.outcome.${outcome}`} />
              </th>
            ))}
            <th scope="col">
              <T k="scores.pod" />
            </th>
            <th scope="col">
              <T k="scores.far" />
            </th>
            <th scope="col">
              <T k="scores.lead" />
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ name, title, figures }) => (
            <tr key={name}>
              <th scope="row">{title ?? nameOf(by, name)}</th>
              <td>{figures.hits}</td>
              <td>{figures.misses}</td>
              <td>{figures.falseAlarms}</td>
              <td>{figures.notVerified}</td>
              <td>{figures.pod ? share(figures.pod) : '–'}</td>
              <td>{figures.far ? share(figures.far) : '–'}</td>
              <td>{figures.leadTime ? hoursText(figures.leadTime.medianS) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Each() {
  const view = useView()
  const scores = useInfiniteQuery(scoresQuery(view))
  const items = (scores.data?.pages ?? []).flatMap((page) => page.items)
  return (
    <>
      <h2>
        <T k="scores.each" />
      </h2>
      <p>
        <a href={scoresCsvAddress(view)} download>
          <T k="scores.csv" />
        </a>
      </p>
      {scores.isError && <Failed error={scores.error} onRetry={() => void scores.refetch()} />}
      <ul className="cards" data-testid="scores">
        {items.map((score) => (
          <ScoreCard key={score.id} score={score} />
        ))}
      </ul>
      {scores.hasNextPage && (
        <button type="button" onClick={() => void scores.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </>
  )
}

function ScoreCard({ score }: { readonly score: ScoreSummaryView }) {
  const { locale } = useText()
  const nameOf = useNames()
  const hoursText = useHours()
  const { outcome, leadTimeS, threatScore, countries } = score
  return (
    <li className="card" data-testid="score" data-outcome={outcome}>
      <h3>
        <Link to="/records/$recordId" params={{ recordId: score.id }}>
          <T k={`scores.outcome.${outcome}` as TextKey} />
        </Link>
        {' · '}
        {nameOf('hazard', score.hazard)} {countries.map((code) => nameOf('country', code)).join(', ')}
      </h3>
      <p>
        {score.issuer.name}
        {score.standing === 'advice' && (
          <>
            {' · '}
            <T k="scores.standing.advice" />
          </>
        )}
        {' · '}
        <When at={score.from} />
      </p>
      <p>
        {leadTimeS !== undefined && (
          <>
            <T k="scores.lead" />: {hoursText(leadTimeS)}
          </>
        )}
        {threatScore !== undefined && (
          <>
            {' · '}
            <T k="scores.area" />: {decimal(threatScore, locale, 2)}
          </>
        )}
      </p>
    </li>
  )
}

/** Hours to one digit: a minute more says nothing about a warning. */
function useHours(): (seconds: number) => string {
  const { locale } = useText()
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', maximumFractionDigits: 1 })
  return (seconds) => format.format(seconds / 3600)
}

function useShare() {
  const { say, locale } = useText()
  return ({ value, low, high, of }: NonNullable<ScoreFigures['pod']>): string =>
    say('scores.share', {
      value: decimal(value, locale, 2),
      low: decimal(low, locale, 2),
      high: decimal(high, locale, 2),
      of,
    })
}

/** Hazards and countries as the reader calls them; what is not known keeps its own name. */
function useNames(): (by: 'issuer' | 'hazard' | 'country' | 'standing', name: string) => string {
  const { say } = useText()
  const { nameOf } = useCountries()
  return (by, name) => {
    if (by === 'standing')
      return say(name === 'advice' ? 'scores.standing.advice' : 'scores.standing.warning')
    if (by === 'country') return nameOf(name)
    const key = `event.kind.${name}`
    return by === 'hazard' && key in i18n.messages ? say(key as TextKey) : name
  }
}
