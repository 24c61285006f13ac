/**
 * Correction (GDPR Arts. 16, 19; Directive (EU) 2016/680, Arts. 7 (3), 16): what is wrong about a person is put right
 * where it was written, and whoever was given it is told.
 *
 * Of this node's own records the next version is appended, with `access.correction` about it: peers that were given the
 * record are given both, because the next version has the same handling. Another node's record cannot be changed here:
 * `access.correction-request` asks its origin, and nobody else is shown it.
 *
 * Changes are JSON pointers into the body with what should stand there; null takes a member out.
 */
import {
  type Clock,
  clear,
  type Draft,
  type Handling,
  type Held,
  join,
  type MosaicRecord,
  type NodeId,
  type Producer,
} from '../../record/index.ts'
import type { Refusal, Store } from '../../store/index.ts'
import type { Auditor } from '../audit/index.ts'
import type { Asking } from '../contract.ts'
import {
  type CorrectionBody,
  type CorrectionRequestBody,
  correctionRecord,
  correctionRequestRecord,
} from './records.ts'

export type Changes = Readonly<Record<string, unknown>>

export type Correcting = {
  readonly store: Pick<Store, 'append'>
  readonly auditor: Pick<Auditor, 'noteBefore'>
  readonly clock: Clock
  readonly node: NodeId
}

export type Correction = {
  readonly asking: Asking
  /** The newest version that is held. */
  readonly held: Held
  readonly by: Extract<Producer, { kind: 'person' }>
  readonly reason: string
  readonly changes: Changes
}

export type Corrected =
  | { readonly kind: 'corrected'; readonly record: MosaicRecord; readonly notice: MosaicRecord }
  | { readonly kind: 'requested'; readonly request: MosaicRecord }
  | { readonly kind: 'unchanged' }
  /** No such place in the body: it would add what was never there. */
  | {
      readonly kind: 'refused'
      readonly reason: Refusal | { readonly code: 'access/no-such-place'; readonly place: string }
    }

export async function correct(parts: Correcting, asked: Correction): Promise<Corrected> {
  const { held, changes, asking, reason } = asked
  const body = changed(held.record.body, changes)
  if (body.kind === 'no-such-place')
    return { kind: 'refused', reason: { code: 'access/no-such-place', place: body.place } }
  const noted = {
    asking,
    act: 'correct' as const,
    subjects: [held.record.id],
    query: { places: Object.keys(changes) },
    reason,
  }
  await parts.auditor.noteBefore({ ...noted, outcome: 'asked' })
  const corrected = await (held.record.origin === parts.node
    ? correctOwn(parts, asked, body.value)
    : askOrigin(parts, asked))
  await parts.auditor.noteBefore({ ...noted, outcome: corrected.kind === 'refused' ? 'refused' : 'done' })
  return corrected
}

async function correctOwn(parts: Correcting, asked: Correction, body: unknown): Promise<Corrected> {
  const { record } = asked.held
  const { type, key, realm, attribution, valid, place, links, version: was } = record
  const next: Draft = {
    ...{ type, key, realm, attribution, valid, links, body },
    producer: asked.by,
    ...(place === undefined ? {} : { place }),
    handling: record.handling,
  }
  const [appended] = await parts.store.append([next])
  if (appended?.kind === 'unchanged') return { kind: 'unchanged' }
  if (appended?.kind !== 'appended') return refused(appended)
  const [noted] = await parts.store.append([noticeOf(asked, { was, now: appended.record.version }, parts)])
  if (noted?.kind !== 'appended' && noted?.kind !== 'unchanged') return refused(noted)
  return { kind: 'corrected', record: appended.record, notice: noted.record }
}

function noticeOf(
  { held: { record, effective }, reason, by }: Correction,
  { was, now }: { readonly was: number; readonly now: number },
  { clock }: Correcting,
): Draft<CorrectionBody> {
  return {
    type: correctionRecord.type,
    key: `${record.id}@${now}`,
    realm: record.realm,
    producer: by,
    valid: { from: clock.now() },
    handling: withoutMarks(effective ?? record.handling),
    links: [{ type: 'about', id: record.id, version: now }],
    body: { record: record.id, was, now, reason },
  }
}

async function askOrigin(parts: Correcting, asked: Correction): Promise<Corrected> {
  const { record, effective } = asked.held
  const { id, version, origin, realm } = record
  const body: CorrectionRequestBody = {
    record: id,
    version,
    origin,
    reason: asked.reason,
    changes: asked.changes,
  }
  const [appended] = await parts.store.append([
    {
      type: correctionRequestRecord.type,
      key: `${id}@${version}`,
      realm,
      producer: asked.by,
      valid: { from: parts.clock.now() },
      handling: forOriginOnly(effective ?? record.handling, [origin, parts.node]),
      links: [{ type: 'about', id, version }],
      body,
    },
  ])
  if (appended?.kind === 'unchanged') return { kind: 'unchanged' }
  return appended?.kind === 'appended' ? { kind: 'requested', request: appended.record } : refused(appended)
}

/** As strict as the record, at least amber, and for the two nodes alone. */
function forOriginOnly(handling: Handling, nodes: readonly NodeId[]): Handling {
  const { audience: _, originatorControl: __, ...rest } = withoutMarks(handling)
  return { ...join({ ...clear, tlp: 'TLP:AMBER' }, rest), audience: [...nodes].sort() }
}

const withoutMarks = ({ fieldMarks: _, ...handling }: Handling): Handling => handling

const refused = (appended: { readonly kind: string; readonly reason?: Refusal } | undefined): Corrected => ({
  kind: 'refused',
  reason: appended?.reason ?? { code: 'record/invalid', issues: [] },
})

type Changed =
  | { readonly kind: 'changed'; readonly value: unknown }
  | { readonly kind: 'no-such-place'; readonly place: string }

/** A copy of the body with what should stand there. */
function changed(body: unknown, changes: Changes): Changed {
  const value = structuredClone(body)
  for (const [place, should] of Object.entries(changes)) {
    const steps = place
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const name = steps.pop()
    const parent = steps.reduce<unknown>((at, step) => memberOf(at, step), value)
    if (!place.startsWith('/') || name === undefined || memberOf(parent, name) === undefined)
      return { kind: 'no-such-place', place }
    put(parent as Record<string, unknown>, name, should)
  }
  return { kind: 'changed', value }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

function put(parent: Record<string, unknown>, name: string, should: unknown): void {
  if (should !== null) parent[name] = should
  else if (Array.isArray(parent)) parent.splice(Number(name), 1)
  else delete parent[name]
}
