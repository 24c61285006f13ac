/**
 * A process that plays a scenario to its end in the database that it is told, and may be killed while it does:
 * `node test/support/play.ts SCENARIO DATABASE_URL|DATA_FOLDER`. Says `playing` when the first step begins.
 */
import { playAtOnce } from '../../engines/exercise/index.ts'
import { nodeId } from '../../engines/record/index.ts'
import { openNode, regions, scenarioOf } from '../../node.ts'

const [name = '', where = ''] = process.argv.slice(2)
const region = regions['see']
if (!region) throw new Error('the region is gone')
const isUrl = where.startsWith('postgres')
await using node = await openNode({
  name: nodeId('killed.example'),
  title: { en: 'A node that is killed' },
  dataFolder: isUrl ? '' : where,
  ...(isUrl ? { databaseUrl: where } : {}),
  region,
  issueRules: [],
  userAgent: 'test',
})
await using replay = await node.openReplay(await scenarioOf(region, name))
process.stdout.write('playing\n')
await playAtOnce(replay.setting)
process.stdout.write('done\n')
