/**
 * A message as the warnings it holds: blocks of one matter in all their languages, one segment for each area. So a
 * bulletin of fifteen warnings in two languages and fifteen messages of one area each say the same segments.
 *
 * Kind: the number of the profile's parameter ("3; Thunderstorm", compared without the word, whose case varies); else the
 * event codes; else the words of `event`, English first. Area: each code of the profile's best scheme by itself; else the
 * shapes, since other codes may be as coarse as a province; else all codes together; else the name. No `expires`: 24 hours
 * after `sent`, marked as assumed.
 */
import { hash } from 'node:crypto'
import { type CapArea, type CapInfo, type CapPair, capMillis } from '../../formats/index.ts'
import type { CapProfile, Code, KnownAlert, Segment } from './contract.ts'
import { languageOf, pairLanguages } from './pair-languages.ts'

export const assumedMs = 24 * 3_600_000

export type Message = Pick<KnownAlert, 'alert' | 'triple'>

export function segmentsOf(of: Message, profile: CapProfile): readonly Segment[] {
  const { info } = of.alert
  if (info.length === 0) return []
  const groups = pairLanguages(info, (each) => kindText(codedKind(each, profile)))
  return groups.flatMap((infos) => segmentsOfMatter(of, infos, profile))
}

function segmentsOfMatter(of: Message, infos: readonly CapInfo[], profile: CapProfile): readonly Segment[] {
  const [first] = infos
  if (first === undefined) return []
  const sentMs = Date.parse(of.triple.sent)
  const kind = kindOf(infos, profile)
  const level = levelOf(first, profile)
  const onsetMs = capMillis(first.onset)
  const effectiveMs = capMillis(first.effective)
  const expiresMs = capMillis(first.expires)
  const shared = {
    of,
    kind,
    kindKey: kindText(kind),
    ...(level === undefined ? {} : { level }),
    levelKey: level === undefined ? first.severity : `${level.scheme}:${level.code}`,
    fromMs: onsetMs ?? effectiveMs ?? sentMs,
    ...(onsetMs === undefined ? {} : { onsetMs }),
    ...(effectiveMs === undefined ? {} : { effectiveMs }),
    expiresMs: expiresMs ?? sentMs + assumedMs,
    expiresAssumed: expiresMs === undefined,
    ...clearing(of, first, level, profile),
  }
  return areasOf(infos, profile).map((area) => ({ ...shared, ...area }))
}

/**
 * An end said in the form of a warning: response type AllClear; or the profile's "no warning"; or an Update about what is
 * past and minor. "No warning" in a new Alert about the time to come ends nothing, but is no warning either.
 */
function clearing(
  of: Message,
  info: CapInfo,
  level: Segment['level'],
  { noWarning }: CapProfile,
): Pick<Segment, 'isAllClear' | 'ends'> {
  const isUpdate = of.alert.msgType === 'Update'
  const isPast = info.urgency === 'Past'
  const saysAllClear = info.responseType.includes('AllClear')
  const saysNone = level !== undefined && level.code === noWarning
  const isAllClear = saysAllClear || saysNone || (isUpdate && isPast && info.severity === 'Minor')
  return { isAllClear, ends: isAllClear && (saysAllClear || isUpdate || isPast) }
}

function kindOf(infos: readonly CapInfo[], profile: CapProfile): readonly Code[] {
  const coded = infos[0] === undefined ? [] : codedKind(infos[0], profile)
  if (coded.length > 0) return coded
  return [{ scheme: 'event', code: folded(oneOf(infos)?.event ?? '') }]
}

function codedKind(info: CapInfo, { kindParameter }: CapProfile): readonly Code[] {
  const number = kindParameter === undefined ? undefined : numberOf(info.parameter, kindParameter)
  if (number !== undefined) return [{ scheme: number.scheme, code: number.code }]
  return info.eventCode
    .map(({ valueName, value }) => ({ scheme: valueName, code: value }))
    .sort((a, b) => (`${a.scheme}:${a.code}` < `${b.scheme}:${b.code}` ? -1 : 1))
}

const levelOf = (info: CapInfo, { levelParameter }: CapProfile): Segment['level'] =>
  levelParameter === undefined ? undefined : numberOf(info.parameter, levelParameter)

/** "2; yellow; Moderate" → 2. Without a leading number the word itself, without case. */
function numberOf(pairs: readonly CapPair[], name: string): (Code & { readonly text: string }) | undefined {
  const found = pairs.find(({ valueName }) => valueName.toLowerCase() === name.toLowerCase())
  if (found === undefined || found.value === '') return undefined
  const [, number] = /^\s*(\d{1,4})\s*(?:;|$)/.exec(found.value) ?? []
  return {
    scheme: name,
    code: number === undefined ? folded(found.value) : String(Number(number)),
    text: found.value,
  }
}

const kindText = (kind: readonly Code[]): string =>
  kind.map(({ scheme, code }) => `${scheme}:${code}`).join('+')

type AreaPart = Pick<Segment, 'areaKey' | 'areaBy' | 'codes' | 'infos'>
type AreaKey = Omit<AreaPart, 'infos'>

/** A part for each coded area, and one for all that have only shapes or names, each with the blocks cut down to it. */
function areasOf(infos: readonly CapInfo[], profile: CapProfile): readonly AreaPart[] {
  const parts = new Map<string, AreaKey & { readonly infos: CapInfo[] }>()
  const without = uncodedKey(infos, profile)
  for (const info of infos) {
    if (info.area.length === 0) addPart(parts, without, info, [])
    for (const area of info.area) {
      const coded = codedKeys(area, profile)
      for (const key of coded.length > 0 ? coded : [without]) addPart(parts, key, info, [area])
    }
  }
  return [...parts.values()]
}

function addPart(
  parts: Map<string, AreaKey & { readonly infos: CapInfo[] }>,
  key: AreaKey,
  info: CapInfo,
  area: readonly CapArea[],
): void {
  const part = parts.get(key.areaKey) ?? { ...key, infos: [] }
  parts.set(key.areaKey, part)
  const at = part.infos.findIndex((each) => each.language === info.language)
  const before = part.infos[at]
  if (before === undefined) part.infos.push({ ...info, area })
  else part.infos[at] = { ...before, area: [...before.area, ...area] }
}

function codedKeys(area: CapArea, profile: CapProfile): readonly AreaKey[] {
  const codes = codesOf(area, profile)
  const best = profile.areaSchemes.find((scheme) => codes.some((code) => code.scheme === scheme))
  if (best === undefined) {
    if (codes.length === 0 || area.polygon.length + area.circle.length > 0) return []
    const all = [...new Set(codes.map(({ scheme, code }) => `${scheme}:${code}`))].sort()
    return [{ areaKey: bounded(all.join('+')), areaBy: 'code', codes }]
  }
  const distinct = [...new Set(codes.filter(({ scheme }) => scheme === best).map(({ code }) => code))]
  const beside = distinct.length === 1 ? codes.filter(({ scheme }) => scheme !== best) : []
  return distinct.map((code) => ({
    areaKey: bounded(`${best}:${code}`),
    areaBy: 'code',
    codes: [{ scheme: best, code }, ...beside],
  }))
}

/** All areas that no code names by itself: by their shapes; without any, by their names in one language. */
function uncodedKey(infos: readonly CapInfo[], profile: CapProfile): AreaKey {
  const areas = (oneOf(infos)?.area ?? []).filter((area) => codedKeys(area, profile).length === 0)
  const shapes = areas.flatMap(({ polygon, circle }) => [...polygon, ...circle])
  const codes = areas.flatMap((area) => codesOf(area, profile))
  if (shapes.length > 0)
    return { areaKey: `shape:${digest(shapes)}`, areaBy: 'shape', codes: distinctCodes(codes) }
  const names = areas.map(({ areaDesc }) => folded(areaDesc)).join('+')
  return { areaKey: bounded(`name:${names}`), areaBy: 'name', codes: [] }
}

const codesOf = (area: CapArea, profile: CapProfile): readonly Code[] =>
  area.geocode.filter(({ value }) => value !== '').map((pair) => codeOf(pair, profile))

const distinctCodes = (codes: readonly Code[]): readonly Code[] => [
  ...new Map(codes.map((code) => [`${code.scheme}:${code.code}`, code])).values(),
]

/** The English block, else the first by its tag. */
const oneOf = (infos: readonly CapInfo[]): CapInfo | undefined =>
  infos.find((info) => languageOf(info).toLowerCase().startsWith('en')) ??
  [...infos].sort((a, b) => (languageOf(a) < languageOf(b) ? -1 : 1))[0]

/** `EMMA_ID`, or `cap:EMMA_ID` as some gateways prefix it; names of schemes are compared without case. */
export function codeOf({ valueName, value }: CapPair, { misnamed, areaSchemes }: CapProfile): Code {
  const bare = valueName.replace(/^cap:/i, '').trim()
  const scheme = areaSchemes.find((each) => each.toLowerCase() === bare.toLowerCase()) ?? bare
  const slip = misnamed.find((each) => each.scheme === scheme && value.startsWith(each.prefix))
  return { scheme: slip?.means ?? scheme, code: value }
}

const digest = (value: unknown): string => hash('sha256', JSON.stringify(value), 'hex').slice(0, 16)
const bounded = (text: string): string => (text.length <= 80 ? text : `codes:${digest(text)}`)
const folded = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ').slice(0, 80)
