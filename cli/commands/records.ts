import { reader } from '../../engines/access/index.ts'
import { type Held, type Instant, instant } from '../../engines/record/index.ts'
import type { Query } from '../../engines/store/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, Misused, type Run, text, type Values, whole } from '../command.ts'
import { table } from '../output.ts'
import { realmOf } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'
import { scopeOf, scopeOptions } from './scope.ts'

export const records: Command = {
  name: 'records',
  summary: 'List records in log order.',
  teaches: [
    'With --json each line is a record, the whole envelope. The newest version of each; --all gives every version.',
    'This is the operator’s view of everything. With --as the list is as that user, or the public, would have it under the',
    'policy. Either way it is on the audit trail as the operator’s.',
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
    as: { type: 'string', value: 'USER', help: 'as this user of the node, or public, would see them' },
    purpose: scopeOptions.purpose,
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
    const who = text(run.values, 'as')
    if (who === undefined && run.values['purpose'] !== undefined)
      throw new Misused('--purpose belongs to --as USER.')
    return withNode(run, async (node) => {
      const held = who === undefined ? await node.store.read(query) : await seenBy(run, node, { who, query })
      if (held === undefined) return 1
      await noteGiven(run, node, { act: 'search', held })
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

/** What that user would be given; undefined where there is no such user. */
async function seenBy(
  run: Run,
  node: MosaicNode,
  { who, query }: { readonly who: string; readonly query: Query },
): Promise<readonly Held[] | undefined> {
  const asking = await scopeOf(run, node, who)
  if (asking === undefined) return undefined
  const { condition, view } = reader(asking)
  return (await node.store.read({ ...query, where: condition })).flatMap((one) => view(one) ?? [])
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
