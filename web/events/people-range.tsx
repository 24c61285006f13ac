/** People as a range, to no more digits than an estimate has. */
import { people } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import type { Range } from './impact-view.ts'

export function PeopleRange({ range: [low, high] }: { readonly range: Range }) {
  const { locale } = useText()
  const from = people(low, locale)
  const to = people(high, locale)
  return from === to ? (
    <T k="impact.peopleExactly" count={to} />
  ) : (
    <T k="impact.people" low={from} high={to} />
  )
}
