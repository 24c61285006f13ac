/** What the commands about the audit share: who asks at the machine itself, and how a record is named. */
import type { Asking, Purpose } from '../../engines/access/index.ts'
import { type Instant, instant, type RecordId } from '../../engines/record/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type ExitCode, Misused, type Option, type Run, text } from '../command.ts'
import { operatorOf } from '../trail.ts'
import { withNode } from '../with-node.ts'

export const asOption: Option = {
  type: 'string',
  value: 'NAME',
  help: 'who asks; stands on the audit trail, behind the account of the operating system',
}
export const becauseOption: Option = { type: 'string', value: 'TEXT', help: 'why; stands on the audit trail' }

/** Opens the node for somebody who has said who they are. */
export async function withOperator(
  run: Run,
  act: (node: MosaicNode) => Promise<ExitCode>,
): Promise<ExitCode> {
  nameOf(run)
  return withNode(run, act)
}

/** The trail says the account of the operating system, and behind it the name that they gave. */
export function operatorAsking(run: Run, { clock, settings }: MosaicNode, purpose: Purpose): Asking {
  const now = clock.now()
  return {
    principal: { ...operatorOf(settings.name, nameOf(run)), purposes: [purpose] },
    purpose,
    now,
    embargoNow: now,
  }
}

export function nameOf(run: Run): string {
  const name = text(run.values, 'as')?.trim()
  if (!name) throw new Misused('Say who asks with --as.')
  return name
}

export function reasonOf(run: Run): string {
  const because = text(run.values, 'because')?.trim()
  if (!because) throw new Misused('Say why with --because.')
  return because
}

export function instantOf(run: Run, name: string): Instant | undefined {
  const value = text(run.values, name)
  if (value === undefined) return undefined
  try {
    return instant(value)
  } catch {
    throw new Misused(`--${name} takes an instant such as 2026-03-01T00:00:00Z, not "${value}".`)
  }
}

/** A record by its id or the beginning of it; says what is wrong when there is none, or more than one. */
export async function recordNamed(run: Run, { store }: MosaicNode): Promise<RecordId | undefined> {
  const [asked = ''] = run.positionals
  if (!/^[0-9a-f]{6,40}$/.test(asked))
    throw new Misused('A record id is 40 hexadecimal digits; six or more of them will do.')
  const rows = await store.database<{ id: RecordId }[]>`
    select distinct id from record where starts_with(id, ${asked}) order by id limit 2`
  if (rows.length === 1) return rows[0]?.id
  run.out.say(
    rows.length === 0
      ? `This node holds no record ${asked}.`
      : `Several records begin with ${asked}; give more of the id.`,
  )
  return undefined
}

export const several = (run: Run, name: string): readonly string[] => {
  const value = run.values[name]
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}
