/** Issues of the XML reader: a stable rule name, and a place as `line 3, column 14`. */
import type { Issue } from '../../record/index.ts'

export function xmlIssue(rule: string, message: string, place = '', value?: string): Issue {
  const issue = { rule: `xml/${rule}`, place, message }
  return value === undefined ? issue : { ...issue, value: value.slice(0, 200) }
}

/** Line and column, both from 1, of a character offset. */
export function placeOf(text: string, offset: number): string {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    start = at + 1
  }
  return `line ${line}, column ${offset - start + 1}`
}
