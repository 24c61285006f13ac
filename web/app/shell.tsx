/** What stands around every page: skip link, banner of an exercise, header, replay and look-back, the live region. */
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Account } from '../access/account.tsx'
import { useRunsNode } from '../access/runs-node.ts'
import { nodeQuery } from '../api/node.ts'
import { sessionQuery } from '../api/session.ts'
import { GlassBanner } from '../audit/glass.tsx'
import {
  mayBreakGlass,
  mayDesk,
  mayReviewGlass,
  maySeeAudit,
  maySeePeers,
  maySeeRecalls,
} from '../audit/may.ts'
import { DutyBanner } from '../desk/duty-banner.tsx'
import { Multilingual, T, useText } from '../text/use-text.tsx'
import { Announcer } from './announcer.tsx'
import { useRealm } from './clock.tsx'
import { KeyboardHelp } from './keyboard.tsx'
import { LanguageChoice } from './language.tsx'
import { FollowNode } from './line.tsx'
import { LineBadge } from './line-badge.tsx'
import { NodeTrouble } from './node-trouble.tsx'
import { usePageTitle } from './page-title.ts'
import { ThemeChoice } from './theme.tsx'
import { TimeBar } from './time-bar.tsx'

export function Shell() {
  return (
    <FollowNode>
      <a className="skip" href="#content">
        <T k="app.skip" />
      </a>
      <RealmBanner />
      <GlassBanner />
      <NodeTrouble />
      <DutyBanner />
      <Header />
      <TimeBar />
      <Content />
      <Announcer />
      <KeyboardHelp />
    </FollowNode>
  )
}

/** After a page change by keyboard the reader stands at the top of the new page, not in the old link. */
function Content() {
  const path = useRouterState({ select: (state) => state.location.pathname })
  usePageTitle()
  useEffect(() => {
    if (path && document.activeElement === document.body) return
    document.getElementById('content')?.focus({ preventScroll: true })
  }, [path])
  return (
    <main id="content" tabIndex={-1}>
      <Outlet />
    </main>
  )
}

function Header() {
  const { say } = useText()
  const node = useQuery(nodeQuery)
  const runsNode = useRunsNode()
  return (
    <header className="header">
      <Link to="/" className="brand">
        <img src="/mark.svg" alt="" width="26" height="26" />
        <span>Mosaic</span>
        {node.data && (
          <small>
            <Multilingual text={node.data.region.title} />
          </small>
        )}
      </Link>
      <nav aria-label={say('nav.main')}>
        <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
          <T k="nav.events" />
        </Link>
        <Link to="/warnings" activeOptions={{ includeSearch: false }}>
          <T k="nav.warnings" />
        </Link>
        <Link to="/notices" activeOptions={{ includeSearch: false }}>
          <T k="nav.notices" />
        </Link>
        <Link to="/inbox" activeOptions={{ includeSearch: false }}>
          <T k="nav.inbox" />
        </Link>
        <Link to="/scores" activeOptions={{ includeSearch: false }}>
          <T k="nav.scores" />
        </Link>
        <Link to="/sources" activeOptions={{ includeSearch: false }}>
          <T k="nav.sources" />
        </Link>
        {runsNode && (
          <Link to="/quarantine" activeOptions={{ includeSearch: false }}>
            <T k="nav.quarantine" />
          </Link>
        )}
        <LinksOfWhoIsIn />
        <Link to="/about" activeOptions={{ includeSearch: false }}>
          <T k="nav.about" />
        </Link>
      </nav>
      <div className="header-tools">
        <LineBadge />
        <Account />
        <LanguageChoice />
        <span className="roomy">
          <ThemeChoice />
        </span>
      </div>
    </header>
  )
}

/** Pages for who works with peers, takes back, or oversees: the way there is shown to who may enter. */
function LinksOfWhoIsIn() {
  const { data: session } = useQuery(sessionQuery)
  if (!session || session.kind === 'public') return null
  const { roles } = session
  return (
    <>
      {mayDesk(roles) && (
        <Link to="/desk" activeOptions={{ includeSearch: false }}>
          <T k="desk.title" />
        </Link>
      )}
      {maySeePeers(roles) && (
        <Link to="/peers" activeOptions={{ includeSearch: false }}>
          <T k="peers.title" />
        </Link>
      )}
      {maySeeRecalls(roles) && (
        <Link to="/recalls" activeOptions={{ includeSearch: false }}>
          <T k="recalls.title" />
        </Link>
      )}
      {maySeeAudit(roles) && (
        <Link to="/audit" activeOptions={{ includeSearch: false }}>
          <T k="audit.title" />
        </Link>
      )}
      {(mayBreakGlass(roles) || mayReviewGlass(roles)) && (
        <Link to="/emergency" activeOptions={{ includeSearch: false }}>
          <T k="glass.title" />
        </Link>
      )}
    </>
  )
}

/** An exercise must never be taken for real: the banner is on every page of such a realm and cannot be closed. */
function RealmBanner() {
  const realm = useRealm()
  if (realm === undefined || realm === 'actual') return null
  const isTest = realm === 'test'
  return (
    <div className="banner" role="note" data-testid="realm-banner">
      <strong>
        <T k={isTest ? 'banner.test' : 'banner.exercise'} />
      </strong>
      {!isTest && <span className="banner-name">{realm.replace(/^exercise:/, '')}</span>}
    </div>
  )
}
