/**
 * A scenario: what the world's sources sent, when, as files in the sources' own formats, so that what happened once can
 * be lived through again. It names its realm (always an exercise), its origin, its incarnation and the seed of its
 * salts, and so gives the same bytes on every run and can never be taken for the real thing.
 *
 * Folder: `scenario.json` beside the payloads that it names. A step whose time or figures are not public record says
 * what was assumed.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { instant, MosaicError } from '../record/index.ts'

const text = Type.Record(Type.String(), Type.String({ minLength: 1 }))
const time = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' })

const StepSchema = Type.Object(
  {
    at: time,
    source: Type.String({ minLength: 1 }),
    payload: Type.String({ pattern: '^[\\w.-]+(/[\\w.-]+)*$' }),
    mediaType: Type.String({ minLength: 3 }),
    note: Type.Optional(Type.String()),
    assumed: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

const ScenarioSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    title: text,
    summary: text,
    realm: Type.String({ pattern: '^exercise:[a-z0-9-]+$' }),
    origin: Type.String({ minLength: 3 }),
    incarnation: Type.String({ minLength: 1 }),
    saltSeed: Type.String({ minLength: 8 }),
    from: time,
    opensAt: time,
    until: time,
    autoIssue: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          countries: Type.Union([Type.Literal('*'), Type.Array(Type.String())]),
          mandate: Type.Union([Type.Literal('authority'), Type.Literal('advice')]),
          text: Type.String({ minLength: 1 }),
        },
        { additionalProperties: false },
      ),
    ),
    steps: Type.Array(StepSchema, { minItems: 1 }),
  },
  { additionalProperties: false },
)

export type ScenarioStep = Static<typeof StepSchema>
export type Scenario = Static<typeof ScenarioSchema> & { readonly folder: string }

const check = Compile(ScenarioSchema)

/** Reads and checks `scenario.json`. Throws `exercise/scenario-invalid` naming the first place that is wrong. */
export async function loadScenario(folder: string): Promise<Scenario> {
  const file = join(folder, 'scenario.json')
  const value: unknown = JSON.parse(await readScenario(file))
  if (!check.Check(value)) {
    const [first] = check.Errors(value)
    throw new ScenarioInvalid(file, `${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}`)
  }
  const late = value.steps.find(
    (step, at) => step.at < (value.steps[at - 1]?.at ?? value.from) || step.at > value.until,
  )
  if (late) throw new ScenarioInvalid(file, `the step at ${late.at} is out of order or outside from … until`)
  return { ...value, steps: value.steps.map((step) => ({ ...step, at: instant(step.at) })), folder }
}

async function readScenario(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new ScenarioInvalid(
      file,
      'cannot be read; name a scenario of the region, or a folder with scenario.json',
      cause,
    )
  }
}

export class ScenarioInvalid extends MosaicError {
  override readonly name = 'ScenarioInvalid'
  override readonly code = 'exercise/scenario-invalid'
  readonly file: string

  constructor(file: string, what: string, cause?: unknown) {
    super(`${file}: ${what}.`, { cause })
    this.file = file
  }
}
