/**
 * What may stand in a record: JSON as I-JSON (RFC 7493) has it. Everything else that JavaScript allows (undefined, NaN,
 * infinities, bigint, functions, dates and other objects with a class, holes, lone surrogates) would vanish or change on
 * its way through JSON, so it is named with its place instead of being dropped.
 */
import type { Issue } from './errors.ts'

export type JsonRules = {
  /** Containers inside containers; also what ends a circle. */
  readonly maxDepth: number
  /** PostgreSQL's text cannot hold U+0000, and nothing that people write needs it. */
  readonly allowNul: boolean
}

const openRules: JsonRules = { maxDepth: 512, allowNul: true }

/** What in `value` cannot stand in a record; empty when all is well. Stops after 20 findings. */
export function jsonIssues(value: unknown, rules: JsonRules = openRules, place = ''): Issue[] {
  const issues: Issue[] = []
  visit(value, place, 0, rules, issues)
  return issues
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string | number): string {
  if (typeof name === 'number' || !/[~/]/.test(name)) return `/${name}`
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function visit(value: unknown, place: string, depth: number, rules: JsonRules, issues: Issue[]): void {
  switch (typeof value) {
    case 'string':
      checkText(value, place, rules, issues)
      return
    case 'number':
      if (!Number.isFinite(value))
        report(
          issues,
          'record/not-json',
          place,
          String(value),
          'Only finite numbers can be written; leave it out.',
        )
      return
    case 'boolean':
      return
    case 'object':
      if (value === null) return
      if (depth >= rules.maxDepth || issues.length >= 20) {
        const message = `More than ${rules.maxDepth} levels deep, or a circle; make it flatter.`
        if (issues.length < 20) report(issues, 'record/too-deep', place, undefined, message)
        return
      }
      visitContainer(value, place, depth, rules, issues)
      return
    default:
      report(issues, 'record/not-json', place, typeof value, 'JSON has no such value; leave the member out.')
  }
}

function visitContainer(
  value: object,
  place: string,
  depth: number,
  rules: JsonRules,
  issues: Issue[],
): void {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) visitMember(value[at], place, at, depth, rules, issues)
    return
  }
  const kind = Object.getPrototypeOf(value)
  if (kind !== Object.prototype && kind !== null) {
    const name = value.constructor?.name ?? 'object'
    report(issues, 'record/not-json', place, name, 'Only plain objects can be written; convert it first.')
    return
  }
  for (const name of Object.keys(value)) {
    checkText(name, place, rules, issues)
    visitMember((value as { readonly [name: string]: unknown })[name], place, name, depth, rules, issues)
  }
}

/** Most members are sound scalars: their place is spelled only when something is wrong with them. */
function visitMember(
  value: unknown,
  place: string,
  name: string | number,
  depth: number,
  rules: JsonRules,
  issues: Issue[],
): void {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value === 'string' && isSound(value, rules)) return
  visit(value, place + pointerStep(name), depth + 1, rules, issues)
}

const isSound = (text: string, rules: JsonRules): boolean =>
  text.isWellFormed() && (rules.allowNul || !text.includes('\u0000'))

function checkText(text: string, place: string, rules: JsonRules, issues: Issue[]): void {
  if (!text.isWellFormed())
    report(issues, 'record/lone-surrogate', place, text, 'Half a UTF-16 pair is no text; decode it rightly.')
  else if (!rules.allowNul && text.includes('\u0000'))
    report(issues, 'record/nul-character', place, text, 'U+0000 cannot be stored; take it out.')
}

function report(
  issues: Issue[],
  rule: string,
  place: string,
  value: string | undefined,
  message: string,
): void {
  issues.push({ rule, place, ...(value !== undefined && { value: shown(value) }), message })
}

/** Safe to print and to store: well formed, no U+0000, at most 200 characters. */
export const shown = (text: string): string =>
  text.slice(0, 200).toWellFormed().replaceAll('\u0000', '\u2400')
