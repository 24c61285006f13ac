/**
 * QuakeML (Basic Event Description), read: 1.2 and the older 1.0, 1.1 and the real-time variant.
 *
 * Shapes met: root `quakeml` in `…/xmlns/quakeml/1.2` with `eventParameters` in `…/xmlns/bed/1.2`; everything in
 * `…/xmlns/quakeml/1.0` (EMSC before 2013); real-time (`bed-rt`) with origins and magnitudes beside the events, which
 * name them in `originReference` and `magnitudeReference`. Elements go by local name; a root of another name is refused.
 *
 * `depth` is in metres (in 1.0 samples as well). `preferredOriginID` may be missing: then the first origin that reads.
 * `type` may be missing or the text "null": the source does not say. Mode and status are the preferred origin's. An
 * alternative origin or magnitude that does not read is a defect; only the preferred one can refuse the event.
 */
import { type Instant, type Issue, millis } from '../../record/index.ts'
import { readXml, type XmlElement } from '../xml/read.ts'
import type { RejectedSeismic, SeismicEvent, SeismicRead, SeismicReadOptions } from './event.ts'
import { kindFromWords } from './event-type.ts'
import { wholeRejected } from './json-items.ts'
import { magnitudeOf, originOf, statusOf } from './quakeml-parts.ts'
import {
  agencyOf,
  attributeNamed,
  childOf,
  childrenOf,
  shortId,
  textOf,
  writeElement,
} from './quakeml-tree.ts'
import { type Findings, findingsAt, issueOf, readTime, rejectedItem, sortedIds, verify } from './verify.ts'

const known = /^https?:\/\/quakeml\.org\/xmlns\/(quakeml|bed|quakeml-rt|bed-rt)\/1\.[0-2]$/

export function readQuakeMl(bytes: Uint8Array, options: SeismicReadOptions): SeismicRead {
  const xml = readXml(bytes, options.maxBytes === undefined ? {} : { bytes: options.maxBytes })
  if (!xml.ok) return wholeRejected(bytes, [xml.issue])
  const parameters = xml.root.name === 'quakeml' ? childOf(xml.root, 'eventParameters') : undefined
  if (parameters === undefined) {
    const message = 'A quakeml element with eventParameters in it was expected.'
    return wholeRejected(bytes, [issueOf('quakeml/unknown-document', '', xml.root.name, message)])
  }
  const read = childrenOf(parameters, 'event').map((element, index) => {
    const findings = findingsAt(`/quakeml/eventParameters/event[${index + 1}]`)
    const event = readEvent(element, parameters, findings)
    if (event !== undefined) verify(event, options.receivedAt, findings)
    return { event, element, findings }
  })
  const isGood = ({ event, findings }: (typeof read)[number]): boolean =>
    event !== undefined && findings.issues.length === 0
  return {
    events: read.filter(isGood).flatMap(({ event }) => (event === undefined ? [] : [event])),
    rejected: read
      .filter((each) => !isGood(each))
      .map(({ element, findings }): RejectedSeismic => rejectedItem(writeElement(element), findings)),
    defects: [
      ...namespaceDefects(xml.root, parameters),
      ...strangers(parameters),
      ...read.filter(isGood).flatMap((e) => e.findings.defects),
    ],
  }
}

function readEvent(
  element: XmlElement,
  parameters: XmlElement,
  findings: Findings,
): SeismicEvent | undefined {
  const publicId = attributeNamed(element, 'publicID')
  if (publicId === undefined) {
    findings.issues.push(issueOf('quakeml/missing', findings.place, undefined, 'The event has no publicID.'))
  }
  const origins = partsOf(element, parameters, 'origin')
  const magnitudes = partsOf(element, parameters, 'magnitude')
  const chosen = preferred(origins, textOf(element, 'preferredOriginID'))
  if (chosen === undefined) {
    findings.issues.push(issueOf('quakeml/missing', findings.place, undefined, 'The event has no origin.'))
    return undefined
  }
  const origin = originOf(chosen, findings)
  const chosenMagnitude = preferred(magnitudes, textOf(element, 'preferredMagnitudeID'))
  const magnitude = chosenMagnitude === undefined ? undefined : magnitudeOf(chosenMagnitude, findings)
  if (publicId === undefined || origin === undefined) return undefined

  const eventId = shortId(element, publicId)
  const kind = kindFromWords(textOf(element, 'type'))
  if (kind.isUnknown === true) {
    const message = 'This event type is none of QuakeML; it was read as "other event".'
    findings.defects.push(
      issueOf('quakeml/unknown-word', `${findings.place}/type`, textOf(element, 'type'), message),
    )
  }
  const certainty = textOf(element, 'typeCertainty')
  const agency = agencyOf(chosen) ?? agencyOf(element)
  const region = regionOf(element) ?? textOf(chosen, 'region')
  const updated = newest([element, chosen, ...(chosenMagnitude === undefined ? [] : [chosenMagnitude])])
  const others = origins.filter((each) => each !== chosen).map((each) => spare(each, findings, originOf))
  const otherMagnitudes = magnitudes
    .filter((each) => each !== chosenMagnitude)
    .map((each) => spare(each, findings, magnitudeOf))
  return {
    publicId,
    eventId,
    ids: sortedIds([eventId]),
    origin,
    ...(agency === undefined ? {} : { agency }),
    ...(magnitude === undefined ? {} : { magnitude }),
    ...(others.length === 0 ? {} : { otherOrigins: others.flatMap((each) => each ?? []) }),
    ...(otherMagnitudes.length === 0
      ? {}
      : { otherMagnitudes: otherMagnitudes.flatMap((each) => each ?? []) }),
    ...(kind.eventType === undefined ? {} : { eventType: kind.eventType }),
    ...(certainty === 'known' || certainty === 'suspected' ? { typeCertainty: certainty } : {}),
    ...statusOf(chosen, findings),
    ...(region === undefined ? {} : { region }),
    ...(updated === undefined ? {} : { updated }),
  }
}

/** Within the event; in the real-time variant, beside it and named by it. */
function partsOf(
  event: XmlElement,
  parameters: XmlElement,
  name: 'origin' | 'magnitude',
): readonly XmlElement[] {
  const named = childrenOf(event, `${name}Reference`).map(
    (reference) => textOf(reference, `${name}ID`) ?? reference.text.trim(),
  )
  const beside = childrenOf(parameters, name).filter((part) =>
    named.includes(attributeNamed(part, 'publicID') ?? ''),
  )
  return [...childrenOf(event, name), ...beside]
}

const preferred = (parts: readonly XmlElement[], id: string | undefined): XmlElement | undefined =>
  parts.find((part) => id !== undefined && attributeNamed(part, 'publicID') === id) ?? parts[0]

/** Reads an alternative: what refuses it is only a defect of the event. */
function spare<Part>(
  element: XmlElement,
  findings: Findings,
  read: (element: XmlElement, findings: Findings) => Part | undefined,
): Part | undefined {
  const own = findingsAt(findings.place)
  const part = read(element, own)
  findings.defects.push(...own.issues, ...own.defects)
  return part
}

function regionOf(event: XmlElement): string | undefined {
  const descriptions = childrenOf(event, 'description')
  const wanted = ['region name', 'earthquake name', 'Flinn-Engdahl region']
  const best = wanted.flatMap((type) => descriptions.filter((each) => textOf(each, 'type') === type))[0]
  const chosen = best ?? descriptions[0]
  return chosen === undefined ? undefined : textOf(chosen, 'text')
}

function newest(elements: readonly XmlElement[]): Instant | undefined {
  const times = elements.flatMap((element) => {
    const info = childOf(element, 'creationInfo')
    const time = info === undefined ? undefined : readTime(textOf(info, 'creationTime') ?? '')
    return time === undefined ? [] : [time]
  })
  return times.sort((a, b) => millis(b) - millis(a))[0]
}

function namespaceDefects(root: XmlElement, parameters: XmlElement): readonly Issue[] {
  return [root, parameters]
    .filter(({ namespace }) => !known.test(namespace))
    .map(({ name, namespace, line }) =>
      issueOf(
        'quakeml/unknown-namespace',
        `line ${line}, ${name}`,
        namespace,
        'This namespace is not QuakeML 1.0 to 1.2.',
      ),
    )
}

const expected = new Set([
  ...['event', 'origin', 'magnitude', 'focalMechanism', 'pick', 'amplitude', 'stationMagnitude', 'reading'],
  ...['comment', 'description', 'creationInfo'],
])

/** An element that is none of the standard's may be a misspelled event: it is named, not passed over in silence. */
function strangers(parameters: XmlElement): readonly Issue[] {
  return parameters.children
    .filter(({ name }) => !expected.has(name))
    .map(({ name, line }) =>
      issueOf(
        'quakeml/unknown-element',
        `line ${line}`,
        name,
        'This element is none of QuakeML; it was not read.',
      ),
    )
}
