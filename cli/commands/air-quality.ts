/** The air at a station, as an index of the readings that this node holds. */
import { type Held, instant } from '../../engines/record/index.ts'
import { newestHour, type ReadingBody, type StationAir, stationAir } from '../../packs/environment/pack.ts'
import { type Command, Misused, text } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

const words = ['good', 'fair', 'moderate', 'poor', 'very poor', 'extremely poor'] as const

export const airQuality: Command = {
  name: 'air-quality',
  summary:
    'Say how good the air is at a station: European index and the common one, with the worst pollutant.',
  teaches: [
    'STATION is the id that its readings carry. Particles count as means of 24 hours of which 18 are measured, gases by the',
    'hour. Without --at it is the newest hour. What was not measured is not good air: it is left out, and said so.',
    '',
    'Example: mosaic air-quality bitola-2 --at 2026-01-10T09:00:00Z',
  ].join('\n'),
  arguments: 'STATION',
  takes: [1, 1],
  options: {
    at: { type: 'string', value: 'INSTANT', help: 'end of the hour that is meant' },
    realm: realmOption,
  },
  run: (run) => {
    const [station = ''] = run.positionals
    const at = text(run.values, 'at')
    const realm = realmOf(run.values)
    if (at !== undefined && Number.isNaN(Date.parse(at)))
      throw new Misused(`--at takes a time such as 2026-01-10T09:00:00Z, not "${at}".`)
    return withNode(run, async (node) => {
      const held = (await node.store.read({
        types: ['environment.reading'],
        realm,
      })) as readonly Held<ReadingBody>[]
      const own = held.filter(({ record }) => record.body.station.id === station)
      await noteGiven(run, node, { act: 'read', held: own })
      const readings = own.map(({ record }) => record.body)
      const hour = at === undefined ? newestHour(readings) : instant(at)
      const air = hour && stationAir(readings, hour)
      if (air === undefined || air.european.index === undefined) {
        run.out.say(`Nothing that an index needs was measured at ${station}${hour ? ` for ${hour}` : ''}.`)
        return 1
      }
      if (run.json) run.out.object({ station, ...air })
      else run.out.line(lineOf(station, air))
      return 0
    })
  },
}

function lineOf(station: string, { hour, european, common }: StationAir): string {
  const { index = 0, dominant, isCompleteForBackground, isCompleteForTraffic } = european
  const whole = isCompleteForBackground
    ? 'complete'
    : isCompleteForTraffic
      ? 'complete for a traffic station'
      : 'not all pollutants measured'
  const other = common.index === undefined ? '' : `, CAQI ${Math.round(common.index)}`
  return `${station}  ${hour}  ${index} ${words[index - 1]} for ${dominant.join(', ')} (${whole})${other}`
}
