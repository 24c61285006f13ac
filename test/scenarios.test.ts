/** Past disasters lived through again, from the first signal to the score: the same on every run. */
import { describe, expect, test } from 'vitest'
import type { ScoreBody } from '../engines/assess/index.ts'
import { playAtOnce } from '../engines/exercise/index.ts'
import type { EventBody } from '../engines/fuse/index.ts'
import { canonical, type Held, nodeId, type Realm } from '../engines/record/index.ts'
import type { NoticeBody, ProposalBody, WarningBody } from '../engines/warn/index.ts'
import { openNode, regions, scenarioOf } from '../node.ts'
import { testDatabase } from './support/database.ts'

type Figures = {
  readonly kind: string
  readonly countries: readonly string[]
  readonly agencies: readonly string[]
}
type Lived = {
  readonly all: readonly Held[]
  readonly events: readonly Held<EventBody<Figures>>[]
  readonly notices: readonly Held<NoticeBody>[]
  readonly proposals: readonly Held<ProposalBody>[]
  readonly warnings: readonly Held<WarningBody>[]
  readonly scores: readonly ScoreBody[]
}

async function lived(name: string): Promise<Lived> {
  const region = regions['see']
  if (!region) throw new Error('the region is gone')
  await using database = await testDatabase()
  await using node = await openNode({
    name: nodeId('scenarios.example'),
    title: { en: 'Node of the tests' },
    dataFolder: '',
    databaseUrl: database.url,
    region,
    issueRules: [],
    userAgent: 'test',
  })
  await using replay = await node.openReplay(await scenarioOf(region, name))
  await playAtOnce(replay.setting)
  const { store } = replay.setting
  expect(await store.quarantine.list()).toEqual([])
  const all = await store.read({ realm: replay.scenario.realm as Realm })
  const of = <Body>(type: string) => all.filter(({ record }) => record.type === type) as readonly Held<Body>[]
  return {
    all,
    events: of<EventBody<Figures>>('hazards.event').filter(({ record }) => record.body.state === 'active'),
    notices: of('warn.notice'),
    proposals: of('warn.proposal'),
    warnings: of('warn.warning'),
    scores: of<ScoreBody>('assess.score').map(({ record }) => record.body),
  }
}

const whole = ({ all }: Lived): string => all.map(({ record }) => canonical(record)).join('\n')
const countriesOf = (proposals: Lived['proposals'], hazard: string): readonly string[] =>
  [
    ...new Set(
      proposals
        .filter(({ record }) => record.body.hazard === hazard)
        .map(({ record }) => record.body.country),
    ),
  ].sort()

describe('the floods of May 2014', () => {
  test('are one event of three countries, proposed downstream, and scored; twice the same bytes', async () => {
    const floods = await lived('balkan-floods-2014')

    const [flood, ...others] = floods.events.filter(({ record }) => record.body.figures?.kind === 'flood')
    expect(others).toEqual([])
    expect(flood?.record.body.figures?.countries).toEqual(expect.arrayContaining(['BA', 'HR', 'RS']))
    expect(flood?.record.body.figures?.agencies).toEqual(
      expect.arrayContaining(['GDACS', 'Copernicus EMS', 'GLIDE']),
    )

    // Serbia's own service warned: nothing is proposed for Serbia while that stands, but for those downstream.
    expect(countriesOf(floods.proposals, 'flood')).toEqual(expect.arrayContaining(['BG', 'RO']))
    expect(floods.warnings.every(({ record }) => record.body.status === 'Exercise')).toBe(true)
    expect(floods.warnings.every(({ record }) => record.body.authority === 'advice')).toBe(true)

    const services = floods.scores.filter(
      ({ standing, matter }) => standing === 'warning' && matter === 'flood',
    )
    expect(services.map(({ issuer, outcome }) => `${issuer.id} ${outcome}`).sort()).toEqual([
      'ba-fhmzbih hit',
      'ba-rhmzrs hit',
      'hr-meteo hit',
      'rs-hidmet hit',
    ])
    // Our own advice to those downstream, where nothing was seen, is told as what it was.
    expect(
      floods.scores.some(({ standing, outcome }) => standing === 'advice' && outcome === 'false-alarm'),
    ).toBe(true)

    expect(whole(await lived('balkan-floods-2014'))).toBe(whole(floods))
  })
})

describe('the fires of Attica in 2018', () => {
  test('were warned of the day before, seen by satellites, and the warning is a hit; twice the same bytes', async () => {
    const fires = await lived('attica-fires-2018')

    const seen = fires.events.filter(
      ({ record }) =>
        record.body.figures?.kind === 'wildfire' && record.body.figures.agencies.includes('Suomi NPP'),
    )
    // Kineta and Mati, forty kilometres apart, are two fires.
    expect(seen).toHaveLength(2)
    expect(countriesOf(fires.proposals, 'wildfire')).toEqual(['GR'])

    const danger = fires.scores.find(
      ({ standing, warning }) => standing === 'warning' && warning?.issuedAt.startsWith('2018-07-22T10:00'),
    )
    expect(danger).toMatchObject({ outcome: 'hit', matter: 'wildfire' })
    expect(danger?.leadTimeS).toBeGreaterThan(20 * 3600)
    expect(fires.scores.find(({ matter }) => matter === 'wind')).toMatchObject({ outcome: 'not-verified' })

    expect(whole(await lived('attica-fires-2018'))).toBe(whole(fires))
  })
})
