/** What was known when: each version of the event, its assessment and its warnings, and what it changed. */
import type { Held } from '../../engines/record/index.ts'
import type { EventDetail } from '../schemas/index.ts'

type Entry = EventDetail['history'][number]
type Value = string | number | null

export function historyOf(versions: readonly Held[]): Entry[] {
  const last = new Map<string, Readonly<Record<string, Value>>>()
  return [...versions]
    .sort((a, b) => a.index - b.index)
    .map(({ record, receivedAt }) => {
      const now = told(record.body)
      const before = last.get(record.id) ?? {}
      last.set(record.id, now)
      return {
        type: record.type,
        id: record.id,
        version: record.version,
        receivedAt,
        changed: changes(before, now),
      }
    })
}

function changes(
  before: Readonly<Record<string, Value>>,
  now: Readonly<Record<string, Value>>,
): Entry['changed'] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return fields
    .filter((field) => before[field] !== now[field])
    .map((field) => ({
      field,
      ...(before[field] === undefined ? {} : { from: before[field] }),
      ...(now[field] === undefined ? {} : { to: now[field] }),
    }))
}

type Told = {
  readonly state?: string
  readonly members?: readonly unknown[]
  readonly figures?: Readonly<Record<string, unknown>>
  readonly level?: string
  readonly maxMmi?: number
  readonly msgType?: string
  readonly country?: string
  readonly infos?: readonly { readonly severity?: string }[]
}

/** The few facts of a body that a reader of its history asks for. */
function told(body: unknown): Readonly<Record<string, Value>> {
  const { state, members, figures, level, maxMmi, msgType, country, infos } = (body ?? {}) as Told
  const facts: Record<string, unknown> = {
    state,
    reports: members?.length,
    magnitude: figures?.['magnitude'],
    latitude: figures?.['latitude'],
    longitude: figures?.['longitude'],
    depthKm: typeof figures?.['depth'] === 'number' ? figures['depth'] / 1000 : undefined,
    level,
    maxMmi,
    severity: figures?.['severity'],
    status: figures?.['status'],
    warning:
      msgType === undefined ? undefined : `${msgType} ${country ?? ''} ${infos?.[0]?.severity ?? ''}`.trim(),
  }
  return Object.fromEntries(
    Object.entries(facts).filter(
      (fact): fact is [string, Value] => typeof fact[1] === 'string' || typeof fact[1] === 'number',
    ),
  )
}
