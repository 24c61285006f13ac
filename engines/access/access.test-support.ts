/** Builders for the tests of this engine: principals, requests, held records, and generators of all of them. */
import fc from 'fast-check'
import {
  actual,
  clear,
  type Handling,
  type Held,
  instant,
  nodeId,
  normalise,
  policeCodes,
  type RecordId,
  tlpLabels,
} from '../record/index.ts'
import { type Asking, type Principal, purposes, roles } from './contract.ts'

export const noon = instant('2026-03-01T12:00:00Z')
export const before = instant('2026-03-01T11:00:00Z')
export const after = instant('2026-03-01T13:00:00Z')

export const aPerson = (parts: Partial<Principal> = {}): Principal => ({
  kind: 'person',
  id: 'person:ana@durres.example',
  organisation: 'org-dcp',
  node: nodeId('durres.example'),
  standing: 'home',
  roles: ['analyst'],
  clearances: [{ community: 'civil-protection-network', upTo: 'TLP:RED' }],
  purposes: ['civil-protection'],
  police: [],
  ...parts,
})

export const anAsking = (principal: Principal = aPerson(), parts: Partial<Asking> = {}): Asking => ({
  principal,
  purpose: 'civil-protection',
  now: noon,
  embargoNow: noon,
  ...parts,
})

export const heldWith = (handling: Handling, effective?: Handling): Held => ({
  record: {
    id: 'a'.repeat(40) as RecordId,
    version: 1,
    type: 'hazards.observation',
    schemaVersion: 1,
    origin: nodeId('tirana.example'),
    key: 'k',
    realm: actual,
    producer: { kind: 'source', name: 'a-source' },
    attribution: [],
    recordedAt: before,
    valid: { from: before },
    handling,
    links: [],
    body: { magnitude: 6.4, depthKm: 10 },
  },
  receivedAt: before,
  index: 0,
  ...(effective && { effective }),
})

const instants = fc.constantFrom(before, noon, after)
const nodes = [nodeId('durres.example'), nodeId('tirana.example')] as const
const organisations = ['org-a', 'org-b'] as const
const communities = ['csirts', 'health-net', '*'] as const
const people = ['person:ana@durres.example', 'person:besa@tirana.example'] as const
const nodeIds = ['node:durres.example', 'node:tirana.example'] as const
const names = [...nodes, ...organisations, ...communities, ...people, ...nodeIds, 'token:7', 'public']

const maybe = <Value>(value: fc.Arbitrary<Value>, weight = 2) =>
  fc.oneof({ weight, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) })

export const anyHandling: fc.Arbitrary<Handling> = fc
  .record({
    tlp: fc.constantFrom(...tlpLabels),
    audience: maybe(fc.subarray([...names]), 1),
    originatorControl: maybe(fc.boolean(), 1),
    purposes: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.subarray([...purposes]) },
    ),
    police: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.subarray([...policeCodes]) },
    ),
    embargoUntil: maybe(instants, 1),
    retainUntil: maybe(instants, 1),
    fieldMarks: maybe(
      fc.dictionary(fc.constantFrom('/body/magnitude', '/body/depthKm'), fc.constantFrom(...tlpLabels)),
      1,
    ),
  })
  .map((parts) => normalise({ ...clear, ...(JSON.parse(JSON.stringify(parts)) as Handling) }))

export const anyPrincipal: fc.Arbitrary<Principal> = fc
  .record({
    kind: fc.constantFrom('public', 'person', 'person', 'person', 'token', 'node', 'node'),
    who: fc.nat(1),
    organisation: maybe(fc.constantFrom(...organisations), 4),
    node: maybe(fc.constantFrom(...nodes), 4),
    standing: fc.constantFrom('home', 'client', 'guest'),
    clearances: fc.array(
      fc.record({ community: fc.constantFrom(...communities), upTo: fc.constantFrom(...tlpLabels) }),
      { maxLength: 3 },
    ),
    purposes: fc.subarray([...purposes]),
    police: fc.subarray([...policeCodes]),
    breakGlassUntil: maybe(instants, 1),
  })
  .map(({ kind, who, organisation, node, breakGlassUntil, ...rest }): Principal => {
    const ids = { public: 'public', person: people[who], token: 'token:7', node: nodeIds[who] }
    const own = kind === 'node' ? nodes[who] : node
    return {
      ...rest,
      kind: kind as Principal['kind'],
      standing: rest.standing as Principal['standing'],
      id: ids[kind as Principal['kind']] ?? 'public',
      roles: [roles[1]],
      ...(organisation && { organisation }),
      ...(own && { node: own }),
      ...(breakGlassUntil && { breakGlassUntil }),
    }
  })

export const anyAsking: fc.Arbitrary<Asking> = fc.record({
  principal: anyPrincipal,
  purpose: fc.constantFrom(...purposes),
  now: instants,
  embargoNow: instants,
})
