/** Steps through the plain tree of `readXml`. Names are local names; the namespace is the caller's to check. */
import type { XmlElement } from './read.ts'

export const child = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((each) => each.name === name)

export const childrenNamed = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((each) => each.name === name)

/** The first element of that name anywhere below. */
export function descendant(element: XmlElement, name: string): XmlElement | undefined {
  for (const each of element.children) {
    const found = each.name === name ? each : descendant(each, name)
    if (found !== undefined) return found
  }
  return undefined
}
