import fc from 'fast-check'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { createRegistry } from './registry.ts'
import { defineRecord } from './schema.ts'

const quake = defineRecord({
  type: 'hazards.quake',
  schemaVersion: 3,
  terms: 'QuakeML 1.2',
  body: Type.Object({ depth: Type.Number({ minimum: -10_000 }), region: Type.String() }),
  migrations: [
    {
      to: 2,
      up: (body) => ({ depth: (body as { depthKm: number }).depthKm * 1000 }),
      down: (body) => ({ depthKm: (body as { depth: number }).depth / 1000 }),
    },
    {
      to: 3,
      up: (body) => ({ ...(body as object), region: '' }),
      down: (body) => ({ depth: (body as { depth: number }).depth }),
    },
  ],
})
const registry = createRegistry([quake])

describe('the schema registry', () => {
  test('says where a body breaks its schema', () => {
    expect(registry.check('hazards.quake', { depth: 20_000, region: 'Durrës' })).toEqual([])
    expect(registry.check('hazards.quake', { depth: 'deep', region: 'Durrës' })).toMatchObject([
      { rule: 'record/body', place: '/body/depth' },
    ])
  })

  test('lets a type pass that it does not know, and a version that it does not have', () => {
    expect(registry.check('health.report', { anything: true })).toEqual([])
    expect(registry.check('hazards.quake', { depthKm: 20 }, 1)).toEqual([])
    expect(registry.schemaVersion('health.report')).toBe(1)
    expect(registry.migrate('health.report', {}, 1)).toEqual({ kind: 'unknown-type' })
  })

  test('brings a body up to the newest version and down to an older one, and back without loss', () => {
    expect(registry.migrate('hazards.quake', { depthKm: 20 }, 1)).toEqual({
      kind: 'migrated',
      schemaVersion: 3,
      body: { depth: 20_000, region: '' },
    })
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 700 }), (depthKm) => {
        const up = registry.migrate('hazards.quake', { depthKm }, 1, 3)
        if (up.kind !== 'migrated') throw new Error(up.kind)

        expect(registry.check('hazards.quake', up.body)).toEqual([])
        expect(registry.migrate('hazards.quake', up.body, 3, 1)).toMatchObject({ body: { depthKm } })
      }),
    )
  })

  test('says so when a version is newer than it knows', () => {
    expect(registry.migrate('hazards.quake', {}, 4)).toEqual({ kind: 'no-path', from: 4, to: 3 })
  })

  test('gives the JSON Schema that peers can read', () => {
    expect(registry.jsonSchema('hazards.quake')).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['depth', 'region'],
    })
    expect(registry.jsonSchema('health.report')).toBeUndefined()
  })

  test('refuses a type declared twice, misnamed, or without a migration between versions', () => {
    expect(() => createRegistry([quake, quake])).toThrow(/twice/)
    expect(() => createRegistry([{ ...quake, type: 'Quake' }])).toThrow(/owner.name/)
    expect(() => createRegistry([{ ...quake, schemaVersion: 4 }])).toThrow(/migration to version 4/)
  })
})
