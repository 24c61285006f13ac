/** What the commands about reports share: who acts, the report by the beginning of its id, and what came of an act. */
import type { Held, MosaicRecord, Producer, RecordId } from '../../engines/record/index.ts'
import {
  type ReportBody,
  type ReportOutcome,
  reportRecord,
  sayReportRefused,
} from '../../engines/report/index.ts'
import type { Store } from '../../engines/store/index.ts'
import { type ExitCode, Misused, type Option, type Run, text, type Values } from '../command.ts'

export type HeldReport = Held<ReportBody>

export const asOption: Readonly<Record<'as' | 'role', Option>> = {
  as: { type: 'string', value: 'NAME', help: 'who does it' },
  role: { type: 'string', value: 'TEXT', help: 'in which role' },
}

export function personIn(values: Values): Extract<Producer, { kind: 'person' }> {
  const name = text(values, 'as')?.trim()
  const role = text(values, 'role')?.trim()
  if (!name) throw new Misused('Say who does it with --as.')
  return { kind: 'person', name, ...(role ? { role } : {}) }
}

export function beginningOf({ positionals: [beginning = ''] }: Run): string {
  if (/^[0-9a-f]{6,40}$/.test(beginning)) return beginning
  throw new Misused('An id is 40 hexadecimal digits; six or more will do.')
}

/** The newest version of the report whose id begins so; undefined when that is said to be none or several. */
export async function reportIn(run: Run, store: Store): Promise<HeldReport | undefined> {
  const beginning = beginningOf(run)
  const all = (await store.read({ types: [reportRecord.type] })) as readonly HeldReport[]
  const found = all.filter(({ record }) => record.id.startsWith(beginning))
  if (found.length === 1) return found[0]
  run.out.say(
    found.length === 0
      ? `This node holds no report ${beginning}; mosaic report list shows them.`
      : `${found.length} reports begin with ${beginning}; give more of the id.`,
  )
  return undefined
}

export const shortly = ({ id, version, body }: MosaicRecord<ReportBody>): string =>
  `${id}@${version}  edition ${body.edition}, ${body.state}`

export function answer(run: Run, outcome: ReportOutcome): ExitCode {
  if (outcome.kind === 'refused') {
    run.out.say(`${sayReportRefused(outcome.reason)} [${outcome.reason.code}]`)
    return 1
  }
  const { report, leftOut } = outcome
  if (leftOut && leftOut.restricted > 0)
    run.out.say(`${leftOut.restricted} records about it are handled more strictly than it is, and left out.`)
  if (leftOut && leftOut.beyond > 0) run.out.say(`${leftOut.beyond} older records are left out: too many.`)
  if (run.json) run.out.object(report)
  else run.out.line(shortly(report))
  return 0
}

/** The one record whose id begins so, of the types that reports are about. */
export async function subjectIn(
  run: Run,
  store: Store,
  types: readonly string[],
): Promise<RecordId | undefined> {
  const beginning = beginningOf(run)
  const found = (await store.read({ types })).filter(({ record }) => record.id.startsWith(beginning))
  const [one] = found
  if (one && found.length === 1) return one.record.id
  run.out.say(
    found.length === 0
      ? `This node holds no ${types.join(', ')} ${beginning}.`
      : `${found.length} records begin with ${beginning}; give more of the id.`,
  )
  return undefined
}
