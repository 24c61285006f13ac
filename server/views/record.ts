/** Any record, plainly: its envelope as it is, what is withheld named. */
import type { Held } from '../../engines/record/index.ts'
import type { Context } from '../context.ts'
import type { RecordDetail, RecordSummary } from '../schemas/index.ts'

export function recordSummary({ node }: Context, held: Held): RecordSummary {
  const { record, receivedAt, effective, withheld } = held
  const { id, version, type, origin, key, realm, valid, recordedAt, handling } = record
  return {
    id,
    version,
    type,
    origin,
    key,
    realm,
    label: (effective ?? handling).tlp,
    valid: { ...valid },
    recordedAt,
    receivedAt,
    isKnownType: node.registry.definition(type) !== undefined,
    ...(withheld ? { withheld: [...withheld] } : {}),
  }
}

/** `versions`: all that the asker may have of it. */
export function recordDetail(
  context: Context,
  held: Held,
  more: { readonly versions: readonly Held[]; readonly notConfirmedSince?: string | undefined },
): RecordDetail {
  const { record, effective } = held
  const { audience, purposes, police, fieldMarks, ...handling } = effective ?? record.handling
  return {
    ...recordSummary(context, held),
    schemaVersion: record.schemaVersion,
    producer: record.producer,
    attribution: record.attribution.map((one) => ({ ...one })),
    ...(record.place ? { place: record.place } : {}),
    handling: {
      ...handling,
      ...(audience ? { audience: [...audience] } : {}),
      ...(purposes ? { purposes: [...purposes] } : {}),
      ...(police ? { police: [...police] } : {}),
      ...(fieldMarks ? { fieldMarks: { ...fieldMarks } } : {}),
    },
    isTightened: effective !== undefined,
    links: record.links.map((link) => ({ ...link })),
    ...(record.body === undefined ? {} : { body: record.body }),
    versions: more.versions
      .map(({ record: { version, recordedAt }, receivedAt }) => ({ version, recordedAt, receivedAt }))
      .sort((a, b) => a.version - b.version),
    ...(more.notConfirmedSince === undefined ? {} : { notConfirmedSince: more.notConfirmedSince }),
  }
}

/** Words are sought in what the asker sees, never in what is withheld. */
export function isRecordNamedBy({ record: { id, type, key, origin, body } }: Held, q: string): boolean {
  const text = [id, type, key, origin, JSON.stringify(body) ?? ''].join(' ').toLocaleLowerCase('en')
  return q
    .toLocaleLowerCase('en')
    .split(/\s+/)
    .every((word) => text.includes(word))
}
