/**
 * What is done at the machine is on the audit trail: each command that shows or changes what is restricted is noted
 * before it begins, with its words, under the account of the operating system that runs it: `operator:ACCOUNT@NODE`. A
 * name given with `--as` is the operator's word; where a command notes in somebody's name, it stands behind the account:
 * `operator:ACCOUNT/NAME@NODE`.
 *
 * What changes something is noted twice: `asked` before it begins, and what became of it. An `asked` that nothing follows
 * was broken off. What reads or takes something away counts as done when it begins: the first line may have been seen.
 *
 * `commandTrail` says of every command how it is noted; a test demands a line for each. Whoever runs commands owns the
 * database too, and could write past this: the chain of the trail and its seals in the log show that (engines/access).
 */
import { userInfo } from 'node:os'
import { type Asking, type AuditAct, auditor, type Noted } from '../engines/access/index.ts'
import { type Held, MosaicError } from '../engines/record/index.ts'
import type { MosaicNode } from '../node.ts'
import { type ExitCode, Misused, type Run } from './command.ts'

/**
 * An act: noted so by `noteCommand`. `itself`: the command notes more than its words, for example which records
 * it gave. `nothing`: it shows no content and no person, and changes nothing that others rely on.
 */
export type CommandTrail = AuditAct | 'itself' | 'nothing'

export const commandTrail: Readonly<Record<string, CommandTrail>> = {
  start: 'nothing',
  replay: 'nothing',
  records: 'itself',
  event: 'itself',
  proposals: 'itself',
  decide: 'change',
  'desk list': 'read',
  'desk show': 'read',
  'desk preview': 'read',
  'desk new': 'change',
  'desk edit': 'change',
  'desk submit': 'change',
  'desk approve': 'change',
  'desk return': 'change',
  'desk issue': 'change',
  'desk update': 'change',
  'desk cancel': 'change',
  'desk withdraw': 'change',
  sources: 'nothing',
  quarantine: 'read',
  'quarantine senders': 'nothing',
  'quarantine discard': 'change',
  ingest: 'change',
  'readings import': 'change',
  'return-periods': 'itself',
  'air-quality': 'itself',
  scores: 'itself',
  'fire-weather': 'nothing',
  'limit list': 'nothing',
  'limit agree': 'change',
  'notification list': 'itself',
  'notification acknowledge': 'change',
  inbox: 'itself',
  'form draft': 'change',
  'form send': 'change',
  'form answer': 'change',
  'alarm raise': 'change',
  'alarm end': 'change',
  'contact list': 'nothing',
  'contact set': 'change',
  'contact tests': 'nothing',
  'report draft': 'change',
  'report list': 'itself',
  'report show': 'itself',
  'report edit': 'change',
  'report issue': 'change',
  'report export': 'export',
  'user add': 'administer',
  'user list': 'administer',
  'user show': 'administer',
  'user grant': 'administer',
  'user disable': 'administer',
  'user enable': 'administer',
  'user reset': 'administer',
  'org add': 'administer',
  'org list': 'nothing',
  'token add': 'administer',
  'token list': 'administer',
  'token revoke': 'administer',
  'peer add': 'administer',
  'peer pair': 'administer',
  'peer list': 'nothing',
  'peer status': 'nothing',
  'peer show': 'nothing',
  'peer rules': 'administer',
  'peer deliveries': 'oversee',
  'peer suspend': 'administer',
  'peer resume': 'administer',
  'peer remove': 'administer',
  'peer origins': 'nothing',
  'peer origin': 'administer',
  ask: 'search',
  recall: 'change',
  relabel: 'change',
  recalls: 'oversee',
  release: 'itself',
  releases: 'read',
  consent: 'change',
  'explain access': 'oversee',
  verify: 'nothing',
  log: 'nothing',
  'log export': 'nothing',
  'log resume': 'administer',
  keys: 'nothing',
  'keys rotate': 'administer',
  'keys revoke': 'administer',
  'keys split': 'administer',
  'keys escrow': 'administer',
  'keys recover': 'administer',
  'keys hand-over': 'administer',
  successions: 'nothing',
  supersede: 'change',
  audit: 'itself',
  'audit verify': 'nothing',
  'audit figures': 'oversee',
  looks: 'itself',
  quota: 'itself',
  'break-glass': 'oversee',
  retention: 'administer',
  'subject-access': 'itself',
  correction: 'itself',
  processing: 'nothing',
  'areas import': 'change',
  'areas list': 'read',
  'areas show': 'read',
  'areas missing': 'read',
  'areas check': 'read',
  'cap validate': 'nothing',
  'check-reference': 'nothing',
  export: 'export',
  backup: 'export',
  /** Before it there is no trail to stand on: that comes out of the file. */
  restore: 'itself',
  doctor: 'nothing',
  'pack new': 'nothing',
}

type TrailedNode = Pick<MosaicNode, 'store' | 'clock' | 'settings'>
/** What an entry takes of a node; a restore has no more. */
type Noting = Pick<MosaicNode, 'clock'> & {
  readonly store: Pick<MosaicNode['store'], 'database'>
  readonly settings: Pick<MosaicNode['settings'], 'name' | 'auditPolicy'>
}

/** Runs the command between its entries: `asked` before it where it changes something, and what became of it. */
export async function noteCommand(
  run: Run,
  nodes: readonly TrailedNode[],
  act: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const noted = commandTrail[run.command]
  if (noted === undefined) throw new Error(`cli/trail.ts has no line for the command ${run.command}`)
  if (noted === 'itself' || noted === 'nothing') return act()
  const on = (entry: Pick<Noted, 'outcome' | 'reason'>) =>
    Promise.all(nodes.map((node) => note(run, node, { act: noted, ...entry })))
  if (changing.has(noted)) return withOutcome(act, on)
  await on({})
  return act()
}

/** Noted as `asked` before they begin. */
const changing: ReadonlySet<AuditAct> = new Set(['change', 'administer', 'erase', 'correct'])

/** An act between its two entries. */
export async function withOutcome(
  act: () => Promise<ExitCode>,
  on: (entry: Required<Pick<Noted, 'outcome'>> & Pick<Noted, 'reason'>) => Promise<unknown>,
): Promise<ExitCode> {
  await on({ outcome: 'asked' })
  let code: ExitCode
  try {
    code = await act()
  } catch (error) {
    await on(outcomeOf(error))
    throw error
  }
  await on({ outcome: code === 0 ? 'done' : 'refused' })
  return code
}

function outcomeOf(error: unknown): { readonly outcome: 'refused' | 'failed'; readonly reason?: string } {
  if (error instanceof MosaicError) return { outcome: 'refused', reason: error.code }
  return { outcome: error instanceof Misused ? 'refused' : 'failed' }
}

/** These records are about to be printed. */
export const noteGiven = (
  run: Run,
  node: TrailedNode,
  { act, held }: { readonly act: 'read' | 'search'; readonly held: readonly Held[] },
): Promise<void> =>
  note(run, node, { act, subjects: held.map(({ record }) => record.id), results: held.length })

/** An entry of the command with its words. */
export async function note(
  { command, positionals, values }: Run,
  { store, clock, settings }: Noting,
  noted: Omit<Noted, 'asking' | 'query'>,
): Promise<void> {
  const { auditPolicy: policy } = settings
  await using trail = auditor(store.database, clock, policy ? { policy } : {})
  await trail.noteBefore({
    asking: { principal: operatorOf(settings.name), purpose: 'public' },
    query: { command, words: [...positionals], options: { ...values } },
    ...noted,
  })
}

/**
 * Whoever sits at the machine has not signed in: the operating system knows their account, and the name that they give
 * stands behind it as what they say. An account has no `/` and a node no `@`, so the three can be told apart.
 */
export const operatorOf = (node: MosaicNode['settings']['name'], said?: string): Asking['principal'] => ({
  kind: 'person',
  id: `operator:${account()}${said === undefined ? '' : `/${said}`}@${node}`,
  node,
  standing: 'home',
  roles: ['administrator'],
  clearances: [],
  purposes: [],
  police: [],
})

/** `root at mosaic.localhost, as "vera"`: what the operating system knows, then what was said. Others stay as they are. */
export function sayPrincipal(id: string): string {
  const found = /^operator:([^/@]+)(?:\/(.*))?@([^@]+)$/s.exec(id)
  if (!found) return id
  const [, operator, said, node] = found
  return `${operator} at ${node}${said === undefined ? '' : `, as "${said}"`}`
}

function account(): string {
  try {
    return userInfo().username.replaceAll(/[/@]/g, '_')
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}` // an account without an entry, as containers have
  }
}
