import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { hostileDocuments } from '../xml/hostile.test-support.ts'
import type { CapVerdict } from './alert.ts'
import { readCap } from './read.ts'
import { capDefectRules } from './rules/table.ts'

const fixtures = new URL('../../../fixtures/cap/', import.meta.url)
const fixture = (file: string): Buffer => readFileSync(new URL(file, fixtures))
const flood = fixture('valid/flood-two-languages.xml').toString('utf8')
const rulesOf = ({ defects }: CapVerdict): string[] => [...new Set(defects.map(({ rule }) => rule))]

type Row = { file: string; verdict: string; rule: string | undefined; shows: string }
const rows = readFileSync(new URL('README.md', fixtures), 'utf8')
  .split('\n')
  .flatMap((line): Row[] => {
    const found = /^\| `([^`]+)` \| (\w+) \| (?:`([^`]+)`)? ?\| (.+) \|$/.exec(line)
    return found === null
      ? []
      : [{ file: found[1] ?? '', verdict: found[2] ?? '', rule: found[3], shows: found[4] ?? '' }]
  })

describe('a message of our own collection', () => {
  test('has a note for every file', () => {
    expect(rows.length).toBeGreaterThan(50)
  })

  test.each(rows)('$file: $shows', ({ file, verdict, rule }) => {
    const read = readCap(fixture(file))

    expect(read.verdict).toBe(verdict)
    expect(rulesOf(read)).toEqual(rule === undefined ? [] : [rule])
  })
})

describe('what the duty officer reads about a defect', () => {
  test('names rule, place, value and what to do', () => {
    expect(readCap(fixture('invalid/crossing-polygon.xml')).defects).toEqual([
      {
        rule: 'cap/polygon-crosses-itself',
        place: '/alert/info[1]/area[1]/polygon[1]',
        value: '41.50,19.40 41.60,19.60 41.60,19.40 41.50,19.60 41.50,19.40',
        message: 'The edges cross each other: inside and outside are not clear.',
      },
    ])
  })

  test('never quotes more than 200 characters, nor lists without end', () => {
    const long = readCap(flood.replace('Lower valley', `<b>${'x'.repeat(5000)}</b>`.repeat(2000)))
    expect(Math.max(...long.defects.map(({ value }) => value.length))).toBeLessThanOrEqual(200)

    const many = readCap(flood.replace('<web>', `${'<colour/>'.repeat(5000)}<web>`))
    expect(many.defects.length).toBeLessThanOrEqual(501)
    expect(many.defects.at(-1)).toMatchObject({ rule: 'cap/too-many-defects' })
  })

  test('comes from a table in which each rule has one name, a source and a sentence', () => {
    const names = capDefectRules.map(({ rule }) => rule)
    expect(new Set(names).size).toBe(names.length)
    for (const { rule, clause, says } of capDefectRules) {
      expect(rule).toMatch(/^cap\/[a-z0-9-]+$/)
      expect(clause).not.toBe('')
      expect(says).toMatch(/\.$/)
    }
  })
})

describe('a message that is wrong and still useful', () => {
  test('keeps its content when an element lost its namespace', () => {
    const read = readCap(fixture('invalid/element-without-namespace.xml'))
    expect(read.alert?.info[1]?.event).toBe('Flood')
  })

  test('says Unknown where the certainty is missing, and Likely for the old word', () => {
    expect(readCap(fixture('invalid/no-certainty.xml')).alert?.info[0]?.certainty).toBe('Unknown')
    expect(readCap(fixture('invalid/very-likely.xml')).alert?.info[0]?.certainty).toBe('Likely')
  })

  test('loses only the shape that cannot be read, not its area', () => {
    const area = readCap(fixture('invalid/swapped-polygon.xml')).alert?.info[0]?.area[0]
    expect(area).toMatchObject({ polygon: [], geocode: [{ valueName: 'EMMA_ID', value: 'XX001' }] })
  })

  test('of status Exercise, Test, System or Draft is kept and marked', () => {
    for (const status of ['Exercise', 'Test', 'System', 'Draft']) {
      const read = readCap(flood.replace('>Actual<', `>${status}<`))
      expect(read).toMatchObject({ verdict: 'clean', alert: { status } })
    }
  })

  test('may say the same words in Bosnian and Croatian, but not in Croatian and English', () => {
    const both = (first: string, second: string): CapVerdict =>
      readCap(
        flood
          .replace(
            /<description>[^<]*/,
            '<description>The river is expected to leave its bed after noon, above all near the bridges.',
          )
          .replace('>sq<', `>${first}<`)
          .replace('>en<', `>${second}<`),
      )
    expect(both('bs', 'hr').verdict).toBe('clean')
    expect(both('hr', 'en').verdict).toBe('defects')
  })

  test('is judged on its polygon even when the polygon has fifty thousand corners', () => {
    const round = Array.from({ length: 50_000 }, (_, i) => {
      const angle = (i / 50_000) * 2 * Math.PI
      return `${(41 + Math.sin(angle)).toFixed(6)},${(20 + Math.cos(angle)).toFixed(6)}`
    })
    const text = flood.replace(/<polygon>[^<]*/, `<polygon>${[...round, round[0]].join(' ')}`)
    const start = performance.now()

    expect(readCap(text).verdict).toBe('clean')
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('the policy of a node', () => {
  test('that requires a signature withholds a message without one', () => {
    const read = readCap(flood, { signature: 'require' })
    expect(read).toMatchObject({ verdict: 'withhold', alert: { sender: 'duty@hydromet.example' } })
    expect(rulesOf(read)).toEqual(['cap/signature-required'])
  })

  test('that knows its senders withholds a message of another', () => {
    const policy = { signature: 'verify', knownSenders: ['warn@other.example'] } as const
    expect(rulesOf(readCap(flood, policy))).toEqual(['cap/sender-unknown'])
    expect(readCap(flood, { ...policy, knownSenders: ['duty@hydromet.example'] }).verdict).toBe('clean')
  })
})

describe('bytes that are no message', () => {
  test('of any kind are withheld with a reason, never a crash', () => {
    const broken = fc
      .tuple(
        fc.nat(flood.length),
        fc.nat(40),
        fc.constantFrom('', '<', '&', '>', '"', '</info>', '<info>', '\0', 'é', ' '),
      )
      .map(([at, length, put]) => Buffer.from(flood.slice(0, at) + put + flood.slice(at + length)))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), broken), (bytes) => {
        const read = readCap(bytes)
        expect(read.verdict === 'clean').toBe(read.defects.length === 0)
        if (read.verdict !== 'withhold') expect(read.alert.identifier).not.toBe('')
      }),
      { numRuns: process.env['MOSAIC_LONG'] === '1' ? 20_000 : 1000 },
    )
  }, 600_000)

  test('of eight million characters in one value are judged within seconds, never a crash', () => {
    const full = fixture('valid/every-element.xml').toString('utf8')
    const values = [
      ['derefUri', 'AAAA'],
      ['language', '-a'],
      ['circle', '1'],
      ['description', '&lt;b '],
      ['value', 'a'],
    ] as const
    for (const [name, unit] of values) {
      const huge = unit.repeat(8_000_000 / unit.length)
      const start = performance.now()
      const { verdict } = readCap(full.replace(new RegExp(`<${name}>[^<]*`), `<${name}>${huge}`))
      expect(['clean', 'defects', 'withhold'], name).toContain(verdict)
      expect(performance.now() - start, name).toBeLessThan(15_000)
    }
  }, 120_000)

  test.each(hostileDocuments)('such as $name are withheld within a second', ({ make, rule }) => {
    const document = make()
    const start = performance.now()

    const read = readCap(document)

    expect(performance.now() - start).toBeLessThan(1000)
    expect(read).toMatchObject({ verdict: 'withhold', defects: [{ rule }] })
  })
})

describeWithData('recorded messages of real services', 'hazards', (data) => {
  const samples = markedSamples(data('SOURCES.md'))

  test.each(samples)('$file, marked "$mark", gets the verdict its mark asks for', ({ file, mark }) => {
    const { verdict, defects } = readCap(readFileSync(data(file)))

    if (mark === '' || mark === 'CAP 1.1' || mark === 'edited')
      expect(['clean', 'defects']).toContain(verdict)
    else if (mark.startsWith('ATTACK')) expect(defects.map(({ rule }) => rule)).toEqual(['xml/doctype'])
    else if (/INVALID \((profile|content|signature)\)/.test(mark)) expect(verdict).toBe('defects')
    else if (mark.startsWith('INVALID')) expect(['withhold', 'defects']).toContain(verdict)
    else expect.unreachable(`no expectation for the mark ${mark}`)
  })

  const rules = (file: string): string[] => rulesOf(readCap(readFileSync(data(file))))

  test('are faulted for what is really wrong with them', () => {
    expect(rules('cap/invalid/gdacs-bad-date-in-parameter.xml')).toContain('cap/parameter-date')
    expect(rules('cap/invalid/gdacs-value-without-namespace.xml')).toContain('cap/element-outside-namespace')
    expect(rules('cap/invalid/signature-bad-digest.xml')).toContain('cap/signature-digest-differs')
    expect(rules('cap/invalid/signature-bad-value.xml')).toContain('cap/signature-value-differs')
    expect(rules('cap/invalid/canada-profile-errors.xml')).toContain('cap/references-missing')
    expect(rules('cap/valid/canada-bilingual-allclear-update.xml')).toContain('cap/actual-says-test')
    expect(rules('cap/valid/australia-rfs-bushfire.xml')).toContain('cap/html-in-text')
    expect(rules('cap/valid/dhmz-croatia-2026-09-11.xml')).toEqual([
      'cap/identifier-authority-arc',
      'cap/expired-when-sent',
      'cap/event-too-long',
    ])
    expect(rules('cap/valid/thunderstorm-example.xml')).toEqual([])
  })

  test('with all thirty blocks of the Croatian bulletin, and letters of ISO-8859-1', () => {
    expect(readCap(readFileSync(data('cap/valid/dhmz-croatia-2026-09-11.xml'))).alert?.info).toHaveLength(30)
    const salvador = readCap(readFileSync(data('cap/valid/earthquake-iso-8859-1.xml'))).alert
    expect(salvador?.info[0]?.headline).toContain('Usulután')
  })

  test('with a broken signature are withheld where the node requires one, and a good one passes', () => {
    const require = { signature: 'require' } as const
    const verdict = (file: string): string => readCap(readFileSync(data(file)), require).verdict
    expect(verdict('cap/invalid/signature-bad-digest.xml')).toBe('withhold')
    expect(verdict('cap/invalid/signature-bad-value.xml')).toBe('withhold')
    expect(verdict('cap/valid/togo-unsigned.xml')).toBe('withhold')
    expect(verdict('cap/valid/seychelles-signed.xml')).toBe('defects')
  })

  test('signed with a key that is not on the list are withheld too', () => {
    const bytes = readFileSync(data('cap/valid/seychelles-signed.xml'))
    const read = readCap(bytes, { signature: 'require', trustedFingerprints: ['00'] })
    expect(read.verdict).toBe('withhold')
    const fingerprint = read.defects.find(({ rule }) => rule === 'cap/signature-key-unknown')?.value ?? ''
    expect(readCap(bytes, { signature: 'require', trustedFingerprints: [fingerprint] }).verdict).toBe(
      'defects',
    )
  })
})

/** The tables of SOURCES.md: file in the first column, mark in the fifth. */
function markedSamples(path: string): { file: string; mark: string }[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return [] // the folder is absent; the whole block is skipped
  }
  return text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const file = /^`(cap\/[^`]+)`$/.exec(cells[1] ?? '')?.[1]
    return file === undefined ? [] : [{ file, mark: (cells[5] ?? '').replaceAll('*', '') }]
  })
}
