/**
 * Writing CAP 1.2: UTF-8, the order of the standard, one element a line, the same bytes for the same alert. What is
 * written is read again with our own reader first; an alert that would not be clean, or that would come back
 * different, is refused. Signing is not done here: `signatures` of the alert must be 0.
 */
import { MosaicError } from '../../record/index.ts'
import type { CapAlert, CapArea, CapDefect, CapInfo, CapPair, CapPoint, CapResource } from './alert.ts'
import { writeReferences, writeWords } from './lists.ts'
import { capNamespaces, readCap } from './read.ts'
import { writeDecimal } from './word.ts'

export class CapNotClean extends MosaicError {
  override readonly name = 'CapNotClean'
  override readonly code = 'formats/cap-not-clean'
  readonly defects: readonly CapDefect[]

  constructor(identifier: string, defects: readonly CapDefect[]) {
    const list = defects.slice(0, 5).map(({ rule, place, message }) => `${place}: ${message} (${rule})`)
    super(`The alert ${identifier} would not be clean and was not written. Mend it first. ${list.join(' ')}`)
    this.defects = defects
  }
}

/** The message as text; encode it as UTF-8. Throws `formats/cap-not-clean`. */
export function writeCap(alert: CapAlert): string {
  const text = render(alert)
  const back = readCap(text)
  if (back.verdict !== 'clean') throw new CapNotClean(alert.identifier, back.defects)
  if (alert.version !== '1.2' || alert.signatures !== 0 || render(back.alert) !== text) {
    throw new CapNotClean(alert.identifier, [differs(alert)])
  }
  return text
}

const differs = (alert: CapAlert): CapDefect => ({
  rule: 'cap/not-writable',
  place: '/alert',
  value: alert.version,
  message:
    'Only CAP 1.2 without signatures is written, and only text without white space at its ends or quotes inside addresses and incidents: read again it would differ.',
})

function render(alert: CapAlert): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<alert xmlns="${capNamespaces['1.2']}">`,
    ...indent([
      ...leaf('identifier', alert.identifier),
      ...leaf('sender', alert.sender),
      ...leaf('sent', alert.sent),
      ...leaf('status', alert.status),
      ...leaf('msgType', alert.msgType),
      ...leaf('source', alert.source),
      ...leaf('scope', alert.scope),
      ...leaf('restriction', alert.restriction),
      ...leaf('addresses', listed(alert.addresses, writeWords)),
      ...alert.code.flatMap((code) => leaf('code', code)),
      ...leaf('note', alert.note),
      ...leaf('references', listed(alert.references, writeReferences)),
      ...leaf('incidents', listed(alert.incidents, writeWords)),
      ...alert.info.flatMap((info) => branch('info', infoLines(info))),
    ]),
    '</alert>',
  ]
  return `${lines.join('\n')}\n`
}

const infoLines = (info: CapInfo): string[] => [
  ...leaf('language', info.language),
  ...info.category.flatMap((category) => leaf('category', category)),
  ...leaf('event', info.event),
  ...info.responseType.flatMap((responseType) => leaf('responseType', responseType)),
  ...leaf('urgency', info.urgency),
  ...leaf('severity', info.severity),
  ...leaf('certainty', info.certainty),
  ...leaf('audience', info.audience),
  ...info.eventCode.flatMap((pair) => pairLines('eventCode', pair)),
  ...leaf('effective', info.effective),
  ...leaf('onset', info.onset),
  ...leaf('expires', info.expires),
  ...leaf('senderName', info.senderName),
  ...leaf('headline', info.headline),
  ...leaf('description', info.description),
  ...leaf('instruction', info.instruction),
  ...leaf('web', info.web),
  ...leaf('contact', info.contact),
  ...info.parameter.flatMap((pair) => pairLines('parameter', pair)),
  ...info.resource.flatMap((resource) => branch('resource', resourceLines(resource))),
  ...info.area.flatMap((area) => branch('area', areaLines(area))),
]

const resourceLines = (resource: CapResource): string[] => [
  ...leaf('resourceDesc', resource.resourceDesc),
  ...leaf('mimeType', resource.mimeType),
  ...leaf('size', resource.size === undefined ? undefined : writeDecimal(resource.size)),
  ...leaf('uri', resource.uri),
  ...leaf('derefUri', resource.derefUri),
  ...leaf('digest', resource.digest),
]

const areaLines = (area: CapArea): string[] => [
  ...leaf('areaDesc', area.areaDesc),
  ...area.polygon.flatMap((points) => leaf('polygon', points.map(pointText).join(' '))),
  ...area.circle.flatMap(({ center, radiusKm }) =>
    leaf('circle', `${pointText(center)} ${writeDecimal(radiusKm)}`),
  ),
  ...area.geocode.flatMap((pair) => pairLines('geocode', pair)),
  ...leaf('altitude', area.altitude === undefined ? undefined : writeDecimal(area.altitude)),
  ...leaf('ceiling', area.ceiling === undefined ? undefined : writeDecimal(area.ceiling)),
]

const pairLines = (name: string, { valueName, value }: CapPair): string[] =>
  branch(name, [...leaf('valueName', valueName), ...leaf('value', value)])

const pointText = ([lat, lon]: CapPoint): string => `${writeDecimal(lat)},${writeDecimal(lon)}`

const listed = <T>(items: readonly T[], write: (items: readonly T[]) => string): string | undefined =>
  items.length === 0 ? undefined : write(items)

const leaf = (name: string, text: string | undefined): string[] =>
  text === undefined ? [] : [`<${name}>${escaped(text)}</${name}>`]

const branch = (name: string, lines: readonly string[]): string[] => [
  `<${name}>`,
  ...indent(lines),
  `</${name}>`,
]
const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/** A carriage return must be a number, or the parser would turn it into a line feed (XML 1.0 §2.11). */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;')
