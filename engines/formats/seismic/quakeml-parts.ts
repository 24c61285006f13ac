/** Origin, magnitude and evaluation of a QuakeML event: real quantities are `<name><value/><uncertainty/></name>`. */
import type { XmlElement } from '../xml/read.ts'
import {
  type EvaluationMode,
  type EvaluationStatus,
  evaluationModes,
  evaluationStatuses,
  type SeismicMagnitude,
  type SeismicOrigin,
} from './event.ts'
import { attributeNamed, childOf, textOf } from './quakeml-tree.ts'
import { type Findings, issueOf, readNumber, readTime } from './verify.ts'

export function originOf(element: XmlElement, findings: Findings): SeismicOrigin | undefined {
  const publicId = attributeNamed(element, 'publicID')
  const time = timeOf(element, findings)
  const latitude = quantity(element, 'latitude', findings, true)
  const longitude = quantity(element, 'longitude', findings, true)
  const depth = quantity(element, 'depth', findings, false)
  const horizontal = horizontalUncertainty(element)
  if (time === undefined || latitude === undefined || longitude === undefined) return undefined
  return {
    ...(publicId === undefined ? {} : { publicId }),
    time: time.value,
    ...(time.uncertainty === undefined ? {} : { timeUncertainty: time.uncertainty }),
    latitude: latitude.value,
    longitude: longitude.value,
    ...(depth === undefined ? {} : { depth: depth.value }),
    ...(depth?.uncertainty === undefined ? {} : { depthUncertainty: depth.uncertainty }),
    ...(horizontal === undefined ? {} : { horizontalUncertainty: horizontal }),
  }
}

export function magnitudeOf(element: XmlElement, findings: Findings): SeismicMagnitude | undefined {
  const publicId = attributeNamed(element, 'publicID')
  const type = textOf(element, 'type')
  const mag = quantity(element, 'mag', findings, true)
  if (mag === undefined) return undefined
  return {
    ...(publicId === undefined ? {} : { publicId }),
    mag: mag.value,
    ...(type === undefined ? {} : { type }),
    ...(mag.uncertainty === undefined ? {} : { uncertainty: mag.uncertainty }),
  }
}

export function statusOf(
  origin: XmlElement,
  findings: Findings,
): { evaluationMode?: EvaluationMode; evaluationStatus?: EvaluationStatus } {
  const mode = wordOf(origin, 'evaluationMode', evaluationModes, findings)
  const status = wordOf(origin, 'evaluationStatus', evaluationStatuses, findings)
  return {
    ...(mode === undefined ? {} : { evaluationMode: mode }),
    ...(status === undefined ? {} : { evaluationStatus: status }),
  }
}

function wordOf<Word extends string>(
  element: XmlElement,
  name: string,
  words: readonly Word[],
  findings: Findings,
): Word | undefined {
  const text = textOf(element, name)
  if (text === undefined || text === 'null') return undefined
  const found = words.find((word) => word === text.toLowerCase())
  if (found === undefined) {
    findings.defects.push(
      issueOf('quakeml/unknown-word', placeOf(element, name), text, `This ${name} is none of QuakeML.`),
    )
  }
  return found
}

type Quantity = { readonly value: number; readonly uncertainty?: number }

function quantity(
  element: XmlElement,
  name: string,
  findings: Findings,
  isRequired: boolean,
): Quantity | undefined {
  const holder = childOf(element, name)
  const text = holder === undefined ? undefined : textOf(holder, 'value')
  if (holder === undefined || text === undefined) {
    if (isRequired) {
      findings.issues.push(
        issueOf('quakeml/missing', placeOf(element, name), undefined, `The ${name} has no value.`),
      )
    }
    return undefined
  }
  const value = readNumber(text)
  if (value === undefined) {
    findings.issues.push(
      issueOf('quakeml/not-a-number', placeOf(holder, 'value'), text, 'A number was expected.'),
    )
    return undefined
  }
  return { value, ...uncertaintyOf(holder) }
}

/** Zero is how some writers say that they do not know; no origin is exact. */
function uncertaintyOf(holder: XmlElement): { readonly uncertainty?: number } {
  const value = readNumber(textOf(holder, 'uncertainty') ?? '')
  return value === undefined || value <= 0 ? {} : { uncertainty: value }
}

function timeOf(element: XmlElement, findings: Findings) {
  const holder = childOf(element, 'time')
  const text = holder === undefined ? undefined : textOf(holder, 'value')
  const value = readTime(text ?? '')
  if (holder === undefined || value === undefined) {
    findings.issues.push(
      issueOf('quakeml/bad-time', placeOf(element, 'time'), text, 'A time in ISO 8601 was expected.'),
    )
    return undefined
  }
  return { value, ...uncertaintyOf(holder) }
}

function horizontalUncertainty(origin: XmlElement): number | undefined {
  const holder = childOf(origin, 'originUncertainty')
  if (holder === undefined) return undefined
  const read = (name: string): number | undefined => {
    const value = readNumber(textOf(holder, name) ?? '')
    return value === undefined || value <= 0 ? undefined : value
  }
  return read('horizontalUncertainty') ?? read('maxHorizontalUncertainty')
}

const placeOf = (element: XmlElement, name: string): string => `line ${element.line}, ${element.name}/${name}`
