/**
 * CAP messages broken at random, for tests: elements dropped, doubled, moved, renamed or added, code words, times and
 * numbers changed, white space, namespaces, attributes, text between elements. Seeded: the same numbers each time.
 */
import { readXml, type XmlElement } from '../xml/read.ts'
import { capGrammar } from './grammar.ts'

type Node = {
  name: string
  namespace: string
  attributes: [string, string][]
  text: string
  children: Node[]
}
type Pick = { below(limit: number): number; of<T>(items: readonly T[]): T | undefined }
type Mutation = { readonly what: string; readonly apply: (root: Node, pick: Pick) => void }

export type MutatedMessage = { readonly text: string; readonly what: string }

export function* mutatedMessages(
  sources: readonly Uint8Array[],
  count: number,
  seed: number,
): Generator<MutatedMessage> {
  const pick = picker(seed)
  const roots = sources.flatMap((bytes) => {
    const read = readXml(bytes)
    return read.ok ? [read.root] : []
  })
  for (let i = 0; i < count; i += 1) {
    const source = pick.of(roots)
    if (source === undefined) return
    const root = copy(source)
    const done: string[] = []
    for (let n = pick.of([1, 1, 1, 2, 3]) ?? 1; n > 0; n -= 1) {
      const mutation = pick.of(mutations)
      mutation?.apply(root, pick)
      done.push(mutation?.what ?? '')
    }
    yield { text: write(root), what: done.join(', ') }
  }
}

const names = [...new Set(Object.values(capGrammar).flatMap((rules) => rules.map(({ name }) => name)))]
const values = [
  '',
  ' ',
  'Actual',
  ' Actual ',
  'actual',
  'Alert',
  'Public',
  'Met',
  'CBRNE',
  'CBRN',
  'AllClear',
  'Avoid',
  'Very Likely',
  'Likely',
  'Unknown',
  'Extreme',
  'Immediate',
  '2026-11-23T08:00:00-00:00',
  ' 2026-11-23T08:00:00-00:00\n',
  '2026-11-23T08:00:00Z',
  '2026-11-23T08:00:00',
  '2026-11-23T08:00:00,01:00',
  '2026-02-30T08:00:00+01:00',
  '2026-11-23T24:00:00+01:00',
  '2026-11-23T08:60:00+01:00',
  '2026-11-23T08:00:00+14:00',
  '2026-11-23T08:00:00+14:01',
  '2026-11-23T08:00:00.5+01:00',
  '0000-11-23T08:00:00+01:00',
  '12026-11-23T08:00:00+01:00',
  '5',
  '-5',
  '+5',
  '5.5',
  '.5',
  '5.',
  '1e3',
  'INF',
  '0x5',
  '٣',
  'sq',
  'sr-Cyrl',
  'en_GB',
  'albanian-language',
  'x',
  'https://a.example/%zz',
  'http://[',
  'a b',
  '::',
  '\u00A0',
  'č',
]
const namespaces = [
  '',
  'urn:oasis:names:tc:emergency:cap:1.1',
  'urn:oasis:names:tc:emergency:cap:1.2',
  'http://www.w3.org/2000/09/xmldsig#',
  'urn:other',
]

const mutations: readonly Mutation[] = [
  {
    what: 'element dropped',
    apply: (root, pick) => atRandom(root, pick, ({ parent, index }) => parent.children.splice(index, 1)),
  },
  {
    what: 'element doubled',
    apply: (root, pick) =>
      atRandom(root, pick, ({ parent, node, index }) =>
        parent.children.splice(index, 0, structuredClone(node)),
      ),
  },
  {
    what: 'element moved',
    apply: (root, pick) =>
      atRandom(root, pick, ({ parent, node, index }) => {
        parent.children.splice(index, 1)
        parent.children.splice(pick.below(parent.children.length + 1), 0, node)
      }),
  },
  {
    what: 'element renamed',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        node.name = pick.of([...names, 'colour', 'Alert', 'EVENT']) ?? node.name
      }),
  },
  {
    what: 'value changed',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        if (node.children.length === 0) node.text = pick.of(values) ?? ''
      }),
  },
  ...['first', 'second', 'third'].map((turn) => ({
    what: `typed value changed (${turn})`,
    apply: changeTyped,
  })),
  {
    what: 'emptied',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        node.text = ''
        node.children = []
      }),
  },
  {
    what: 'white space added',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        node.text = ` \n${node.text}\t`
      }),
  },
  {
    what: 'text added',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        node.text += pick.of(['x', ' ', '\n', '\u00A0']) ?? ''
      }),
  },
  {
    what: 'namespace changed',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        node.namespace = pick.of(namespaces) ?? ''
      }),
  },
  {
    what: 'element added',
    apply: (root, pick) =>
      atRandom(root, pick, ({ parent, index }) => {
        const name = pick.of([...names, 'Signature', 'extension']) ?? 'x'
        const namespace = pick.below(3) > 0 ? parent.namespace : (pick.of(namespaces) ?? '')
        parent.children.splice(index, 0, {
          name,
          namespace,
          attributes: [],
          text: pick.of(values) ?? '',
          children: [],
        })
      }),
  },
  {
    what: 'foreign element at the end',
    apply: (root, pick) => {
      const namespace = pick.of(namespaces) ?? ''
      root.children.push({ name: 'Signature', namespace, attributes: [['Id', 's']], text: 'x', children: [] })
    },
  },
  {
    what: 'attribute added',
    apply: (root, pick) =>
      atRandom(root, pick, ({ node }) => {
        const name = pick.of(['id', 'xml:lang', 'xsi:schemaLocation', 'xsi:nil', 'language']) ?? 'id'
        node.attributes.push([name, pick.of(['x', 'true', 'en', 'urn:a b.xsd']) ?? 'x'])
      }),
  },
  {
    what: 'nested in itself',
    apply: (root, pick) => atRandom(root, pick, ({ node }) => node.children.push(structuredClone(node))),
  },
]

const typed = [
  'language',
  'sent',
  'onset',
  'expires',
  'web',
  'size',
  'uri',
  'altitude',
  'ceiling',
  'status',
  'category',
]

/** Values matter most where the schema has a type: most elements are free text, and chance alone would pick those. */
function changeTyped(root: Node, pick: Pick): void {
  const found: Node[] = []
  const walk = (node: Node): void => {
    if (typed.includes(node.name) && node.children.length === 0) found.push(node)
    for (const child of node.children) walk(child)
  }
  walk(root)
  const name = pick.of([...new Set(found.map((each) => each.name))])
  const node = pick.of(found.filter((each) => each.name === name))
  if (node !== undefined) node.text = pick.of(values) ?? ''
}

/** Picks any element but the root; the root one time in twenty for its own text, name, attributes and namespace. */
function atRandom(
  root: Node,
  pick: Pick,
  change: (spot: { parent: Node; node: Node; index: number }) => void,
): void {
  const spots: { parent: Node; node: Node; index: number }[] = []
  const walk = (parent: Node): void => {
    for (const [index, node] of parent.children.entries()) {
      spots.push({ parent, node, index })
      walk(node)
    }
  }
  walk(root)
  const spot =
    pick.below(20) === 0 ? { parent: { ...root, children: [root] }, node: root, index: 0 } : pick.of(spots)
  if (spot !== undefined) change(spot)
}

const copy = (element: XmlElement): Node => ({
  name: element.name,
  namespace: element.namespace,
  attributes: [...element.attributes].filter(([name]) => !name.startsWith('{')),
  text: element.text.trim() === '' ? '' : element.text,
  children: element.children.map(copy),
})

function write(node: Node, inherited = ''): string {
  const declared = node.namespace === inherited ? '' : ` xmlns="${node.namespace}"`
  const unique = new Map(node.attributes)
  const attributes = [...unique].map(([name, value]) => ` ${name}="${marked(value)}"`).join('')
  const xsi = attributes.includes('xsi:') ? ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' : ''
  const inside = marked(node.text) + node.children.map((child) => write(child, node.namespace)).join('')
  return `<${node.name}${declared}${xsi}${attributes}>${inside}</${node.name}>`
}

const marked = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** mulberry32, a small generator good enough to choose with. */
function picker(seed: number): Pick {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, of: (items) => items[below(items.length)] }
}
