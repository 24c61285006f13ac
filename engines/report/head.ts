/**
 * The lines at the head of a report, in its language: what it is and whose, of when, and whether a person stands for its
 * words. They are written anew with every version, because they tell of its state.
 */
import { exerciseOf, type MultilingualText, type Realm, testRealm } from '../record/index.ts'
import { commonKeys } from '../warn/index.ts'
import { plain, quoted, said, time, type Written } from './contract.ts'
import type { ReportBody, ReportText } from './records.ts'
import { type Writing, written } from './write.ts'

/** Keys that the engine itself asks of the catalogues. */
export const headKeys = {
  draft: 'report.state.draft',
  edited: 'report.state.edited',
  issued: 'report.state.issued',
  edition: 'report.edition',
  reviewed: 'report.reviewed',
  remarks: 'report.remarks',
  languages: 'report.languages',
} as const

export type HeadFacts = Pick<ReportBody, 'state' | 'edition' | 'asOf' | 'issued'> & {
  readonly realm: Realm
  readonly publisher: MultilingualText
  readonly reviewed: ReportText['reviewed']
}

export function headOf(writing: Writing, facts: HeadFacts): readonly Written[] {
  const { state, edition, asOf, issued, reviewed, publisher } = facts
  const who = issued?.role === undefined ? (issued?.name ?? '') : `${issued.name}, ${issued.role}`
  return [
    state === 'issued' && issued
      ? said(headKeys.issued, { who, publisher: quoted(publisher), at: time(issued.at) })
      : said(headKeys[state === 'issued' ? 'edited' : state]),
    said(headKeys.edition, { edition, asOf: time(asOf) }),
    reviewed ? said(headKeys.reviewed, { who: plain(reviewed.by) }) : said(commonKeys.unreviewed),
  ].map((words) => written(writing, words))
}

/** What is no report of the world says so before anything else. */
export function bannerOf(writing: Writing, realm: Realm): Written | undefined {
  const name = exerciseOf(realm)
  if (name !== undefined) {
    const word = written(writing, said(commonKeys.exercise))
    const note = written(writing, said(commonKeys.exerciseNote))
    return { ...note, text: `${word.text} (${name}). ${note.text}` }
  }
  if (realm === testRealm) return written(writing, said(commonKeys.testNote))
  return undefined
}
