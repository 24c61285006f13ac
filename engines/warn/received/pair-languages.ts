/**
 * Blocks of one message that say the same in several languages (CAP 1.2 §3.2.2 info). Nothing in CAP marks them as a
 * pair and their order is not fixed, so they are paired by what does not change with the language: kind, level, urgency,
 * severity, certainty, times and area codes. Where two blocks of one language agree in all that, they are two
 * matters (two areas known only by name): the first goes with the first of the other language, the second with the second.
 */
import type { CapInfo } from '../../formats/index.ts'

export const languageOf = (info: CapInfo): string => info.language ?? 'en-US'

export function pairLanguages(
  infos: readonly CapInfo[],
  kindOf: (info: CapInfo) => string,
): readonly (readonly CapInfo[])[] {
  if (infos.length === 1) return [infos]
  const seen = new Map<string, number>()
  const groups = new Map<string, CapInfo[]>()
  for (const info of infos) {
    const matter = matterOf(info, kindOf(info))
    const own = `${languageOf(info)}|${matter}`
    const nth = seen.get(own) ?? 0
    seen.set(own, nth + 1)
    const group = groups.get(`${nth}|${matter}`)
    if (group === undefined) groups.set(`${nth}|${matter}`, [info])
    else group.push(info)
  }
  return [...groups.values()]
}

const matterOf = (info: CapInfo, kind: string): string =>
  [
    kind,
    info.category.join('+'),
    info.urgency,
    info.severity,
    info.certainty,
    info.effective ?? '',
    info.onset ?? '',
    info.expires ?? '',
    info.responseType.join('+'),
    ...info.area.map(areaMatter).sort(),
  ].join('|')

/** Codes where there are any, else shapes; the name of an area differs by language. */
const areaMatter = ({ geocode, polygon, circle }: CapInfo['area'][number]): string =>
  geocode.length > 0
    ? geocode.map(({ valueName, value }) => `${valueName}=${value}`).join('+')
    : `${polygon.join(' ')}/${circle.map(({ center, radiusKm }) => `${center} ${radiusKm}`).join(' ')}`
