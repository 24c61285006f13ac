/**
 * The reports of a node: drafted from records, edited and issued by named persons, each step a version.
 *
 * A draft is for the node's own organisation, whatever it rests on (`TLP:AMBER+STRICT`). Issued, it is handled as what it
 * rests on, joined by the store: no more freely, and no more strictly.
 *
 * Two people never act on one version: an act names the version that its person saw, and acts on one report come one
 * after the other, over all processes of the node (an advisory lock).
 */
import type { Places } from '../place/index.ts'
import type {
  Clock,
  Draft,
  Handling,
  Held,
  Instant,
  Language,
  Link,
  MosaicRecord,
  MultilingualText,
  Producer,
  Realm,
  RecordId,
} from '../record/index.ts'
import type { OpenStore } from '../store/index.ts'
import type { Catalogue } from '../warn/index.ts'
import { type Plan, plain, type ReportTemplate, said } from './contract.ts'
import { bannerOf, headKeys, headOf } from './head.ts'
import { type Act, step } from './life.ts'
import { type Gathered, gather } from './material.ts'
import { type ReportBody, type ReportText, type Rest, reportRecord, type Signed } from './records.ts'
import type { ReportRefusal } from './refusals.ts'
import { type CountryWords, type Writing, writePlan } from './write.ts'

export type HeldReport = Held<ReportBody>
type Person = Extract<Producer, { kind: 'person' }>

export type ReportParts = {
  readonly store: Pick<OpenStore, 'read' | 'get' | 'append' | 'identity' | 'database'>
  readonly clock: Clock
  readonly places: Places
  readonly templates: readonly ReportTemplate[]
  readonly catalogues: Readonly<Record<Language, Catalogue>>
  /** Whose reports they are. */
  readonly publisher: MultilingualText
}

export type DraftOrder = {
  readonly subject: RecordId
  readonly realm: Realm
  readonly by: Person
  /** Absent: the official languages of the countries that it concerns, and English. */
  readonly languages?: readonly Language[]
  /** Absent: now. */
  readonly knownAt?: Instant
  readonly template?: string
  /** The open edition is drafted anew, and what people wrote in it stays in its earlier versions. */
  readonly anew?: boolean
}

export type ReportOutcome =
  | {
      readonly kind: 'written'
      readonly report: MosaicRecord<ReportBody>
      /** Of a draft: how many records about the subject it leaves out, and why. */
      readonly leftOut?: { readonly restricted: number; readonly beyond: number }
    }
  | { readonly kind: 'refused'; readonly reason: ReportRefusal }

export type ActOrder = {
  readonly id: RecordId
  /** The version that the person saw; absent: whatever is newest. */
  readonly version?: number
  readonly by: Person
} & (
  | { readonly kind: 'edit'; readonly language: Language; readonly block: string; readonly text: string }
  | { readonly kind: 'review'; readonly language: Language }
  | { readonly kind: 'issue' }
)

export type Reports = {
  readonly draft: (order: DraftOrder) => Promise<ReportOutcome>
  readonly act: (order: ActOrder) => Promise<ReportOutcome>
}

/** A class of advisory locks of its own. */
const reportLocks = 1_919_250_543
/** Until it is issued it is for the organisation that writes it. */
const whileDrafted: Handling = { tlp: 'TLP:AMBER+STRICT' }

export function openReports(parts: ReportParts): Reports {
  let last: Promise<unknown> = Promise.resolve()
  /** One at a time here, so that at most one connection waits while another is needed; then one at a time everywhere. */
  const alone = <Result>(lock: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(() =>
      parts.store.database.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(${reportLocks}::int, ${Number.parseInt(lock.slice(0, 7), 16)}::int)`
        return work()
      }),
    ) as Promise<Result>
    last = turn.catch(() => {}) // told to whoever ordered it
    return turn
  }
  return {
    draft: (order) => alone(order.subject, () => draft(parts, order)),
    act: async (order) => {
      const held = await heldReport(parts, order.id)
      if (!held) return refused({ code: 'report/not-held', id: order.id })
      return alone(held.record.body.subject.id, () => act(parts, order))
    },
  }
}

const refused = (reason: ReportRefusal): ReportOutcome => ({ kind: 'refused', reason })

async function heldReport({ store }: ReportParts, id: RecordId): Promise<HeldReport | undefined> {
  const held = await store.get(id)
  return held?.record.type === reportRecord.type ? (held as HeldReport) : undefined
}

async function draft(parts: ReportParts, order: DraftOrder): Promise<ReportOutcome> {
  const { store, clock, templates, places } = parts
  const { subject: id, realm, by } = order
  const now = clock.now()
  const asOf = order.knownAt !== undefined && order.knownAt < now ? order.knownAt : now
  const gathered = await gather(store, { id, realm, knownAt: asOf })
  if (!gathered) return refused({ code: 'report/no-subject', id })
  const { subject, restricted, beyond } = gathered
  const template = templates.find(
    ({ name, reads }) =>
      reads.includes(subject.record.type) && (order.template === undefined || name === order.template),
  )
  if (!template)
    return refused({
      code: 'report/no-template',
      type: subject.record.type,
      templates: templates.map(({ name }) => name),
    })
  const plan = template.plan({ ...gathered, asOf, places })
  if (!plan) return refused({ code: 'report/nothing-to-report', id })
  const before = await newestEdition(parts, template, subject.record.id, realm)
  const open = before && before.record.body.state !== 'issued' ? before : undefined
  if (open && !order.anew)
    return refused({ code: 'report/still-open', id: open.record.id, version: open.record.version })
  const edition = open ? open.record.body.edition : (before?.record.body.edition ?? 0) + 1
  const signed = signedBy(by, now)
  const facts = { realm, state: 'draft' as const, edition, asOf, publisher: parts.publisher }
  const body: ReportBody = {
    template: { name: template.name, version: template.version },
    edition,
    state: 'draft',
    subject: { id: subject.record.id, version: subject.record.version },
    asOf,
    drafted: signed,
    edits: [],
    timeZone: plan.timeZone,
    texts: Object.fromEntries(
      languagesOf(parts, order, plan).map((language) => [
        language,
        textIn(writingIn(parts, language, plan.timeZone), withRemarks(plan), facts),
      ]),
    ),
    rests: restsOf(gathered),
  }
  const supersedes = await editionBefore(parts, template, subject.record.id, edition)
  const outcome = await write(parts, { realm, by, body, supersedes })
  return outcome.kind === 'written' ? { ...outcome, leftOut: { restricted, beyond } } : outcome
}

async function act(parts: ReportParts, order: ActOrder): Promise<ReportOutcome> {
  const { store, clock } = parts
  const held = await heldReport(parts, order.id)
  if (!held) return refused({ code: 'report/not-held', id: order.id })
  const { record } = held
  if (record.origin !== store.identity.node)
    return refused({ code: 'report/not-ours', origin: record.origin })
  if (order.version !== undefined && order.version !== record.version && record.body.state !== 'issued')
    return refused({ code: 'report/stale', seen: order.version, version: record.version })
  const done = step(record.body, actOf(order, clock.now()))
  if (done.kind === 'refused') return done
  const body = withHeads(parts, done.body, record.realm)
  const supersedes = record.links.filter(({ type }) => type === 'supersedes')
  return write(parts, { realm: record.realm, by: order.by, body, supersedes })
}

const signedBy = ({ name, role }: Person, at: Instant): Signed => ({
  name,
  ...(role === undefined ? {} : { role }),
  at,
})

function actOf(order: ActOrder, now: Instant): Act {
  const by = signedBy(order.by, now)
  switch (order.kind) {
    case 'edit':
      return { kind: 'edit', language: order.language, block: order.block, text: order.text, by }
    case 'review':
      return { kind: 'review', language: order.language, by }
    case 'issue':
      return { kind: 'issue', by }
  }
}

const keyOf = (template: string, subject: RecordId, edition: number) => `${template}:${subject}#${edition}`

async function newestEdition(
  parts: ReportParts,
  template: ReportTemplate,
  subject: RecordId,
  realm: Realm,
): Promise<HeldReport | undefined> {
  const held = (await parts.store.read({
    types: [reportRecord.type],
    linkedTo: [subject],
    linkType: 'about',
    realm,
  })) as readonly HeldReport[]
  return held
    .filter(
      ({ record }) =>
        record.origin === parts.store.identity.node && record.key.startsWith(`${template.name}:${subject}#`),
    )
    .toSorted((a, b) => b.record.body.edition - a.record.body.edition)[0]
}

async function editionBefore(
  parts: ReportParts,
  template: ReportTemplate,
  subject: RecordId,
  edition: number,
): Promise<readonly Link[]> {
  if (edition === 1) return []
  const [held] = await parts.store.read({
    types: [reportRecord.type],
    key: keyOf(template.name, subject, edition - 1),
  })
  return held ? [{ type: 'supersedes', id: held.record.id, version: held.record.version }] : []
}

function languagesOf(
  { catalogues, places }: ReportParts,
  order: DraftOrder,
  plan: Plan,
): readonly Language[] {
  const official = plan.countries.flatMap((code) => places.country(code)?.officialLanguages ?? [])
  const wanted = order.languages ?? [...official, 'en']
  return [...new Set(wanted)].filter((language) => order.languages !== undefined || catalogues[language])
}

const writingIn = ({ catalogues, places }: ReportParts, language: Language, timeZone: string): Writing => ({
  language,
  catalogues,
  timeZone,
  country: ((code) => places.country(code)) satisfies CountryWords,
})

/** Every report has a place for what only people know. */
const withRemarks = (plan: Plan): Plan => ({
  ...plan,
  sections: [
    ...plan.sections,
    {
      id: 'remarks',
      heading: said(headKeys.remarks),
      blocks: [{ kind: 'paragraph', id: 'text', words: plain('') }],
    },
  ],
})

type Facts = Omit<Parameters<typeof headOf>[1], 'reviewed'>

function textIn(writing: Writing, plan: Plan, facts: Facts): ReportText {
  const banner = bannerOf(writing, facts.realm)
  return {
    ...writePlan(writing, plan),
    head: headOf(writing, { ...facts, reviewed: undefined }),
    ...(banner ? { banner } : {}),
  }
}

function withHeads(parts: ReportParts, body: ReportBody, realm: Realm): ReportBody {
  const { timeZone, texts } = body
  const anew = Object.entries(texts).map(([language, text]) => {
    const facts = { ...body, realm, publisher: parts.publisher, reviewed: text.reviewed }
    return [language, { ...text, head: headOf(writingIn(parts, language, timeZone), facts) }] as const
  })
  return { ...body, texts: Object.fromEntries(anew) }
}

/** The newest version of each record, in the order in which they came. */
function restsOf({ subject, inputs, related }: Gathered): readonly Rest[] {
  const newest = new Map<RecordId, Held>()
  for (const held of [...inputs, subject, ...related]) {
    const other = newest.get(held.record.id)
    if (!other || other.record.version < held.record.version) newest.set(held.record.id, held)
  }
  return [...newest.values()]
    .toSorted((a, b) => a.index - b.index)
    .map(({ record: { id, version, type, origin }, receivedAt }) => ({
      id,
      version,
      type,
      origin,
      receivedAt,
    }))
}

type Writable = {
  readonly realm: Realm
  readonly by: Person
  readonly body: ReportBody
  readonly supersedes: readonly Link[]
}

async function write(parts: ReportParts, { realm, by, body, supersedes }: Writable): Promise<ReportOutcome> {
  const key = keyOf(body.template.name, body.subject.id, body.edition)
  const draft: Draft<ReportBody> = {
    type: reportRecord.type,
    key,
    realm,
    producer: by,
    valid: { from: body.asOf },
    ...(body.state === 'issued' ? {} : { handling: whileDrafted }),
    links: [
      { type: 'about', id: body.subject.id },
      ...supersedes,
      ...body.rests.map(({ id, version }): Link => ({ type: 'derivedFrom', id, version })),
    ],
    body,
  }
  const [appended] = await parts.store.append([draft])
  if (appended?.kind === 'appended' || appended?.kind === 'unchanged')
    return { kind: 'written', report: appended.record as MosaicRecord<ReportBody> }
  if (appended?.kind === 'refused') return refused({ code: 'report/not-written', reason: appended.reason })
  throw new Error(`the store answered nothing about ${key}`)
}
