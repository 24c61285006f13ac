/** The register of areas by code: what is held, what a code means on a day, and what is missing or in doubt. */
import {
  type Area,
  type AreaBody,
  areaIndex,
  areaOf,
  codeReader,
  codeText,
  doubtfulAreas,
  fallbackMessage,
  isDay,
  noAreaRules,
  type Places,
  placeArea,
  prepareShape,
  resolveCodes,
  shapesTouch,
} from '../../engines/place/index.ts'
import {
  type Held,
  type Issue,
  instant,
  type NodeId,
  plusMs,
  type Realm,
} from '../../engines/record/index.ts'
import { missingAreas, type NoticeBody, noticeRecord } from '../../engines/warn/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, Misused, text, type Values, whole } from '../command.ts'
import { table } from '../output.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'

type HeldArea = Held<AreaBody>

const schemeOption = { type: 'string', value: 'EMMA_ID|NUTS|…', help: 'only this code list' } as const
const countryOption = { type: 'string', value: 'CODE', help: 'only areas of this country' } as const
const onOption = { type: 'string', value: 'YYYY-MM-DD', help: 'as on that day (default: today)' } as const

export const areasList: Command = {
  name: 'areas list',
  summary: 'List the areas that this node has shapes of.',
  teaches: [
    'One line for each area of the edition that holds on the day; --every for all editions.',
    '',
    'Example: mosaic areas list --scheme EMMA_ID --country RS',
  ].join('\n'),
  takes: [0, 0],
  options: {
    scheme: schemeOption,
    country: countryOption,
    on: onOption,
    every: { type: 'boolean', help: 'every edition' },
    realm: realmOption,
  },
  run: (run) =>
    withNode(run, async (node) => {
      const held = await heldIn(node, realmOf(run.values))
      const areas = held.flatMap(({ record }) => areaOf(record) ?? [])
      const { find } = areaIndex(areas)
      const on = dayOf(run.values, node)
      const isAsked = filterOf(run.values)
      const shown = areas
        .filter((area) => run.values['every'] === true || find(area.scheme, area.code, on) === area)
        .filter(isAsked)
        .sort((a, b) => (codeText(a) < codeText(b) ? -1 : 1))
      if (run.json) for (const area of shown) run.out.object(withoutShape(area))
      else if (shown.length === 0)
        run.out.say('No such area is held here; import a list with mosaic areas import.')
      else
        for (const line of table([
          ['code', 'country', 'from', 'until', 'name'],
          ...shown.map((area) => [
            codeText(area),
            area.country ?? '',
            area.validFrom,
            area.validUntil ?? '',
            Object.values(area.name ?? {})[0] ?? '',
          ]),
        ]))
          run.out.line(line)
      return 0
    }),
}

export const areasShow: Command = {
  name: 'areas show',
  summary: 'Say what a code means on a day: its shape, under which name, and what stands for it otherwise.',
  teaches: [
    'Shows the editions that are held of the code and of the codes that mean the same, with their credit, and the towns in',
    'the shape that holds on the day. A code is matched whole, never by a piece of it or by the name of a place.',
    '',
    'Example: mosaic areas show NUTS3:RO121 --on 2026-09-01',
  ].join('\n'),
  arguments: 'SCHEME:CODE',
  takes: [1, 1],
  options: { on: onOption, realm: realmOption },
  run: (run) => {
    const asked = codeNamed(run.positionals[0] ?? '')
    return withNode(run, async (node) => {
      const reader = readerOf(node)
      const meanings = new Set(reader.meanings(asked).map(codeText))
      const held = (await heldIn(node, realmOf(run.values))).filter(({ record: { body } }) =>
        meanings.has(codeText(body)),
      )
      const index = areaIndex(held.flatMap(({ record }) => areaOf(record) ?? []))
      const { areas, fallbacks } = resolveCodes([asked], dayOf(run.values, node), {
        ...{ index, reader, hasCountry: (country) => node.places.shapeOf(country) !== undefined },
      })
      const towns = areas
        .flatMap(({ geometry }) => node.places.townsIn(geometry))
        .sort((a, b) => b.people - a.people)
        .slice(0, 5)
        .map(({ name, country }) => `${name} ${country}`)
      const editions = held.map(({ record: { id, body, attribution } }) => ({
        ...{ id, ...body },
        credit: attribution.map(({ credit, licence }) => `${credit} (${licence})`),
      }))
      if (run.json) {
        run.out.object({ ...asked, stands: areas.map(withoutShape), fallbacks, towns, editions })
        return 0
      }
      for (const area of areas)
        run.out.line(
          `${codeText(asked)} is ${codeText(area)}, edition of ${area.validFrom}. Towns: ${towns.join(', ')}`,
        )
      for (const fallback of fallbacks) run.out.line(fallbackMessage(fallback))
      for (const { scheme, code, validFrom, validUntil, credit } of editions)
        run.out.line(
          `${scheme}:${code}  from ${validFrom}${validUntil ? ` until ${validUntil}` : ''}  ${credit.join('; ')}`,
        )
      return 0
    })
  },
}

export const areasMissing: Command = {
  name: 'areas missing',
  summary: 'List the codes that warnings name and for which no shape is held.',
  teaches: [
    'Until its list is imported the whole country stands for such a code, so its warnings reach too many people. The names',
    'are those that the warnings give, to help you find the list. Answers 1 where something is missing.',
    '',
    'Example: mosaic areas missing --days 90',
  ].join('\n'),
  takes: [0, 0],
  options: {
    scheme: schemeOption,
    country: countryOption,
    days: {
      type: 'string',
      value: 'N',
      help: 'in warnings of the last so many days and to come (default 30)',
    },
    realm: realmOption,
  },
  run: (run) => {
    const days = whole(run.values, 'days', [1, 3660]) ?? 30
    return withNode(run, async ({ store, clock }) => {
      const notices = await store.read({
        types: [noticeRecord.type],
        realm: realmOf(run.values),
        validFrom: plusMs(clock.now(), -days * 86_400_000),
      })
      const missing = missingAreas(notices as readonly Held<NoticeBody>[]).filter(filterOf(run.values))
      if (run.json) for (const one of missing) run.out.object(one)
      else if (missing.length === 0) run.out.say('Every code that these warnings name has its shape.')
      else
        for (const line of table([
          ['code', 'stands for it', 'warnings', 'by', 'called'],
          ...missing.map((one) => [
            codeText(one),
            one.country ?? (one.edition === undefined ? 'nothing' : `edition of ${one.edition}`),
            String(one.notices),
            one.authorities.join(' '),
            one.called['en'] ?? Object.values(one.called)[0] ?? '',
          ]),
        ]))
          run.out.line(line)
      return missing.length === 0 ? 0 : 1
    })
  },
}

export const areasCheck: Command = {
  name: 'areas check',
  summary:
    'Look for areas that cannot be right: names and shapes that do not fit, shapes outside their country.',
  teaches: [
    'Looks at every edition held: a shape far from the town that it is named after, a shape that does not touch its country,',
    'a code that another list is read as and of which no shape is held. Answers 1 where it finds something.',
    '',
    'Example: mosaic areas check --country BG',
  ].join('\n'),
  takes: [0, 0],
  options: { scheme: schemeOption, country: countryOption, realm: realmOption },
  run: (run) =>
    withNode(run, async (node) => {
      const held = (await heldIn(node, realmOf(run.values))).flatMap(({ record }) => areaOf(record) ?? [])
      const areas = held.filter(filterOf(run.values))
      const findings: readonly Issue[] = [
        ...doubtfulAreas(areas, node.places).map(({ issue }) => issue),
        ...outsideCountry(areas, node.places),
        ...unmetAliases(held, node),
      ]
      for (const finding of findings) {
        if (run.json) run.out.object(finding)
        else run.out.line(`${finding.value ?? ''}  ${finding.message}`)
      }
      run.out.say(`${areas.length} areas looked at, ${findings.length} findings.`)
      return findings.length === 0 ? 0 : 1
    }),
}

/** Sea areas lie off their coast: only land that lies in another country is told. */
function outsideCountry(areas: readonly Area[], { shapeOf, countriesIn }: Places): readonly Issue[] {
  return areas.flatMap(({ country, geometry, ...area }) => {
    const shape = country === undefined ? undefined : shapeOf(country)
    if (shape === undefined || shapesTouch(prepareShape(geometry), prepareShape(shape))) return []
    const others = countriesIn(geometry)
    if (others.length === 0) return []
    const message = `Its country is ${country}, and its shape lies in ${others.join(', ')}. Import it with the right --country.`
    return [{ rule: 'place/area-outside-country', place: '/country', value: codeText(area), message }]
  })
}

/** Once a list is imported, each code that another list's is read as must be in it. */
function unmetAliases(held: readonly Area[], { places: { region } }: MosaicNode): readonly Issue[] {
  const codes = new Set(held.map(codeText))
  const lists = new Set(held.map(listOf))
  return (region.areaRules?.aliases ?? []).flatMap(({ of, means }) => {
    const country = means.code.slice(0, 2)
    if (!lists.has(`${means.scheme} ${country}`) || codes.has(codeText(means))) return []
    const message = `${codeText(of)} is read as ${codeText(means)}, which the imported list does not have.`
    return [{ rule: 'place/alias-without-area', place: '', value: codeText(of), message }]
  })
}

const listOf = ({ scheme, code }: Area): string => `${scheme} ${code.slice(0, 2)}`

export const readerOf = ({ places: { region } }: MosaicNode) => codeReader(region.areaRules ?? noAreaRules)

/** Only what this node imported itself counts for its warnings. */
async function heldIn({ store }: MosaicNode, realm: Realm): Promise<readonly HeldArea[]> {
  const held = (await store.read({ types: [placeArea.type], realm })) as readonly HeldArea[]
  return held.filter(({ record }) => record.origin === (store.identity.node as NodeId))
}

function filterOf(values: Values): (one: { readonly scheme: string; readonly country?: string }) => boolean {
  const [scheme, country] = [text(values, 'scheme'), text(values, 'country')?.toUpperCase()]
  return (one) =>
    (scheme === undefined || one.scheme === scheme) && (country === undefined || one.country === country)
}

function codeNamed(asked: string) {
  const colon = asked.indexOf(':')
  if (colon < 1 || colon === asked.length - 1)
    throw new Misused(`Write the code with its list, such as EMMA_ID:RS001, not "${asked}".`)
  return { scheme: asked.slice(0, colon), code: asked.slice(colon + 1) }
}

function dayOf(values: Values, { clock }: MosaicNode): string {
  const on = text(values, 'on') ?? instant(clock.now()).slice(0, 10)
  if (!isDay(on)) throw new Misused(`--on takes a day such as 2026-09-01, not "${on}".`)
  return on
}

const withoutShape = ({ geometry: _, ...area }: Area) => area
