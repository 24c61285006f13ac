/** `GET /api/v1/sources` and `/quarantine`: how the sources do, and what could not be read, with its reason. */
import { type Static, Type } from 'typebox'
import { attributionSchema, instantSchema, issueSchema, listQuery, pageSchema, textSchema } from './common.ts'

export const sourceSchema = Type.Object({
  id: Type.String(),
  title: textSchema,
  transport: Type.Union([Type.Literal('http'), Type.Literal('websocket'), Type.Literal('scenario')]),
  url: Type.Optional(Type.String()),
  intervalMs: Type.Optional(Type.Number()),
  attribution: attributionSchema,
  /** `idle`: declared, never tried in this node. `late`: no success for three intervals. `failing`: errors in a row. */
  state: Type.Union([
    Type.Literal('ok'),
    Type.Literal('late'),
    Type.Literal('failing'),
    Type.Literal('idle'),
  ]),
  lastAttemptAt: Type.Optional(instantSchema),
  lastSuccessAt: Type.Optional(instantSchema),
  lastChangeAt: Type.Optional(instantSchema),
  errorsInARow: Type.Integer(),
  lastError: Type.Optional(Type.String()),
  lagMs: Type.Optional(Type.Number()),
  emptySince: Type.Optional(
    Type.String({ description: 'its answers list nothing since then: it is quiet, or it has failed' }),
  ),
  defects: Type.Optional(
    Type.Record(Type.String(), Type.Integer(), {
      description: 'rule → how often what came last broke it: what its sender should be told',
    }),
  ),
  /** These, `lastChangeAt`, `lastError`, `lagMs`, `emptySince` and `defects`: for who runs the node. */
  received: Type.Optional(Type.Integer()),
  accepted: Type.Optional(Type.Integer()),
  quarantined: Type.Optional(Type.Integer()),
})
export type SourceHealth = Static<typeof sourceSchema>
export const sourcePageSchema = pageSchema(sourceSchema)

export const quarantineQuerySchema = listQuery({
  state: Type.Optional(
    Type.Union([Type.Literal('held'), Type.Literal('released'), Type.Literal('discarded')]),
  ),
  from: Type.Optional(Type.String({ description: 'source, peer or reactor' })),
})
const quarantineFields = {
  id: Type.String(),
  kind: Type.Union([
    Type.Literal('undecodable'),
    Type.Literal('refused'),
    Type.Literal('equivocation'),
    Type.Literal('reactor-failed'),
  ]),
  from: Type.String(),
  realm: Type.String(),
  receivedAt: instantSchema,
  mediaType: Type.String(),
  sizeBytes: Type.Integer(),
  issues: Type.Array(issueSchema),
  state: Type.Union([Type.Literal('held'), Type.Literal('released'), Type.Literal('discarded')]),
  times: Type.Integer(),
}
export const quarantinedSchema = Type.Object(quarantineFields)
export type QuarantinedItem = Static<typeof quarantinedSchema>
export const quarantinePageSchema = pageSchema(quarantinedSchema)
/** `preview`: the first 4 KiB as text, control characters replaced; the whole is at `/quarantine/:id/bytes`. */
export const quarantinedDetailSchema = Type.Object({ ...quarantineFields, preview: Type.String() })
export type QuarantinedDetail = Static<typeof quarantinedDetailSchema>
