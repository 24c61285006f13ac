/**
 * The warning desk over HTTP. Who acts is who has signed in, by the account's id: names can be alike. What the asker may
 * not see is as if it were not there; what is seen and not possible is refused with its reason.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { mayAct, sayRefusedAct } from '../../engines/access/index.ts'
import type { Held, Realm, RecordId } from '../../engines/record/index.ts'
import {
  chainOf,
  type Desk,
  type DeskPerson,
  DeskRefused,
  type DeskRole,
  type DraftFile,
  DraftUnfit,
  DutyRefused,
  dutyScreen,
  inForce,
  isForbidden,
  NotKept,
  type ProposalBody,
  previewOf,
  roleOf,
  type SavedAreaBody,
  type Start,
  type TemplateBody,
  unknownCountry,
  type WarningBody,
  type WarningKey,
} from '../../engines/warn/index.ts'
import { instantOf, nowIn, viewOf } from '../ask.ts'
import { audited } from '../audit-hook.ts'
import type { Context } from '../context.ts'
import { pageByTime, pagesOf } from '../page.ts'
import { notFound, Refused, RefusedBecause } from '../problems.ts'
import {
  type DeskQueue,
  deskDraftPageSchema,
  deskDraftQuerySchema,
  deskDraftSchema,
  deskDutySchema,
  deskKeySchema,
  deskPreviewSchema,
  deskQueueSchema,
  deskSchema,
  deskTemplatesSchema,
  draftStepSchema,
  dutyActedSchema,
  dutyActionSchema,
  editDraftSchema,
  idParamsSchema,
  type NewDraft,
  newDraftSchema,
  newSavedAreaSchema,
  newTemplateSchema,
  problemSchema,
  savedAreasSchema,
  savedSchema,
  viewQuerySchema,
} from '../schemas/index.ts'
import { areaGiven, areaView, contentGiven, draftView, dutyView, summaryOfDraft } from '../views/desk.ts'
import { demand } from './audit.ts'
import { idOf } from './events.ts'

/** The desk of a realm; undefined where nothing is written in it here. */
export type WithDesk = {
  readonly deskIn: (realm: Realm) => Desk | undefined
  readonly warningKey: () => Promise<WarningKey>
}

type DeskContext = Context & WithDesk
const refusals = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  404: problemSchema,
  409: problemSchema,
}

export const deskRoutes =
  (context: DeskContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.setErrorHandler((error) => {
      throw refusedBy(error)
    })
    const tags = ['desk']

    app.get(
      '/desk',
      {
        schema: {
          tags,
          summary: 'What may be chosen at the desk',
          querystring: viewQuerySchema,
          response: { 200: deskSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const { settings, rules } = deskOf(context, viewOf(context, request.query).realm)
        const { profile } = settings
        return {
          countries: context.node.places.region.countries.map(({ code, names }) => ({
            code,
            name: names,
            languages: [...new Set([...(settings.countries(code)?.languages ?? []), 'en'])],
          })),
          issuers: settings.rules.map(({ id, mandate, countries, hazards, sender, senderName }) => ({
            rule: id,
            kind: mandate.kind,
            mandate: mandate.kind === 'authority' ? mandate.text : '',
            countries: countries === '*' ? ('*' as const) : [...countries],
            ...(hazards && { hazards: [...hazards] }),
            sender,
            senderName: { ...senderName },
          })),
          approvals: rules.approvals,
          maxDays: rules.maxDays,
          awareness: {
            levels: Object.fromEntries(
              Object.entries(profile?.levels ?? {}).flatMap(([level, value]) =>
                value === undefined ? [] : [[level, value]],
              ),
            ),
            types: Object.entries(profile?.kinds ?? {}).map(([code, value]) => ({ code, value })),
          },
        }
      },
    )

    app.get(
      '/desk/queue',
      {
        schema: {
          tags,
          summary: 'Proposals that wait for a person',
          querystring: viewQuerySchema,
          response: { 200: deskQueueSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const view = viewOf(context, request.query)
        const { items, held } = await queueIn(request, view.realm, nowIn(context, view))
        await audited(request, 'search', held, { query: request.query, results: items.length })
        return { items: [...items] }
      },
    )

    app.get(
      '/desk/drafts',
      {
        schema: {
          tags,
          summary: 'Drafts, newest first',
          querystring: deskDraftQuerySchema,
          response: { 200: deskDraftPageSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const { query } = request
        const view = viewOf(context, query)
        const desk = deskOf(context, view.realm)
        const now = nowIn(context, view)
        return pageByTime(
          pagesOf(context, request, view.realm),
          { types: ['warn.draft'], realm: view.realm },
          { cursor: query.cursor, limit: query.limit ?? 50 },
          (held) =>
            Promise.all(
              held.map(async ({ record }) => {
                const file = await desk.file(record.id, request.records)
                const isAsked = file && (query.state === undefined || query.state === file.life.state)
                return isAsked ? summaryOfDraft(file, desk, now) : undefined
              }),
            ),
        )
      },
    )

    app.post(
      '/desk/drafts',
      {
        schema: {
          tags,
          summary: 'A new draft: blank, from a template, from a proposal, or to update or cancel a warning',
          body: newDraftSchema,
          response: { 201: deskDraftSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demand(request, 'decide-warning')
        const { from, realm } = request.body
        const view = viewOf(context, { realm })
        const desk = deskOf(context, view.realm)
        const { start, about } = await startOf(request, from)
        await audited(request, 'change', about, { query: { draft: from } })
        const by = await personWith(context, request, 'duty-officer')
        const file = await desk.begin(start, by, view.realm)
        return reply.code(201).send(await shownDraft(context, request, file, desk))
      },
    )

    app.get(
      '/desk/drafts/:id',
      {
        schema: {
          tags,
          summary: 'One draft, what the checks found, and what may be done with it',
          params: idParamsSchema,
          response: { 200: deskDraftSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const { file, desk } = await draftIn(context, request, request.params.id)
        await audited(request, 'read', [file.held])
        return shownDraft(context, request, file, desk)
      },
    )

    app.put(
      '/desk/drafts/:id',
      {
        schema: {
          tags,
          summary: 'Another content; what was approved of it is void then',
          params: idParamsSchema,
          body: editDraftSchema,
          response: { 200: deskDraftSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'decide-warning')
        const { file, desk } = await draftIn(context, request, request.params.id)
        const { basedOn, content } = request.body
        const { effective, onset, expires } = content
        const instants = {
          ...(effective !== undefined && { effective: instantOf(effective, 'effective') }),
          ...(onset !== undefined && { onset: instantOf(onset, 'onset') }),
          expires: instantOf(expires, 'expires'),
        }
        await audited(request, 'change', [file.held], { query: { edit: file.id, basedOn } })
        const by = await personWith(context, request, 'duty-officer')
        const after = await desk.edit(file.id, { basedOn, content: contentGiven(content, instants) }, by)
        return shownDraft(context, request, after, desk)
      },
    )

    app.post(
      '/desk/drafts/:id/steps',
      {
        schema: {
          tags,
          summary: 'Submit, approve, return, issue or withdraw the version that the person saw',
          params: idParamsSchema,
          body: draftStepSchema,
          response: { 201: deskDraftSchema, ...refusals },
        },
      },
      async (request, reply) => {
        const { step, version, because, despite } = request.body
        const role = roleOf[step]
        if (role === 'duty-officer') demand(request, 'decide-warning')
        else demandApprover(request)
        const { file, desk } = await draftIn(context, request, request.params.id)
        await audited(request, 'change', [file.held], {
          query: { step, draft: file.id, version, ...(despite && { despite }) },
          ...(because !== undefined && { reason: because }),
        })
        const by = await personWith(context, request, role)
        const order = {
          ...{ step, version },
          ...(because !== undefined && { because: because.trim() }),
          ...(despite && { despite }),
        }
        const after = await desk.step(file.id, order, by)
        return reply.code(201).send(await shownDraft(context, request, after, desk))
      },
    )

    app.get(
      '/desk/drafts/:id/preview',
      {
        schema: {
          tags,
          summary: 'As CAP, as plain text, as a short message and for a voice, as it would go out now',
          params: idParamsSchema,
          response: { 200: deskPreviewSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const { file, desk } = await draftIn(context, request, request.params.id)
        await audited(request, 'read', [file.held])
        const { country } = file.body.content
        const { settings } = desk
        const preview = previewOf(desk.alert(file), {
          localeOf: (language) => settings.catalogues[language]?.locale ?? language,
          timeZone: (settings.countries(country) ?? unknownCountry(country)).timeZone,
        })
        return {
          version: file.life.version,
          ...preview,
          languages: preview.languages.map((each) => ({ ...each, short: { ...each.short } })),
        }
      },
    )

    app.get(
      '/desk/templates',
      {
        schema: {
          tags,
          summary: 'Templates: codes, and keys of the texts',
          querystring: viewQuerySchema,
          response: { 200: deskTemplatesSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const { realm } = viewOf(context, request.query)
        const held = (await request.records.read({
          types: ['warn.template'],
          realm,
        })) as readonly Held<TemplateBody>[]
        await audited(request, 'search', held, { query: request.query, results: held.length })
        return {
          items: held.map(({ record: { id, version, body } }) => ({
            ...{ id, version },
            ...body,
            category: [...body.category],
            responseType: [...body.responseType],
            eventCode: [...body.eventCode],
            parameter: [...body.parameter],
            args: Object.fromEntries(
              Object.entries(body.args).map(([name, value]) => [
                name,
                typeof value === 'object' ? [...value] : value,
              ]),
            ),
          })),
        }
      },
    )

    app.post(
      '/desk/templates',
      {
        schema: {
          tags,
          summary: 'Keep a template, or a new version of it',
          querystring: viewQuerySchema,
          body: newTemplateSchema,
          response: { 201: savedSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demand(request, 'decide-warning')
        const { realm } = viewOf(context, request.query)
        await audited(request, 'change', [], { query: { template: request.body.name } })
        const by = await personWith(context, request, 'duty-officer')
        return reply
          .code(201)
          .send({ ...(await deskOf(context, realm).saveTemplate(request.body, by, realm)) })
      },
    )

    app.get(
      '/desk/areas',
      {
        schema: {
          tags,
          summary: 'Saved areas',
          querystring: viewQuerySchema,
          response: { 200: savedAreasSchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const { realm } = viewOf(context, request.query)
        const held = (await request.records.read({
          types: ['warn.saved-area'],
          realm,
        })) as readonly Held<SavedAreaBody>[]
        await audited(request, 'search', held, { query: request.query, results: held.length })
        return {
          items: held.map(({ record: { id, version, body } }) => ({
            ...{ id, version },
            name: body.name,
            country: body.country,
            area: areaView(body.area),
          })),
        }
      },
    )

    app.post(
      '/desk/areas',
      {
        schema: {
          tags,
          summary: 'Save an area to use it again',
          querystring: viewQuerySchema,
          body: newSavedAreaSchema,
          response: { 201: savedSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demand(request, 'decide-warning')
        const { realm } = viewOf(context, request.query)
        const { name, country, area } = request.body
        await audited(request, 'change', [], { query: { area: name } })
        const by = await personWith(context, request, 'duty-officer')
        const saved = { name, country, area: areaGiven(area) } as SavedAreaBody
        return reply.code(201).send({ ...(await deskOf(context, realm).saveArea(saved, by, realm)) })
      },
    )

    app.get(
      '/desk/duty',
      {
        schema: {
          tags,
          summary: 'The duty screen: what is raised, and what can and has been done about it',
          querystring: viewQuerySchema,
          response: { 200: deskDutySchema, ...refusals },
        },
      },
      async (request) => {
        demand(request, 'see-desk')
        const view = viewOf(context, request.query)
        const items = await dutyScreen(request.records, view.realm, nowIn(context, view))
        await audited(
          request,
          'search',
          items.map(({ held }) => held),
          { query: request.query, results: items.length },
        )
        return { items: items.map(dutyView) }
      },
    )

    app.post(
      '/desk/duty/actions',
      {
        schema: {
          tags,
          summary: 'Silence, acknowledge or clear what is raised',
          querystring: viewQuerySchema,
          body: dutyActionSchema,
          response: { 201: dutyActedSchema, ...refusals },
        },
      },
      async (request, reply) => {
        demand(request, 'decide-warning')
        const { realm } = viewOf(context, request.query)
        const { subject, action, because } = request.body
        const held = await request.records.get(idOf(subject))
        if (held === undefined) throw notFound('alarm', subject)
        await audited(request, 'change', [held], { query: { action, subject } })
        const by = await personWith(context, request, 'duty-officer')
        const order = { subject: held.record.id, action, ...(because !== undefined && { because }) }
        return reply.code(201).send({ id: await deskOf(context, realm).act(order, by, realm) })
      },
    )

    app.get(
      '/desk/signing-key',
      {
        schema: {
          tags,
          summary: 'The public key that signs the warnings of this node',
          response: { 200: deskKeySchema },
        },
      },
      async () => {
        const { algorithm, publicKey, fingerprint, certificate } = await context.warningKey()
        return { algorithm, publicKey, fingerprint, ...(certificate !== undefined && { certificate }) }
      },
    )
  }

function deskOf({ deskIn }: WithDesk, realm: Realm): Desk {
  const desk = deskIn(realm)
  if (desk === undefined)
    throw new Refused(409, 'server/no-desk', `Nothing is written in ${realm} here: open that exercise first.`)
  return desk
}

async function draftIn(context: DeskContext, request: FastifyRequest, id: string) {
  const held = await request.records.get(idOf(id))
  if (held?.record.type !== 'warn.draft') throw notFound('draft', id)
  const desk = deskOf(context, held.record.realm)
  const file = await desk.file(held.record.id, request.records)
  if (file === undefined) throw notFound('draft', id)
  return { file, desk }
}

async function shownDraft(context: DeskContext, request: FastifyRequest, file: DraftFile, desk: Desk) {
  const { proposal } = file.body
  const newest = proposal && (await request.records.get(proposal.id))
  return draftView(file, {
    desk,
    principal: request.asking.principal,
    now: nowIn(context, { realm: file.held.record.realm }),
    proposalMovedOn: (newest?.record.version ?? 0) > (proposal?.version ?? Number.POSITIVE_INFINITY),
  })
}

async function personWith(
  context: DeskContext,
  request: FastifyRequest,
  role: DeskRole,
): Promise<DeskPerson> {
  const { principal } = request.asking
  const { name } = await context.personOf(principal, [role])
  return { id: principal.id, name, role }
}

/** Whether it is another person than the author, the desk itself judges, of all authors. */
function demandApprover({ asking }: FastifyRequest): void {
  const { principal } = asking
  demand({ asking } as FastifyRequest, 'see-desk')
  const decision = mayAct(principal, 'approve-warning', 'the author')
  if (decision.kind === 'refused')
    throw new RefusedBecause(sayRefusedAct('approve-warning', decision.because), {
      status: 403,
      reasons: [decision.because],
    })
}

async function startOf(
  request: FastifyRequest,
  from: NewDraft['from'],
): Promise<{ readonly start: Start; readonly about: readonly Held[] }> {
  switch (from.kind) {
    case 'blank':
      return { start: { ...from, expires: instantOf(from.expires, 'expires') }, about: [] }
    case 'template': {
      const template = (await visible(request, from.template, 'warn.template')) as Held<TemplateBody>
      const { country, args, onset } = from
      return {
        start: {
          kind: 'template',
          ...{ template, country },
          ...(args && { args }),
          ...(onset !== undefined && { onset: instantOf(onset, 'onset') }),
        },
        about: [template],
      }
    }
    case 'proposal': {
      const proposal = (await visible(request, from.proposal, 'warn.proposal')) as Held<ProposalBody>
      return { start: { kind: 'proposal', proposal }, about: [proposal] }
    }
    case 'warning': {
      const warning = (await visible(request, from.warning, 'warn.warning')) as Held<WarningBody>
      return { start: { kind: 'warning', warning, purpose: from.purpose }, about: [warning] }
    }
    default:
      return from satisfies never
  }
}

async function visible(request: FastifyRequest, id: string, type: string): Promise<Held> {
  const held = await request.records.get(idOf(id))
  if (held?.record.type !== type) throw notFound(type.split('.')[1] ?? type, id)
  return held
}

type Waiting = { readonly items: DeskQueue['items']; readonly held: readonly Held[] }

/** Proposals whose newest version neither a message nor a person's word has answered. */
async function queueIn(
  { records }: FastifyRequest,
  realm: Realm,
  now: Parameters<typeof inForce>[1],
): Promise<Waiting> {
  const open = (await records.read({
    types: ['warn.proposal'],
    ...{ realm, validFrom: now, validUntil: now },
  })) as readonly Held<ProposalBody>[]
  if (open.length === 0) return { items: [], held: [] }
  const ids = open.map(({ record }) => record.id)
  const [linked, drafts] = await Promise.all([
    records.read({ types: ['warn.warning', 'warn.decision'], realm, linkedTo: ids, linkType: 'derivedFrom' }),
    records.read({ types: ['warn.draft'], realm, linkedTo: ids, linkType: 'derivedFrom' }),
  ])
  const warnings = linked.filter(
    ({ record }) => record.type === 'warn.warning',
  ) as readonly Held<WarningBody>[]
  const answered = new Set(
    linked.flatMap(({ record }) =>
      record.links.flatMap(({ type, id, version }) => (type === 'derivedFrom' ? [`${id}@${version}`] : [])),
    ),
  )
  const waiting = open.filter(({ record: { id, version, body } }) => {
    const isOut = inForce(chainOf(warnings, id), now).length > 0
    return !answered.has(`${id}@${version}`) && (body.state === 'warn' || isOut)
  })
  const issued = new Set<string>(warnings.flatMap(({ record }) => record.body.draft?.id ?? []))
  return {
    held: waiting,
    items: waiting.map(({ record }) => ({
      ...itemOf(record),
      inForce: inForce(chainOf(warnings, record.id), now).map((warning) => warning.record.id),
      drafts: drafts
        .filter(({ record: { id, links } }) => !issued.has(id) && isFrom(links, record.id))
        .map((draft) => draft.record.id),
    })),
  }
}

const isFrom = (links: Held['record']['links'], id: RecordId): boolean =>
  links.some((link) => link.type === 'derivedFrom' && link.id === id)

function itemOf({ id, version, realm, recordedAt, body }: Held<ProposalBody>['record']) {
  const { state, country, hazard, severity, urgency, certainty, event, expires } = body
  return {
    proposal: id,
    ...{ version, realm, recordedAt, state, country, hazard, severity, urgency, certainty, event, expires },
    because: body.because.map((each) => ({ ...each })),
  }
}

/** What the desk refuses, as an answer with its reason; anything else as it came. */
function refusedBy(error: unknown): unknown {
  if (error instanceof DeskRefused)
    return new RefusedBecause(error.message, {
      status: isForbidden(error.because) ? 403 : 409,
      reasons: [
        { code: error.code },
        ...error.findings.map((finding) => ({ code: finding.rule, ...finding })),
      ],
    })
  if (error instanceof DraftUnfit || error instanceof DutyRefused || error instanceof NotKept)
    return new Refused(409, error.code, error.message)
  return error
}
