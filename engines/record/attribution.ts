/**
 * Attribution joins as a union: whatever is derived carries the credit line of every source that it rests on, each once,
 * in an order that does not depend on who came first.
 */
import { canonical } from './canonical.ts'
import type { Attribution } from './record.ts'

export function joinAttributions(...lists: readonly (readonly Attribution[])[]): readonly Attribution[] {
  const [first] = lists
  if (lists.length === 1 && first !== undefined && first.length < 2) return first
  const byText = new Map<string, Attribution>()
  for (const item of lists.flat()) byText.set(canonical(item), item)
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
