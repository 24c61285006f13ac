/**
 * CAP as JSON, as Meteoalarm and others send it: one member for each element, lists where an element may repeat, the
 * three list-valued elements as the text that CAP writes. There is no standard for it, so it is put back into XML in the
 * order of the standard and read by the one reader of CAP, under the same rules: what JSON says wrong is the same defect.
 *
 *     capFromJson({ identifier: 'a', … }) // { ok: true, xml: '<alert …' }
 */
import type { Issue } from '../../record/index.ts'
import { escapeXml } from '../xml/serialise.ts'
import { type CapElementRule, type CapGroupName, capGrammar } from './grammar.ts'
import { capNamespaces } from './read.ts'

export type CapFromJson =
  | { readonly ok: true; readonly xml: string }
  | { readonly ok: false; readonly issue: Issue }

type JsonObject = { readonly [name: string]: unknown }

export function capFromJson(value: unknown, place = ''): CapFromJson {
  if (!isObject(value)) {
    const message = 'A CAP alert as a JSON object was expected.'
    return { ok: false, issue: { rule: 'cap/json-not-an-alert', place, message } }
  }
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="${capNamespaces['1.2']}">${group(value, 'alert')}</alert>\n`
  return { ok: true, xml }
}

function group(value: JsonObject, name: CapGroupName): string {
  const known = capGrammar[name]
  const own = known.flatMap((rule) => itemsOf(value, rule.name).map((item) => element(rule, item)))
  const strange = Object.keys(value)
    .filter((key) => !known.some((rule) => rule.name === key) && isXmlName(key))
    .map((key) => `<${key}>${escapeXml(scalarText(value[key]))}</${key}>`)
  return [...own, ...strange].join('')
}

/** Absent, null and an empty list are the same: the sender does not say. */
function itemsOf(value: JsonObject, name: string): readonly unknown[] {
  const held = Object.hasOwn(value, name) ? value[name] : undefined
  if (held === undefined || held === null) return []
  return Array.isArray(held) ? held.filter((item) => item !== null) : [held]
}

function element({ name, holds }: CapElementRule, item: unknown): string {
  const below = typeof holds === 'object' && 'group' in holds ? holds.group : undefined
  const inside = below !== undefined && isObject(item) ? group(item, below) : escapeXml(scalarText(item))
  return `<${name}>${inside}</${name}>`
}

/** A structure where text belongs is shown as JSON, so that the defect shows what stood there. */
const scalarText = (item: unknown): string => (typeof item === 'string' ? item : (JSON.stringify(item) ?? ''))

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isXmlName = (key: string): boolean => /^[A-Za-z_][\w.-]{0,100}$/.test(key)
