/** What warn asks of the region, from the region's own facts. */
import type { CountryFacts, Places } from '../place/index.ts'
import { inLanguage } from '../record/index.ts'
import type { WarnCountries, WarnCountry } from './message.ts'

export const warnCountryOf = ({
  code,
  names,
  officialLanguages,
  timeZone,
  footnote,
}: CountryFacts): WarnCountry => ({
  languages: officialLanguages,
  timeZone,
  name: (language) => inLanguage(names, language)?.text ?? code,
  ...(footnote && { footnote: (language: string) => markedNote(inLanguage(footnote, language)?.text) }),
})

export const warnCountriesOf =
  (places: Pick<Places, 'country'>): WarnCountries =>
  (code) => {
    const facts = places.country(code)
    return facts && warnCountryOf(facts)
  }

/** The note begins with the mark that stands at the name. */
const markedNote = (text: string | undefined) =>
  text === undefined || text.startsWith('*') ? text : `* ${text}`
