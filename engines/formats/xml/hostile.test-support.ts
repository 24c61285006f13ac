/**
 * Documents made to hurt a reader, for tests: each is small to write down and large or dangerous to read. All name only
 * addresses of this very machine.
 */
export const hostileDocuments: readonly {
  readonly name: string
  readonly make: () => string
  readonly rule: string
}[] = [
  { name: 'a billion laughs', make: billionLaughs, rule: 'xml/doctype' },
  { name: 'quadratic entity growth', make: quadratic, rule: 'xml/doctype' },
  {
    name: 'an external entity',
    make: () => '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    rule: 'xml/doctype',
  },
  {
    name: 'an external parameter entity',
    make: () => '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]><a/>',
    rule: 'xml/doctype',
  },
  {
    name: 'an XInclude',
    make: () => '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/hostname"/></a>',
    rule: 'xml/xinclude',
  },
  { name: 'three million open elements', make: () => '<a>'.repeat(3_000_000), rule: 'xml/too-deep' },
  {
    name: 'two million empty elements',
    make: () => `<a>${'<b/>'.repeat(2_000_000)}</a>`,
    rule: 'xml/too-many-elements',
  },
  {
    name: 'an attribute of nine million characters',
    make: () => `<a b="${'x'.repeat(9_000_000)}"/>`,
    rule: 'xml/markup-too-long',
  },
  {
    name: 'a name of nine million characters',
    make: () => `<${'x'.repeat(9_000_000)}/>`,
    rule: 'xml/markup-too-long',
  },
  {
    name: 'ten thousand attributes',
    make: () => `<a${manyAttributes(10_000)}/>`,
    rule: 'xml/markup-too-long',
  },
  {
    name: 'a thousand namespaces',
    make: () => `<a${manyNamespaces(1000)}/>`,
    rule: 'xml/too-many-attributes',
  },
  {
    name: 'a comment without an end',
    make: () => `<a><!--${'-'.repeat(9_000_000)}`,
    rule: 'xml/not-well-formed',
  },
  {
    name: 'a comment of nine million characters',
    make: () => `<a><!--${'x'.repeat(9_000_000)}--></a>`,
    rule: 'xml/markup-too-long',
  },
  { name: 'a tag without an end', make: () => `<a ${'b '.repeat(4_000_000)}`, rule: 'xml/markup-too-long' },
  { name: 'four million ampersands', make: () => `<a>${'&&'.repeat(2_000_000)}</a>`, rule: 'xml/entity' },
  { name: 'twenty million bytes', make: () => `<a>${'x'.repeat(20_000_000)}</a>`, rule: 'xml/too-large' },
]

function billionLaughs(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY x${i + 1} "${`&x${i};`.repeat(10)}">`)
  return `<!DOCTYPE a [<!ENTITY x0 "ha">${levels.join('')}]><a>&x9;</a>`
}

function quadratic(): string {
  return `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(50_000)}">]><a>${'&x;'.repeat(50_000)}</a>`
}

const manyAttributes = (count: number): string =>
  Array.from({ length: count }, (_, i) => ` attribute${i}="1"`).join('')

const manyNamespaces = (count: number): string =>
  Array.from({ length: count }, (_, i) => ` xmlns:n${i}="u:${i}"`).join('')
