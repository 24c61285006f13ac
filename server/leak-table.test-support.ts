/**
 * Every way out of a node over HTTP, and how the leak test looks through it. A route that has no line here fails the
 * test; so does a line that no route has. A line without probes says why it cannot tell of records.
 */
import type { RecordId } from '../engines/record/index.ts'

/** What a run knows: what can be named in a question, of what is visible and of what is not. */
export type Ground = {
  readonly realm: string
  readonly visible: readonly RecordId[]
  readonly events: readonly RecordId[]
  readonly warnings: readonly RecordId[]
  readonly hidden: readonly RecordId[]
  readonly hiddenKeys: readonly string[]
  /** Visible, with fields that differ between the two nodes and are withheld from the asker. */
  readonly marked: readonly RecordId[]
  /** Words that stand in withheld fields only. */
  readonly secrets: readonly string[]
  readonly instants: readonly string[]
}

export type Line =
  | { readonly kind: 'asked'; readonly probes: (ground: Ground) => readonly string[] }
  /** A list with a cursor, walked to its end; its first page is asked with each of these queries. */
  | { readonly kind: 'walked'; readonly probes: (ground: Ground) => readonly string[] }
  | { readonly kind: 'stream' }
  | { readonly kind: 'exempt'; readonly because: string }

const api = '/api/v1'
const asked = (probes: (ground: Ground) => readonly string[]): Line => ({ kind: 'asked', probes })
const walked = (probes: (ground: Ground) => readonly string[]): Line => ({ kind: 'walked', probes })
const always = (...paths: readonly string[]): Line => asked(() => paths)
const exempt = (because: string): Line => ({ kind: 'exempt', because })

const views = ({ realm, instants }: Ground): readonly string[] => [
  `realm=${realm}`,
  ...instants.map((at) => `realm=${realm}&knownAt=${at}`),
]
const some = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  items.filter((_, at) => at % Math.max(1, Math.ceil(items.length / count)) === 0)
const anyOf = ({ visible, hidden, marked }: Ground): readonly RecordId[] => [
  ...some(visible, 12),
  ...some(hidden, 12),
  ...marked,
  'f'.repeat(40) as RecordId,
]
const each = (ground: Ground, path: (id: RecordId) => string): readonly string[] =>
  [...anyOf(ground), ...some(ground.events, 4), ...some(ground.warnings, 4)].flatMap((id) =>
    views(ground)
      .slice(0, 2)
      .map((view) => `${path(id)}?${view}`),
  )

const recordFilters = ({ hidden, hiddenKeys, visible, secrets, instants }: Ground): readonly string[] => [
  '',
  '&type=hazards.event,hazards.impact',
  '&label=TLP:CLEAR',
  `&from=${instants[0]}`,
  `&until=${instants[0]}`,
  '&area=ISO3166-1:AL',
  ...some(hiddenKeys, 3).map((key) => `&key=${encodeURIComponent(key)}`),
  ...[...some(hidden, 3), ...some(visible, 3)].map((id) => `&linkedTo=${id}`),
  ...some(secrets, 2).map((word) => `&key=${word}`),
]

const log =
  'a transparency log tells everybody how many leaves it has; each is a salted commitment and tells nothing else'
const glass = 'opens what the policy then shows, in one person’s name; reads no record (server/audit.test.ts)'
const ordered =
  'finds what it names through the one door, so what is hidden is 404 like what is not there (server/orders.test.ts)'
const peers =
  'answers to signatures of peers alone, each by its own rules (engines/exchange has its own tests)'

export const leakTable: Readonly<Record<string, Line>> = {
  [`GET ${api}/node`]: always(`${api}/node`),
  'GET /health': always('/health'),
  'GET /ready': always('/ready'),
  [`GET ${api}/openapi.json`]: always(`${api}/openapi.json`),
  'GET /*': always('/', '/events/0123', '/records/0123'),
  [`GET ${api}/map/countries.json`]: always(`${api}/map/countries.json`),
  [`GET ${api}/map/towns.json`]: always(`${api}/map/towns.json`),
  [`GET ${api}/areas`]: walked((ground) => views(ground).map((view) => `${api}/areas?${view}&limit=3`)),
  [`GET ${api}/areas/missing`]: asked((ground) =>
    views(ground).map((view) => `${api}/areas/missing?${view}`),
  ),
  [`GET ${api}/areas/:scheme/:code`]: asked((ground) =>
    views(ground).map((view) => `${api}/areas/ISO3166-1/AL?${view}`),
  ),
  [`GET ${api}/places/warnings`]: asked((ground) =>
    views(ground).map((view) => `${api}/places/warnings?${view}&lon=19.6&lat=41.4`),
  ),
  [`GET ${api}/events`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/events?${view}&limit=3`),
    `${api}/events?realm=${ground.realm}&minMagnitude=4&limit=2`,
    `${api}/events?realm=${ground.realm}&level=yellow&country=al`,
    ...ground.secrets.map((word) => `${api}/events?realm=${ground.realm}&q=${word}`),
    ...some(ground.hidden, 3).map((id) => `${api}/events?realm=${ground.realm}&q=${id}`),
  ]),
  [`GET ${api}/events/:id`]: asked((ground) => each(ground, (id) => `${api}/events/${id}`)),
  [`GET ${api}/warnings`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/warnings?${view}&limit=4`),
    `${api}/warnings?realm=${ground.realm}&inForce=true`,
    `${api}/warnings?realm=${ground.realm}&country=AL&limit=1`,
    ...some(ground.hidden, 4).map((id) => `${api}/warnings?realm=${ground.realm}&event=${id}`),
  ]),
  [`GET ${api}/warnings/:id`]: asked((ground) => each(ground, (id) => `${api}/warnings/${id}`)),
  [`GET ${api}/warnings/:id.xml`]: asked((ground) => each(ground, (id) => `${api}/warnings/${id}.xml`)),
  [`GET ${api}/notices`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/notices?${view}&limit=4`),
    `${api}/notices?realm=${ground.realm}&inForce=true&country=al`,
  ]),
  [`GET ${api}/notices/:id`]: asked((ground) => each(ground, (id) => `${api}/notices/${id}`)),
  [`GET ${api}/scores`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/scores?${view}&limit=4`),
    `${api}/scores?realm=${ground.realm}&outcome=hit&country=al`,
  ]),
  [`GET ${api}/scores/summary`]: asked((ground) =>
    views(ground).map((view) => `${api}/scores/summary?${view}`),
  ),
  [`GET ${api}/scores.csv`]: asked((ground) => views(ground).map((view) => `${api}/scores.csv?${view}`)),
  [`GET ${api}/scores/:id`]: asked((ground) => each(ground, (id) => `${api}/scores/${id}`)),
  [`GET ${api}/notifications`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/notifications?${view}&limit=4`),
    `${api}/notifications?realm=${ground.realm}&kind=alarm&open=true&limit=1`,
  ]),
  [`GET ${api}/notifications/:id`]: asked((ground) => each(ground, (id) => `${api}/notifications/${id}`)),
  [`POST ${api}/notifications/:id/acknowledgement`]: exempt(ordered),
  [`GET ${api}/feeds/:area.atom`]: asked((ground) =>
    views(ground).flatMap((view) =>
      ['region', 'AL', 'gr'].map((area) => `${api}/feeds/${area}.atom?${view}`),
    ),
  ),
  [`GET ${api}/records`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/records?${view}&limit=7`),
    ...recordFilters(ground).map((filter) => `${api}/records?realm=${ground.realm}${filter}&limit=20`),
    ...ground.secrets.map((word) => `${api}/records?realm=${ground.realm}&q=${word}`),
    `${api}/records?realm=${ground.realm}&q=hidden`,
  ]),
  [`GET ${api}/records/counts`]: asked((ground) =>
    views(ground).flatMap((view) =>
      recordFilters(ground).map((filter) => `${api}/records/counts?${view}${filter}`),
    ),
  ),
  [`GET ${api}/records/:id`]: asked((ground) => [
    ...anyOf(ground).map((id) => `${api}/records/${id}`),
    ...some(ground.visible, 4).map((id) => `${api}/records/${id}?version=2`),
    ...some(ground.hidden, 8).map((id) => `${api}/records/${id}?version=1`),
  ]),
  [`GET ${api}/records/:id/proof`]: asked((ground) =>
    anyOf(ground).map((id) => `${api}/records/${id}/proof`),
  ),
  [`GET ${api}/reports`]: walked((ground) => [
    ...views(ground).map((view) => `${api}/reports?${view}&limit=2`),
    `${api}/reports?realm=${ground.realm}&state=draft`,
    ...some(ground.hidden, 4).map((id) => `${api}/reports?realm=${ground.realm}&subject=${id}`),
  ]),
  [`GET ${api}/reports/:id`]: asked((ground) => each(ground, (id) => `${api}/reports/${id}`)),
  [`GET ${api}/reports/:id.html`]: asked((ground) => each(ground, (id) => `${api}/reports/${id}.html`)),
  [`GET ${api}/reports/:id.pdf`]: asked((ground) => each(ground, (id) => `${api}/reports/${id}.pdf`)),
  [`GET ${api}/stream`]: { kind: 'stream' },
  [`GET ${api}/sources`]: asked((ground) => [`${api}/sources`, `${api}/sources?realm=${ground.realm}`]),
  [`GET ${api}/quarantine`]: always(`${api}/quarantine`, `${api}/quarantine?limit=1`),
  [`GET ${api}/quarantine/:id`]: asked((ground) => anyOf(ground).map((id) => `${api}/quarantine/${id}`)),
  [`GET ${api}/quarantine/:id/bytes`]: asked((ground) =>
    anyOf(ground).map((id) => `${api}/quarantine/${id}/bytes`),
  ),
  [`GET ${api}/replay`]: always(`${api}/replay`),
  [`POST ${api}/replay`]: exempt('steers the scenario, whose state is no record'),
  [`GET ${api}/peers`]: always(`${api}/peers`),
  [`GET ${api}/recalls`]: walked((ground) => [
    `${api}/recalls`,
    ...views(ground).map((view) => `${api}/recalls?${view.split('&')[0]}&limit=1`),
  ]),
  [`POST ${api}/recalls`]: exempt(ordered),
  [`POST ${api}/decisions`]: exempt(ordered),
  [`GET ${api}/desk`]: always(`${api}/desk`),
  [`GET ${api}/desk/queue`]: asked((ground) => views(ground).map((view) => `${api}/desk/queue?${view}`)),
  [`GET ${api}/desk/drafts`]: asked((ground) => views(ground).map((view) => `${api}/desk/drafts?${view}`)),
  [`POST ${api}/desk/drafts`]: exempt(ordered),
  [`GET ${api}/desk/drafts/:id`]: asked((ground) => anyOf(ground).map((id) => `${api}/desk/drafts/${id}`)),
  [`PUT ${api}/desk/drafts/:id`]: exempt(ordered),
  [`POST ${api}/desk/drafts/:id/steps`]: exempt(ordered),
  [`GET ${api}/desk/drafts/:id/preview`]: asked((ground) =>
    anyOf(ground).map((id) => `${api}/desk/drafts/${id}/preview`),
  ),
  [`GET ${api}/desk/templates`]: asked((ground) =>
    views(ground).map((view) => `${api}/desk/templates?${view}`),
  ),
  [`POST ${api}/desk/templates`]: exempt(ordered),
  [`GET ${api}/desk/areas`]: asked((ground) => views(ground).map((view) => `${api}/desk/areas?${view}`)),
  [`POST ${api}/desk/areas`]: exempt(ordered),
  [`GET ${api}/desk/duty`]: asked((ground) => views(ground).map((view) => `${api}/desk/duty?${view}`)),
  [`POST ${api}/desk/duty/actions`]: exempt(ordered),
  [`GET ${api}/desk/signing-key`]: exempt('a public key, made of chance alone: it reads no record'),
  [`GET ${api}/audit/trail`]: always(`${api}/audit/trail`),
  [`GET ${api}/audit/figures`]: always(`${api}/audit/figures`),
  [`GET ${api}/records/:id/looks`]: asked((ground) =>
    anyOf(ground).map((id) => `${api}/records/${id}/looks`),
  ),
  [`GET ${api}/break-glass`]: always(`${api}/break-glass`),
  [`POST ${api}/break-glass`]: exempt(glass),
  [`POST ${api}/break-glass/:id/review`]: exempt(glass),
  'GET /log/checkpoint': exempt(log),
  'GET /log/keys': exempt(log),
  'GET /log/tile/*': exempt(log),
  'GET /log/*': exempt(log),
  'POST /log/add-checkpoint': exempt(log),
  'GET /exchange/v1/*': exempt(peers),
  'POST /exchange/v1/*': exempt(peers),
}

/** Who asks is shown there, and no record is read (`server/sign-in` has its own tests). */
export const isSignIn = (route: string): boolean =>
  /^[A-Z]+ \/api\/v1\/(session|sessions|credentials|tokens|enrolment)(\/|$)/.test(route)

/** Served files of the page are the same for everybody: they are made before any record. */
export const isPageFile = (route: string): boolean => /^GET \/(assets\/|index\.html|mark\.svg|$)/.test(route)
