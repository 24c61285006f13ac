import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { authoritiesOf } from '../../engines/warn/index.ts'
import { describeWithData } from '../../test/support/shared-data.ts'
import { capSources } from './cap-sources.ts'
import { see } from './region.ts'

const { register, feeds } = capSources
const authorityOf = authoritiesOf(register)

describe('feeds of warnings', () => {
  test('each has an id and an address of its own, over https, and is asked at most every five minutes', () => {
    expect(new Set(feeds.map(({ id }) => id)).size).toBe(feeds.length)
    expect(new Set(feeds.map(({ url }) => url)).size).toBe(feeds.length)
    for (const { url, intervalMs, attribution } of feeds) {
      expect(url).toMatch(/^https:\/\//)
      expect(intervalMs).toBeGreaterThanOrEqual(300_000)
      expect(attribution.credit).not.toBe('')
    }
  })

  test('every country of the region with a feed has an authority that speaks in it', () => {
    const countries = new Set(see.countries.map(({ code }) => code))
    for (const { countries: of } of feeds)
      for (const code of of) {
        expect(countries, code).toContain(code)
        expect(register.authorities.map(({ country }) => country)).toContain(code)
      }
  })
})

describe('whose a message is', () => {
  test.each([
    ['https://meteo.hr', 'hr-meteo'],
    ['prognoza@fhmzbih.gov.ba', 'ba-fhmzbih'],
    ['https://www.rhmzrs.com/', 'ba-rhmzrs'],
  ])('%s speaks for %s, though two of them share a feed', (sender, id) => {
    expect(authorityOf(sender)?.id).toBe(id)
  })

  test.each([
    'https://meteo.hr.evil.example',
    'meteo.hr@evil.example',
    'evil-meteo.hr',
    'hr',
    '',
  ])('"%s" speaks for nobody we know', (sender) => {
    expect(authorityOf(sender)).toBeUndefined()
  })

  test('no two services claim one host', () => {
    const hosts = register.authorities.flatMap((each) => each.hosts)
    expect(new Set(hosts).size).toBe(hosts.length)
  })
})

describeWithData('the public register of feeds', 'hazards/reference', (data) => {
  test('every service that it lists for the region is known here, and its country is read', () => {
    const rows = readFileSync(data('cap-sources-south-east-europe.csv'), 'utf8').trim().split('\n').slice(1)
    const read = new Set(feeds.flatMap(({ countries }) => countries))
    const codes = new Map(see.countries.map(({ iso3, code }) => [iso3, code]))

    expect(rows.length).toBeGreaterThan(15)
    for (const row of rows) {
      const [iso3 = '', source = ''] = row.split(',')
      expect(register.authorities.map(({ id }) => id)).toContain(source.replace(/-[a-z]{2}$/, ''))
      expect(read, row).toContain(codes.get(iso3) ?? iso3)
    }
  })
})
