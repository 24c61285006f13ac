/**
 * CAP as JSON in a list: `{"warnings":[{"uuid": …, "alert": {CAP}}]}`, as Meteoalarm's `api/v1/warnings` answers. Each
 * alert is read alone: one that is broken does not lose the others. An answer without `warnings` is no empty list: some
 * gateways answer 200 with a message of error.
 */
import { capFromJson } from '../cap/json.ts'
import { jsonLimits, readJson } from '../json.ts'
import type { FeedRead } from './contract.ts'
import { type Findings, feedIssue, noFindings, reportTwice } from './findings.ts'

export function readCapJson(bytes: Uint8Array): FeedRead {
  const json = readJson(bytes, jsonLimits)
  if (!json.ok) return whole(bytes, [json.issue])
  const warnings = isObject(json.value) ? json.value['warnings'] : undefined
  if (!Array.isArray(warnings)) return whole(bytes, [feedIssue('feed/unknown-document', '')])
  const findings = noFindings()
  for (const [at, item] of warnings.entries()) addWarning(findings, item, `/warnings/${at}`)
  reportTwice(findings)
  return { kind: 'cap-json', ...findings, defects: [...json.defects, ...findings.defects] }
}

function addWarning(findings: Findings, item: unknown, place: string): void {
  const read = capFromJson(isObject(item) ? item['alert'] : undefined, `${place}/alert`)
  if (!read.ok) {
    const bytes = new TextEncoder().encode(JSON.stringify(item))
    findings.rejected.push({ bytes, mediaType: 'application/json', issues: [read.issue] })
    return
  }
  const uuid =
    isObject(item) && typeof item['uuid'] === 'string' && item['uuid'] !== '' ? item['uuid'] : undefined
  if (uuid === undefined) findings.defects.push(feedIssue('feed/entry-without-id', place))
  findings.entries.push({ place, id: uuid ?? place, inline: read.xml, summary: {} })
}

const whole = (bytes: Uint8Array, issues: FeedRead['defects']): FeedRead => ({
  entries: [],
  rejected: [{ bytes, mediaType: 'application/json', issues }],
  defects: [],
})

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
