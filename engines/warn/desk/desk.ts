/**
 * The desk: what people do with drafts, each in a person's name, each as a record. Every move is looked at first
 * (`life.ts`, `checks.ts`) and refused with its reason; two at the same instant are settled by the log, and whoever came
 * second is told so.
 */
import type { CapAlert } from '../../formats/index.ts'
import {
  type Clock,
  type Draft,
  type Held,
  type Instant,
  joinAll,
  type Place,
  type Realm,
  type RecordId,
} from '../../record/index.ts'
import type { Store } from '../../store/index.ts'
import type { HeldWarning } from '../chain.ts'
import type { ProposalBody } from '../contract.ts'
import { DraftUnfit } from '../errors.ts'
import { capIdentifier } from '../identifier.ts'
import { unknownCountry } from '../message.ts'
import type { IssueSettings } from '../order.ts'
import { checkDraft, obstacles } from './checks.ts'
import {
  type DeskPerson,
  type DeskRules,
  type DraftContent,
  type DraftStep,
  type DraftText,
  defaultDeskRules,
  type Finding,
  wordNames,
} from './contract.ts'
import { type DraftFile, draftFile, hasMovedOn, liveFor, type Reads } from './draft-file.ts'
import { DeskRefused } from './errors.ts'
import { issuerOf, msgTypeOf, referencesTo } from './issue-draft.ts'
import { type Keeping, keepingOf } from './keep.ts'
import { type Move, refusalOf } from './life.ts'
import { deskMessage } from './message.ts'
import {
  type Beginning,
  blank,
  type FromTemplate,
  fromProposal,
  fromTemplate,
  fromWarning,
  type PrefillParts,
} from './prefill.ts'
import { type DraftBody, deskHandling, draftRecord, draftStepRecord } from './records.ts'

export type DeskSettings = Pick<
  IssueSettings,
  'rules' | 'catalogues' | 'countries' | 'identity' | 'profile' | 'desk'
>
export type DeskParts = {
  readonly store: Pick<Store, 'append' | 'read'>
  readonly clock: Clock
  readonly settings: DeskSettings
  /** Never the same twice: keys of drafts and steps. */
  readonly newKey: () => string
  /** Where the areas lie, so that the draft is found on the map. */
  readonly placeOf?: (areas: DraftContent['areas'], country: string) => Place | undefined
}

export type Start =
  | ({ readonly kind: 'blank' } & Pick<DraftContent, 'country' | 'hazard' | 'expires'>)
  | ({ readonly kind: 'template' } & FromTemplate)
  | { readonly kind: 'proposal'; readonly proposal: Held<ProposalBody> }
  | { readonly kind: 'warning'; readonly warning: HeldWarning; readonly purpose: 'update' | 'cancel' }

/** What people send of a text; the rest the desk knows itself. */
export type GivenText = Pick<DraftText, (typeof wordNames)[number]> & { readonly isReviewed: boolean }
export type GivenContent = Omit<DraftContent, 'texts'> & {
  readonly texts: Readonly<Record<string, GivenText>>
}

export type StepOrder = {
  readonly step: DraftStep
  readonly version: number
  readonly because?: string
  readonly despite?: readonly string[]
}

export type Desk = Keeping & {
  readonly rules: DeskRules
  readonly settings: DeskSettings
  readonly file: (id: RecordId, reads?: Reads) => Promise<DraftFile | undefined>
  readonly findings: (file: DraftFile) => readonly Finding[]
  /** As it would go out now; undefined where nobody may issue it. */
  readonly alert: (file: DraftFile) => CapAlert | undefined
  readonly begin: (start: Start, by: DeskPerson, realm: Realm) => Promise<DraftFile>
  readonly edit: (
    id: RecordId,
    change: { readonly basedOn: number; readonly content: GivenContent },
    by: DeskPerson,
  ) => Promise<DraftFile>
  readonly step: (id: RecordId, order: StepOrder, by: DeskPerson) => Promise<DraftFile>
}

export function openDesk(parts: DeskParts): Desk {
  const { store, settings } = parts
  const rules = settings.desk ?? defaultDeskRules
  const file: Desk['file'] = (id, reads = store) => draftFile(reads, id, rules)
  const now = () => parts.clock.now()
  return {
    ...keepingOf(parts),
    rules,
    settings,
    file,
    findings: (of) => findingsOf(settings, rules, of, now()),
    alert: (of) => alertOf(settings, of, now()),
    begin: async (start, by, realm) => {
      if (by.role !== 'duty-officer') throw new DeskRefused('role-missing')
      const beginning = await beginningOf({ ...settings, reads: store, now: now() }, start)
      return begin(parts, { beginning, by, realm })
    },
    edit: async (id, { basedOn, content }, by) => {
      const before = await held(file, id)
      const next = { kind: 'edit', by, basedOn, version: before.held.record.version + 1 } as const
      refuse(before, next)
      const texts = textsAfter(before.body.content.texts, content.texts, by, now())
      return append(parts, before, { ...before.body, basedOn, by, content: { ...content, texts } })
    },
    step: async (id, order, by) => {
      const before = await held(file, id)
      const { step, version, because, despite = [] } = order
      refuse(before, { kind: step, by, version, ...(because !== undefined && { because }) })
      demandSound(before, order, findingsOf(settings, rules, before, now()))
      const { realm, valid } = before.held.record
      const key = `${id}#${parts.newKey()}`
      await write(parts, {
        type: draftStepRecord.type,
        ...{ key, realm, valid, handling: deskHandling },
        producer: { kind: 'person', name: by.name, role: by.role },
        links: [{ type: 'answers', id, version }],
        body: { draft: id, version, step, by, ...(because !== undefined && { because }), despite },
      })
      return settled(await held(file, id), key)
    },
  }

  async function append(of: DeskParts, before: DraftFile, body: DraftBody): Promise<DraftFile> {
    const { key, realm } = before.first.record
    const version = await write(of, draftOf(of, { key, realm, body }))
    const after = await held(file, before.id)
    if (after.life.version !== version) throw new DeskRefused('changed-since')
    return after
  }

  async function begin(of: DeskParts, begun: Begun): Promise<DraftFile> {
    const body = { ...begun.beginning, basedOn: 0, by: begun.by }
    const draft = draftOf(of, { key: `desk:${of.newKey()}`, realm: begun.realm, body })
    const [appended] = await of.store.append([draft])
    if (appended?.kind !== 'appended')
      throw new DraftUnfit(`The draft was not written: ${sayRefused(appended)}.`)
    return held(file, appended.record.id)
  }
}

type Begun = { readonly beginning: Beginning; readonly by: DeskPerson; readonly realm: Realm }

async function beginningOf(parts: PrefillParts, start: Start): Promise<Beginning> {
  switch (start.kind) {
    case 'blank':
      return blank(parts, start)
    case 'template':
      return fromTemplate(parts, start)
    case 'proposal':
      return fromProposal(parts, start.proposal)
    case 'warning':
      return fromWarning(parts, start.warning, start.purpose)
    default:
      return start satisfies never
  }
}

function draftOf(
  { placeOf }: DeskParts,
  { key, realm, body }: { readonly key: string; readonly realm: Realm; readonly body: DraftBody },
): Draft<DraftBody> {
  const { content, by, proposal } = body
  const place = placeOf?.(content.areas, content.country)
  const from = content.onset ?? content.effective ?? content.expires
  return {
    type: draftRecord.type,
    ...{ key, realm, body, handling: joinAll([deskHandling]) },
    producer: { kind: 'person', name: by.name, role: by.role },
    valid: { from: from < content.expires ? from : content.expires, until: content.expires },
    ...(place && { place }),
    links: [
      ...(proposal ? [{ type: 'derivedFrom' as const, ...proposal }] : []),
      ...(body.event === undefined ? [] : [{ type: 'about' as const, id: body.event }]),
    ],
  }
}

async function held(file: Desk['file'], id: RecordId): Promise<DraftFile> {
  const found = await file(id)
  if (found === undefined)
    throw new DraftUnfit(`There is no draft ${id} here; choose one that the desk lists.`)
  return found
}

function refuse(file: DraftFile, move: Move): void {
  const because = refusalOf(file.life, move)
  if (because !== undefined) throw new DeskRefused(because)
}

/** Whoever submits or issues answers for the checks; whoever approves sees what was set aside. */
function demandSound(
  file: DraftFile,
  { step, despite = [], because }: StepOrder,
  findings: readonly Finding[],
): void {
  if (despite.length > 0 && (because === undefined || because.trim() === ''))
    throw new DeskRefused('reason-needed')
  if (step !== 'submit' && step !== 'approve' && step !== 'issue') return
  const left = obstacles(findings, [...file.despite, ...despite])
  if (left.length > 0) throw new DeskRefused('findings-left', left)
}

/** The record is written; whether it counted the log has decided by now. */
function settled(file: DraftFile, key: string): DraftFile {
  const told = file.history.find((each) => each.held.record.key === key)
  if (told?.void !== undefined) throw new DeskRefused(told.void)
  return file
}

async function write({ store }: DeskParts, draft: Draft): Promise<number> {
  const [appended] = await store.append([draft])
  if (appended?.kind === 'appended' || appended?.kind === 'unchanged') return appended.record.version
  throw new DraftUnfit(`It was not written: ${sayRefused(appended)}.`)
}

const sayRefused = (appended: Awaited<ReturnType<Store['append']>>[number] | undefined): string =>
  appended?.kind === 'refused' ? appended.reason.code : 'try again'

/** A text keeps its reviewer while its words stay; who says now that it is reviewed, is its reviewer. */
function textsAfter(
  before: DraftContent['texts'],
  given: GivenContent['texts'],
  by: DeskPerson,
  on: Instant,
): DraftContent['texts'] {
  return Object.fromEntries(
    Object.entries(given).map(([language, text]) => {
      const old = before[language]
      const isSame = old !== undefined && wordNames.every((name) => old[name] === text[name])
      const reviewed = !text.isReviewed
        ? undefined
        : isSame && old.reviewed
          ? old.reviewed
          : { by: by.name, on }
      const { event, headline, description, instruction } = text
      return [
        language,
        {
          ...{ event, headline, description, instruction },
          isEdited: !isSame || (old?.isEdited ?? true),
          fromReviewed: isSame && old.fromReviewed,
          ...(reviewed && { reviewed }),
        },
      ]
    }),
  )
}

function findingsOf(
  settings: DeskSettings,
  rules: DeskRules,
  file: DraftFile,
  now: Instant,
): readonly Finding[] {
  const { body, held: of } = file
  const { content, purpose } = body
  return checkDraft({
    ...{ content, purpose, now, rules },
    rule: issuerOf(settings.rules, of.record.realm, content),
    country: settings.countries(content.country) ?? unknownCountry(content.country),
    localeOf: (language) => settings.catalogues[language]?.locale ?? language,
    live: liveFor(file, now),
    hasMovedOn: hasMovedOn(file),
    alert: alertOf(settings, file, now),
  })
}

function alertOf(settings: DeskSettings, file: DraftFile, now: Instant): CapAlert | undefined {
  const { body, held: of, chain, chainId, first } = file
  const { content, purpose } = body
  const { realm, handling } = of.record
  const rule = issuerOf(settings.rules, realm, content)
  if (rule === undefined) return undefined
  const live = liveFor(file, now)
  const ends = live.map(({ record }) => record.body.expires).sort()
  return deskMessage({
    ...{ content, realm, rule, sent: now },
    msgType: msgTypeOf(purpose),
    identifier: capIdentifier(settings.identity, realm, `${first.record.key}#${chain.length + 1}`),
    expires: purpose === 'cancel' ? (ends.at(-1) ?? content.expires) : content.expires,
    references: referencesTo(live),
    incidents: [body.event ?? chainId],
    handling: handling.tlp === deskHandling.tlp ? { tlp: 'TLP:CLEAR' } : handling,
    country: settings.countries(content.country) ?? unknownCountry(content.country),
    catalogues: settings.catalogues,
    profile: settings.profile,
  })
}
