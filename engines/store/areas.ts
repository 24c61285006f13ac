/**
 * An area code as one word, `scheme:code`: what the column `areas` holds and what a condition is compared by. % and : of
 * the scheme are escaped as in a URL, so that no two codes make the same word; migrations/0004 writes the same.
 */
import type { AreaCode, Place } from '../record/index.ts'

export const areaName = ({ scheme, code }: Pick<AreaCode, 'scheme' | 'code'>): string =>
  `${/[%:]/.test(scheme) ? scheme.replaceAll('%', '%25').replaceAll(':', '%3A') : scheme}:${code}`

/** Sorted, no repeats. */
export const areaNames = (place: Place | undefined): readonly string[] =>
  place?.areas === undefined ? [] : [...new Set(place.areas.map(areaName))].sort()
