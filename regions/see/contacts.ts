/**
 * Points of contact of South East Europe for notifications between states: one for each country for industrial accidents
 * and for what stations measure (UNECE Convention on the Transboundary Effects of Industrial Accidents, article 17), and
 * one Principal International Alert Centre for each country of the Danube's accident emergency warning system.
 *
 * *Invented*: nodes, addresses and numbers stand in names that belong to nobody (RFC 2606) and are to be replaced by each
 * country's own (`mosaic contact set`). Which countries have a centre: the Danube Commission's public list; Germany and
 * Czechia, which have one too, are not of this region's list. Roles only: no person stands here.
 */
import type { PointOfContact } from '../../engines/place/index.ts'

/** Country, and where its offices sit: the node is named after it. */
const seats: readonly (readonly [country: string, seat: string])[] = [
  ['AL', 'tirana'],
  ['BA', 'sarajevo'],
  ['BG', 'sofia'],
  ['GR', 'athens'],
  ['HR', 'zagreb'],
  ['MD', 'chisinau'],
  ['ME', 'podgorica'],
  ['MK', 'skopje'],
  ['RO', 'bucharest'],
  ['RS', 'belgrade'],
  ['SI', 'ljubljana'],
  ['TR', 'ankara'],
  ['XK', 'pristina'],
  ['AT', 'vienna'],
  ['CY', 'nicosia'],
  ['HU', 'budapest'],
  ['IT', 'rome'],
  ['RU', 'moscow'],
  ['SK', 'bratislava'],
  ['UA', 'kyiv'],
]

const danube: ReadonlySet<string> = new Set([
  'AT',
  'SK',
  'HU',
  'SI',
  'HR',
  'BA',
  'RS',
  'RO',
  'BG',
  'MD',
  'UA',
])

export const contacts: readonly PointOfContact[] = seats.flatMap(([country, seat]) => {
  const code = country.toLowerCase()
  const office = { country, nodes: [`${seat}.example`], watch: 'day-and-night' } as const
  const forAccidents: PointOfContact = {
    ...office,
    id: `${code}-accidents`,
    systems: ['industrial-accidents', 'environment'],
    title: { en: 'Point of contact for industrial accidents' },
    role: 'duty officer of the point of contact',
    mail: `accidents@${seat}.example`,
  }
  const forTheDanube: PointOfContact = {
    ...office,
    id: `${code}-danube`,
    systems: ['danube-alarm'],
    title: { en: 'Principal International Alert Centre' },
    role: 'communication unit on watch',
    mail: `alarm@${seat}.example`,
  }
  return danube.has(country) ? [forAccidents, forTheDanube] : [forAccidents]
})
