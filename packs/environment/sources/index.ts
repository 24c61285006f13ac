export { type MappingRead, readTableMapping } from './mapping.ts'
export { type OpenAqStations, openAqAttribution, openAqDecoder, readOpenAqLocations } from './openaq.ts'
export { openAq } from './openaq-live.ts'
export { type SeriesFormat, type SeriesService, seriesSource } from './services.ts'
