/**
 * The pages. `/`, `/events/$id`, `/warnings`, `/warnings/$id`, `/notices`, `/notices/$id` stand beside the map; the rest have the page to themselves.
 * Everything but the list is fetched when it is first opened.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router'
import { EventList } from '../events/list.tsx'
import { MapAndPanel } from './map-and-panel.tsx'
import { Shell } from './shell.tsx'
import { NotFound } from './states.tsx'
import { readSearch } from './view.ts'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: readSearch,
  search: { middlewares: [retainSearchParams(['realm', 'at', 'level', 'country', 'q', 'kind'])] },
})
const beside = createRoute({ getParentRoute: () => root, id: 'map', component: MapAndPanel })
const list = createRoute({ getParentRoute: () => beside, path: '/', component: EventList })
const event = createRoute({
  getParentRoute: () => beside,
  path: '/events/$id',
  component: lazyRouteComponent(() => import('../events/event-page.tsx'), 'EventPage'),
})
const warnings = createRoute({
  getParentRoute: () => beside,
  path: '/warnings',
  component: lazyRouteComponent(() => import('../warnings/list.tsx'), 'WarningList'),
})
const warning = createRoute({
  getParentRoute: () => beside,
  path: '/warnings/$warningId',
  component: lazyRouteComponent(() => import('../warnings/warning-page.tsx'), 'WarningPage'),
})
const notices = createRoute({
  getParentRoute: () => beside,
  path: '/notices',
  component: lazyRouteComponent(() => import('../notices/list.tsx'), 'NoticeList'),
})
const notice = createRoute({
  getParentRoute: () => beside,
  path: '/notices/$noticeId',
  component: lazyRouteComponent(() => import('../notices/notice-page.tsx'), 'NoticePage'),
})
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../inbox/inbox-page.tsx'), 'InboxPage'),
})
const notification = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$notificationId',
  component: lazyRouteComponent(() => import('../inbox/notification-page.tsx'), 'NotificationPage'),
})
const scores = createRoute({
  getParentRoute: () => root,
  path: '/scores',
  component: lazyRouteComponent(() => import('../scores/scores-page.tsx'), 'ScoresPage'),
})
const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  component: lazyRouteComponent(() => import('../sources/sources-page.tsx'), 'SourcesPage'),
})
const quarantine = createRoute({
  getParentRoute: () => root,
  path: '/quarantine',
  component: lazyRouteComponent(() => import('../sources/quarantine-page.tsx'), 'QuarantinePage'),
})
const quarantined = createRoute({
  getParentRoute: () => root,
  path: '/quarantine/$itemId',
  component: lazyRouteComponent(() => import('../sources/quarantined-page.tsx'), 'QuarantinedPage'),
})
const about = createRoute({
  getParentRoute: () => root,
  path: '/about',
  component: lazyRouteComponent(() => import('../about/about-page.tsx'), 'AboutPage'),
})

const peers = createRoute({
  getParentRoute: () => root,
  path: '/peers',
  component: lazyRouteComponent(() => import('../exchange/peers-page.tsx'), 'PeersPage'),
})
const recalls = createRoute({
  getParentRoute: () => root,
  path: '/recalls',
  component: lazyRouteComponent(() => import('../exchange/recalls-page.tsx'), 'RecallsPage'),
})
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
})
const emergency = createRoute({
  getParentRoute: () => root,
  path: '/emergency',
  component: lazyRouteComponent(() => import('../audit/emergency-page.tsx'), 'EmergencyPage'),
})
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('../access/account-page.tsx'), 'AccountPage'),
})
const record = createRoute({
  getParentRoute: () => root,
  path: '/records/$recordId',
  component: lazyRouteComponent(() => import('../records/record-page.tsx'), 'RecordPage'),
})
const areas = createRoute({
  getParentRoute: () => root,
  path: '/areas',
  component: lazyRouteComponent(() => import('../areas/areas-page.tsx'), 'AreasPage'),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('../access/sign-in-page.tsx'), 'SignInPage'),
})
const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: lazyRouteComponent(() => import('../access/enrol-page.tsx'), 'EnrolPage'),
})

const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  component: lazyRouteComponent(() => import('../desk/desk-page.tsx'), 'DeskPage'),
})
const draft = createRoute({
  getParentRoute: () => root,
  path: '/desk/drafts/$draftId',
  component: lazyRouteComponent(() => import('../desk/draft-page.tsx'), 'DraftPage'),
})

const tree = root.addChildren([
  beside.addChildren([list, event, warnings, warning, notices, notice]),
  desk,
  draft,
  inbox,
  notification,
  scores,
  areas,
  sources,
  quarantine,
  quarantined,
  peers,
  recalls,
  audit,
  emergency,
  account,
  record,
  signIn,
  enrol,
  about,
])

export const makeRouter = () =>
  createRouter({ routeTree: tree, defaultPreload: false, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
