import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readXml, type XmlElement } from './read.ts'
import { xmlText } from './serialise.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/)
const namespace = fc.constantFrom('', 'urn:a', 'urn:b?x=1&y=2')
const attributes = fc
  .dictionary(
    fc.oneof(
      name,
      name.map((local) => `{urn:c}${local}`),
    ),
    fc.string({ maxLength: 8, unit: 'grapheme' }),
    { maxKeys: 3 },
  )
  .map(
    (all) =>
      new Map(Object.entries(all).map(([key, text]) => [key, text.replace(/[^\x20-\x7e\t\néß🌊]/gu, '')])),
  )

type Tree = Omit<XmlElement, 'line'>
const treeOf = (depth: number): fc.Arbitrary<Tree> =>
  fc.record({
    namespace,
    name,
    attributes,
    text: fc.string({ maxLength: 12 }).map((text) => text.replace(/[^\x20-\x7e\r\n]/g, '')),
    children: fc.array((depth === 0 ? fc.constant(leaf) : treeOf(depth - 1)) as fc.Arbitrary<XmlElement>, {
      maxLength: 3,
    }),
  })
const leaf: Tree = { namespace: '', name: 'leaf', attributes: new Map(), text: '', children: [] }
const tree = treeOf(3)

type Plain = Omit<XmlElement, 'line' | 'children' | 'attributes'> & {
  readonly attributes: readonly (readonly [string, string])[]
  readonly children: readonly Plain[]
}
const plain = ({ namespace, name, attributes, text, children }: Omit<XmlElement, 'line'>): Plain => ({
  namespace,
  name,
  text,
  attributes: [...attributes].sort(([a], [b]) => (a < b ? -1 : 1)),
  children: children.map(plain),
})

test('what was taken out of a document and written again reads as the same tree', () => {
  fc.assert(
    fc.property(tree, (element) => {
      const read = readXml(xmlText(element as XmlElement))
      expect(read.ok ? plain(read.root) : read.issue).toEqual(plain(element))
    }),
  )
})

test('what XML cannot hold at all becomes the sign for it, never a broken document', () => {
  const element = {
    namespace: '',
    name: 'a',
    attributes: new Map(),
    children: [],
    text: 'a\u0000b\ud800',
    line: 1,
  }
  const read = readXml(xmlText(element))

  expect(read.ok && read.root.text).toBe('a\ufffdb\ufffd')
})
