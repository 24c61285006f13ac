import { type Instant, instant } from '../../engines/record/index.ts'
import { type Command, Misused, text, type Values, whole } from '../command.ts'
import { table } from '../output.ts'
import { realmOf } from '../realm.ts'
import { withNode } from '../with-node.ts'

export const records: Command = {
  name: 'records',
  summary: 'List records in log order.',
  teaches: [
    'With --json each line is a record, the whole envelope. The newest version of each; --all gives every version.',
    '',
    'Example: mosaic records --type warn.warning --since 2019-11-26T00:00:00Z --json',
  ].join('\n'),
  takes: [0, 0],
  options: {
    type: { type: 'string', value: 'TYPE', help: 'only this type, for example hazards.event' },
    since: { type: 'string', value: 'INSTANT', help: 'only what this node received from then on' },
    realm: { type: 'string', value: 'REALM', help: 'only this realm' },
    all: { type: 'boolean', help: 'every version, not only the newest' },
    limit: { type: 'string', value: 'N', help: 'at most so many (default 1000)' },
  },
  run: async (run) => {
    const type = text(run.values, 'type')
    const since = sinceOf(run.values)
    const query = {
      ...(type === undefined ? {} : { types: [type] }),
      ...(text(run.values, 'realm') === undefined ? {} : { realm: realmOf(run.values) }),
      ...(since === undefined ? {} : { since }),
      versions: run.values['all'] === true ? ('all' as const) : ('newest' as const),
      limit: whole(run.values, 'limit', [1, 1_000_000]) ?? 1000,
    }
    return withNode(run, async ({ store }) => {
      const held = await store.read(query)
      if (run.json) for (const { record } of held) run.out.object(record)
      else {
        const rows = held.map(({ index, receivedAt, record }) => [
          String(index),
          receivedAt,
          record.realm,
          record.type,
          `${record.id}@${record.version}`,
        ])
        for (const line of table([['index', 'received', 'realm', 'type', 'record'], ...rows]))
          run.out.line(line)
      }
      return 0
    })
  },
}

function sinceOf(values: Values): Instant | undefined {
  const value = text(values, 'since')
  if (value === undefined) return undefined
  try {
    return instant(value)
  } catch {
    throw new Misused(`--since takes an instant such as 2019-11-26T02:54:00Z, not "${value}".`)
  }
}
