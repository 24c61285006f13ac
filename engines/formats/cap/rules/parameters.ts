/**
 * Parameters are the sender's own names and values (CAP 1.2 §3.2.2 parameter), so little can be wrong about them. One
 * thing is: a value whose name ends in "date" or "time", or starts with "date", and that is written like a date but
 * names no day that exists. Seen in the field as "Mon, 52 Jul 2021 04:28 GMT".
 */
import { fields, textOf } from '../node.ts'
import type { CapRule } from './rule.ts'

export const parameterRules: readonly CapRule[] = [
  {
    rule: 'cap/parameter-date',
    clause: 'CAP 1.2 §3.2.2 parameter; the name promises a date',
    says: 'The name of the parameter promises a date, and its value is none.',
    *check({ infos }) {
      for (const info of infos) {
        for (const parameter of fields(info, 'parameter')) {
          const name = textOf(parameter, 'valueName') ?? ''
          const value = textOf(parameter, 'value') ?? ''
          if (/^(date|time)|(date|time|timestamp)$/i.test(name) && isBrokenDate(value))
            yield { place: `${parameter.path}/value`, value }
        }
      }
    },
  },
]

const longestDate = 80
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const inMail = /^(?:[a-z]{3},\s*)?(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})(?:\s+(\d\d):(\d\d)(?::(\d\d))?)?/i
const inIso = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?)?/

/** Written like a date of RFC 5322 or ISO 8601, and no such day or hour exists. Anything else is left alone. */
function isBrokenDate(text: string): boolean {
  if (text.length > longestDate) return false
  const mail = inMail.exec(text)
  if (mail !== null) {
    const [, day, month = '', year, hour, minute, second] = mail
    return !exists(Number(year), months.indexOf(month.toLowerCase()), Number(day), hour, minute, second)
  }
  const iso = inIso.exec(text)
  if (iso !== null) {
    const [, year, month, day, hour, minute, second] = iso
    return !exists(Number(year), Number(month) - 1, Number(day), hour, minute, second)
  }
  return /\p{L}{4,}/u.test(text) && !/\d/.test(text)
}

function exists(
  year: number,
  month: number,
  day: number,
  hour = '00',
  minute = '00',
  second = '00',
): boolean {
  const date = new Date(Date.UTC(year, month, day))
  const isDay = date.getUTCMonth() === month && date.getUTCDate() === day
  return isDay && Number(hour) <= 24 && Number(minute) <= 59 && Number(second) <= 60
}
