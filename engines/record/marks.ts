/**
 * Field marks: single fields of a record that are stricter than the record itself. `handling.fieldMarks` maps JSON
 * pointers (RFC 6901) into the record to TLP labels. Markable are the fields that can be withheld one by one:
 *
 *     /place          the place
 *     /links/N        one link
 *     /body/…         a member of an object anywhere below the body: /body/reporter/name, /body/people/3/name
 *
 * Not an element of a list below the body, because the places of the others would move; nothing else of the envelope,
 * because nobody could then judge or route the record; and no mark inside another, because one of them would decide.
 *
 * A pointer to a link counts the links that the origin wrote. Who holds a record with a link withheld counts those too.
 */
import type { Issue } from './errors.ts'
import { type Handling, join } from './handling.ts'
import { pointerStep, shown } from './json.ts'
import { memberAt, withoutMembers } from './members.ts'
import type { Link, MosaicRecord } from './record.ts'

export const maxFieldMarks = 256
/** Characters of one pointer. */
export const maxPointerLength = 1000
/** No record is deeper (`maxRecordDepth`). */
const maxSteps = 40

type Marked = {
  readonly place?: unknown
  readonly handling?: Handling
  readonly links?: readonly Link[]
  readonly body: unknown
}

/** Pointers of the marked fields below the body, sorted by UTF-16 code units. */
export const bodyMarks = (handling: Handling): readonly string[] =>
  handling.fieldMarks === undefined ? [] : Object.keys(handling.fieldMarks).filter(isInBody).sort()

export const isInBody = (pointer: string): boolean => pointer.startsWith('/body/')

/** Those of these pointers that this version of the record does not mark: it cannot travel without them. */
export const unmarkedOf = (record: Pick<MosaicRecord, 'handling'>, pointers: readonly string[]) =>
  pointers.filter((pointer) => !Object.hasOwn(record.handling.fieldMarks ?? {}, pointer))

/**
 * The handling of a record as it binds what is derived from it: what became of a marked field nobody can see there, so
 * the highest mark binds the whole, save of fields that this node was not given.
 */
export function wholeHandling(handling: Handling, withheld: readonly string[] = []): Handling {
  const { fieldMarks, ...rest } = handling
  if (fieldMarks === undefined) return handling
  const labels = Object.entries(fieldMarks).flatMap(([at, tlp]) => (withheld.includes(at) ? [] : [{ tlp }]))
  return labels.reduce<Handling>(join, rest)
}

/**
 * The record without these fields. `already` names what is not in it any more, so that links keep their places.
 * A pointer to what is not there takes nothing away.
 */
export function withhold<Body>(
  record: MosaicRecord<Body>,
  pointers: readonly string[],
  already: readonly string[] = [],
): MosaicRecord<Body> {
  if (pointers.length === 0) return record
  const taken = new Set(pointers)
  const { place, ...rest } = record
  const positions = linkPositions(record.links.length, already)
  return {
    ...rest,
    ...(place !== undefined && !taken.has('/place') && { place }),
    links: record.links.filter((_, n) => !taken.has(`/links/${positions[n]}`)),
    body: withoutMembers(record.body, pointers.filter(isInBody)) as Body,
  }
}

/** Where the links of a record stood when its origin wrote it: the places left by those withheld. */
export function linkPositions(count: number, withheld: readonly string[]): readonly number[] {
  const gone = new Set(withheld.filter(isLink))
  const positions: number[] = []
  for (let at = 0; positions.length < count; at++)
    if (gone.size === 0 || !gone.has(`/links/${at}`)) positions.push(at)
  return positions
}

export const isLink = (pointer: string): boolean => pointer.startsWith('/links/')

/** What is wrong with a record's marks. `withheld`: pointers to what was marked and is not in it. */
export function markIssues(record: Marked, withheld: readonly string[] = []): readonly Issue[] {
  const marks = record.handling?.fieldMarks
  if (marks === undefined && withheld.length === 0) return []
  const pointers = Object.keys(marks ?? {})
  if (pointers.length > maxFieldMarks)
    return [
      issue(
        '/handling/fieldMarks',
        String(pointers.length),
        `At most ${maxFieldMarks} marks fit; mark more at once.`,
      ),
    ]
  const all = new Set(pointers)
  return [
    ...pointers.flatMap((pointer) => pointerIssues(record, pointer, all, withheld)),
    ...withheld
      .filter((pointer) => !all.has(pointer))
      .map((pointer) => issue('', pointer, 'Withheld, and not marked.')),
  ]
}

function pointerIssues(
  record: Marked,
  pointer: string,
  all: ReadonlySet<string>,
  withheld: readonly string[],
): readonly Issue[] {
  const say = (message: string) => [issue(`/handling/fieldMarks${pointerStep(pointer)}`, pointer, message)]
  if (!isMarkable(pointer))
    return say('Only /place, /links/N and members of objects below /body can be marked.')
  if (enclosing(pointer).some((outer) => all.has(outer)))
    return say('It lies inside another mark; keep one of the two.')
  const isThere = isHeld(record, pointer, withheld)
  if (isThere && withheld.includes(pointer)) return say('It is said to be withheld, and is there.')
  return isThere || withheld.includes(pointer)
    ? []
    : say('Nothing stands there; point to a field that the record has.')
}

const pointerShape = /^(\/([^~/]|~[01])*)+$/
const isMarkable = (pointer: string): boolean =>
  pointer.length <= maxPointerLength &&
  pointer.split('/').length <= maxSteps + 1 &&
  pointerShape.test(pointer) &&
  (pointer === '/place' || isInBody(pointer) || /^\/links\/(0|[1-9]\d{0,4})$/.test(pointer))

/** `/body/a/b/c` lies inside `/body/a/b` and `/body/a`. */
function enclosing(pointer: string): readonly string[] {
  const outer: string[] = []
  for (let at = pointer.lastIndexOf('/'); at > 0; at = pointer.lastIndexOf('/', at - 1))
    outer.push(pointer.slice(0, at))
  return outer
}

function isHeld({ place, links = [], body }: Marked, pointer: string, withheld: readonly string[]): boolean {
  if (pointer === '/place') return place !== undefined
  if (isInBody(pointer)) return memberAt(body, pointer) !== undefined
  const written = links.length + withheld.filter(isLink).length
  return Number(pointer.slice('/links/'.length)) < written && !withheld.includes(pointer)
}

const issue = (place: string, value: string, message: string): Issue => ({
  rule: 'record/field-mark',
  place,
  value: shown(value),
  message,
})
