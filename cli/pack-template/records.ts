/** Record types of the pack: what a station of the example domain reports, and the event that many reports make. */
import { type Static, Type } from 'typebox'
import { eventBody } from '../../engines/fuse/index.ts'
import { defineRecord } from '../../engines/record/index.ts'

const report = Type.Object({
  kind: Type.Literal('report'),
  agency: Type.String({ minLength: 1 }),
  at: Type.String(),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  /** In the unit that the standard of this domain names; say it here. */
  value: Type.Number(),
  updated: Type.String(),
})
const figures = Type.Object({
  kind: Type.Literal('report'),
  value: Type.Number(),
  agencies: Type.Array(Type.String()),
})

export type ExampleReport = Static<typeof report>
export type ExampleFigures = Static<typeof figures>

export const exampleReport = defineRecord({ type: 'example.report', schemaVersion: 1, body: report })
export const exampleEvent = defineRecord({
  type: 'example.event',
  schemaVersion: 1,
  body: eventBody(figures),
})
