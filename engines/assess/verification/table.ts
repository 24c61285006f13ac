/**
 * Scores as a table (RFC 4180, UTF-8, CRLF), one line each, with its ids, so that anybody can count again. A text cell that
 * a spreadsheet would run as a formula begins with an apostrophe.
 */
import type { Held } from '../../record/index.ts'
import type { ScoreBody } from './records.ts'

export const scoreColumns = [
  'score',
  'version',
  'rule',
  'outcome',
  'counted',
  'hazard',
  'issuer',
  'issuer_name',
  'standing',
  'countries',
  'warning',
  'warning_version',
  'issued_at',
  'from',
  'until',
  'level',
  'certainty',
  'first_event',
  'onset',
  'lead_time_s',
  'warned_km2',
  'observed_km2',
  'both_km2',
  'threat_score',
  'probability',
  'brier',
] as const

export const scoreCsv = (scores: readonly Held<ScoreBody>[]): string =>
  [scoreColumns, ...scores.map(rowOf)].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')

type Cell = string | number | boolean | undefined

function rowOf({ record: { id, version, body } }: Held<ScoreBody>): readonly Cell[] {
  const { warning, area } = body
  const [first] = body.observed
  return [
    id,
    version,
    body.rule,
    body.outcome,
    body.isCounted,
    body.matter,
    body.issuer.id,
    body.issuer.name,
    body.standing,
    body.countries.join(' '),
    warning?.id,
    warning?.version,
    warning?.issuedAt,
    warning?.from,
    warning?.until,
    warning?.level,
    warning?.certainty,
    first?.id,
    first?.onset,
    body.leadTimeS,
    area?.warnedKm2,
    area?.observedKm2,
    area?.bothKm2,
    area?.threatScore,
    body.probability,
    body.brier,
  ]
}

function cellOf(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
