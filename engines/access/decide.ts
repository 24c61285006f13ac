/**
 * What the policy says to one record: allowed, with which fields taken out; or refused, by which rules and why.
 *
 * A marked field is seen by whoever would see the whole record under the higher of its label and the field's mark
 * (`Handling.fieldMarks`). `reader` prepares one request for many records; the plain functions are for one.
 */
import { type Handling, type Held, type TlpLabel, withhold } from '../record/index.ts'
import { type Asked, type Condition, predicateOf } from '../store/index.ts'
import type { Asking, Decision, RefusalReason } from './contract.ts'
import { type Rule, rulesFor, visibleTo } from './policy.ts'
import { rankOf } from './principals.ts'
import { refusalOf } from './reasons.ts'

export type Reader = {
  readonly asking: Asking
  /** The same rules for the database. */
  readonly condition: Condition
  readonly mayHave: (held: Asked) => boolean
  /** Pointers of the marked fields that this request may not have. */
  readonly withheldFor: (held: Held) => readonly string[]
  /** The record without those fields, told so; undefined when the request may not have it. */
  readonly view: (held: Held) => Held | undefined
  readonly decide: (held: Held) => Decision
}

export function reader(asking: Asking): Reader {
  const condition = visibleTo(asking)
  const mayHave = predicateOf(condition)
  const rules = rulesFor(asking).map((rule) => ({ ...rule, holds: predicateOf(rule.of) }))
  const withheldFor = (held: Held) => withheldBy(mayHave, held)
  return {
    asking,
    condition,
    mayHave,
    withheldFor,
    view: (held) => (mayHave(held) ? without(held, withheldFor(held)) : undefined),
    decide(held) {
      if (mayHave(held)) return { kind: 'allowed', withheld: withheldFor(held) }
      return { kind: 'refused', reasons: reasonsOf(rules, asking, held) }
    },
  }
}

export const mayHave = (asking: Asking, held: Asked): boolean => predicateOf(visibleTo(asking))(held)

export const decide = (asking: Asking, held: Held): Decision => reader(asking).decide(held)

export const withheldFor = (asking: Asking, held: Held): readonly string[] => reader(asking).withheldFor(held)

export const view = (asking: Asking, held: Held): Held | undefined => reader(asking).view(held)

export const handlingOf = ({ record, effective }: Held): Handling => effective ?? record.handling

function withheldBy(mayHave: (held: Held) => boolean, held: Held): readonly string[] {
  const handling = handlingOf(held)
  if (handling.fieldMarks === undefined) return []
  const marks = Object.entries(handling.fieldMarks)
  const raised = marks.filter(([, label]) => rankOf(label) > rankOf(handling.tlp))
  const refused = new Map<TlpLabel, boolean>()
  for (const [, tlp] of raised)
    if (!refused.has(tlp)) refused.set(tlp, !mayHave({ ...held, effective: { ...handling, tlp } }))
  return raised
    .filter(([, label]) => refused.get(label))
    .map(([at]) => at)
    .sort()
}

function without(held: Held, pointers: readonly string[]): Held {
  const { withheld: already = [] } = held
  const more = pointers.filter((pointer) => !already.includes(pointer))
  if (more.length === 0) return held
  return { ...held, record: withhold(held.record, more, already), withheld: [...already, ...more].sort() }
}

type Judged = Rule & { readonly holds: (held: Held) => boolean }

const reasonsOf = (rules: readonly Judged[], asking: Asking, held: Held): readonly RefusalReason[] =>
  rules.filter(({ holds }) => !holds(held)).map(({ rule }) => refusalOf(rule, asking, handlingOf(held)))
