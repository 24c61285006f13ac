/** What is wrong with one record that came. */
import { type Issue, shown } from '../record/index.ts'

export const issue = (rule: string, place: string, value: string, message: string): Issue => ({
  rule,
  place,
  ...(value !== '' && { value: shown(value) }),
  message,
})
