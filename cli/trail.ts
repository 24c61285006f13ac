/**
 * What is done at the machine is on the audit trail: each command that shows or changes what is restricted is noted
 * before it begins, with its words, under the account of the operating system that runs it: `operator:NAME@NODE`. Names
 * given with `--as` are the operator's word, and stand among the words of the command.
 *
 * `commandTrail` says of every command how it is noted; a test demands a line for each. Whoever runs commands owns the
 * database too, and could write past this: the chain of the trail and its seals in the log show that (engines/access).
 */
import { userInfo } from 'node:os'
import { type Asking, type AuditAct, auditor, type Noted } from '../engines/access/index.ts'
import type { Held } from '../engines/record/index.ts'
import type { MosaicNode } from '../node.ts'
import type { Run } from './command.ts'

/**
 * An act: noted so before the command begins. `itself`: the command notes more than its words, for example which records
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
  sources: 'nothing',
  quarantine: 'read',
  ingest: 'change',
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
  ask: 'search',
  recall: 'change',
  relabel: 'change',
  recalls: 'oversee',
  release: 'itself',
  releases: 'read',
  consent: 'change',
  'explain access': 'oversee',
  verify: 'nothing',
  'log export': 'nothing',
  keys: 'nothing',
  'keys rotate': 'administer',
  'keys revoke': 'administer',
  'keys split': 'administer',
  'keys escrow': 'administer',
  'keys recover': 'administer',
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
  'cap validate': 'nothing',
  'check-reference': 'nothing',
  export: 'export',
  backup: 'export',
  /** The trail comes out of the file; what was done since is what the peers' cosignatures show to be missing. */
  restore: 'nothing',
  doctor: 'nothing',
  'pack new': 'nothing',
}

type TrailedNode = Pick<MosaicNode, 'store' | 'clock' | 'settings'>

/** Before a command begins. */
export async function noteCommand(run: Run, node: TrailedNode): Promise<void> {
  const act = commandTrail[run.command]
  if (act === undefined) throw new Error(`cli/trail.ts has no line for the command ${run.command}`)
  if (act === 'itself' || act === 'nothing') return
  await note(run, node, { act })
}

/** These records are about to be printed. */
export const noteGiven = (
  run: Run,
  node: TrailedNode,
  { act, held }: { readonly act: 'read' | 'search'; readonly held: readonly Held[] },
): Promise<void> =>
  note(run, node, { act, subjects: held.map(({ record }) => record.id), results: held.length })

async function note(
  { command, positionals, values }: Run,
  { store, clock, settings }: TrailedNode,
  noted: Pick<Noted, 'act' | 'subjects' | 'results'>,
): Promise<void> {
  const { auditPolicy: policy } = settings
  await using trail = auditor(store.database, clock, policy ? { policy } : {})
  await trail.noteBefore({
    asking: { principal: operatorOf(settings.name), purpose: 'public' },
    query: { command, words: [...positionals], options: { ...values } },
    ...noted,
  })
}

/** Whoever sits at the machine has not signed in: the operating system knows them, or the name that they say. */
export const operatorOf = (node: MosaicNode['settings']['name'], name = account()): Asking['principal'] => ({
  kind: 'person',
  id: `operator:${name}@${node}`,
  node,
  standing: 'home',
  roles: ['administrator'],
  clearances: [],
  purposes: [],
  police: [],
})

function account(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}` // an account without an entry, as containers have
  }
}
