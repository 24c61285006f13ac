/** One warning of another authority: its words in every language, its areas, and the whole chain of messages behind it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { NoticeDetail } from '../../server/schemas/index.ts'
import { noticeQuery } from '../api/notices.ts'
import { useCountries } from '../app/countries.ts'
import { Icon } from '../app/icon.tsx'
import { Failed, Loading } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { Age, When } from '../app/when.tsx'
import { KindMark } from '../events/kinds.tsx'
import { directionOf, nameOf as languageName, supported } from '../text/languages.ts'
import { Multilingual, T, useText } from '../text/use-text.tsx'
import { NoticeChain } from './chain.tsx'
import { kindOfNotice } from './kinds.ts'
import { NoticeLevel, NoticeMarks, NoticeState } from './marks.tsx'

export function NoticePage() {
  const { noticeId = '' } = useParams({ strict: false }) as { readonly noticeId?: string }
  const notice = useQuery(noticeQuery(noticeId, useView()))
  return (
    <article className="event" data-testid="notice-page" aria-busy={notice.isFetching}>
      <Link to="/notices" className="back">
        <Icon name="back" /> <T k="notices.title" />
      </Link>
      {notice.isPending && <Loading />}
      {notice.isError && !notice.data && (
        <Failed error={notice.error} onRetry={() => void notice.refetch()} />
      )}
      {notice.data && <Sections notice={notice.data} />}
    </article>
  )
}

type NoticeProps = { readonly notice: NoticeDetail }

function Sections({ notice }: NoticeProps) {
  const { nameOf } = useCountries()
  const { country, names, id } = notice.authority
  return (
    <>
      <header className="event-head">
        <div className="event-magnitude">
          <KindMark kind={kindOfNotice(notice)} />
        </div>
        <div>
          <p className="kind">
            {country !== undefined && `${nameOf(country)} · `}
            {Object.keys(names).length > 0 ? <Multilingual text={names} /> : id}
          </p>
          <h1 data-testid="notice-title">
            <Multilingual text={notice.event} />
          </h1>
          <p className="event-tags">
            <NoticeLevel notice={notice} />
            <NoticeState notice={notice} />
            <NoticeMarks notice={notice} />
          </p>
        </div>
      </header>
      <Doubts notice={notice} />
      <Words notice={notice} />
      <Facts notice={notice} />
      <NoticeChain notice={notice} />
      <p className="credit" lang="en">
        {notice.attribution.map(({ credit, licence }) => `${credit} (${licence})`).join('; ')}
      </p>
    </>
  )
}

/** Why this may not be as it stands here, each in a sentence. */
function Doubts({ notice }: NoticeProps) {
  const missing = notice.codesWithoutShape.filter(({ edition }) => edition === undefined)
  return (
    <div className="doubts" data-testid="notice-doubts">
      {notice.goesOnAs !== undefined && (
        <p className="notice">
          <T k="notice.goesOn" />{' '}
          <Link to="/notices/$noticeId" params={{ noticeId: notice.goesOnAs }}>
            {notice.goesOnAs.slice(0, 10)}
          </Link>
        </p>
      )}
      {!notice.authority.isKnown && (
        <p className="notice">
          <T k="notice.unknownAuthority.text" sender={notice.sender} />
        </p>
      )}
      {notice.expiresAssumed && (
        <p className="notice">
          <T k="notice.expiresAssumed.text" />
        </p>
      )}
      {notice.holds && (
        <p className="notice">
          <T k="notice.held.text" />
        </p>
      )}
      {notice.hasConflict && (
        <p className="notice loud">
          <T k="notice.conflict.text" />
        </p>
      )}
      {missing.length > 0 && (
        <p className="notice" data-testid="without-shape">
          <T k="notice.withoutShape" />{' '}
          <code>
            {missing
              .map(
                ({ scheme, code, country }) =>
                  `${scheme} ${code}${country === undefined ? '' : ` (${country})`}`,
              )
              .join(', ')}
          </code>{' '}
          <Link to="/areas">
            <T k="areas.title" />
          </Link>
        </p>
      )}
    </div>
  )
}

function Words({ notice }: NoticeProps) {
  const { say, language } = useText()
  const own = notice.languages.find((tag) => supported(tag) === language) ?? notice.languages[0]
  if (own === undefined) return null
  return (
    <Tabs defaultSelectedKey={own}>
      <TabList aria-label={say('warning.languages')} className="tabs">
        {notice.languages.map((tag) => (
          <Tab key={tag} id={tag} className="tab" data-testid="language-tab">
            <span lang={tag}>{languageName(tag)}</span>
          </Tab>
        ))}
      </TabList>
      {notice.languages.map((tag) => (
        <TabPanel key={tag} id={tag} className="tab-panel">
          <div lang={tag} dir={directionOf(tag)} data-testid="notice-text">
            <h3>{notice.headline[tag] ?? notice.event[tag]}</h3>
            <p className="warning-description">{notice.description[tag]}</p>
            {notice.instruction[tag] && <p className="warning-instruction">{notice.instruction[tag]}</p>}
          </div>
        </TabPanel>
      ))}
    </Tabs>
  )
}

function Facts({ notice }: NoticeProps) {
  const { areas, web, codesWithoutShape } = notice
  const page = Object.values(web).find((url) => /^https?:\/\//i.test(url))
  return (
    <dl className="facts" data-testid="notice-facts">
      <dt>
        <T k="warning.valid" />
      </dt>
      <dd>
        <When at={notice.from} /> – <When at={notice.until} />
        {notice.endedAt !== undefined && (
          <>
            {'; '}
            <T k="warning.ended" /> <Age at={notice.endedAt} />
          </>
        )}
      </dd>
      <dt>
        <T k="warning.sender" />
      </dt>
      <dd>
        <Multilingual text={notice.senderName} /> <code>{notice.sender}</code>
        {page !== undefined && (
          <>
            {' '}
            <a href={page} rel="noreferrer">
              {hostOf(page)}
            </a>
          </>
        )}
      </dd>
      <dt lang="en">CAP 1.2</dt>
      <dd lang="en">
        {[notice.status, notice.severity, notice.urgency, notice.certainty].join(' · ')}
        {' · '}
        {notice.kind.map(({ scheme, code }) => `${scheme} ${code}`).join(', ')}
      </dd>
      <dt>
        <T k="warning.areas" />
      </dt>
      <dd>
        <Multilingual text={areas.desc} />{' '}
        <small className="faint">
          {areas.geocodes.map(({ scheme, code }) => `${scheme} ${code}`).join(', ')}
          <span lang="en">
            {codesWithoutShape.map(({ code, edition }) => edition && `; ${code}: edition of ${edition}`)}
          </span>
        </small>
      </dd>
    </dl>
  )
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
