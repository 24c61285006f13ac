/**
 * Releases: the one door through which handling leads down. Whatever is derived carries the strictest handling of its
 * inputs; a `record.release` of the origin of that strictness lets it be handled as the release says, for named records
 * or, as a standing rule, for records of some types up to some label. Whoever derives names it by a link `releasedBy`.
 *
 * Where the strictness of an input comes from are its restricted *roots*: the input, or any record that it is derived
 * from, whose own handling its inputs do not explain. For each root a release of that root's own origin must cover the
 * root, or the input that was derived from it; the origin answers for what it gave, and nobody answers for it. A root
 * that nobody released counts as it is, and where that is stricter than the releases say, the draft is refused.
 *
 * A release counts in its newest version, in the realm of the draft, while it is valid and neither recalled nor erased.
 * Releases are decisions: they derive from nothing.
 */
import { Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { schemaIssues } from './check.ts'
import { handlingSchema, instantSchema, recordIdSchema } from './envelope-schema.ts'
import type { Issue } from './errors.ts'
import { clear, type Handling, joinAll, leq, type TlpLabel, tlpLabels } from './handling.ts'
import { type Instant, isInstant } from './instant.ts'
import { wholeHandling } from './marks.ts'
import type { AreaCode, Draft, MosaicRecord, RecordId } from './record.ts'
import { defineRecord } from './schema.ts'

const strict = { additionalProperties: false }

const releaseBody = Type.Object(
  {
    what: Type.Union([
      Type.Object(
        {
          kind: Type.Literal('records'),
          /** Each also linked by `releases`, to the version that is meant, or to the record whatever its version. */
          ids: Type.Array(recordIdSchema, { minItems: 1, maxItems: 1000 }),
        },
        strict,
      ),
      Type.Object(
        {
          kind: Type.Literal('standing'),
          types: Type.Array(Type.String({ pattern: '^(\\*|[a-z][a-z0-9.-]*(\\.\\*)?)$', maxLength: 100 }), {
            minItems: 1,
            maxItems: 1000,
            description: '`hazards.event`, `hazards.*` for all of one owner, `*` for all',
          }),
          areas: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  scheme: Type.String({ minLength: 1, maxLength: 100 }),
                  code: Type.String({ minLength: 1, maxLength: 100 }),
                },
                strict,
              ),
              { maxItems: 1000, description: 'Only records that stand in one of these; absent: wherever' },
            ),
          ),
          upTo: Type.Enum(tlpLabels, { description: 'The strictest label of evidence that it covers' }),
          until: Type.Optional(instantSchema),
        },
        strict,
      ),
    ]),
    as: handlingSchema,
    /** Whoever gets the release reads it. */
    because: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
  },
  strict,
)

export const recordRelease = defineRecord({ type: 'record.release', schemaVersion: 1, body: releaseBody })

export type ReleaseBody = {
  readonly what:
    | { readonly kind: 'records'; readonly ids: readonly RecordId[] }
    | {
        readonly kind: 'standing'
        readonly types: readonly string[]
        readonly areas?: readonly Pick<AreaCode, 'scheme' | 'code'>[]
        readonly upTo: TlpLabel
        readonly until?: Instant
      }
  readonly as: Handling
  readonly because?: string
}
export type Release = Pick<MosaicRecord<ReleaseBody>, 'id' | 'origin' | 'realm' | 'valid' | 'links' | 'body'>

/** What a release is asked about: a record as it is handled. */
export type Evidence = Pick<MosaicRecord, 'id' | 'version' | 'type' | 'origin' | 'realm' | 'handling'> & {
  readonly place?: { readonly areas?: readonly AreaCode[] } | undefined
}

const validator = Compile(releaseBody) as Pick<Validator, 'Check' | 'Errors'>

/** The record as a release; undefined when it is none, or not one that this node can read. */
export function asRelease(record: MosaicRecord): Release | undefined {
  const isOne = record.type === recordRelease.type && record.schemaVersion === recordRelease.schemaVersion
  if (!isOne || !validator.Check(record.body)) return undefined
  const { as } = record.body as ReleaseBody
  const isDated = [as.embargoUntil, as.retainUntil].every((at) => at === undefined || isDate(at))
  return isDated ? (record as MosaicRecord<ReleaseBody>) : undefined
}

/** The year 0000 is a date in ISO 8601 and none in PostgreSQL, where the handling ends up. */
const isDate = (at: string): boolean => isInstant(at) && !at.startsWith('0000')

/** What is wrong with a draft as a release; nothing for a draft of another type. */
export function releaseIssues(draft: Draft): readonly Issue[] {
  if (draft.type !== recordRelease.type) return []
  if (draft.links?.some(({ type }) => type === 'derivedFrom' || type === 'releasedBy'))
    return [
      {
        rule: 'release/derived',
        place: '/links',
        message: 'A release is a decision of its own; derive it from nothing.',
      },
    ]
  if (!validator.Check(draft.body)) return schemaIssues(validator, draft.body, 'record/body', '/body')
  const { what, as } = draft.body as ReleaseBody
  const linked = new Set(draft.links?.flatMap(({ type, id }) => (type === 'releases' ? [id] : [])))
  const unlinked = what.kind === 'records' ? what.ids.find((id) => !linked.has(id)) : undefined
  return [
    ...(unlinked === undefined
      ? []
      : [
          {
            rule: 'release/unlinked',
            place: '/body/what/ids',
            value: unlinked,
            message: 'Link it by `releases` as well.',
          },
        ]),
    ...(['embargoUntil', 'retainUntil'] as const).flatMap((name) =>
      as[name] === undefined || isDate(as[name])
        ? []
        : [
            {
              rule: 'record/instant',
              place: `/body/as/${name}`,
              value: as[name],
              message: 'There is no such date.',
            },
          ],
    ),
  ]
}

export const isInForce = ({ valid, body: { what } }: Release, at: Instant): boolean =>
  valid.from <= at && (valid.until ?? '~') >= at && (what.kind === 'records' || (what.until ?? '~') >= at)

export const isRestricted = (handling: Handling): boolean => !leq(wholeHandling(handling), clear)

/** Does it speak of this record? By whose right is another question. */
export function covers({ body: { what }, links, realm }: Release, evidence: Evidence): boolean {
  if (evidence.realm !== realm) return false
  if (what.kind === 'records')
    return (
      what.ids.includes(evidence.id) &&
      links.some(
        ({ type, id, version }) =>
          type === 'releases' && id === evidence.id && (version ?? evidence.version) === evidence.version,
      )
    )
  return (
    what.types.some((pattern) => fitsType(pattern, evidence.type)) &&
    tlpLabels.indexOf(wholeHandling(evidence.handling).tlp) <= tlpLabels.indexOf(what.upTo) &&
    (what.areas === undefined || what.areas.some((area) => standsIn(evidence, area)))
  )
}

const fitsType = (pattern: string, type: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))

const standsIn = ({ place }: Evidence, { scheme, code }: Pick<AreaCode, 'scheme' | 'code'>): boolean =>
  place?.areas?.some((area) => area.scheme === scheme && area.code === code) ?? false

/**
 * What a restricted root of `input` contributes to what is derived from it: the least strict that its own origin allows,
 * its own handling where that is not stricter; undefined where its origin released nothing of the two.
 */
export function releasedHandling(
  root: Evidence,
  input: Evidence,
  releases: readonly Release[],
): Handling | undefined {
  const own = wholeHandling(root.handling)
  return releases
    .filter((release) => release.origin === root.origin && allows(release, root, input))
    .map(({ body }) => (leq(own, body.as) ? own : wholeHandling(body.as)))
    .reduce<Handling | undefined>(
      (least, one) => (least === undefined || leq(one, least) ? one : least),
      undefined,
    )
}

/** A rule for derived records, too, lets out evidence up to its label and no further. */
function allows(release: Release, root: Evidence, input: Evidence): boolean {
  if (covers(release, root)) return true
  const { what } = release.body
  const isWithin =
    what.kind === 'records' || leq({ tlp: wholeHandling(root.handling).tlp }, { tlp: what.upTo })
  return isWithin && root.realm === input.realm && covers(release, input)
}

/** The least strict that these releases together could make of anything. */
export const releasedFloor = (releases: readonly Release[]): Handling =>
  joinAll(releases.map(({ body }) => wholeHandling(body.as)))

/**
 * For reactors: which of the releases in view cover evidence that is stricter than `clear`, each by the origin of the
 * evidence; and for which evidence there is none. Name the first in links `releasedBy`; while any is uncovered the store
 * would refuse them.
 */
export function coveringReleases<One extends Release, Record extends Evidence>(
  releases: readonly One[],
  evidence: readonly Record[],
  at: Instant,
): { readonly covering: readonly One[]; readonly uncovered: readonly Record[] } {
  const inForce = releases.filter((release) => isInForce(release, at))
  const restricted = evidence.filter(({ handling }) => isRestricted(handling))
  const covering = new Set<One>()
  const uncovered: Record[] = []
  for (const one of restricted) {
    const found = inForce.find((release) => release.origin === one.origin && covers(release, one))
    if (found) covering.add(found)
    else uncovered.push(one)
  }
  return { covering: [...covering], uncovered }
}
