/**
 * XML as a small plain tree of our own, so that no decoder touches wasm memory. Refused before parsing: DOCTYPE,
 * entities, XInclude, too large, too deep, too many elements. Nothing named in a document is ever opened.
 *
 * `text` is the element's own character data (CDATA included, comments not, children's text not), untrimmed.
 * Attributes without a namespace are keyed by name, others by `{namespace}name`. `line` counts from 1.
 *
 *     const read = readXml(new TextEncoder().encode('<a><b>1</b></a>'))
 *     if (read.ok) read.root.children[0]?.text // '1'
 */
import { XmlElement as Node, XmlCData, type XmlDocument, XmlText } from 'libxml2-wasm'
import type { Issue } from '../../record/index.ts'
import { xmlIssue } from './issue.ts'
import type { XmlLimits } from './limits.ts'
import { type Opened, openXml } from './open.ts'
import { includeAdvice } from './scan.ts'

export type XmlElement = {
  readonly namespace: string
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
  readonly line: number
}

export type XmlRead =
  | { readonly ok: true; readonly root: XmlElement; readonly encoding: string }
  | { readonly ok: false; readonly issue: Issue }

export function readXml(source: Uint8Array | string, limits: Partial<XmlLimits> = {}): XmlRead {
  const opened = readXmlWith(source, (root) => root, limits)
  return opened.ok ? { ok: true, root: opened.value, encoding: opened.encoding } : opened
}

/** The same for who needs the open document beside the tree, to hold it against a schema. It is freed afterwards. */
export function readXmlWith<T>(
  source: Uint8Array | string,
  use: (root: XmlElement, document: XmlDocument) => T,
  limits: Partial<XmlLimits> = {},
): Opened<T> {
  const opened = openXml(source, limits, (document) => {
    const root = plainTree(document.root)
    return holdsInclude(root) ? undefined : { value: use(root, document) }
  })
  if (!opened.ok) return opened
  if (opened.value === undefined) return { ok: false, issue: xmlIssue('xinclude', includeAdvice) }
  return { ok: true, value: opened.value.value, encoding: opened.encoding }
}

/** Recursion is safe: the scan has bounded the depth. */
export function plainTree(node: Node): XmlElement {
  const attributes = new Map<string, string>()
  for (const attr of node.attrs) {
    attributes.set(attr.namespaceUri === '' ? attr.name : `{${attr.namespaceUri}}${attr.name}`, attr.value)
  }
  const children: XmlElement[] = []
  let text = ''
  for (let child = node.firstChild; child !== null; child = child.next) {
    if (child instanceof Node) children.push(plainTree(child))
    else if (child instanceof XmlText || child instanceof XmlCData) text += child.content
  }
  return { namespace: node.namespaceUri, name: node.name, attributes, children, text, line: node.line }
}

// A namespace spelled with character numbers passes the scan of the raw text, so the tree is looked at as well.
const holdsInclude = (element: XmlElement): boolean =>
  /w3\.org\/200[13]\/XInclude/.test(element.namespace) || element.children.some(holdsInclude)
