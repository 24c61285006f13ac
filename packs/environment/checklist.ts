/** The house rules for packs: each `done`, or `exempt` with its reason. A test reads this list. */
export const checklist: Readonly<Record<string, 'done' | { readonly exempt: string }>> = {
  'sources name their licence and credit line': 'done',
  'one unreadable item never loses the others': 'done',
  'fixtures are our own, in the source’s format': 'done',
  'every method cites its source': 'done',
  'every parameter has unit, default, range and source': 'done',
  'every text stands in every language of the region': {
    exempt: 'the pack writes no texts yet: notifications are figures and codes',
  },
  'every text was reviewed by a person': { exempt: 'as above' },
}
