/**
 * The composition root: builds one node from its settings, the packs and a region.
 *
 * Packs are listed here and nowhere else. A pack that breaks a rule is named, left out, and does not stop the others.
 * Live data stands in the realm `actual`; a scenario is played by a second store on the same database, which writes
 * with the scenario's own origin, clock and salts into the scenario's own realm.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { auditSealRecord, retentionRecords } from './engines/access/index.ts'
import {
  assessReactor,
  detectReactor,
  extremesReferences,
  type ReferenceMethod,
  scoreRecord,
  scoringReferences,
  verifyReactor,
  verifyTimer,
} from './engines/assess/index.ts'
import { recallRecords } from './engines/exchange/index.ts'
import { loadScenario, type PlayerSetting, type Scenario, ScenarioPlayer } from './engines/exercise/index.ts'
import { fuseDecision, fuseProposal, fuseReactor } from './engines/fuse/index.ts'
import {
  type PartnerLogin,
  runSources,
  type SourceDeclaration,
  type SourceHappening,
} from './engines/ingest/index.ts'
import { openPlaces, type Places, placeArea, type Region } from './engines/place/index.ts'
import {
  actual,
  type Clock,
  createRegistry,
  instant,
  type MultilingualText,
  type NodeId,
  nodeId,
  type RecordDefinition,
  type Registry,
  recordRelease,
  SettableClock,
  systemClock,
  testRealm,
} from './engines/record/index.ts'
import { openReports, type Reports, reportRecord } from './engines/report/index.ts'
import {
  type EmbeddedPostgres,
  type Identity,
  nodeNamedIn,
  type OpenStore,
  openEmbedded,
  openStore,
  type QuarantineLimits,
  type Reactor,
  type ReactorFailure,
  runReactors,
  runTimers,
  type Timer,
  timerDue,
} from './engines/store/index.ts'
import { tlogKey, tlogKeyRevocation, tlogSuccession } from './engines/tlog/index.ts'
import {
  areaLookup,
  type Catalogue,
  type Desk,
  type DeskRules,
  draftStepRecord,
  type IssueRule,
  type IssueSettings,
  issueReactor,
  openDesk,
  openWarningKey,
  placeOfAreas,
  proposeReactor,
  type RegionWarnings,
  alertRecord as receivedAlert,
  receivedRecords,
  resolveReactor,
  type WarningKey,
  warnCountriesOf,
  warnRecords,
} from './engines/warn/index.ts'
import type { NodeLog } from './node-log.ts'
import { environment } from './packs/environment/pack.ts'
import { hazards } from './packs/hazards/pack.ts'
import type { Pack } from './packs/pack.ts'
import { see } from './regions/see/region.ts'
import { openTrust, type Trust, type TrustSettings } from './trust.ts'

export type { NodeLog }

export const packs: readonly Pack[] = [hazards, environment]
/** A region, and what it states of other people's warnings. */
export type WarningRegion = Region & { readonly warnings?: RegionWarnings }
export const regions: Readonly<Record<string, WarningRegion>> = { see }

export type NodeSettings = TrustSettings & {
  /** Absent: the name that the database has from before, or `mosaic.localhost`. */
  readonly name?: NodeId
  readonly title: MultilingualText
  /** Holds the embedded PostgreSQL, unless `databaseUrl` names another. */
  readonly dataFolder: string
  readonly databaseUrl?: string
  readonly region: WarningRegion
  /** By what right, for whom and how this node issues warnings; empty: people decide on every proposal elsewhere. */
  readonly issueRules: readonly IssueRule[]
  /** How many approve a warning, and how long one may hold; absent: `defaultDeskRules`. */
  readonly desk?: DeskRules
  /** PEM of a key, and its certificate, that sign warnings in place of the node's own. */
  readonly warningKey?: { readonly key: string; readonly certificate?: string }
  /** Sent with every request to a source: who asks, and whom to write to. */
  readonly userAgent: string
  /** Partner source → its address and key. */
  readonly partners?: Readonly<Record<string, PartnerLogin>>
  /** In place of those that the packs declare: a mirror within reach, or a server of one's own to measure with. */
  readonly sources?: readonly SourceDeclaration[]
  /** How much is held of one sender in quarantine. */
  readonly quarantine?: QuarantineLimits
  /** `false` only for databases that are thrown away. */
  readonly durable?: boolean
}

export type MosaicNode = AsyncDisposable & {
  readonly settings: NodeSettings & { readonly name: NodeId }
  readonly clock: Clock
  readonly places: Places
  readonly registry: Registry
  readonly store: OpenStore
  readonly databaseUrl: string
  readonly packs: readonly Pack[]
  readonly sources: readonly SourceDeclaration[]
  /** Fetches sources and runs reactors in the realm `actual` until the signal aborts. */
  readonly live: (options: { readonly fetchSources: boolean; readonly signal: AbortSignal }) => Promise<void>
  readonly openReplay: (scenario: Scenario, speed?: number) => Promise<Replay>
  /** Keys, log, accounts, audit, recalls, exchange: opened at the first call. */
  readonly trust: () => Promise<Trust>
  readonly reactors: (identity: Identity, rules: readonly IssueRule[]) => readonly Reactor[]
  /** Signs what this node issues. */
  readonly warningKey: () => Promise<WarningKey>
  /** The warning desk; of an open scenario, in its own name, realm and time. */
  readonly desk: (replay?: DeskPlace) => Desk
}
/** Where a desk stands: the node itself, or an open scenario. */
export type DeskPlace = {
  readonly store: Pick<OpenStore, 'append' | 'read' | 'identity'>
  readonly clock: Clock
  readonly scenario?: Scenario
}

/** A scenario opened in a node, played by `player` or by `playAtOnce(setting)`. */
export type Replay = AsyncDisposable & {
  readonly scenario: Scenario
  readonly setting: PlayerSetting
  readonly player: ScenarioPlayer
}

const quiet: NodeLog = { info: () => {}, warn: () => {}, error: () => {} }

export async function openNode(
  asked: NodeSettings,
  clock: Clock = systemClock,
  log: NodeLog = quiet,
): Promise<MosaicNode> {
  const sound = soundPacks(log)
  const registry = registryOf(sound)
  const places = await openPlaces(asked.region)
  const embedded = asked.databaseUrl === undefined ? await embeddedOf(asked, log) : undefined
  try {
    const databaseUrl = asked.databaseUrl ?? embedded?.url ?? ''
    const name = asked.name ?? (await nodeNamedIn(databaseUrl)) ?? nodeId('mosaic.localhost')
    const settings = { ...asked, name }
    const store = await openStore({
      ...{ url: databaseUrl, node: name, clock, registry },
      ...(settings.organisation && { organisation: settings.organisation.id }),
      ...(settings.quarantine && { quarantine: settings.quarantine }),
    })
    const reactors = (identity: Identity, rules: readonly IssueRule[]) =>
      reactorsOf(
        {
          ...{ all: sound, places, warnings: settings.region.warnings },
          ...(settings.desk && { desk: settings.desk }),
          ...(identity === store.identity && { sign: async (xml: string) => (await warningKey()).sign(xml) }),
        },
        identity,
        rules,
      )
    let key: Promise<WarningKey> | undefined
    const warningKey = (): Promise<WarningKey> => {
      key ??= openWarningKey({
        ...{ database: store.database, node: name, clock },
        ...(settings.passphrase !== undefined && { passphrase: settings.passphrase }),
        ...(settings.warningKey && { given: settings.warningKey }),
      })
      key.catch(() => {
        key = undefined // asked again when the passphrase may be there
      })
      return key
    }
    /** What sources mark as a test is resolved too, and drafts for a test go out, apart from all that is real. */
    const testReactors = () =>
      reactors(store.identity, settings.issueRules).filter(
        ({ reads }) => reads.includes(receivedAlert.type) || reads.includes(draftStepRecord.type),
      )
    const declared = sourcesOf(sound, settings.region, settings.partners)
    let trust: Promise<Trust> | undefined
    const trusted = (): Promise<Trust> => {
      trust ??= openTrust({ settings, store, clock, sources: declared, log })
      return trust
    }
    if (store.clockBehindMs > tolerableMs) ringClock(log, store.clockBehindMs)
    const onFailure = (failure: ReactorFailure) => ring(log, failure)
    const sources = settings.sources ?? declared
    return {
      settings,
      clock,
      places,
      registry,
      store,
      databaseUrl,
      packs: sound,
      sources,
      reactors,
      live: async ({ fetchSources, signal }) => {
        const running = {
          store,
          realm: actual,
          clock,
          signal,
          random: Math.random,
          userAgent: settings.userAgent,
          on: (happening: SourceHappening) => tell(log, happening),
        }
        await Promise.all([
          runReactors(
            { store, realm: actual, reactors: reactors(store.identity, settings.issueRules), onFailure },
            signal,
          ),
          runReactors({ store, realm: testRealm, reactors: testReactors(), onFailure }, signal),
          runTimers({ store, realm: actual, timers: timersOf(sound, places), node: name }, { clock, signal }),
          fetchSources ? runSources({ ...running, sources }) : undefined,
          trusted().then((others) => others.live(signal)),
        ])
      },
      openReplay: (scenario, speed) =>
        openReplay(
          {
            databaseUrl,
            registry,
            reactors,
            timers: timersOf(sound, places),
            places,
            sources: declared,
            onFailure,
          },
          scenario,
          speed,
        ),
      trust: trusted,
      warningKey,
      desk: (replay) => deskOf({ all: sound, places, settings }, replay ?? { store, clock }),
      [Symbol.asyncDispose]: async () => {
        await trust?.then(
          (others) => others[Symbol.asyncDispose](),
          () => {}, // told to whoever asked for it
        )
        await store[Symbol.asyncDispose]()
        await embedded?.[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await embedded?.[Symbol.asyncDispose]()
    throw error
  }
}

/** A scenario of the region by its name, or any folder that holds a `scenario.json`. */
export const scenarioOf = (region: Region, name: string): Promise<Scenario> =>
  loadScenario(/[/\\.]/.test(name) ? name : join(region.folder, 'scenarios', name))

/** Every method that a reference case can be run through. */
export const referenceMethods = (): readonly ReferenceMethod[] => [
  ...extremesReferences,
  ...scoringReferences,
  ...packs.flatMap((pack) => pack.references),
]

const ownRecords: readonly RecordDefinition[] = [
  fuseProposal,
  fuseDecision,
  timerDue,
  scoreRecord,
  placeArea,
  ...warnRecords,
  ...receivedRecords,
  recordRelease,
  reportRecord,
  tlogKey,
  tlogKeyRevocation,
  tlogSuccession,
  auditSealRecord,
  ...retentionRecords,
  ...recallRecords,
]

/** Every record type that a node of these packs knows. */
export const recordTypes: readonly RecordDefinition[] = [
  ...ownRecords,
  ...packs.flatMap((pack) => pack.records),
]

const registryOf = (all: readonly Pack[]): Registry =>
  createRegistry([...ownRecords, ...all.flatMap((pack) => pack.records)])

/** The packs whose declarations stand beside the engines' own; the others are named in the log and left out. */
function soundPacks(log: NodeLog): readonly Pack[] {
  return packs.filter((pack) => {
    try {
      registryOf([pack])
      return true
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error({ pack: pack.name, reason }, 'a pack breaks a rule and is left out')
      return false
    }
  })
}

const embeddedOf = ({ dataFolder, durable = true }: NodeSettings, log: NodeLog): Promise<EmbeddedPostgres> =>
  openEmbedded({
    folder: dataFolder,
    durable,
    logger: { info: (message) => log.info({}, message), warn: (message) => log.warn({}, message) },
  })

/** Every source that these packs work in this region. */
export const sourcesOf = (
  all: readonly Pack[],
  { warnings }: WarningRegion,
  partners: NonNullable<NodeSettings['partners']> = {},
): readonly SourceDeclaration[] =>
  all.flatMap((pack) => [
    ...pack.sources,
    ...((warnings && pack.warningSources?.(warnings)) ?? []),
    ...(pack.partnerSources ?? []).flatMap(({ id, open }) => {
      const login = Object.hasOwn(partners, id) ? partners[id] : undefined
      return login === undefined ? [] : [open(login)]
    }),
  ])

/** Sources for which a node needs an address and a key of its operator. */
export const partnerSources = packs.flatMap((pack) => pack.partnerSources ?? [])

type ReactorParts = {
  readonly all: readonly Pack[]
  readonly places: Places
  readonly warnings: RegionWarnings | undefined
} & Pick<IssueSettings, 'desk' | 'sign'>

function reactorsOf(
  { all, places, warnings, desk, sign }: ReactorParts,
  identity: Identity,
  rules: readonly IssueRule[],
): readonly Reactor[] {
  const node = identity.node as NodeId
  const catalogues = cataloguesOf(all)
  const inRegion = { places, ...(warnings && { warnings }) }
  const declared = all.flatMap((pack) => [pack, ...(pack.inRegion ? [pack.inRegion(inRegion)] : [])])
  return [
    ...declared.flatMap(({ fusion }) => fusion.map((rule) => fuseReactor(rule, node))),
    ...all.flatMap((pack) => pack.assessors.map((assessor) => assessReactor(assessor, { places }, node))),
    ...all.flatMap(({ detectors = [] }) => detectors.map((one) => detectReactor(one, { places }, node))),
    ...declared.flatMap((pack) => pack.warnings.map((rule) => proposeReactor(rule))),
    issueReactor({
      ...{ rules, catalogues, countries: warnCountriesOf(places), identity },
      ...(warnings?.writes && { profile: warnings.writes }),
      ...(desk && { desk }),
      ...(sign && { sign }),
    }),
    ...(warnings === undefined ? [] : [resolveReactor(warnings.register, node, areaLookup(places))]),
    ...all.flatMap(({ verification = [] }) =>
      verification.map((rule) => verifyReactor(rule, { places }, node)),
    ),
  ]
}

type DeskNode = {
  readonly all: readonly Pack[]
  readonly places: Places
  readonly settings: Pick<NodeSettings, 'issueRules' | 'region' | 'desk'>
}

function deskOf({ all, places, settings }: DeskNode, { store, clock, scenario }: DeskPlace): Desk {
  const { region, issueRules, desk } = settings
  return openDesk({
    ...{ store, clock, newKey: randomUUID, placeOf: placeOfAreas },
    settings: {
      rules: scenario ? issueRulesOf(scenario, places) : issueRules,
      catalogues: cataloguesOf(all),
      countries: warnCountriesOf(places),
      identity: store.identity,
      ...(region.warnings?.writes && { profile: region.warnings.writes }),
      ...(desk && { desk }),
    },
  })
}

/** What falls due by time alone: warnings that have run out are scored. */
const timersOf = (all: readonly Pack[], places: Places): readonly Timer[] =>
  all.flatMap(({ verification = [] }) => verification.map((rule) => verifyTimer(rule, { places })))

/** One catalogue per language over all packs; keys carry their pack's hazard, so they do not meet. */
/** The reports of a node, by the templates and texts of its packs. */
export const reportsOf = ({ store, clock, places, packs: all, settings }: ReportingNode): Reports =>
  openReports({
    ...{ store, clock, places, publisher: settings.title },
    templates: all.flatMap(({ reports = [] }) => reports),
    catalogues: cataloguesOf(
      all.flatMap(({ catalogues, reportCatalogues = {} }) => [
        { catalogues },
        { catalogues: reportCatalogues },
      ]),
    ),
  })
type ReportingNode = Pick<MosaicNode, 'store' | 'clock' | 'places' | 'packs' | 'settings'>

type WithCatalogues = Pick<Pack, 'catalogues'>

function cataloguesOf(all: readonly WithCatalogues[]): Pack['catalogues'] {
  const languages = [...new Set(all.flatMap((pack) => Object.keys(pack.catalogues)))]
  return Object.fromEntries(languages.map((language) => [language, catalogueOf(all, language)]))
}

function catalogueOf(all: readonly WithCatalogues[], language: string): Catalogue {
  const parts = all.flatMap((pack) => pack.catalogues[language] ?? [])
  return Object.assign({}, ...parts, {
    language,
    messages: Object.assign({}, ...parts.map(({ messages }) => messages)),
  })
}

type ReplayParts = {
  readonly databaseUrl: string
  readonly registry: Registry
  readonly places: Places
  readonly reactors: MosaicNode['reactors']
  readonly timers: readonly Timer[]
  readonly sources: readonly SourceDeclaration[]
  readonly onFailure: (failure: ReactorFailure) => void
}

async function openReplay(parts: ReplayParts, scenario: Scenario, speed?: number): Promise<Replay> {
  const clock = new SettableClock(instant(scenario.from))
  const identity = { node: scenario.origin, incarnation: scenario.incarnation }
  const store = await openStore({
    url: parts.databaseUrl,
    node: scenario.origin as NodeId,
    clock,
    registry: parts.registry,
    identity,
    salts: (id, version) => createHmac('sha256', scenario.saltSeed).update(`${id}@${version}`).digest(),
  })
  const setting: PlayerSetting = {
    scenario,
    store,
    clock,
    sources: parts.sources,
    reactors: parts.reactors(identity, issueRulesOf(scenario, parts.places)),
    timers: parts.timers,
    onFailure: parts.onFailure,
  }
  const player = new ScenarioPlayer(setting, speed)
  return {
    scenario,
    setting,
    player,
    [Symbol.asyncDispose]: async () => {
      await player[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

/** A scenario issues by its own rules, in its own realm only. */
function issueRulesOf(scenario: Scenario, places: Places): readonly IssueRule[] {
  const every = places.region.countries.map(({ code }) => code)
  return scenario.autoIssue.map(({ id, countries, mandate, text }) => ({
    id,
    realm: scenario.realm,
    countries,
    mandate:
      mandate === 'advice'
        ? { kind: 'advice' }
        : { kind: 'authority', of: countries === '*' ? every : countries, text },
    sender: scenario.origin,
    senderName: scenario.title,
  }))
}

/** A clock that stands further behind what the node received last was set wrong, then or now. */
const tolerableMs = 5000

function ringClock(log: NodeLog, behindMs: number): void {
  log.error(
    { behindMs },
    'the clock of this machine stands behind what the node received last; set it before you warn',
  )
}

/** One line per happening at a source; what came unchanged is no news. */
function tell(log: NodeLog, { source, at, ...happening }: SourceHappening): void {
  if (happening.kind === 'failed') {
    log.warn({ source, at, reason: happening.message }, 'a source cannot be read; it is asked again later')
  }
  if (happening.kind === 'broken') {
    log.error({ source, at, reason: String(happening.error) }, 'what a source brought could not be taken in')
  }
  if (happening.kind !== 'ingested') return
  const { accepted, quarantined } = happening.outcome
  if (accepted + quarantined > 0)
    log.info({ source, at, accepted, quarantined }, 'a source brought something new')
}

/** The node's own alarm: a reactor could not digest a record, which now stands in quarantine. */
function ring(log: NodeLog, { reactor, realm, id, index, error }: ReactorFailure): void {
  const reason = error instanceof Error ? error.message : String(error)
  log.error(
    { reactor, realm, id, index, reason },
    'a reactor could not digest a record; see mosaic quarantine',
  )
}
