/** What the members measure, as ranges: one figure where they agree, the least and the greatest where they do not. */
import type { Measure } from '../../server/schemas/index.ts'
import { useText } from '../text/use-text.tsx'

export function Measures({ all }: { readonly all: readonly Measure[] }) {
  return (
    <ul className="reason-list" data-testid="measures">
      {all.map((measure) => (
        <li key={`${measure.name}${measure.unit}`}>
          <span lang="en">{measure.name}</span>{' '}
          <b>
            <MeasureRange measure={measure} />
          </b>
        </li>
      ))}
    </ul>
  )
}

function MeasureRange({ measure: { range, unit } }: { readonly measure: Measure }) {
  const { locale } = useText()
  const [low, high] = range.map((value) =>
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value),
  )
  return (
    <>
      {low === high ? low : `${low}–${high}`} {unit === '1' ? '' : unitSymbol(unit)}
    </>
  )
}

/** UCUM writes powers as plain digits. */
const unitSymbol = (unit: string): string => unit.replace(/^(k?m)2$/, '$1²').replace(/^(k?m)3/, '$1³')
