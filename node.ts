/**
 * The composition root: builds one node from its settings, the packs and a region.
 *
 * Packs are listed here and nowhere else. A pack that breaks a rule is named, left out, and does not stop the others.
 * Live data stands in the realm `actual`; a scenario is played by a second store on the same database, which writes
 * with the scenario's own origin, clock and salts into the scenario's own realm.
 */
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { auditSealRecord, retentionRecords } from './engines/access/index.ts'
import { assessReactor, type ReferenceMethod } from './engines/assess/index.ts'
import { recallRecords } from './engines/exchange/index.ts'
import { loadScenario, type PlayerSetting, type Scenario, ScenarioPlayer } from './engines/exercise/index.ts'
import { fuseDecision, fuseProposal, fuseReactor } from './engines/fuse/index.ts'
import { runSources, type SourceDeclaration, type SourceHappening } from './engines/ingest/index.ts'
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
} from './engines/record/index.ts'
import {
  type EmbeddedPostgres,
  type Identity,
  nodeNamedIn,
  type OpenStore,
  openEmbedded,
  openStore,
  type Reactor,
  type ReactorFailure,
  runReactors,
} from './engines/store/index.ts'
import { tlogKey, tlogKeyRevocation, tlogSuccession } from './engines/tlog/index.ts'
import {
  type Catalogue,
  type IssueRule,
  issueReactor,
  proposeReactor,
  warnCountriesOf,
  warnRecords,
} from './engines/warn/index.ts'
import type { NodeLog } from './node-log.ts'
import { hazards } from './packs/hazards/pack.ts'
import type { Pack } from './packs/pack.ts'
import { see } from './regions/see/region.ts'
import { openTrust, type Trust, type TrustSettings } from './trust.ts'

export type { NodeLog }

export const packs: readonly Pack[] = [hazards]
export const regions: Readonly<Record<string, Region>> = { see }

export type NodeSettings = TrustSettings & {
  /** Absent: the name that the database has from before, or `mosaic.localhost`. */
  readonly name?: NodeId
  readonly title: MultilingualText
  /** Holds the embedded PostgreSQL, unless `databaseUrl` names another. */
  readonly dataFolder: string
  readonly databaseUrl?: string
  readonly region: Region
  /** By what right, for whom and how this node issues warnings; empty: people decide on every proposal elsewhere. */
  readonly issueRules: readonly IssueRule[]
  /** Sent with every request to a source: who asks, and whom to write to. */
  readonly userAgent: string
  /** In place of those that the packs declare: a mirror within reach, or a server of one's own to measure with. */
  readonly sources?: readonly SourceDeclaration[]
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
    })
    const reactors = (identity: Identity, rules: readonly IssueRule[]) =>
      reactorsOf(sound, places, identity, rules)
    const declared = sound.flatMap((pack) => pack.sources)
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
          fetchSources ? runSources({ ...running, sources }) : undefined,
          trusted().then((others) => others.live(signal)),
        ])
      },
      openReplay: (scenario, speed) =>
        openReplay(
          { databaseUrl, registry, reactors, places, sources: declared, onFailure },
          scenario,
          speed,
        ),
      trust: trusted,
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
export const referenceMethods = (): readonly ReferenceMethod[] => packs.flatMap((pack) => pack.references)

const ownRecords: readonly RecordDefinition[] = [
  fuseProposal,
  fuseDecision,
  placeArea,
  ...warnRecords,
  recordRelease,
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

function reactorsOf(
  all: readonly Pack[],
  places: Places,
  identity: Identity,
  rules: readonly IssueRule[],
): readonly Reactor[] {
  const node = identity.node as NodeId
  const catalogues = cataloguesOf(all)
  return [
    ...all.flatMap((pack) => pack.fusion.map((rule) => fuseReactor(rule, node))),
    ...all.flatMap((pack) => pack.assessors.map((assessor) => assessReactor(assessor, { places }, node))),
    ...all.flatMap((pack) => pack.warnings.map((rule) => proposeReactor(rule))),
    issueReactor({ rules, catalogues, countries: warnCountriesOf(places), identity }),
  ]
}

/** One catalogue per language over all packs; keys carry their pack's hazard, so they do not meet. */
function cataloguesOf(all: readonly Pack[]): Pack['catalogues'] {
  const languages = [...new Set(all.flatMap((pack) => Object.keys(pack.catalogues)))]
  return Object.fromEntries(languages.map((language) => [language, catalogueOf(all, language)]))
}

function catalogueOf(all: readonly Pack[], language: string): Catalogue {
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
