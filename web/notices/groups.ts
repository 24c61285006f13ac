/** Notices that differ in their area alone stand in the list as one, with all their areas. */
import type { NoticeSummary } from '../../server/schemas/index.ts'

export type NoticeGroup = { readonly first: NoticeSummary; readonly all: readonly NoticeSummary[] }

export const grouped = (notices: readonly NoticeSummary[]): readonly NoticeGroup[] =>
  [...Map.groupBy(notices, ({ group, state }) => `${state} ${group}`).values()].flatMap((all) => {
    const [first] = all
    return first ? [{ first, all }] : []
  })
