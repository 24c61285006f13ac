/** The mapping of a table's columns as an operator writes it down, checked: a wrong one would read wrong values. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { readJson, type TableMapping } from '../../../engines/formats/index.ts'
import { type Issue, schemaIssues } from '../../../engines/record/index.ts'

const strict = { additionalProperties: false }
const name = Type.String({ minLength: 1, maxLength: 200 })
const mapped = Type.Union([Type.Object({ column: name }, strict), Type.Object({ always: name }, strict)])

const mappingSchema = Type.Object(
  {
    time: Type.Object(
      { column: name, offset: Type.Optional(Type.String({ pattern: '^(Z|[+-]\\d\\d:\\d\\d)$' })) },
      strict,
    ),
    value: Type.Object({ column: name, decimalComma: Type.Optional(Type.Boolean()) }, strict),
    station: mapped,
    property: mapped,
    unit: Type.Optional(mapped),
    stationName: Type.Optional(mapped),
    longitude: Type.Optional(mapped),
    latitude: Type.Optional(mapped),
    quality: Type.Optional(mapped),
    method: Type.Optional(mapped),
    delimiter: Type.Optional(Type.Union([Type.Literal(','), Type.Literal(';'), Type.Literal('\t')])),
    missing: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 50 })),
  },
  strict,
)
const validator = Compile(mappingSchema)

export type MappingRead =
  | { readonly ok: true; readonly mapping: TableMapping }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export function readTableMapping(bytes: Uint8Array): MappingRead {
  const json = readJson(bytes)
  if (!json.ok) return { ok: false, issues: [json.issue] }
  const issues = schemaIssues(validator, json.value, 'environment/wrong-mapping')
  if (issues.length > 0) return { ok: false, issues }
  return { ok: true, mapping: json.value as Static<typeof mappingSchema> as TableMapping }
}
