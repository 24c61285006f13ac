/** What the commands about recalls share: the recalls of the node, a record by the beginning of its id, and who orders. */
import type { Recalls } from '../../engines/exchange/index.ts'
import type { Producer, RecordId } from '../../engines/record/index.ts'
import type { MosaicNode } from '../../node.ts'
import { Misused, type Run, text, type Values } from '../command.ts'

export const recallsOf = async (node: MosaicNode): Promise<Recalls> => (await node.trust()).recalls

export function idBeginning(asked: string | undefined): string {
  if (asked !== undefined && /^[0-9a-f]{6,40}$/.test(asked)) return asked
  throw new Misused('A record id is 40 hexadecimal digits; six or more of them will do.')
}

/** The one record whose id begins so; says why when there is none or more. */
export async function recordIdOf(
  { store }: MosaicNode,
  beginning: string,
  { out }: Run,
): Promise<RecordId | undefined> {
  const ids = await store.database<{ id: RecordId }[]>`
    select distinct id from record where starts_with(id, ${beginning}) order by id limit 2`
  const [first, second] = ids
  if (first !== undefined && second === undefined) return first.id
  out.say(
    first === undefined
      ? `This node holds no record ${beginning}.`
      : `Several records begin with ${beginning}; give more of the id.`,
  )
  return undefined
}

export function personOf(values: Values): Producer {
  const name = text(values, 'as')?.trim()
  const role = text(values, 'role')
  if (!name) throw new Misused('Say who orders it with --as.')
  return { kind: 'person', name, ...(role !== undefined && { role }) }
}

export function reasonOf(values: Values): string {
  const reason = text(values, 'because')?.trim()
  if (!reason) throw new Misused('Say why with --because.')
  return reason
}

export const whoOptions = {
  because: { type: 'string', value: 'TEXT', help: 'why; every holder reads it' },
  as: { type: 'string', value: 'NAME', help: 'who orders it' },
  role: { type: 'string', value: 'TEXT', help: 'in which role' },
} as const

export const listOf = (values: Values, name: string): readonly string[] | undefined => {
  const given = values[name]
  if (given === undefined || typeof given === 'boolean') return undefined
  return (Array.isArray(given) ? given : [given]).flatMap((one: string) => one.split(','))
}
