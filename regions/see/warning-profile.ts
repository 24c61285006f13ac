/**
 * Meteoalarm's two parameters, as the services of the region write them (EUMETNET, Meteoalarm CAP profile): the colour
 * and the kind. Numbers lead, and are what readers compare. Earthquakes have no number there.
 */
import type { WarningProfile } from '../../engines/warn/index.ts'

export const meteoalarmProfile: WarningProfile = {
  levelParameter: 'awareness_level',
  levels: {
    Extreme: '4; red; Extreme',
    Severe: '3; orange; Severe',
    Moderate: '2; yellow; Moderate',
    Minor: '1; green; Minor',
    Unknown: undefined,
  },
  noWarning: '1; green; Minor',
  kindParameter: 'awareness_type',
  kinds: {
    wind: '1; Wind',
    'snow-ice': '2; snow-ice',
    thunderstorm: '3; Thunderstorm',
    fog: '4; Fog',
    heat: '5; high-temperature',
    cold: '6; low-temperature',
    coastal: '7; coastalevent',
    wildfire: '8; forest-fire',
    avalanche: '9; avalanches',
    rain: '10; Rain',
    flood: '12; flooding',
    'rain-flood': '13; rain-flood',
  },
}
