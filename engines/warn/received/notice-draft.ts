/** What the resolver says of a chain, as a draft of `warn.notice`. */
import type { CapInfo } from '../../formats/index.ts'
import {
  type Draft,
  type Held,
  instant,
  type MultilingualText,
  type Producer,
  type Realm,
  type Validity,
} from '../../record/index.ts'
import type { Authority, Resolved, Segment } from './contract.ts'
import { slotId } from './names.ts'
import type { PlaceOf } from './notice-place.ts'
import { languageOf } from './pair-languages.ts'
import { type AlertBody, type NoticeBody, noticeRecord } from './records.ts'

export const resolveMethod = {
  kind: 'method',
  name: 'warn/resolve',
  version: '1',
} as const satisfies Producer

export type NoticeParts = {
  readonly resolved: Resolved
  readonly authority: Authority | undefined
  readonly realm: Realm
  /** The records of the chain's messages. */
  readonly held: ReadonlyMap<string, Held<AlertBody>>
  readonly placeOf: PlaceOf
}

export function noticeDraft({ resolved, authority, realm, held, placeOf }: NoticeParts): Draft<NoticeBody> {
  const body = noticeBody(resolved, authority)
  const inputs = resolved.messages.flatMap(({ key }) => held.get(key) ?? [])
  const valid = validityOf(resolved)
  const { place, areaFallback, links } = placeOf(body.areas, valid.from, body.authority.country)
  return {
    type: noticeRecord.type,
    key: resolved.key,
    realm,
    producer: resolveMethod,
    valid,
    ...(place === undefined ? {} : { place }),
    links: [
      ...inputs.map(({ record: { id, version } }) => ({ type: 'derivedFrom' as const, id, version })),
      ...links,
    ],
    body: areaFallback.length === 0 ? body : { ...body, areaFallback },
  }
}

/** What has ended holds no longer than until then. */
function validityOf({ shown, endedMs, state }: Resolved): Validity {
  const until = state === 'in-force' ? shown.expiresMs : Math.min(shown.expiresMs, endedMs ?? shown.expiresMs)
  return { from: instant(shown.fromMs), until: instant(Math.max(shown.fromMs, until)) }
}

export function noticeBody(resolved: Resolved, authority: Authority | undefined): NoticeBody {
  const { shown, endedMs, hold } = resolved
  const [info] = shown.infos
  return {
    authority: {
      id: resolved.authority,
      isKnown: authority !== undefined,
      ...(authority === undefined ? {} : { country: authority.country }),
      names: authority?.names ?? {},
    },
    sender: shown.of.triple.sender,
    state: resolved.state,
    ...(endedMs === undefined ? {} : { endedAt: instant(endedMs) }),
    status: shown.of.alert.status,
    kind: shown.kind,
    level: {
      ...(shown.level === undefined ? {} : { own: shown.level }),
      severity: info?.severity ?? 'Unknown',
      urgency: info?.urgency ?? 'Unknown',
      certainty: info?.certainty ?? 'Unknown',
    },
    texts: textsOf([...shown.infos, ...resolved.alike.flatMap(({ infos }) => infos)]),
    ...(shown.onsetMs === undefined ? {} : { onset: instant(shown.onsetMs) }),
    ...(shown.effectiveMs === undefined ? {} : { effective: instant(shown.effectiveMs) }),
    expires: instant(shown.expiresMs),
    expiresAssumed: shown.expiresAssumed,
    areas: { codes: shown.codes, ...shapesOf(shown) },
    slot: slotId(shown),
    group: [resolved.authority, shown.kindKey, shown.levelKey, shown.fromMs, shown.expiresMs].join('|'),
    messages: resolved.messages,
    dangling: resolved.dangling,
    holds: hold !== undefined,
    ...(hold === undefined ? {} : { holdsBecause: hold }),
  }
}

/** Of several tellings of one fact the first that has a language gives it: `hr` is not told again as `hr-HR`. */
function textsOf(infos: readonly CapInfo[]): NoticeBody['texts'] {
  const perLanguage = new Map<string, CapInfo>()
  for (const info of infos) {
    const primary = languageOf(info).toLowerCase().split('-')[0] ?? ''
    const script = /-([A-Z][a-z]{3})(-|$)/.exec(languageOf(info))?.[1] ?? ''
    if (!perLanguage.has(`${primary}-${script}`)) perLanguage.set(`${primary}-${script}`, info)
  }
  const chosen = [...perLanguage.values()]
  const texts = (read: (info: CapInfo) => string | undefined): MultilingualText =>
    Object.fromEntries(
      chosen.flatMap((info) => {
        const said = read(info)
        return said === undefined || said === '' ? [] : [[languageOf(info), said]]
      }),
    )
  return {
    event: texts(({ event }) => event),
    headline: texts(({ headline }) => headline),
    description: texts(({ description }) => description),
    instruction: texts(({ instruction }) => instruction),
    senderName: texts(({ senderName }) => senderName),
    area: texts(({ area }) => area.map(({ areaDesc }) => areaDesc).join(', ')),
    web: texts(({ web }) => web),
    contact: texts(({ contact }) => contact),
  }
}

/** Every language says the same shapes; the first block's are taken. */
function shapesOf({ infos }: Segment): Pick<NoticeBody['areas'], 'polygons' | 'circles'> {
  const areas = infos[0]?.area ?? []
  return {
    polygons: areas.flatMap(({ polygon }) => polygon),
    circles: areas.flatMap(({ circle }) => circle),
  }
}
