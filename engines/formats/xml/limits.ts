/**
 * How much XML we are willing to look at. The figures leave room for every feed we know (the largest real message
 * seen is 0.5 MB, six levels deep) and stop a hostile one before any tree is built.
 */
export type XmlLimits = {
  /** Size of the document as received, in bytes. */
  readonly bytes: number
  /** How many elements may be open at once. */
  readonly depth: number
  readonly elements: number
  /** Attributes, namespace declarations included, on one element. */
  readonly attributes: number
  /** Length of one tag, comment or processing instruction, in characters: also bounds names and attribute values. */
  readonly markup: number
}

export const defaultXmlLimits: XmlLimits = {
  bytes: 10_000_000,
  depth: 64,
  elements: 250_000,
  attributes: 128,
  markup: 65_536,
}
