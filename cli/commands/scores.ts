/** Warnings scored in the open: what became of each, and counted. */
import {
  groupedBy,
  groupings,
  outcomes,
  type ScoreBody,
  type ScoreSummary,
  type Share,
  scoreCsv,
  scoreRecord,
  summarise,
} from '../../engines/assess/index.ts'
import { type Held, instant } from '../../engines/record/index.ts'
import { type Command, Misused, type Run, text, type Values } from '../command.ts'
import { table } from '../output.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

type HeldScore = Held<ScoreBody>

export const scores: Command = {
  name: 'scores',
  summary: 'Say what became of warnings: hit, miss, false alarm, lead time, area, Brier score.',
  teaches: [
    'A warning is scored a day after it has run out, and again when more becomes known. One line each, then the counts: POD',
    '(of what came, how much was warned of), FAR (of the warnings, how many were false), CSI, each with its 95 % interval.',
    'Updates are counted by the first message of their chain; what no source here observes is not counted at all.',
    '',
    'Example: mosaic scores --country RS --hazard flood --by issuer',
  ].join('\n'),
  takes: [0, 0],
  options: {
    issuer: { type: 'string', value: 'ID', help: 'only warnings of this issuer' },
    hazard: { type: 'string', value: 'KIND', help: 'only warnings of this: flood, wildfire …' },
    country: { type: 'string', value: 'CODE', help: 'only warnings for this country' },
    outcome: { type: 'string', value: 'WORD', help: `only these: ${outcomes.join(', ')}` },
    from: { type: 'string', value: 'INSTANT', help: 'only what held then or later' },
    until: { type: 'string', value: 'INSTANT', help: 'only what held then or earlier' },
    by: { type: 'string', value: 'WORD', help: `count for each: ${groupings.join(', ')}` },
    csv: { type: 'boolean', help: 'the table as CSV, and nothing else' },
    realm: realmOption,
  },
  run: (run) => {
    const isAsked = filterOf(run.values)
    const by = groupingOf(run.values)
    const period = periodOf(run.values)
    const realm = realmOf(run.values)
    return withNode(run, async (node) => {
      const held = (await node.store.read({
        types: [scoreRecord.type],
        realm,
        ...period,
        order: '-valid',
      })) as readonly HeldScore[]
      const shown = held.filter(isAsked)
      await noteGiven(run, node, { act: 'search', held: shown })
      if (run.values['csv'] === true) run.out.line(scoreCsv(shown).trimEnd())
      else if (run.json) for (const { record } of shown) run.out.object(record)
      else print(run, shown, by)
      return 0
    })
  },
}

function print({ out }: Run, shown: readonly HeldScore[], by: (typeof groupings)[number] | undefined): void {
  const rows = shown.map(({ record: { body, valid } }) => [
    valid.from,
    body.outcome,
    body.matter,
    body.countries.join(' '),
    body.issuer.id,
    body.leadTimeS === undefined ? '' : hours(body.leadTimeS),
    body.area === undefined ? '' : body.area.threatScore.toFixed(2),
  ])
  if (rows.length === 0) {
    out.say('No warning was scored yet; that follows a day after one has run out.')
    return
  }
  for (const line of table([['from', 'outcome', 'hazard', 'for', 'issuer', 'lead time', 'area'], ...rows]))
    out.line(line)
  const bodies = shown.map(({ record }) => record.body)
  const warnings = bodies.filter(({ standing }) => standing === 'warning')
  out.line('')
  out.line(`warnings  ${figuresLine(summarise(warnings))}`)
  if (by === undefined) return
  for (const { name, summary } of groupedBy(by === 'standing' ? bodies : warnings, by))
    out.line(`${name}  ${figuresLine(summary)}`)
}

function figuresLine({
  hits,
  misses,
  falseAlarms,
  pod,
  far,
  csi,
  leadTime,
  probability,
}: ScoreSummary): string {
  return [
    `${hits} hits, ${misses} misses, ${falseAlarms} false alarms`,
    ...(pod ? [`POD ${shareText(pod)}`] : []),
    ...(far ? [`FAR ${shareText(far)}`] : []),
    ...(csi ? [`CSI ${shareText(csi)}`] : []),
    ...(leadTime ? [`median lead time ${hours(leadTime.medianS)}`] : []),
    ...(probability ? [`Brier ${probability.brier.toFixed(3)} of ${probability.forecasts}`] : []),
  ].join('; ')
}

const shareText = ({ value, low, high }: Share): string =>
  `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
const hours = (seconds: number): string => `${(seconds / 3600).toFixed(1)} h`

function filterOf(values: Values): (score: HeldScore) => boolean {
  const [issuer, hazard, outcome] = [text(values, 'issuer'), text(values, 'hazard'), text(values, 'outcome')]
  const country = text(values, 'country')?.toUpperCase()
  if (outcome !== undefined && !outcomes.some((word) => word === outcome))
    throw new Misused(`--outcome takes one of ${outcomes.join(', ')}, not "${outcome}".`)
  return ({ record: { body } }) =>
    (issuer === undefined || body.issuer.id === issuer) &&
    (hazard === undefined || body.matter === hazard) &&
    (country === undefined || body.countries.includes(country)) &&
    (outcome === undefined ? body.outcome !== 'withdrawn' : body.outcome === outcome)
}

function groupingOf(values: Values): (typeof groupings)[number] | undefined {
  const asked = text(values, 'by')
  const found = groupings.find((word) => word === asked)
  if (asked !== undefined && found === undefined)
    throw new Misused(`--by takes one of ${groupings.join(', ')}, not "${asked}".`)
  return found
}

function periodOf(values: Values) {
  const at = (name: 'from' | 'until') => {
    const asked = text(values, name)
    if (asked === undefined) return undefined
    try {
      return instant(asked)
    } catch {
      throw new Misused(`--${name} takes an instant such as 2014-05-13T00:00:00Z, not "${asked}".`)
    }
  }
  const [validFrom, validUntil] = [at('from'), at('until')]
  return { ...(validFrom && { validFrom }), ...(validUntil && { validUntil }) }
}
