/** The hazards pack: natural hazards of the region, declared. Here: earthquakes. */
import { definePack } from '../pack.ts'
import { sameEarthquake } from './fusion.ts'
import { impactReferences } from './impact/references/index.ts'
import { earthquakeImpact } from './impact.ts'
import { impactRecord } from './impact-record.ts'
import { hazardsEvent, hazardsObservation } from './records.ts'
import { hazardsDetection, hazardsReport } from './report-records.ts'
import { emscEarthquakes, emscEarthquakesLive, usgsEarthquakes } from './sources/index.ts'
import { catalogues } from './texts/index.ts'
import { earthquakeWarning } from './warnings.ts'

export const hazards = definePack({
  name: 'hazards',
  title: { en: 'Natural hazards' },
  records: [hazardsObservation, hazardsReport, hazardsDetection, hazardsEvent, impactRecord],
  sources: [usgsEarthquakes, emscEarthquakes, emscEarthquakesLive],
  fusion: [sameEarthquake],
  assessors: [earthquakeImpact],
  warnings: [earthquakeWarning],
  catalogues,
  layers: [
    {
      id: 'earthquakes',
      title: { en: 'Earthquakes' },
      reads: hazardsEvent.type,
      size: '/figures/magnitude',
      label: '/figures/region',
    },
    { id: 'intensity', title: { en: 'Felt intensity' }, reads: impactRecord.type, level: '/level' },
  ],
  references: impactReferences,
})
