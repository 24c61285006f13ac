/** Why an act on a report was refused, as data, and as a sentence that says what to do. */
import type { NodeId, RecordId } from '../record/index.ts'
import type { Refusal } from '../store/index.ts'

export type ReportRefusal =
  | { readonly code: 'report/no-subject'; readonly id: string }
  | { readonly code: 'report/no-template'; readonly type: string; readonly templates: readonly string[] }
  | { readonly code: 'report/nothing-to-report'; readonly id: string }
  | { readonly code: 'report/still-open'; readonly id: RecordId; readonly version: number }
  | { readonly code: 'report/not-held'; readonly id: string }
  | { readonly code: 'report/not-ours'; readonly origin: NodeId }
  | { readonly code: 'report/frozen'; readonly edition: number }
  | { readonly code: 'report/stale'; readonly seen: number; readonly version: number }
  | { readonly code: 'report/no-language'; readonly language: string; readonly languages: readonly string[] }
  | { readonly code: 'report/no-block'; readonly block: string; readonly blocks: readonly string[] }
  | { readonly code: 'report/text-unfit'; readonly because: string }
  | { readonly code: 'report/not-written'; readonly reason: Refusal }

export function sayReportRefused(reason: ReportRefusal): string {
  switch (reason.code) {
    case 'report/no-subject':
      return `This node holds nothing ${reason.id} in that realm, or did not at that time; look for it with mosaic records.`
    case 'report/no-template':
      return `No template reports on ${reason.type}; there are ${reason.templates.join(', ') || 'none'}.`
    case 'report/nothing-to-report':
      return `There is nothing to report of ${reason.id} yet.`
    case 'report/still-open':
      return `Report ${reason.id} about it, version ${reason.version}, is not issued yet: edit or issue that one, or draft it anew.`
    case 'report/not-held':
      return `This node holds no report ${reason.id}; list the reports and choose one.`
    case 'report/not-ours':
      return `The report is ${reason.origin}'s, and only they change it.`
    case 'report/frozen':
      return `Edition ${reason.edition} is issued and stays as it is; draft the next edition.`
    case 'report/stale':
      return `The report is at version ${reason.version} by now, not ${reason.seen}; look at it again.`
    case 'report/no-language':
      return `The report has no text in ${reason.language}; it has ${reason.languages.join(', ')}.`
    case 'report/no-block':
      return `There is no text ${reason.block} that people edit; there are ${reason.blocks.join(', ')}. Tables and figures come from the records.`
    case 'report/text-unfit':
      return `The text cannot stand in a report: ${reason.because}.`
    case 'report/not-written':
      return `The store refused it: ${reason.reason.code}.`
  }
}
