/**
 * Drafting and sending the forms. A draft is a record that stays at home; sending it writes the report as a record of its
 * own, for the points of contact of the countries that it names and nobody else (`TLP:AMBER`, audience: their nodes and
 * this one), with the time by which each acknowledges it. What was sent is not sent anew: a correction is a further
 * information report that goes on from it.
 */
import { Compile } from 'typebox/compile'
import type { PointOfContact } from '../../../engines/place/index.ts'
import {
  type Draft,
  type Handling,
  type Held,
  type Instant,
  type Issue,
  type Place,
  plusMs,
  type Realm,
  type RecordId,
  schemaIssues,
} from '../../../engines/record/index.ts'
import type { Appended, Store } from '../../../engines/store/index.ts'
import { type Addressee, contactsFor, marked, nodesOf, ownContact } from '../addressed.ts'
import { formParameters } from '../settings.ts'
import {
  type Form,
  type FormDraftBody,
  formDraftRecord,
  formFields,
  type ReportBody,
  typeOfForm,
} from './records.ts'

export const industrialAccidents = 'industrial-accidents'

export type By = { readonly name: string; readonly role?: string }

export type FormOrder = {
  /** Names it among this node's own. */
  readonly key: string
  readonly form: Form
  readonly realm: Realm
  /** Codes of the countries that are told. */
  readonly to: readonly string[]
  readonly fields: Readonly<Record<string, unknown>>
  readonly follows?: RecordId
  readonly by: By
  readonly now: Instant
}

export type Sent =
  | { readonly kind: 'sent'; readonly appended: Appended }
  /** This node speaks for no point of contact. */
  | { readonly kind: 'no-contact' }
  /** Of none of these countries does the register know who speaks for it. */
  | { readonly kind: 'nobody-registered'; readonly countries: readonly string[] }
  /** What is filled in wrongly or not at all. */
  | { readonly kind: 'incomplete'; readonly issues: readonly Issue[] }
  /** A test of the line stands in the realm `test`, all else does not. */
  | { readonly kind: 'wrong-realm' }
  | { readonly kind: 'sent-before'; readonly id: RecordId }

export async function sendForm(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  contacts: readonly PointOfContact[],
  order: FormOrder,
): Promise<Sent> {
  const { form, realm, key, now } = order
  if ((form === 'communication-test') !== (realm === 'test')) return { kind: 'wrong-realm' }
  const own = ownContact(contacts, industrialAccidents, store.identity.node)
  if (own === undefined) return { kind: 'no-contact' }
  const issues = schemaIssues(validators[form], order.fields, 'environment/form-incomplete', '/fields')
  if (issues.length > 0) return { kind: 'incomplete', issues }
  const before = await ownOf(store, { type: typeOfForm(form), realm, key })
  if (before !== undefined) return { kind: 'sent-before', id: before.record.id }
  const countries = [...new Set(order.to)].filter((code) => code !== own.country).sort()
  const addressees = countries.flatMap((country) =>
    contactsFor(contacts, industrialAccidents, country).map(
      ({ id, nodes }): Addressee => ({ contact: id, country, nodes: [...nodes], dueAt: dueAtOf(form, now) }),
    ),
  )
  if (addressees.length === 0) return { kind: 'nobody-registered', countries }
  const body = {
    ...withMark(realm, order.fields),
    headline: marked(realm, headlineOf[form]),
    from: { contact: own.id, country: own.country, role: own.role },
    addressees,
    withoutContact: countries.filter((code) => !addressees.some(({ country }) => country === code)),
    sentAt: now,
    ...(order.follows === undefined ? {} : { follows: order.follows }),
  } as ReportBody
  const [appended] = await store.append([draftOf(order, body, store.identity.node)])
  if (appended === undefined) throw new Error('the store answered nothing')
  return { kind: 'sent', appended }
}

/** Whoever reads the description alone must know what it is, too. */
function withMark(realm: Realm, fields: FormOrder['fields']): FormOrder['fields'] {
  const { accident } = fields as { readonly accident?: { readonly description: string } }
  if (accident === undefined) return fields
  return { ...fields, accident: { ...accident, description: marked(realm, accident.description) } }
}

const validators = {
  'early-warning': Compile(formFields['early-warning']),
  'information-report': Compile(formFields['information-report']),
  'assistance-request': Compile(formFields['assistance-request']),
  'communication-test': Compile(formFields['communication-test']),
} as const

const headlineOf: Readonly<Record<Form, string>> = {
  'early-warning': 'Industrial accident: early warning report',
  'information-report': 'Industrial accident: information report',
  'assistance-request': 'Industrial accident: request for assistance',
  'communication-test': 'Test of the line between points of contact',
}

const hoursOf: Readonly<Record<Form, number>> = {
  'early-warning': formParameters.earlyWarningHours.value,
  'information-report': formParameters.informationHours.value,
  'assistance-request': formParameters.requestHours.value,
  'communication-test': formParameters.testHours.value,
}
const dueAtOf = (form: Form, now: Instant): Instant => plusMs(now, hoursOf[form] * 3_600_000)

type Named = { readonly type: string; readonly realm: Realm; readonly key: string }

async function ownOf(
  { read, identity }: Pick<Store, 'read' | 'identity'>,
  { type, realm, key }: Named,
): Promise<Held | undefined> {
  const held = await read({ types: [type], realm, key })
  return held.find(({ record }) => record.origin === identity.node)
}

function draftOf(
  { form, realm, key, by, now, follows }: FormOrder,
  body: ReportBody,
  node: string,
): Draft<ReportBody> {
  const audience = [...new Set([...nodesOf(body.addressees), node])].sort()
  const countries = [body.from.country, ...body.addressees.map(({ country }) => country)]
  const handling: Handling =
    form === 'communication-test' ? { tlp: 'TLP:GREEN' } : { tlp: 'TLP:AMBER', audience }
  return {
    ...{ type: typeOfForm(form), key, realm, handling, body },
    producer: { kind: 'person', ...by },
    valid: { from: now },
    place: {
      ...pointOf(body),
      areas: [...new Set(countries)].map((code) => ({ scheme: 'ISO3166-1', code })),
    },
    ...(follows === undefined ? {} : { links: [{ type: 'about', id: follows }] }),
  }
}

function pointOf(body: ReportBody): Pick<Place, 'geometry'> {
  const position = 'accident' in body ? body.accident.position : undefined
  if (position === undefined) return {}
  return { geometry: { type: 'Point', coordinates: [position.longitude, position.latitude] } }
}

export type Drafted =
  | { readonly kind: 'drafted'; readonly appended: Appended }
  /** Sent or thrown away before. */
  | { readonly kind: 'closed'; readonly state: FormDraftBody['state'] }

/** A later draft of the same key takes the place of the earlier. */
export async function saveDraft(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  order: FormOrder,
): Promise<Drafted> {
  return writeDraft(store, order, { state: 'open' })
}

async function writeDraft(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  { key, realm, form, to, fields, follows, by, now }: FormOrder,
  became: Pick<FormDraftBody, 'state' | 'sentAs'>,
): Promise<Drafted> {
  const before = (await ownOf(store, { type: formDraftRecord.type, realm, key })) as
    | Held<FormDraftBody>
    | undefined
  if (before !== undefined && before.record.body.state !== 'open')
    return { kind: 'closed', state: before.record.body.state }
  const [appended] = await store.append([
    {
      ...{ type: formDraftRecord.type, key, realm },
      producer: { kind: 'person', ...by },
      valid: { from: before?.record.valid.from ?? now },
      handling: { tlp: 'TLP:AMBER+STRICT' },
      body: { form, to: [...to], fields, ...(follows === undefined ? {} : { follows }), ...became },
    },
  ])
  if (appended === undefined) throw new Error('the store answered nothing')
  return { kind: 'drafted', appended }
}

/** Sends a draft as it stands, by whoever answers for it, and closes it. */
export async function sendDraft(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  contacts: readonly PointOfContact[],
  { draft, by, now }: { readonly draft: Held<FormDraftBody>; readonly by: By; readonly now: Instant },
): Promise<Sent | Extract<Drafted, { kind: 'closed' }>> {
  const { key, realm, body } = draft.record
  if (body.state !== 'open') return { kind: 'closed', state: body.state }
  const { form, to, fields, follows } = body
  const order = { key, realm, form, to, fields, by, now, ...(follows === undefined ? {} : { follows }) }
  const sent = await sendForm(store, contacts, order)
  const sentAs =
    sent.kind === 'sent' ? writtenId(sent.appended) : sent.kind === 'sent-before' ? sent.id : undefined
  if (sentAs !== undefined) await writeDraft(store, order, { state: 'sent', sentAs })
  return sent
}

const writtenId = (appended: Appended): RecordId | undefined =>
  appended.kind === 'appended' || appended.kind === 'unchanged' ? appended.record.id : undefined

export async function discardDraft(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  { record }: Held<FormDraftBody>,
  { by, now }: { readonly by: By; readonly now: Instant },
): Promise<Drafted> {
  const { form, to, fields, follows } = record.body
  const order = { key: record.key, realm: record.realm, form, to, fields, by, now }
  return writeDraft(
    store,
    { ...order, ...(follows === undefined ? {} : { follows }) },
    { state: 'discarded' },
  )
}
