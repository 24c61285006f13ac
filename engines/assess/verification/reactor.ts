/**
 * Scoring as a reactor. It is woken by time (`timer.due`: a warning has run out, or a grave event is over), and by what
 * comes later: a report that arrives after the first score gives the next version of it. Which records came first changes
 * nothing, since a score is a function of the warning and of the events held.
 *
 * A score may be shown to whoever may have the warning: an event that is handled more strictly than the warning is not
 * held against it.
 */

import {
  type Draft,
  type Held,
  type Instant,
  leq,
  millis,
  type NodeId,
  plusMs,
  type RecordId,
} from '../../record/index.ts'
import {
  bindingHandling,
  type Reactor,
  type ReactorView,
  type Timer,
  type TimerDueBody,
  timerDue,
} from '../../store/index.ts'
import type { VerificationRule } from './contract.ts'
import { evidenceOf } from './evidence.ts'
import { cellsAround, isMetBy } from './match.ts'
import { type ScoreBody, scoreRecord } from './records.ts'
import { type Seen, scoreMiss, scoreWarning } from './score.ts'

type Parts<World> = {
  readonly rule: VerificationRule<World>
  readonly world: World
  readonly node: NodeId
  readonly view: ReactorView
}

export function verifyReactor<World>(rule: VerificationRule<World>, world: World, node: NodeId): Reactor {
  return {
    name: `verify/${rule.name}`,
    version: rule.version,
    reads: [timerDue.type, ...rule.forecasts, ...rule.events],
    writes: [scoreRecord.type],
    react: async (input, view) => {
      if (input.record.origin !== node) return []
      const parts = { rule, world, node, view }
      if (input.record.type === timerDue.type) return onTime(parts, input as Held<TimerDueBody>)
      if (rule.forecasts.includes(input.record.type)) return again(parts, [input.record.id])
      return onEvent(parts, input)
    },
  }
}

/** When a warning can be scored, and when it can be said that nobody warned of an event. */
export const verifyTimer = <World>(rule: VerificationRule<World>, world: World): Timer => ({
  name: timerName(rule),
  reads: [...rule.forecasts, ...rule.events],
  dueAt: (held) => {
    const until = rule.forecasts.includes(held.record.type)
      ? rule.forecast(held, world, [])?.until
      : rule.isGrave(held)
        ? endOf(held)
        : undefined
    return until && plusMs(until, rule.tolerance.afterMs + rule.settleMs)
  },
})

const timerName = ({ name }: { readonly name: string }): string => `verify/${name}`
const endOf = ({ record: { valid } }: Held): Instant => valid.until ?? valid.from

async function onTime<World>(parts: Parts<World>, { record }: Held<TimerDueBody>): Promise<readonly Draft[]> {
  const { rule, view } = parts
  if (record.body.timer !== timerName(rule)) return []
  const held = await view.get(record.body.record)
  if (held === undefined) return []
  if (rule.forecasts.includes(held.record.type)) return scoresOf(parts, [held])
  return missesOf(parts, held)
}

/** What is known of an event changed: the scores that it bears on, or bore on, are made anew. */
async function onEvent<World>(parts: Parts<World>, event: Held): Promise<readonly Draft[]> {
  const { rule, view, world } = parts
  const { id, valid } = event.record
  const about = ownScores(
    parts,
    await view.read({ types: [scoreRecord.type], linkedTo: [id], linkType: 'about' }),
  )
  const observed = rule.observed(event, await membersOf(view, event), world)
  const near =
    observed === undefined
      ? []
      : await view.read({
          types: [scoreRecord.type],
          validFrom: plusMs(valid.from, -rule.tolerance.afterMs),
          validUntil: plusMs(endOf(event), rule.tolerance.beforeMs),
        })
  const alike = ownScores(parts, near).filter(({ record }) => record.body.matter === observed?.matter)
  const warnings = [...about, ...alike].flatMap(({ record }) => record.body.warning?.id ?? [])
  const hasMiss = about.some(({ record }) => record.body.warning === undefined)
  return [...(await again(parts, [...new Set(warnings)])), ...(hasMiss ? await missesOf(parts, event) : [])]
}

const ownScores = <World>({ rule, node }: Parts<World>, held: readonly Held[]): readonly Held<ScoreBody>[] =>
  (held as readonly Held<ScoreBody>[]).filter(
    ({ record }) => record.origin === node && record.body.rule === rule.name,
  )

/** Warnings that have a score already. */
async function again<World>(parts: Parts<World>, ids: readonly RecordId[]): Promise<readonly Draft[]> {
  if (ids.length === 0) return []
  const { rule, view } = parts
  const scored = ownScores(
    parts,
    await view.read({ types: [scoreRecord.type], linkedTo: ids, linkType: 'derivedFrom' }),
  )
  const warnings = new Set(scored.flatMap(({ record }) => record.body.warning?.id ?? []))
  const wanted = ids.filter((id) => warnings.has(id))
  return wanted.length === 0
    ? []
    : scoresOf(parts, await view.read({ types: rule.forecasts, ids: wanted }), scored)
}

async function scoresOf<World>(
  parts: Parts<World>,
  warnings: readonly Held[],
  earlier: readonly Held<ScoreBody>[] = [],
): Promise<readonly Draft[]> {
  const { rule, world, node, view } = parts
  const drafts: Draft[] = []
  for (const warning of warnings) {
    if (warning.record.origin !== node) continue
    const later = await view.read({
      types: rule.forecasts,
      linkedTo: [warning.record.id],
      linkType: 'supersedes',
    })
    const forecast = rule.forecast(warning, world, later)
    const key = `${rule.name}:${warning.record.id}`
    if (forecast === undefined) {
      const before = earlier.find(({ record }) => record.key === key)
      if (before) drafts.push(takenBack(parts, before, warning))
      continue
    }
    const { tolerance } = rule
    const seen = await seenIn(parts, warning, {
      validFrom: plusMs(forecast.from, -tolerance.beforeMs),
      validUntil: plusMs(forecast.until, tolerance.afterMs),
      ...(forecast.geometry && { cells: cellsAround(forecast.geometry, tolerance.km) }),
    })
    const evidence = await evidenceOf(warning, view)
    const { body, matched } = scoreWarning(rule, { warning, forecast, evidence }, seen)
    drafts.push(
      draftOf(parts, {
        key,
        body,
        valid: { from: forecast.from, until: forecast.until },
        inputs: [warning, ...matched.map(({ event }) => event)],
        about: matched.map(({ event }) => event.record.id),
        place: warning,
      }),
    )
  }
  return drafts
}

/** It is told elsewhere now: under another key, or as no warning. */
const takenBack = <World>(parts: Parts<World>, before: Held<ScoreBody>, warning: Held): Draft =>
  draftOf(parts, {
    key: before.record.key,
    body: {
      ...before.record.body,
      outcome: 'withdrawn',
      isCounted: false,
      because: [{ name: 'the warning stands no more under this name', value: warning.record.version }],
    },
    valid: before.record.valid,
    inputs: [warning],
    about: [],
    place: warning,
  })

/** What was observed there and then, as far as whoever may have the warning may know of it. */
async function seenIn<World>(
  { rule, world, node, view }: Parts<World>,
  warning: Held,
  query: Parameters<ReactorView['read']>[0],
): Promise<readonly Seen[]> {
  const events = await view.read({ ...query, types: rule.events })
  const seen: Seen[] = []
  for (const event of events) {
    if (event.record.origin !== node || !leq(bindingHandling(event), bindingHandling(warning))) continue
    const observed = rule.observed(event, await membersOf(view, event), world)
    if (observed) seen.push({ event, observed })
  }
  return seen
}

async function membersOf(view: ReactorView, { record }: Held): Promise<readonly Held[]> {
  const ids = record.links.filter(({ type }) => type === 'derivedFrom').map(({ id }) => id)
  return ids.length === 0 ? [] : view.read({ ids })
}

/** For each country touched: an issuer who warns of such things there, and of this one nobody did. */
async function missesOf<World>(parts: Parts<World>, event: Held): Promise<readonly Draft[]> {
  const { rule, world, view, node } = parts
  if (event.record.origin !== node) return []
  const observed = rule.isGrave(event) ? rule.observed(event, await membersOf(view, event), world) : undefined
  const earlier = ownScores(
    parts,
    await view.read({ types: [scoreRecord.type], linkedTo: [event.record.id], linkType: 'about' }),
  ).filter(({ record }) => record.body.warning === undefined && record.body.outcome === 'miss')
  const drafts = observed ? await missesAmong(parts, { event, observed }) : []
  const stands = new Set(drafts.map(({ key }) => key))
  return [
    ...drafts,
    ...earlier
      .filter(({ record }) => !stands.has(record.key))
      .map(({ record }) =>
        draftOf(parts, {
          key: record.key,
          body: {
            ...record.body,
            outcome: 'withdrawn',
            isCounted: false,
            because: [{ name: 'somebody warned of it, or it was not as grave', value: event.record.version }],
          },
          valid: record.valid,
          inputs: [event],
          about: [event.record.id],
          place: event,
        }),
      ),
  ]
}

const mostHistory = 2000

async function missesAmong<World>(parts: Parts<World>, seen: Seen): Promise<readonly Draft<ScoreBody>[]> {
  const { rule, world, view, node } = parts
  const { observed, event } = seen
  const history = await view.read({
    types: rule.forecasts,
    validFrom: plusMs(event.record.valid.from, -rule.remitMs),
    validUntil: plusMs(endOf(event), rule.tolerance.beforeMs),
    order: '-valid',
    limit: mostHistory,
  })
  const forecasts = history
    .filter(({ record }) => record.origin === node)
    .flatMap((warning) => {
      const forecast = rule.forecast(warning, world, [])
      return forecast?.matter === observed.matter && forecast.standing === 'warning'
        ? [{ warning, forecast }]
        : []
    })
  return [...observed.countries].sort().flatMap((country) => {
    const here = forecasts.filter(({ forecast }) => forecast.issuer.country === country)
    if (here.some(({ forecast }) => isMetBy(forecast, observed, rule.tolerance))) return []
    const issuers = new Map(here.map((one) => [one.forecast.issuer.id, one]))
    return [...issuers.values()]
      .sort((a, b) => (a.forecast.issuer.id < b.forecast.issuer.id ? -1 : 1))
      .map(({ warning, forecast: { issuer } }) => {
        const because = { name: 'has warned of such before', value: warning.record.id }
        return draftOf(parts, {
          key: `${rule.name}:${event.record.id}:${country}:${issuer.id}`,
          body: scoreMiss(rule, seen, { issuer, country, because }),
          valid: event.record.valid,
          inputs: [event],
          about: [event.record.id],
          place: event,
        })
      })
  })
}

type DraftParts = {
  readonly key: string
  readonly body: ScoreBody
  readonly valid: Draft['valid']
  readonly inputs: readonly Held[]
  readonly about: readonly RecordId[]
  /** Whose place it has. */
  readonly place: Held
}

function draftOf<World>(
  { rule }: Parts<World>,
  { key, body, valid, inputs, about, place }: DraftParts,
): Draft<ScoreBody> {
  const { realm, place: where } = place.record
  const until =
    valid.until !== undefined && millis(valid.until) < millis(valid.from) ? valid.from : valid.until
  return {
    type: scoreRecord.type,
    key,
    realm,
    producer: { kind: 'method', name: `verify/${rule.name}`, version: rule.version },
    valid: { from: valid.from, ...(until && { until }) },
    ...(where && { place: where }),
    links: [
      ...inputs.map(({ record }) => ({
        type: 'derivedFrom' as const,
        id: record.id,
        version: record.version,
      })),
      ...about.map((id) => ({ type: 'about' as const, id })),
    ],
    body,
  }
}
