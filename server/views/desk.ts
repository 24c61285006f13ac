/** The desk as its pages show it. CAP writes [lat, lon]; everything outside CAP is [lon, lat]. */
import type { Principal } from '../../engines/access/index.ts'
import type { Held, Instant } from '../../engines/record/index.ts'
import {
  approvalsFor,
  type Desk,
  type DeskPerson,
  type DraftArea,
  type DraftContent,
  type DraftFile,
  type DraftStep,
  draftSteps,
  type GivenContent,
  issuerOf,
  languagesOf,
  liveFor,
  obstacles,
  type ProposalBody,
  refusalOf,
  roleOf,
  type ScreenItem,
  stateOf,
  unknownCountry,
  type WarningBody,
} from '../../engines/warn/index.ts'
import type { DeskArea, DeskContent, DeskDraft, DeskDraftSummary, DeskDuty } from '../schemas/index.ts'

export function summaryOfDraft(file: DraftFile, desk: Desk, now: Instant): DeskDraftSummary {
  const { id, body, life, held, history, warning, chain } = file
  const { content } = body
  return {
    id,
    realm: held.record.realm,
    version: life.version,
    state: life.state,
    purpose: body.purpose,
    country: content.country,
    hazard: content.hazard,
    severity: content.severity,
    headline: Object.fromEntries(Object.entries(content.texts).map(([tag, text]) => [tag, text.headline])),
    expires: content.expires,
    by: { ...held.record.body.by },
    changedAt: (history.at(-1)?.held ?? held).record.recordedAt,
    approvals: { needed: approvalsFor(body, chain, desk.rules), given: life.approvedBy.length },
    ...(warning && { warning: warning.record.id, fate: stateOf(warning, chain, now) }),
  }
}

export type Shown = {
  readonly desk: Desk
  readonly principal: Principal
  readonly now: Instant
  readonly proposalMovedOn: boolean
}

export function draftView(file: DraftFile, shown: Shown): DeskDraft {
  const { desk, now } = shown
  const { body, history, first, held } = file
  const { content } = body
  const findings = file.warning ? [] : desk.findings(file)
  const rule = issuerOf(desk.settings.rules, held.record.realm, content)
  const country = desk.settings.countries(content.country) ?? unknownCountry(content.country)
  return {
    ...summaryOfDraft(file, desk, now),
    content: contentView(content),
    ...(rule && {
      issuer: {
        rule: rule.id,
        kind: rule.mandate.kind,
        mandate: rule.mandate.kind === 'authority' ? rule.mandate.text : '',
        sender: rule.sender,
        senderName: rule.senderName,
      },
    }),
    languages: [...new Set([...country.languages, 'en', ...languagesOf(country, content.texts)])],
    findings: findings.map((finding) => ({ ...finding })),
    can: canOf(file, shown, obstacles(findings, file.despite).length > 0),
    history: [
      {
        at: first.record.recordedAt,
        kind: 'edit' as const,
        version: 1,
        by: { ...first.record.body.by },
        despite: [],
        isVoid: false,
      },
      ...history.map((told) => ({
        at: told.held.record.recordedAt,
        kind: told.kind,
        version: told.version,
        by: { ...told.by },
        ...('because' in told && told.because !== undefined && { because: told.because }),
        despite: [...told.despite],
        isVoid: told.void !== undefined || (told.kind !== 'edit' && told.version !== file.life.version),
      })),
    ],
    references: liveFor(file, now).map(({ record: { id, body: said } }) => ({
      id,
      sender: said.sender,
      identifier: said.identifier,
      sent: said.sent,
    })),
    evidence: body.evidence.map((each) => ({ ...each })),
    ...(body.template && { template: { ...body.template } }),
    ...(body.proposal && { proposal: { ...body.proposal } }),
    ...(body.event !== undefined && { event: body.event }),
    proposalMovedOn: shown.proposalMovedOn,
  }
}

function contentView({ texts, areas, ...content }: DraftContent): DeskDraft['content'] {
  return {
    ...content,
    category: [...content.category],
    responseType: [...content.responseType],
    eventCode: content.eventCode.map((pair) => ({ ...pair })),
    parameter: content.parameter.map((pair) => ({ ...pair })),
    areas: areas.map(areaView),
    texts: Object.fromEntries(
      Object.entries(texts).map(([language, { fromReviewed, reviewed, ...text }]) => [
        language,
        {
          ...text,
          isReviewed: reviewed !== undefined || (fromReviewed && !text.isEdited),
          ...(reviewed && { reviewed: { ...reviewed } }),
        },
      ]),
    ),
  }
}

export const areaView = ({ desc, polygons, circles, geocodes }: DraftArea): DeskArea => ({
  desc: { ...desc },
  polygons: polygons.map((ring) => ring.map(([lat, lon]) => [lon, lat] as [number, number])),
  circles: circles.map(({ center: [lat, lon], radiusKm }) => ({ center: [lon, lat], radiusKm })),
  geocodes: geocodes.map(({ scheme, code }) => ({ scheme, code })),
})

export const areaGiven = ({ desc, polygons, circles, geocodes }: DeskArea): DraftArea => ({
  desc,
  polygons: polygons.map((ring) => ring.map(([lon, lat]) => [lat, lon] as const)),
  circles: circles.map(({ center: [lon, lat], radiusKm }) => ({ center: [lat, lon] as const, radiusKm })),
  geocodes,
})

/** `instants` are read by the route, which refuses what is none. */
export const contentGiven = (
  { areas, effective: _, onset: __, expires: ___, ...content }: DeskContent,
  instants: Pick<DraftContent, 'effective' | 'onset' | 'expires'>,
): GivenContent => ({ ...content, ...instants, areas: areas.map(areaGiven) }) as GivenContent

function canOf(file: DraftFile, { principal, now }: Shown, hasObstacles: boolean): DeskDraft['can'] {
  const as = (role: DeskPerson['role']): DeskPerson | undefined =>
    principal.kind === 'person' && principal.roles.includes(role)
      ? { id: principal.id, name: principal.id, role }
      : undefined
  const { version } = file.life
  const stepCan = (step: DraftStep) => {
    const by = as(roleOf[step])
    const because =
      by === undefined
        ? 'role-missing'
        : (refusalOf(file.life, { kind: step, by, version, because: 'asked' }) ??
          (hasObstacles && (step === 'submit' || step === 'approve' || step === 'issue')
            ? 'findings-left'
            : undefined))
    return canSay(step, because)
  }
  const author = as('duty-officer')
  const edit =
    author === undefined
      ? 'role-missing'
      : refusalOf(file.life, { kind: 'edit', by: author, basedOn: version, version: version + 1 })
  const isLive = file.warning !== undefined && liveFor(file, now).length > 0
  const goOn = author === undefined ? 'role-missing' : isLive ? undefined : 'nothing-in-force'
  return [canSay('edit', edit), ...draftSteps.map(stepCan), canSay('update', goOn), canSay('cancel', goOn)]
}

const canSay = (step: DeskDraft['can'][number]['step'], because: string | undefined) => ({
  step,
  isAllowed: because === undefined,
  ...(because === undefined ? {} : { because: `warn/draft-${because}` }),
})

export const dutyView = ({ subject, kind, held, duty, actions }: ScreenItem): DeskDuty['items'][number] => {
  const { country, hazard } = held.record.body
  return {
    ...{ subject, kind, country, hazard },
    headline: headlineOf(held),
    state: duty.state,
    method: [...duty.method],
    since: duty.since,
    canSilence: duty.canSilence,
    hasSilenced: duty.hasSilenced,
    canAcknowledge: duty.canAcknowledge,
    hasAcknowledged: duty.hasAcknowledged,
    canClear: duty.canClear,
    hasCleared: duty.hasCleared,
    actions: actions.map(({ record }) => ({
      action: record.body.action,
      by: record.body.by.name,
      at: record.recordedAt,
    })),
  }
}

/** A proposal has keys in place of words: its hazard and severity stand for it. */
function headlineOf({ record: { body } }: Held<ProposalBody> | Held<WarningBody>): Record<string, string> {
  if (!('infos' in body)) return { en: `${body.country}: ${body.hazard}, ${body.severity}` }
  return Object.fromEntries(body.infos.map(({ language, headline }) => [language, headline]))
}
