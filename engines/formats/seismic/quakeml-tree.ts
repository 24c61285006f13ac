/** Steps through the plain XML tree by local name, and the names that QuakeML hides in identifiers. */
import type { XmlElement } from '../xml/read.ts'

export const childOf = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((each) => each.name === name)

export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((each) => each.name === name)

/** Trimmed text of a child; undefined when absent or empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
  const text = childOf(element, name)?.text.trim()
  return text === undefined || text === '' ? undefined : text
}

/** By local name, in any namespace. */
export function attributeNamed(element: XmlElement, name: string): string | undefined {
  for (const [key, value] of element.attributes) {
    if ((key === name || key.endsWith(`}${name}`)) && value.trim() !== '') return value.trim()
  }
  return undefined
}

/** `agencyID`, else the last part of `agencyURI` (`smi:smi-registry/organization/EMSC`). */
export function agencyOf(element: XmlElement): string | undefined {
  const info = childOf(element, 'creationInfo')
  if (info === undefined) return undefined
  return textOf(info, 'agencyID') ?? textOf(info, 'agencyURI')?.split(/[/:]/).at(-1)
}

/**
 * The agency's own short id. ANSS writes it in `catalog:eventsource` and `catalog:eventid`; others end the publicID
 * with it (`quakeml:eu.emsc/event/20120404_0000041`, `…/query?eventId=23487611`).
 */
export function shortId(event: XmlElement, publicId: string): string {
  const source = attributeNamed(event, 'eventsource')
  const id = attributeNamed(event, 'eventid')
  if (source !== undefined && id !== undefined) return id.startsWith(source) ? id : `${source}${id}`
  const tail = /[?&]eventid=([^&]+)/i.exec(publicId)?.[1] ?? publicId.split(/[/#]/).filter(Boolean).at(-1)
  return tail ?? publicId
}

/** The element as text again, for the quarantine; namespaces are written where they change. */
export function writeElement(element: XmlElement, within = ''): string {
  const space = element.namespace === within ? '' : ` xmlns="${escaped(element.namespace)}"`
  const attributes = [...element.attributes]
    .map(([name, value]) => ` ${name.replace(/^\{.*\}/, '')}="${escaped(value)}"`)
    .join('')
  const inside = element.children.map((each) => writeElement(each, element.namespace)).join('')
  return `<${element.name}${space}${attributes}>${escaped(element.text.trim())}${inside}</${element.name}>`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
