/**
 * Handling: who may have a record and on what terms. A lattice: `join` of two handlings is the most restrictive of each
 * mark, so what is derived can never be freer than what it came from.
 *
 *     label               the higher                     originator control   if either
 *     audience, purposes  the intersection               police codes         the union
 *     embargo             the later                      retention            the earlier
 *     field marks         the union, the higher label where both mark a field
 *
 * TLP 2.0 (FIRST, August 2022), labels in the exact spelling of the standard. Police handling codes H0–H3 (Europol,
 * ADEP): H1 not as evidence without permission, H2 not passed on without permission, H3 other restrictions; H0 none.
 * `audience` absent means no restriction; empty means nobody.
 */
import type { Instant } from './instant.ts'

export const tlpLabels = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
export type TlpLabel = (typeof tlpLabels)[number]
export const policeCodes = ['H0', 'H1', 'H2', 'H3'] as const
export type PoliceCode = (typeof policeCodes)[number]

export type Handling = {
  readonly tlp: TlpLabel
  /** Nodes, organisations or communities that may have it; sorted, no repeats. */
  readonly audience?: readonly string[]
  /** Passing it on needs the originator's consent. */
  readonly originatorControl?: boolean
  /** What it may be used for; sorted, no repeats. Absent: any. Empty: nothing. */
  readonly purposes?: readonly string[]
  /** Sorted, no repeats, never H0 beside another. */
  readonly police?: readonly PoliceCode[]
  /** Not released before this instant, whatever a node's clock says. */
  readonly embargoUntil?: Instant
  /** JSON pointer into the record → label of that field. */
  readonly fieldMarks?: { readonly [pointer: string]: TlpLabel }
  /** Content is erased after this instant; the commitment stays. */
  readonly retainUntil?: Instant
}

export const clear: Handling = { tlp: 'TLP:CLEAR' }

/** The most restrictive of each mark; always normal. */
export function join(a: Handling, b: Handling): Handling {
  return normalise({
    tlp: higher(a.tlp, b.tlp),
    ...present('audience', intersection(a.audience, b.audience)),
    originatorControl: a.originatorControl === true || b.originatorControl === true,
    ...present('purposes', intersection(a.purposes, b.purposes)),
    police: [...(a.police ?? []), ...(b.police ?? [])],
    ...present('embargoUntil', latest(a.embargoUntil, b.embargoUntil)),
    fieldMarks: joinMarks(a.fieldMarks ?? {}, b.fieldMarks ?? {}),
    ...present('retainUntil', earliest(a.retainUntil, b.retainUntil)),
  })
}

/** The join of all; `TLP:CLEAR` when there are none. */
export const joinAll = (all: readonly Handling[]): Handling => all.reduce(join, clear)

/**
 * The join of what came from several hands. From AMBER upwards (TLP 2.0) a record without an audience is for the
 * recipient's own; beside one that names an audience, its absence would read as "no restriction" and let those in. So it
 * is written out first: `home`, the names of the node that holds them all. Without names the join is to nobody.
 */
export function joinHeld(parts: readonly Handling[], home: readonly string[]): Handling {
  if (parts.every(({ audience }) => audience === undefined)) return joinAll(parts)
  const isOwnOnly = ({ tlp, audience }: Handling) => audience === undefined && rank(tlp) >= rank('TLP:AMBER')
  return joinAll(parts.map((part) => (isOwnOnly(part) ? { ...part, audience: home } : part)))
}

/** Nobody may have it, or for nothing. */
export const isNobody = (handling: Handling): boolean =>
  handling.audience?.length === 0 || handling.purposes?.length === 0

/** Nobody is left although no part alone said so: what the store refuses. */
export function isLostInJoin(joined: Handling, parts: readonly Handling[]): boolean {
  const lost = (mark: 'audience' | 'purposes') =>
    joined[mark]?.length === 0 && !parts.some((part) => part[mark]?.length === 0)
  return lost('audience') || lost('purposes')
}

/** Anybody may have all of it at this instant: `TLP:CLEAR`, no other mark, embargo passed, retention not. */
export const isPublic = (handling: Handling, at: Instant): boolean =>
  handling.tlp === 'TLP:CLEAR' &&
  handling.audience === undefined &&
  handling.purposes === undefined &&
  handling.police === undefined &&
  handling.fieldMarks === undefined &&
  handling.originatorControl !== true &&
  (handling.embargoUntil ?? '') <= at &&
  (handling.retainUntil ?? '~') >= at

/** `a` is at most as restrictive as `b`, in every mark. */
export function leq(a: Handling, b: Handling): boolean {
  return (
    rank(a.tlp) <= rank(b.tlp) &&
    holdsAll(a.audience, b.audience) &&
    (a.originatorControl !== true || b.originatorControl === true) &&
    holdsAll(a.purposes, b.purposes) &&
    policeLeq(a.police ?? [], b.police ?? []) &&
    (a.embargoUntil ?? '') <= (b.embargoUntil ?? '') &&
    Object.entries(a.fieldMarks ?? {}).every(([at, label]) => rank(label) <= rank(b.fieldMarks?.[at])) &&
    (a.retainUntil ?? '~') >= (b.retainUntil ?? '~')
  )
}

/** One spelling for equal handlings: sorted, no repeats, and no member that restricts nothing. */
export function normalise(handling: Handling): Handling {
  const { tlp, audience, originatorControl, purposes, police, embargoUntil, fieldMarks, retainUntil } =
    handling
  return {
    tlp,
    ...(audience && { audience: sorted(audience) }),
    ...(originatorControl === true && { originatorControl }),
    ...(purposes && { purposes: sorted(purposes) }),
    ...(police && police.length > 0 && { police: normalPolice(police) }),
    ...(embargoUntil && { embargoUntil }),
    ...(fieldMarks && Object.keys(fieldMarks).length > 0 && { fieldMarks }),
    ...(retainUntil && { retainUntil }),
  }
}

const rank = (label: TlpLabel | undefined): number => (label === undefined ? -1 : tlpLabels.indexOf(label))
const higher = (a: TlpLabel, b: TlpLabel): TlpLabel => (rank(a) >= rank(b) ? a : b)
const sorted = <Item extends string>(items: readonly Item[]): Item[] => [...new Set(items)].sort()
const present = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [name in Name]?: Value }

function intersection(a?: readonly string[], b?: readonly string[]): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.filter((item) => b.includes(item))
}

/** Absent is everybody: `a` leaves at least those whom `b` leaves. */
function holdsAll(a?: readonly string[], b?: readonly string[]): boolean {
  if (a === undefined) return true
  return b?.every((item) => a.includes(item)) ?? false
}

function normalPolice(codes: readonly PoliceCode[]): PoliceCode[] {
  const all = sorted(codes)
  return all.length > 1 ? all.filter((code) => code !== 'H0') : all
}

/** H0 says "marked, and nothing more": above no mark, below each other. */
const policeLeq = (a: readonly PoliceCode[], b: readonly PoliceCode[]): boolean =>
  a.every((code) => (code === 'H0' ? b.length > 0 : b.includes(code)))

function joinMarks(
  a: Handling['fieldMarks'] & {},
  b: Handling['fieldMarks'] & {},
): { [at: string]: TlpLabel } {
  const both: { [at: string]: TlpLabel } = { ...a }
  for (const [at, label] of Object.entries(b)) both[at] = at in a ? higher(a[at] ?? label, label) : label
  return both
}

/** Instants sort as text does. */
const latest = (a?: Instant, b?: Instant) => (a === undefined || (b !== undefined && b > a) ? b : a)
const earliest = (a?: Instant, b?: Instant) => (a === undefined || (b !== undefined && b < a) ? b : a)
