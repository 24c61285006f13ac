/** Notes that the region agreed on stand wherever the names do. */

import { Multilingual, useText } from '../text/use-text.tsx'
import { countryName, useCountries } from './countries.ts'

export function Footnotes() {
  const { language } = useText()
  const { all } = useCountries()
  const noted = all.filter(({ footnote }) => footnote)
  if (noted.length === 0) return null
  return (
    <footer className="footnotes">
      {noted.map((country) => (
        <p key={country.code}>
          {countryName(country, language)}: <Multilingual text={country.footnote} />
        </p>
      ))}
    </footer>
  )
}
