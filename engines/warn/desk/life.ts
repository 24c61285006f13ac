/**
 * The life of a draft: a fold over what people did, in the order of the log. No state is stored; a move that was not
 * possible at its place changes nothing and stays in the history as void, so two people at the same instant, or two
 * processes, cannot both be right.
 *
 *     draft ── submit ──▶ submitted ── approve (as often as needed) ──▶ approved ── issue ──▶ issued
 *       ▲                    │ return                                      │ return
 *       │                    ▼                                             │
 *       └──── edit ────── returned ◀───────────────────────────────────────┘        withdraw: from all but issued
 *
 * - Every step names the version it means; it is void when that is not the newest.
 * - An edit, whenever it comes, makes a draft of it again: what was approved is void, since it was another text.
 * - Where no approval is needed (`needed` of that version is 0), to submit is to approve.
 * - Who wrote any version, or submitted it, is an author, and approves nothing of it; nobody approves twice.
 * - A returned draft must be changed before it is submitted again.
 * - Issued and withdrawn are the end: frozen. A correction is a new draft, an update or a cancel of what was issued.
 */
import { unreachable } from '../../record/index.ts'
import type { DeskPerson, DeskRole, DraftStep } from './contract.ts'

export const draftStates = ['draft', 'submitted', 'approved', 'returned', 'issued', 'withdrawn'] as const
export type DraftState = (typeof draftStates)[number]

export type Move =
  | { readonly kind: 'edit'; readonly by: DeskPerson; readonly version: number; readonly basedOn: number }
  | {
      readonly kind: DraftStep
      readonly by: DeskPerson
      readonly version: number
      readonly because?: string
    }

export type Life = {
  readonly state: DraftState
  /** The version that counts: the newest that was made from the one before. */
  readonly version: number
  /** Ids of all who wrote or submitted. */
  readonly authors: readonly string[]
  /** Ids of who approved this version. */
  readonly approvedBy: readonly string[]
}

export const moveRefusals = [
  'role-missing',
  'changed-since',
  'frozen',
  'submitted-already',
  'not-submitted',
  'not-approved',
  'returned-unchanged',
  'second-person-needed',
  'approved-already',
  'reason-needed',
] as const
export type MoveRefusal = (typeof moveRefusals)[number]

export type Moved =
  | { readonly kind: 'moved'; readonly life: Life }
  | { readonly kind: 'refused'; readonly because: MoveRefusal }

/** Who may do what. Everything in the matter is the duty officer's but the second look. */
export const roleOf: Readonly<Record<Move['kind'], DeskRole>> = {
  edit: 'duty-officer',
  submit: 'duty-officer',
  approve: 'approver',
  return: 'approver',
  issue: 'duty-officer',
  withdraw: 'duty-officer',
}

/** How many approvals a version takes. */
export type Needed = (version: number) => number

/** The first version begins a life; whoever wrote it is its first author. */
export const begun = (by: DeskPerson): Life => ({
  state: 'draft',
  version: 1,
  authors: [by.id],
  approvedBy: [],
})

export function moved(life: Life, move: Move, needed: Needed): Moved {
  const because = refusalOf(life, move)
  return because === undefined
    ? { kind: 'moved', life: after(life, move, needed) }
    : { kind: 'refused', because }
}

/** Why this move is not possible now; undefined: it is. */
export function refusalOf(life: Life, move: Move): MoveRefusal | undefined {
  const { state } = life
  if (move.by.role !== roleOf[move.kind]) return 'role-missing'
  if (state === 'issued' || state === 'withdrawn') return 'frozen'
  if ((move.kind === 'edit' ? move.basedOn : move.version) !== life.version) return 'changed-since'
  switch (move.kind) {
    case 'edit':
    case 'withdraw':
      return undefined
    case 'submit':
      if (state === 'returned') return 'returned-unchanged'
      return state === 'draft' ? undefined : 'submitted-already'
    case 'approve':
      if (state !== 'submitted') return 'not-submitted'
      if (life.authors.includes(move.by.id)) return 'second-person-needed'
      return life.approvedBy.includes(move.by.id) ? 'approved-already' : undefined
    case 'return':
      if (state !== 'submitted' && state !== 'approved') return 'not-submitted'
      return move.because === undefined || move.because.trim() === '' ? 'reason-needed' : undefined
    case 'issue':
      return state === 'approved' ? undefined : 'not-approved'
    default:
      return unreachable(move)
  }
}

function after(life: Life, { kind, by, version }: Move, needed: Needed): Life {
  switch (kind) {
    case 'edit':
      return { state: 'draft', version, authors: withOne(life.authors, by.id), approvedBy: [] }
    case 'submit':
      return {
        ...life,
        state: needed(version) === 0 ? 'approved' : 'submitted',
        authors: withOne(life.authors, by.id),
        approvedBy: [],
      }
    case 'approve': {
      const approvedBy = withOne(life.approvedBy, by.id)
      return { ...life, approvedBy, state: approvedBy.length >= needed(version) ? 'approved' : 'submitted' }
    }
    case 'return':
      return { ...life, state: 'returned', approvedBy: [] }
    case 'issue':
      return { ...life, state: 'issued' }
    case 'withdraw':
      return { ...life, state: 'withdrawn' }
    default:
      return unreachable(kind)
  }
}

const withOne = (ids: readonly string[], id: string): readonly string[] =>
  ids.includes(id) ? ids : [...ids, id]

/** A life with each move marked by whether it counted. */
export function lived<Of extends Move>(
  first: DeskPerson,
  moves: readonly Of[],
  needed: Needed,
): { readonly life: Life; readonly history: readonly (Of & { readonly void?: MoveRefusal })[] } {
  let life = begun(first)
  const history = moves.map((move) => {
    const result = moved(life, move, needed)
    if (result.kind === 'refused') return { ...move, void: result.because }
    life = result.life
    return move
  })
  return { life, history }
}

/** One sentence for whoever is refused. */
export function sayRefusal(because: MoveRefusal): string {
  switch (because) {
    case 'role-missing':
      return 'This takes another role: duty officers compose, submit, issue and withdraw; approvers approve and return.'
    case 'changed-since':
      return 'The draft has changed since the version that you saw; look at it again.'
    case 'frozen':
      return 'The draft was issued or withdrawn and stays as it is; make a new one, an update or a cancel.'
    case 'submitted-already':
      return 'The draft is submitted already.'
    case 'not-submitted':
      return 'The draft is not submitted; its author submits it first.'
    case 'not-approved':
      return 'The draft is not approved; somebody else approves it first.'
    case 'returned-unchanged':
      return 'The draft was returned; change it before it is submitted again.'
    case 'second-person-needed':
      return 'Whoever wrote or submitted a draft does not approve it; this takes a second person.'
    case 'approved-already':
      return 'You have approved this version already; it takes somebody else.'
    case 'reason-needed':
      return 'Say why, so that the author knows what to change.'
    default:
      return unreachable(because)
  }
}
