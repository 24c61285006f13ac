import { describe, expect, it } from 'vitest'
import { aProposal, catalogues } from './builders.ts'
import { writerFor } from './texts.ts'

const writer = (language: 'sq' | 'en', args = {}) =>
  writerFor(catalogues[language], { ...aProposal().args, country: 'Albania', ...args }, 'Europe/Tirane')

describe('a text', () => {
  it('is written with the numbers of the language and the time of the country', () => {
    expect(writer('sq').write('flood.description').text).toBe(
      'Uji 3,2 m, 26 nëntor 2019 në 03:54 (UTC+01:00). Qytetet: Shkodër, Lezhë.',
    )
    expect(writer('en').write('flood.description').text).toContain(
      '3.2 m, November 26, 2019 at 03:54 (UTC+01:00)',
    )
  })

  it('takes an argument that begins with @ from the same catalogue', () => {
    expect(writer('sq').write('flood.headline').text).toBe('Albania: përmbytje, ujë i lartë')
  })

  it('says whether all it used was reviewed', () => {
    expect(writer('en').write('flood.headline').reviewed).toBe(true)
    expect(writer('sq').write('flood.headline').reviewed).toBe(false)
  })

  it('refuses a key or an argument that is missing, and says which', () => {
    expect(() => writer('en').write('fire.headline')).toThrow(/"fire.headline" in en .* no such key/)
    const without = writerFor(catalogues.en, { country: 'Albania' }, 'UTC')
    expect(() => without.write('flood.description')).toThrow(/level/)
  })
})
