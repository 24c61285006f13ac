/** A report record as lists and details show it. */
import type { Held } from '../../engines/record/index.ts'
import type { ReportBody } from '../../engines/report/index.ts'
import type { ReportDetail, ReportSummary } from '../schemas/report.ts'

export type HeldReport = Held<ReportBody>

/** A report of which a field is withheld is shown as a record, never as a report. */
export const isWhole = ({ withheld = [] }: Held): boolean => withheld.length === 0

export function summaryOf({ record, receivedAt }: HeldReport): ReportSummary {
  const { id, version, realm, origin, body } = record
  const texts = Object.entries(body.texts)
  return {
    ...{ id, version, realm, origin, receivedAt },
    template: body.template.name,
    subject: body.subject.id,
    edition: body.edition,
    state: body.state,
    title: Object.fromEntries(texts.map(([language, { title }]) => [title.language ?? language, title.text])),
    languages: texts.map(([language]) => language).sort(),
    unreviewed: texts.flatMap(([language, { reviewed }]) => (reviewed ? [] : [language])).sort(),
    asOf: body.asOf,
    ...(body.issued ? { issued: { ...body.issued } } : {}),
  }
}

export function detailOf(held: HeldReport): ReportDetail {
  const { links, body, attribution } = held.record
  return {
    ...summaryOf(held),
    drafted: { ...body.drafted },
    edits: body.edits.map((edit) => ({ ...edit })),
    supersedes: links
      .filter(({ type }) => type === 'supersedes')
      .map(({ id, version }) => ({ id, ...(version === undefined ? {} : { version }) })),
    rests: body.rests.map((rest) => ({ ...rest })),
    credits: [...new Set(attribution.map(({ credit, licence }) => `${credit} (${licence})`))].sort(),
  }
}
