/**
 * A plain tree as a document of its own again: for a message that another document carried. Every element of another
 * namespace than its parent declares it as its default, so nothing depends on prefixes of the document around it.
 * Comments, and where text stood between elements, are not kept: see `plainTree`.
 */
import type { XmlElement } from './read.ts'

export const xmlText = (root: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, '')}\n`

function elementText(element: XmlElement, around: string): string {
  const { namespace, name, attributes, children, text } = element
  const declared = namespace === around ? '' : ` xmlns="${escapeXml(namespace)}"`
  const inside = escapeXml(text) + children.map((child) => elementText(child, namespace)).join('')
  return `<${name}${declared}${attributesText(attributes)}>${inside}</${name}>`
}

/** An attribute of a namespace needs a prefix; each gets its own. */
function attributesText(attributes: XmlElement['attributes']): string {
  let text = ''
  let prefixes = 0
  for (const [name, value] of attributes) {
    const [, namespace, local] = /^\{([^}]*)\}(.*)$/.exec(name) ?? []
    if (namespace === undefined) text += ` ${name}="${attributeText(value)}"`
    else if (namespace === 'http://www.w3.org/XML/1998/namespace')
      text += ` xml:${local}="${attributeText(value)}"`
    else {
      const prefix = `a${prefixes++}`
      text += ` xmlns:${prefix}="${escapeXml(namespace)}" ${prefix}:${local}="${attributeText(value)}"`
    }
  }
  return text
}

/** White space in an attribute would be read as spaces (XML 1.0 §3.3.3). */
const attributeText = (value: string): string =>
  escapeXml(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')

/** For text and attributes alike. What XML 1.0 §2.2 cannot hold at all becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
