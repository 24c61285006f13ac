/**
 * Every request of somebody who has signed in is on the audit trail.
 *
 * A route that knows which records it gives says so before it answers: `audited(request, 'read', held)`. There the case
 * number that the policy may demand is asked for, the quota is taken, and what must be on record first is written first.
 * A change is noted as `asked` then, and what became of it when it has been answered.
 * A route that says nothing is noted all the same when it has answered: by what route, with which id and which question.
 *
 * Anybody's reads of public data are counted by route and day, and not traced: Mosaic does not watch the public.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type Asking,
  type Audit,
  type AuditAct,
  AuditUnavailable,
  caseNumberMissing,
  type Noted,
  precedes,
  type QuotaAct,
  quotaActs,
} from '../engines/access/index.ts'
import { type Handling, type Held, isRecordId } from '../engines/record/index.ts'
import { Refused, RefusedBecause } from './problems.ts'
import { isReading } from './sign-in/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Absent where a node keeps no trail (a scenario in a throwaway database). */
    readonly audit: Audit | undefined
  }
  interface FastifyRequest {
    isAudited: boolean
    /** A change that stands on the trail as `asked`. */
    intent: Noted | undefined
  }
  interface FastifyContextConfig {
    /** Where its address or question may hold a secret: only the route itself is noted. */
    readonly isSecret?: true
  }
}

type Subject = Pick<Held, 'record' | 'effective'>
type More = Pick<Noted, 'query' | 'results' | 'reason'>

/** Before any route; `audit` absent: nothing is noted. */
export function auditRequests(app: FastifyInstance, audit: Audit | undefined): void {
  app.decorate('audit', audit)
  app.decorateRequest('isAudited', false)
  app.decorateRequest('intent', undefined)
  if (audit === undefined) return
  app.addHook('preHandler', async (request) => {
    const isPublic = request.asking.principal.kind === 'public'
    if (isPublic || !tagsOf(request).some((tag) => givingRecords.has(tag))) return
    const note = { asking: request.asking, act: 'read', query: { route: routeOf(request) } } as const
    request.isAudited = caseNumberMissing(audit.policy.caseNumber, request.asking) !== undefined
    await demandCaseNumber(audit, note, [])
  })
  app.addHook('onSend', async (request, reply) => {
    const { intent } = request
    request.intent = undefined
    if (intent) await write(audit, { ...intent, ...outcomeOf(request, reply.statusCode) }, false)
    if (request.isAudited || !isOfInterest(request)) return
    request.isAudited = true // the answer to a failure here passes this way again
    await noteRoute(audit, request, reply.statusCode)
  })
  // A stream writes by itself and passes the hook above by; one that ended is noted late rather than never.
  app.addHook('onResponse', async (request, reply) => {
    if (!request.isAudited && isOfInterest(request)) await noteRoute(audit, request, reply.statusCode)
  })
}

/**
 * These records are about to be given, changed or searched. Throws what the asker must know: a case number is missing
 * (403), the quota is used up (429), the trail cannot be written (503).
 */
export async function audited(
  request: FastifyRequest,
  act: AuditAct,
  subjects: readonly Subject[],
  more: More = {},
): Promise<void> {
  const { audit } = request.server
  if (audit === undefined) return
  request.isAudited = true
  const { asking } = request
  if (asking.principal.kind === 'public') return audit.auditor.countPublic(act, routeOf(request))
  const handlings = subjects.map(handlingOf)
  const note = { asking, act, subjects: subjects.map(({ record }) => record.id), ...more }
  await demandCaseNumber(audit, note, handlings)
  await takeQuota(audit, note)
  if (act === 'change') {
    await write(audit, { ...note, outcome: 'asked' }, true)
    request.intent = note
    return
  }
  await write(audit, note, precedes(act, asking.principal, handlings))
}

const handlingOf = ({ record, effective }: Subject): Handling => effective ?? record.handling

async function demandCaseNumber(audit: Audit, note: Noted, handlings: readonly Handling[]): Promise<void> {
  const codes = [...new Set(handlings.flatMap(({ police = [] }) => police))].sort()
  const missing = caseNumberMissing(audit.policy.caseNumber, note.asking, codes)
  if (missing === undefined) return
  await write(audit, { ...note, outcome: 'refused', reason: missing.code }, false)
  const why =
    missing.because.kind === 'purpose'
      ? `For the purpose ${missing.because.purpose}`
      : `For records under the police codes ${missing.because.codes.join(', ')}`
  throw new RefusedBecause(`${why} name a case number: the header mosaic-case.`, {
    status: 403,
    reasons: [missing],
  })
}

async function takeQuota(audit: Audit, note: Noted): Promise<void> {
  const { act, asking, subjects = [] } = note
  if (!isQuotaAct(act)) return
  const taken = await audit.quotas.take(asking, act, act === 'read' ? Math.max(1, subjects.length) : 1)
  if (taken.kind === 'taken') return
  const { code, rule, perDay, opensAgainAt } = taken.reason
  await write(audit, { ...note, outcome: 'refused', reason: `${code}: ${rule}` }, false)
  throw new RefusedBecause(
    `The ${perDay} of this day (${rule}) are used up; it opens again at ${opensAgainAt}.`,
    { status: 429, reasons: [taken.reason] },
  )
}

const isQuotaAct = (act: AuditAct): act is QuotaAct => quotaActs.some((one) => one === act)

async function write({ auditor }: Audit, note: Noted, isFirst: boolean): Promise<void> {
  try {
    if (isFirst) await auditor.noteBefore(note)
    else auditor.note(note)
  } catch (error) {
    if (error instanceof AuditUnavailable) throw new Refused(503, error.code, error.message)
    throw error
  }
}

/** Pages, pictures and the OpenAPI text tell nothing of anybody. */
const isOfInterest = ({ url, routeOptions }: FastifyRequest): boolean =>
  url.startsWith('/api/') && !(routeOptions.url ?? '').endsWith('/openapi.json')

async function noteRoute(audit: Audit, request: FastifyRequest, status: number): Promise<void> {
  const { asking } = request
  if (asking === undefined) return // refused before it was known who asks
  const act = isReading(request) ? 'read' : 'change'
  if (asking.principal.kind === 'public') {
    if (status < 400) audit.auditor.countPublic(act, routeOf(request))
    return
  }
  const { id, subjects } = namedIn(request)
  const note = {
    asking,
    act,
    ...outcomeOf(request, status),
    ...(subjects.length > 0 ? { subjects } : {}),
    query: { route: routeOf(request), ...id, ...questionOf(request) },
  } satisfies Noted
  const isFirst = precedes(act, asking.principal) || mayHavePoliceCoded(asking)
  await write(audit, note, status < 400 && isFirst)
}

const outcomeOf = ({ problem }: FastifyRequest, status: number): Pick<Noted, 'outcome' | 'reason'> =>
  status < 400
    ? { outcome: 'done' }
    : { outcome: status < 500 ? 'refused' : 'failed', reason: problem?.code ?? String(status) }

/** What the route gave is not known here, so what may be police-coded counts as if it were. */
const mayHavePoliceCoded = ({ principal, purpose }: Asking): boolean =>
  principal.police.length > 0 && (purpose === 'law-enforcement' || purpose === 'border')

const routeOf = ({ method, routeOptions }: FastifyRequest): string =>
  `${method} ${routeOptions.url ?? 'none'}`

function namedIn(request: FastifyRequest) {
  const { params } = request
  const { id } = (params ?? {}) as { readonly id?: unknown }
  if (typeof id !== 'string' || isSecret(request)) return { id: {}, subjects: [] }
  return { id: { id }, subjects: isRecordId(id) ? [id] : [] }
}

const questionOf = (request: FastifyRequest): { readonly asked?: unknown } =>
  isSecret(request) || Object.keys(request.query ?? {}).length === 0 ? {} : { asked: request.query }

const isSecret = (request: Pick<FastifyRequest, 'routeOptions'>): boolean =>
  request.routeOptions.config.isSecret === true || tagsOf(request).includes('sign-in')

/** Routes under these tags give records, so a purpose that demands a case number is held to it before they begin. */
const givingRecords: ReadonlySet<string> = new Set(['records', 'events', 'warnings', 'stream'])

const tagsOf = ({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): readonly string[] =>
  (routeOptions.schema as { readonly tags?: readonly string[] } | undefined)?.tags ?? []
