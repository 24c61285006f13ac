import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ScoreBody, scoreRecord } from '../../engines/assess/index.ts'
import { playAtOnce } from '../../engines/exercise/index.ts'
import type { Held, Realm } from '../../engines/record/index.ts'
import { openNode, type Replay, scenarioOf } from '../../node.ts'
import { type Command, type ExitCode, Misused, number, type Run } from '../command.ts'
import { readSettings } from '../settings.ts'

export const replay: Command = {
  name: 'replay',
  summary: 'Live through a scenario in a throwaway database and print what came of it.',
  teaches: [
    'Plays what the sources sent, step by step, through the same engines as live data, and prints the final version of',
    'every event, every warning and every score. With --json each is its whole record, in a fixed order, the same bytes on every run.',
    '',
    'Example: mosaic replay durres-2019 --instant --json',
  ].join('\n'),
  arguments: 'SCENARIO',
  takes: [1, 1],
  options: {
    speed: { type: 'string', value: 'N', help: 'scenario seconds per second (default 600)' },
    instant: { type: 'boolean', help: 'do not wait between steps' },
  },
  run: async (run) => {
    const speed = number(run.values, 'speed', [0.1, 100_000])
    const isInstant = run.values['instant'] === true
    if (isInstant && speed !== undefined) throw new Misused('--instant and --speed exclude each other.')
    const folder = await mkdtemp(join(tmpdir(), 'mosaic-replay-'))
    try {
      return await play(run, folder, isInstant, speed ?? 600)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function play(run: Run, dataFolder: string, isInstant: boolean, speed: number): Promise<ExitCode> {
  const { databaseUrl: _, ...settings } = readSettings(process.env)
  const scenario = await scenarioOf(settings.region, run.positionals[0] ?? '')
  await using node = await openNode({ ...settings, dataFolder, durable: false })
  await using opened = await node.openReplay(scenario, speed)
  const progress = (played: number, of: number) =>
    run.out.progress(`${scenario.id}: step ${played} of ${of}, ${opened.setting.clock.now()}`)
  if (isInstant) await playAtOnce(opened.setting, progress, run.signal)
  else await watch(opened, progress, run.signal)
  if (run.signal.aborted) {
    run.out.say(`${scenario.id} was stopped; what follows is as far as it came.`)
  }
  const events = node.packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes))
  for (const held of await outcome(opened, events)) {
    if (run.json) run.out.object(held.record)
    else run.out.line(describe(held))
  }
  return run.signal.aborted ? 1 : 0
}

async function watch(
  { player }: Replay,
  progress: (played: number, of: number) => void,
  signal: AbortSignal,
): Promise<void> {
  player.onChange(({ step, steps }) => progress(step, steps))
  signal.addEventListener('abort', () => void player[Symbol.asyncDispose]())
  player.play()
  await player.finished()
}

/** Final versions of events, then of warnings, then of their scores; each by when it holds, then by key. */
async function outcome({ setting, scenario }: Replay, events: readonly string[]): Promise<readonly Held[]> {
  const realm = scenario.realm as Realm
  const all: Held[] = []
  for (const types of [events, ['warn.warning'], [scoreRecord.type]]) {
    const held = await setting.store.read({ types, realm })
    all.push(...[...held].sort(byTimeThenKey))
  }
  return all
}

function byTimeThenKey({ record: a }: Held, { record: b }: Held): number {
  const [left, right] = [`${a.valid.from} ${a.key}`, `${b.valid.from} ${b.key}`]
  return left < right ? -1 : left > right ? 1 : 0
}

type Shown = {
  readonly state?: string
  readonly figures?: {
    readonly kind?: string
    readonly magnitude?: number
    readonly region?: string
    readonly agencies?: readonly string[]
  }
  readonly msgType?: string
  readonly country?: string
  readonly infos?: readonly {
    readonly language?: string
    readonly headline?: string
    readonly severity?: string
  }[]
}

function describe({ record }: Held): string {
  const body = record.body as Shown
  if (record.type === 'warn.warning') {
    const english = body.infos?.find(({ language }) => language?.startsWith('en'))
    return `${record.valid.from}  ${body.msgType} ${body.country}  ${english?.severity}  ${english?.headline ?? ''}`
  }
  if (record.type === scoreRecord.type) {
    const { outcome, matter, countries, issuer, leadTimeS } = record.body as ScoreBody
    const lead = leadTimeS === undefined ? '' : `  ${(leadTimeS / 3600).toFixed(1)} h`
    return `${record.valid.from}  ${outcome}  ${matter} ${countries.join(' ')}  ${issuer.name}${lead}`
  }
  const { kind, magnitude, region, agencies } = body.figures ?? {}
  const what = kind === undefined || kind === 'earthquake' ? `M${magnitude?.toFixed(1) ?? '?'}` : kind
  return `${record.valid.from}  event ${record.id.slice(0, 8)}  ${what}  ${region ?? ''}  ${agencies?.join(', ') ?? ''}  ${body.state}`
}
