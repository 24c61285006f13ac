/** A time: in the reader's zone, with UTC beside it where that differs; an age shows both on hover. */
import { ageOf, dateTime, utcClock, utcDateTime } from '../text/format.ts'
import { T } from '../text/use-text.tsx'
import { useNow } from './clock.tsx'

export function When({ at }: { readonly at: string }) {
  const local = dateTime(at)
  return (
    <time dateTime={at} title={utcDateTime(at)} className="when">
      {local} {!local.endsWith('UTC') && <span className="utc">{utcClock(at)}</span>}
    </time>
  )
}

export function Age({ at }: { readonly at: string }) {
  const { unit, n } = ageOf(at, useNow())
  return (
    <time dateTime={at} title={`${dateTime(at)} · ${utcDateTime(at)}`}>
      <T k={`age.${unit}`} n={n} />
    </time>
  )
}
