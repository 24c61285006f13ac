/** The example pack, declared. */
import { definePack } from '../../packs/pack.ts'
import { sameExample } from './fusion.ts'
import { exampleEvent, exampleReport } from './records.ts'
import { exampleSource } from './source.ts'

export const example = definePack({
  name: 'example',
  title: { en: 'Example' },
  records: [exampleReport, exampleEvent],
  sources: [exampleSource],
  fusion: [sameExample],
  assessors: [],
  warnings: [],
  catalogues: {},
  layers: [
    { id: 'example-events', title: { en: 'Example' }, reads: exampleEvent.type, label: '/figures/value' },
  ],
  references: [],
})
