import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { hostileDocuments } from './hostile.test-support.ts'
import { readXml } from './read.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

describe('XML that comes from outside', () => {
  test('is given as a plain tree with namespaces, attributes, own text and lines', () => {
    const text = '<a xmlns="u:a" xmlns:b="u:b" c="1" b:d="2">x<!-- no --><b:e>\n<f/></b:e><![CDATA[<y>]]></a>'

    const read = readXml(bytes(text))

    expect(read).toMatchObject({ ok: true, encoding: 'utf-8' })
    const root = read.ok ? read.root : undefined
    expect(root).toMatchObject({ namespace: 'u:a', name: 'a', text: 'x<y>', line: 1 })
    expect([...(root?.attributes ?? [])]).toEqual([
      ['c', '1'],
      ['{u:b}d', '2'],
    ])
    expect(root?.children).toMatchObject([
      { namespace: 'u:b', name: 'e', line: 1, children: [{ namespace: 'u:a', name: 'f', line: 2 }] },
    ])
  })

  test('keeps the letters of the region in every encoding that services still use', () => {
    const written: readonly [encoding: string, text: string, body: Buffer][] = [
      ['ISO-8859-1', 'Usulután', Buffer.from('Usulután', 'latin1')],
      ['windows-1250', 'čćžšđ', Buffer.from([0xe8, 0xe6, 0x9e, 0x9a, 0xf0])],
      ['ISO-8859-2', 'čćžšđ', Buffer.from([0xe8, 0xe6, 0xbe, 0xb9, 0xf0])],
      ['windows-1251', 'Скопје', Buffer.from([0xd1, 0xea, 0xee, 0xef, 0xbc, 0xe5])],
      ['windows-1253', 'Αθήνα', Buffer.from([0xc1, 0xe8, 0xde, 0xed, 0xe1])],
      ['windows-1254', 'Iğdır', Buffer.from([0x49, 0xf0, 0x64, 0xfd, 0x72])],
    ]
    for (const [encoding, text, body] of written) {
      const document = Buffer.concat([
        bytes(`<?xml version="1.0" encoding="${encoding}"?><a>`),
        body,
        bytes('</a>'),
      ])
      expect(readXml(document), encoding).toMatchObject({
        ok: true,
        encoding: encoding.toLowerCase(),
        root: { text },
      })
    }
    const wide = Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a>Tiranë</a>', 'utf16le')
    expect(readXml(wide)).toMatchObject({ ok: true, root: { text: 'Tiranë' } })
    expect(readXml(Buffer.from(wide).swap16())).toMatchObject({ ok: true, root: { text: 'Tiranë' } })
  })

  test('in bytes that are not what the declaration says is refused, not filled with question marks', () => {
    const read = readXml(Buffer.concat([bytes('<a>\n<b>'), Buffer.from([0xe8, 0x9e]), bytes('</b></a>')]))

    expect(read).toMatchObject({ ok: false, issue: { rule: 'xml/encoding', place: 'line 2, column 4' } })
    expect(readXml(bytes('<?xml version="1.0" encoding="UTF-16"?><a/>'))).toMatchObject({ ok: false })
    expect(readXml(bytes('<?xml version="1.0" encoding="klingon"?><a/>'))).toMatchObject({ ok: false })
  })

  test('that is broken is refused with line and column', () => {
    const issue = { rule: 'xml/not-well-formed', place: 'line 2, column 10' }
    expect(readXml(bytes('<a>\n  <b></a>'))).toMatchObject({ ok: false, issue })
    expect(readXml(bytes(''))).toMatchObject({ ok: false, issue: { rule: 'xml/empty' } })
  })

  test('may say doctype, entity and XInclude in a comment or in CDATA, where they are only words', () => {
    const text = '<a><!-- <!DOCTYPE x> &y; --><![CDATA[<!ENTITY z> &y;]]>&amp;&#269;&#x10D;</a>'
    expect(readXml(bytes(text))).toMatchObject({ ok: true, root: { text: '<!ENTITY z> &y;&čč' } })
  })

  test('of any bytes whatever gives a tree or an issue, never a crash', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '<a>',
      '</a>',
      '<a b="',
      '"',
      '&',
      ';',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      'x',
      '\0',
      'č',
      '=',
    )
    const documents = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(pieces, { maxLength: 30 }).map((parts) => bytes(parts.join(''))),
    )
    fc.assert(
      fc.property(documents, (document) => {
        const read = readXml(document)
        expect(read.ok ? read.root.name : read.issue.rule).not.toBe('')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('XML made to do harm', () => {
  test.each(hostileDocuments)('$name is refused within a second', ({ make, rule }) => {
    const document = bytes(make())
    const start = performance.now()

    const read = readXml(document)

    expect(performance.now() - start).toBeLessThan(1000)
    expect(read).toMatchObject({ ok: false, issue: { rule } })
  })

  test('whose include is spelled in character numbers is refused after parsing', () => {
    const text = '<a><x:include xmlns:x="http://www.w3&#46;org/2001/XInclude" href="/etc/hostname"/></a>'
    expect(readXml(bytes(text))).toMatchObject({ ok: false, issue: { rule: 'xml/xinclude' } })
  })

  test('takes less than 100 MB to refuse, all kinds one after the other', () => {
    const program = `
      const { readXml } = await import(${JSON.stringify(new URL('./read.ts', import.meta.url).href)})
      const { hostileDocuments } = await import(${JSON.stringify(new URL('./hostile.test-support.ts', import.meta.url).href)})
      readXml('<a/>')
      let worst = 0
      for (const { make } of hostileDocuments) {
        const document = Buffer.from(make())
        globalThis.gc()
        const before = process.memoryUsage().rss
        readXml(document)
        worst = Math.max(worst, process.memoryUsage().rss - before)
      }
      console.log(worst)`
    const run = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    })

    expect(run.status, run.stderr).toBe(0)
    expect(Number(run.stdout)).toBeLessThan(100_000_000)
  })

  test('never reaches the network: a listener named in it hears nothing', async () => {
    const { createServer } = await import('node:http')
    let heard = 0
    const server = createServer((_, response) => {
      heard += 1
      response.end()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/x`

    for (const text of [
      `<!DOCTYPE a SYSTEM "${url}"><a/>`,
      `<?xml-stylesheet href="${url}"?><a/>`,
      `<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u:a ${url}"/>`,
    ])
      readXml(bytes(text))
    await new Promise((done) => setTimeout(done, 50))
    await new Promise((done) => server.close(done))

    expect(heard).toBe(0)
  })
})

describeWithData('recorded feeds', 'hazards/feeds', (data) => {
  test('with hostile markup are refused', () => {
    const read = readXml(readFileSync(data('atom-rss/ATTACK-external-entities.atom.xml')))
    expect(read).toMatchObject({ ok: false, issue: { rule: 'xml/doctype' } })
  })

  test('of ordinary services are read', () => {
    for (const file of [
      'gdacs/cap-rss-2021-07.xml',
      'atom-rss/weather-index.atom.xml',
      'emsc/quakeml-1.0-turkey-2012.xml',
    ])
      expect(readXml(readFileSync(data(file))), file).toMatchObject({ ok: true })
  })
})
