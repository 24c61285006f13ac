/**
 * Whose warnings are read in South East Europe, and where.
 *
 * Feeds: Meteoalarm's JSON, one address for each country, since it carries whole messages in one answer; Albania, which
 * Meteoalarm does not carry, by its own RSS; Croatia's own files beside Meteoalarm's copies of them. There is no known feed
 * for Turkey and Kosovo*. Names of the feeds and ids of the services: the public register of CAP sources as recorded in
 * October 2026 (alert-hub-backend, `feeds.json`). Two services of Bosnia and Herzegovina share one feed, as do two of
 * Austria: each address stands here once, and a message belongs to whom its sender names.
 *
 * Hosts of senders: read in recorded messages for Croatia, stated by the register's own facts for Bosnia and Herzegovina;
 * for the others the public web addresses of the services. A sender at none of them is not lost: it is its own authority,
 * marked as unknown, until somebody adds it here.
 *
 * Mandates name the service's entry; the law behind it is for each authority to state. No service of the region is known to
 * sign: signatures are verified where there are any, and required of none.
 */
import type { Authority, CapProfile, RegionWarnings, WarningFeed } from '../../engines/warn/index.ts'
import { meteoalarmProfile } from './warning-profile.ts'

type Service = readonly [id: string, country: string, names: Authority['names'], hosts: readonly string[]]

const services: readonly Service[] = [
  ['al-igewe', 'AL', { en: 'Institute of Geosciences, Albania' }, ['geo.edu.al', 'igeo.edu.al']],
  ['at-ehyd', 'AT', { en: 'Hydrography service, Austria' }, ['ehyd.gv.at']],
  ['at-zamg', 'AT', { en: 'GeoSphere Austria', de: 'GeoSphere Austria' }, ['zamg.ac.at', 'geosphere.at']],
  [
    'ba-fhmzbih',
    'BA',
    { en: 'Federal Hydrometeorological Institute', bs: 'Federalni hidrometeorološki zavod BiH' },
    ['fhmzbih.gov.ba'],
  ],
  [
    'ba-rhmzrs',
    'BA',
    { en: 'Republic Hydrometeorological Service', 'sr-Latn': 'Republički hidrometeorološki zavod' },
    ['rhmzrs.com'],
  ],
  [
    'bg-meteo',
    'BG',
    { en: 'National Institute of Meteorology and Hydrology, Bulgaria' },
    ['meteo.bg', 'weather.bg'],
  ],
  ['cy-dom', 'CY', { en: 'Department of Meteorology, Cyprus' }, ['dom.org.cy', 'moa.gov.cy']],
  [
    'gr-hnms',
    'GR',
    { en: 'Hellenic National Meteorological Service', el: 'Εθνική Μετεωρολογική Υπηρεσία' },
    ['hnms.gr', 'emy.gr'],
  ],
  [
    'hr-meteo',
    'HR',
    { en: 'Croatian Meteorological and Hydrological Service', hr: 'Državni hidrometeorološki zavod' },
    ['meteo.hr'],
  ],
  ['hu-met', 'HU', { en: 'Hungarian Meteorological Service' }, ['met.hu']],
  ['it-meteoam', 'IT', { en: 'Air Force Meteorological Service, Italy' }, ['meteoam.it']],
  ['md-shs', 'MD', { en: 'State Hydrometeorological Service, Moldova' }, ['meteo.md']],
  ['me-meteo', 'ME', { en: 'Institute of Hydrometeorology and Seismology, Montenegro' }, ['meteo.co.me']],
  ['mk-meteo', 'MK', { en: 'Hydrometeorological Service, North Macedonia' }, ['uhmr.gov.mk', 'meteo.gov.mk']],
  ['ro-meteoromania', 'RO', { en: 'National Meteorological Administration, Romania' }, ['meteoromania.ro']],
  [
    'rs-hidmet',
    'RS',
    { en: 'Republic Hydrometeorological Service of Serbia', 'sr-Cyrl': 'Републички хидрометеоролошки завод' },
    ['hidmet.gov.rs'],
  ],
  ['sk-shmu', 'SK', { en: 'Slovak Hydrometeorological Institute' }, ['shmu.sk']],
  ['si-meteo', 'SI', { en: 'Slovenian Environment Agency, meteorology' }, ['meteo.si', 'arso.gov.si']],
  ['ua-meteo', 'UA', { en: 'Hydrometeorological Center, Ukraine' }, ['meteo.gov.ua']],
]

const authorities: readonly Authority[] = services.map(([id, country, names, hosts]) => ({
  id,
  names,
  senders: [],
  hosts,
  country,
  policy: { signature: 'verify' },
  mandate: `Listed as ${id} in the public register of CAP sources`,
}))

/** Meteoalarm's profile: numbers lead, words and their case vary. Six lists of area codes are in use in Europe. */
const profile: CapProfile = {
  kindParameter: 'awareness_type',
  levelParameter: 'awareness_level',
  noWarning: '1',
  areaSchemes: ['EMMA_ID', 'NUTS3', 'NUTS2', 'WARNCELLID', 'CISORP'],
  misnamed: [{ scheme: 'NUTS3', prefix: 'MK', means: 'EMMA_ID' }],
}

const minute = 60_000

const meteoalarmCredit = {
  source: 'EUMETNET MeteoAlarm and the national weather services',
  licence: 'MeteoAlarm terms of redistribution',
  credit: 'EUMETNET MeteoAlarm',
  url: 'https://www.meteoalarm.org/',
}

/** The name in Meteoalarm's addresses, the country, its name in English. */
const meteoalarmNames = [
  ['austria', 'AT', 'Austria'],
  ['bosnia-herzegovina', 'BA', 'Bosnia and Herzegovina'],
  ['bulgaria', 'BG', 'Bulgaria'],
  ['croatia', 'HR', 'Croatia'],
  ['cyprus', 'CY', 'Cyprus'],
  ['greece', 'GR', 'Greece'],
  ['hungary', 'HU', 'Hungary'],
  ['italy', 'IT', 'Italy'],
  ['moldova', 'MD', 'Moldova'],
  ['montenegro', 'ME', 'Montenegro'],
  ['republic-of-north-macedonia', 'MK', 'North Macedonia'],
  ['romania', 'RO', 'Romania'],
  ['serbia', 'RS', 'Serbia'],
  ['slovakia', 'SK', 'Slovakia'],
  ['slovenia', 'SI', 'Slovenia'],
  ['ukraine', 'UA', 'Ukraine'],
] as const

const meteoalarm: readonly WarningFeed[] = meteoalarmNames.map(([name, country, english]) => ({
  id: `meteoalarm-${name}`,
  title: { en: `MeteoAlarm, ${english}` },
  url: `https://feeds.meteoalarm.org/api/v1/warnings/feeds-${name}`,
  form: 'messages',
  hosts: [],
  countries: [country],
  attribution: meteoalarmCredit,
  intervalMs: 5 * minute,
}))

const croatia: readonly WarningFeed[] = ['today', 'tomorrow', 'day_after_tomorrow'].map((day) => ({
  id: `dhmz-${day.replaceAll('_', '-')}`,
  title: { en: `DHMZ warnings, ${day.replaceAll('_', ' ')}` },
  url: `https://meteo.hr/upozorenja/cap_hr_${day}.xml`,
  form: 'messages',
  hosts: [],
  countries: ['HR'],
  attribution: {
    source: 'Croatian Meteorological and Hydrological Service',
    licence: 'Otvorena dozvola',
    credit: 'DHMZ',
    url: 'https://meteo.hr/',
  },
  intervalMs: 10 * minute,
}))

const albania: WarningFeed = {
  id: 'cap-albania',
  title: { en: 'Warnings of the Institute of Geosciences, Albania' },
  url: 'https://cap-sources.s3.amazonaws.com/al-igewe-en/rss.xml',
  form: 'index',
  hosts: [],
  countries: ['AL'],
  attribution: {
    source: 'Institute of Geosciences, Energy, Water and Environment, Albania',
    licence: 'Public warnings; licence not stated',
    credit: 'IGEWE, Albania',
    url: 'https://cap-sources.s3.amazonaws.com/al-igewe-en/rss.xml',
  },
  intervalMs: 5 * minute,
}

export const capSources: RegionWarnings = {
  register: { authorities, profile },
  feeds: [...meteoalarm, ...croatia, albania],
  writes: meteoalarmProfile,
}
