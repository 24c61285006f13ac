/** The hazards pack: natural hazards of the region, declared. Here: earthquakes. */
import { codeReader } from '../../engines/place/index.ts'
import { definePack } from '../pack.ts'
import { disastersIn } from './disasters/fusion.ts'
import { hazardExposure } from './exposure/assess.ts'
import { exposureRecord } from './exposure/record.ts'
import { hazardWarnings } from './exposure/warnings.ts'
import { fireWeatherReferences } from './fire-weather/references.ts'
import { sameFire } from './fires/fusion.ts'
import { floodsIn } from './floods/fusion.ts'
import { sameEarthquake } from './fusion.ts'
import { impactReferences } from './impact/references/index.ts'
import { earthquakeImpact } from './impact.ts'
import { impactRecord } from './impact-record.ts'
import { hazardsEvent, hazardsObservation } from './records.ts'
import { hazardsDetection, hazardsReport } from './report-records.ts'
import { reportCatalogues } from './report-texts/index.ts'
import { firmsSources } from './sources/fires/firms.ts'
import {
  disasterPartnerSources,
  disasterSources,
  emscEarthquakes,
  emscEarthquakesLive,
  usgsEarthquakes,
} from './sources/index.ts'
import { warningSources } from './sources/warnings/index.ts'
import { catalogues } from './texts/index.ts'
import { hazardVerification } from './verification.ts'
import { warningReport } from './warning-report/warning-report.ts'
import { earthquakeWarning } from './warnings.ts'
import { weatherIn } from './weather/fusion.ts'

export * from './fire-weather/index.ts'

export const hazards = definePack({
  name: 'hazards',
  title: { en: 'Natural hazards' },
  records: [hazardsObservation, hazardsReport, hazardsDetection, hazardsEvent, impactRecord, exposureRecord],
  sources: [usgsEarthquakes, emscEarthquakes, emscEarthquakesLive, ...firmsSources, ...disasterSources],
  partnerSources: disasterPartnerSources,
  warningSources,
  fusion: [sameEarthquake, sameFire],
  assessors: [earthquakeImpact, hazardExposure],
  warnings: [earthquakeWarning],
  inRegion: ({ places, warnings }) => ({
    fusion: [floodsIn(places), weatherIn(places), disastersIn(places)],
    warnings: [
      hazardWarnings({
        ...(warnings && { warnings }),
        ...(places.region.rivers && { rivers: places.region.rivers }),
        ...(places.region.areaRules && { countryOf: codeReader(places.region.areaRules).countryOf }),
      }),
    ],
  }),
  verification: [hazardVerification],
  catalogues,
  reports: [warningReport],
  reportCatalogues,
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
  references: [...impactReferences, ...fireWeatherReferences],
})
