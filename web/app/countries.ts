/** Names of countries come from the node, in the reader's language, with the agreed footnote's mark where there is one. */
import { useQuery } from '@tanstack/react-query'
import type { Country } from '../../server/schemas/index.ts'
import { nodeQuery } from '../api/node.ts'
import { pick, useText } from '../text/use-text.tsx'

export function useCountries(): {
  readonly all: readonly Country[]
  readonly nameOf: (code: string) => string
} {
  const { language } = useText()
  const node = useQuery(nodeQuery)
  const all = node.data?.region.countries ?? []
  const nameOf = (code: string): string => {
    const country = all.find((one) => one.code === code)
    return country ? countryName(country, language) : code
  }
  return { all, nameOf }
}

/** The footnote's asterisk is part of the name wherever the name stands. */
export function countryName(country: Pick<Country, 'names' | 'footnote' | 'code'>, language: string): string {
  const name = pick(country.names, language)?.text ?? country.code
  return country.footnote && !name.endsWith('*') ? `${name}*` : name
}
