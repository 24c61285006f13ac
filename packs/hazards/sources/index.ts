export { disasterPartnerSources, disasterSources } from './disasters/index.ts'
export { emscEarthquakes } from './emsc-earthquakes.ts'
export { emscEarthquakesLive } from './emsc-earthquakes-live.ts'
export { usgsEarthquakes } from './usgs-earthquakes.ts'
