/** `GET /api/v1/node`: who this node is, the region it stands in, its clock, and the replay when one is open. */
import { type Static, Type } from 'typebox'
import { instantSchema, textSchema } from './common.ts'
import { replaySchema } from './replay.ts'

export const countrySchema = Type.Object({
  code: Type.String(),
  names: textSchema,
  officialLanguages: Type.Array(Type.String()),
  group: Type.Optional(Type.Union([Type.Literal('region'), Type.Literal('neighbour')])),
  timeZone: Type.Optional(Type.String({ description: 'IANA zone of its capital' })),
  footnote: Type.Optional(textSchema),
})
export type Country = Static<typeof countrySchema>

export const nodeSchema = Type.Object({
  name: Type.String(),
  title: textSchema,
  realms: Type.Array(Type.String()),
  defaultRealm: Type.String(),
  languages: Type.Array(Type.String({ description: 'BCP 47, languages that texts are kept in' })),
  now: Type.String({ description: "the node's clock, RFC 3339" }),
  incarnation: Type.String(),
  version: Type.String({ description: 'of the program' }),
  region: Type.Object({
    id: Type.String(),
    title: textSchema,
    bounds: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()], {
      description: 'west, south, east, north',
    }),
    countries: Type.Array(countrySchema),
  }),
  replay: Type.Optional(replaySchema),
})
export type NodeInfo = Static<typeof nodeSchema>

export const healthSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('down')]),
  now: instantSchema,
  checks: Type.Array(
    Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.Optional(Type.String()) }),
  ),
})
export type Health = Static<typeof healthSchema>
