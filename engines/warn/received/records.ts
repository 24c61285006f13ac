/**
 * Record types of received warnings.
 *
 * `warn.alert`: one CAP message as received; key `sender,identifier,sent#<12 hexadecimal digits of its digest>`, so that
 * the same message by several paths is one record, and other content under one name is another. The bytes as they came
 * are kept by ingest. `warn.notice`: what stands of one warning of one kind for one area by one authority; a new version
 * whenever a message changes it. Whether it has run out is asked of `valid.until`, and never written into it.
 */
import { type Static, Type } from 'typebox'
import { capCertainties, capSeverities, capStatuses, capUrgencies } from '../../formats/index.ts'
import { fallbackReasons } from '../../place/index.ts'
import { defineRecord } from '../../record/index.ts'
import { reasons } from './contract.ts'
import {
  Alert,
  Code,
  circles,
  InstantText,
  list,
  maybe,
  oneOf,
  polygons,
  strict,
  Triple,
  text,
} from './schemas.ts'

const Defect = Type.Object({ rule: text, place: text, value: text, message: text }, strict)
const Signature = Type.Union([
  Type.Object({ kind: oneOf(['unsigned', 'failed', 'not-checked']) }, strict),
  Type.Object(
    { kind: Type.Literal('verified'), fingerprint: text, trusted: Type.Boolean(), weak: Type.Boolean() },
    strict,
  ),
])

export const alertRecord = defineRecord({
  type: 'warn.alert',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    {
      /** `sent` as an instant: gateways write one time in several zones. */
      triple: Triple,
      digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      alert: Alert,
      verdict: oneOf(['clean', 'defects']),
      /** Wrong in what it says. How a path wrapped it is counted at the source instead. */
      defects: list(Defect),
      signature: Signature,
    },
    strict,
  ),
})
export type AlertBody = Static<typeof alertRecord.body>

const AreaFallback = Type.Object(
  { scheme: text, code: text, reason: oneOf(fallbackReasons), country: maybe, edition: maybe },
  strict,
)

/** BCP 47 tag → text. */
const Texts = Type.Record(text, text)

export const noticeRecord = defineRecord({
  type: 'warn.notice',
  schemaVersion: 1,
  terms: 'CAP 1.2',
  body: Type.Object(
    {
      authority: Type.Object({ id: text, isKnown: Type.Boolean(), country: maybe, names: Texts }, strict),
      sender: text,
      state: oneOf(['in-force', 'ended', 'superseded']),
      /** When a message ended or replaced it. */
      endedAt: Type.Optional(InstantText),
      /** The notice that this warning goes on under, since an earlier message of its chain came. */
      goesOnAs: maybe,
      status: oneOf(capStatuses),
      kind: list(Code),
      level: Type.Object(
        {
          /** In the authority's own scale, as written. */
          own: Type.Optional(Type.Object({ scheme: text, code: text, text }, strict)),
          severity: oneOf(capSeverities),
          urgency: oneOf(capUrgencies),
          certainty: oneOf(capCertainties),
        },
        strict,
      ),
      texts: Type.Object(
        {
          event: Texts,
          headline: Texts,
          description: Texts,
          instruction: Texts,
          senderName: Texts,
          area: Texts,
          web: Texts,
          contact: Texts,
        },
        strict,
      ),
      onset: Type.Optional(InstantText),
      effective: Type.Optional(InstantText),
      expires: InstantText,
      /** The message has no `expires`: 24 hours after it was sent are assumed. */
      expiresAssumed: Type.Boolean(),
      areas: Type.Object({ codes: list(Code), polygons, circles }, strict),
      /** Codes for which something else stands than their own area on their own day (`engines/place`). */
      areaFallback: Type.Optional(list(AreaFallback)),
      /** One kind in one area, whoever speaks of it (`names.ts`). */
      slot: text,
      /** Notices of one group differ in their area alone: a face may show them as one. */
      group: text,
      messages: list(
        Type.Object(
          {
            key: text,
            triple: Triple,
            role: oneOf(['first', 'copy', 'update', 're-issue', 'cancel', 'all-clear', 'conflict']),
            because: oneOf(reasons),
          },
          strict,
        ),
      ),
      dangling: list(text),
      holds: Type.Boolean(),
      holdsBecause: Type.Optional(oneOf(['suspected-re-issue', 'update-after-cancel'])),
    },
    strict,
  ),
})
export type NoticeBody = Static<typeof noticeRecord.body>

export const receivedRecords = [alertRecord, noticeRecord] as const
