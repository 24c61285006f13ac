/**
 * The pages. `/`, `/events/$id`, `/warnings`, `/warnings/$id` stand beside the map; the rest have the page to themselves.
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
  search: { middlewares: [retainSearchParams(['realm', 'at', 'level', 'country', 'q'])] },
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

const tree = root.addChildren([
  beside.addChildren([list, event, warnings, warning]),
  sources,
  quarantine,
  quarantined,
  peers,
  recalls,
  audit,
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
