/**
 * The attachments that a record refers to: `attachments` of its body, each `{ sha256, size, mediaType, name? }`, in
 * whatever type of record. An entry of another shape is no reference; the type's schema says whether it may stand there.
 */
import { type TProperties, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** Of one record. What stands behind them is no reference. */
export const maxAttachmentsOfRecord = 100
/** Of one attachment, in bytes. */
export const maxAttachmentBytes = 256 * 1024 * 1024

const properties = {
  /** Of the bytes, lower-case hexadecimal. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size: Type.Integer({ minimum: 0, maximum: maxAttachmentBytes }),
  mediaType: Type.String({ pattern: '^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$', maxLength: 127 }),
} satisfies TProperties

/** For types whose records have attachments. */
export const attachmentRefSchema = Type.Object({
  ...properties,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
})
export type AttachmentRef = Type.Static<typeof attachmentRefSchema>

const validator = Compile(attachmentRefSchema)

/** Each file once. */
export function attachmentsOf(body: unknown): readonly AttachmentRef[] {
  const listed = (body as { readonly attachments?: unknown } | null | undefined)?.attachments
  if (!Array.isArray(listed)) return []
  const refs = listed
    .slice(0, maxAttachmentsOfRecord)
    .filter((one): one is AttachmentRef => validator.Check(one))
  return [...new Map(refs.map((ref) => [ref.sha256, ref])).values()]
}
