/**
 * What the commands of the desk share: whose hands they are, the draft by the beginning of its id, and how a draft is
 * printed. Who acts is an account of this node with the role, named with --as; that it is them is the operator's word.
 */
import type { Held, RecordId } from '../../engines/record/index.ts'
import {
  type Desk,
  type DeskPerson,
  DeskRefused,
  type DeskRole,
  type DraftFile,
  type Finding,
} from '../../engines/warn/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type ExitCode, Misused, type Run, text } from '../command.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, recordIdOf } from './recall-node.ts'

export const asOption = {
  as: { type: 'string', value: 'USER', help: 'whose act it is: a user of this node with the role' },
} as const

export const becauseOption = {
  because: { type: 'string', value: 'TEXT', help: 'why; kept with the step' },
} as const

export type AtDesk = { readonly node: MosaicNode; readonly desk: Desk }

export const withDesk = (run: Run, act: (at: AtDesk) => Promise<ExitCode>): Promise<ExitCode> =>
  withNode(run, (node) => act({ node, desk: node.desk() }))

/** The account that --as names, in this role; throws what the desk throws for want of it. */
export async function personAt(run: Run, { node }: AtDesk, role: DeskRole): Promise<DeskPerson> {
  const login = text(run.values, 'as')?.trim()
  if (!login) throw new Misused('Say whose act it is with --as USER.')
  const { accounts } = await node.trust()
  const user = await accounts.users.byLogin(login)
  if (user === undefined) throw new Misused(`This node has no user ${login}; mosaic user list names them.`)
  if (user.disabledAt !== undefined || !user.roles.includes(role)) throw new DeskRefused('role-missing')
  return { id: user.id, name: user.name, role }
}

export async function draftAt(run: Run, { node, desk }: AtDesk): Promise<DraftFile | undefined> {
  const id = await recordIdOf(node, idBeginning(run.positionals[0]), run)
  const file = id && (await desk.file(id))
  if (id && !file) run.out.say(`${id} is no draft; mosaic desk list names them.`)
  return file
}

/** A record that a draft is begun from. */
export async function recordAt(
  run: Run,
  { node }: AtDesk,
  beginning: string,
  type: string,
): Promise<Held | undefined> {
  const id: RecordId | undefined = await recordIdOf(node, idBeginning(beginning), run)
  const held = id && (await node.store.get(id))
  if (held?.record.type === type) return held
  if (id) run.out.say(`${id} is no ${type}.`)
  return undefined
}

export function printDraft(run: Run, file: DraftFile, findings: readonly Finding[]): ExitCode {
  const { id, body, life, warning } = file
  if (run.json) {
    run.out.object({
      id,
      ...life,
      purpose: body.purpose,
      content: body.content,
      findings,
      warning: warning?.record.id,
    })
    return 0
  }
  run.out.line(`draft ${id}@${life.version}  ${life.state}  ${body.purpose}`)
  run.out.line(sayContent(file))
  if (warning) run.out.line(`issued as ${warning.record.id}`)
  for (const { level, rule, place, message } of findings)
    run.out.line(`${level}  ${place}  ${message} (${rule})`)
  return 0
}

const sayContent = ({ body: { content } }: DraftFile): string =>
  `${content.country}  ${content.hazard}  ${content.severity}  until ${content.expires}  ${content.texts['en']?.headline ?? ''}`

/** One line in a list. */
export const sayDraft = (file: DraftFile): string =>
  `${file.id}@${file.life.version}  ${file.life.state.padEnd(9)}  ${file.body.purpose.padEnd(6)}  ${sayContent(file)}`
