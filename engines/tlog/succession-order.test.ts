/** Which of several successions holds, whatever the order in which they come. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NodeId, nodeId } from '../record/index.ts'
import { type Claim, decideSuccession, lineOf } from './succession-order.ts'

const durres = nodeId('durres.example')
const heirs = ['vlora.example', 'berat.example', 'korca.example'].map(nodeId)
const endOf = (size: number) => ({ origin: 'durres.example/log', size, root: new Uint8Array(32).fill(size) })

const inLog = fc
  .record({ to: fc.constantFrom(...heirs), size: fc.nat(6), after: fc.nat(3) })
  .map(({ to, size, after }): Claim => ({ from: durres, to, end: endOf(size), index: size + after }))
const recovery = fc
  .record({ to: fc.constantFrom(...heirs), size: fc.nat(9) })
  .map(({ to, size }): Claim => ({ from: durres, to, end: endOf(size) }))
const claims = fc.array(fc.oneof(inLog, recovery), { maxLength: 7 })

describe('of several successions of one node', () => {
  test('one holds as soon as one is known, and there is no way back to none', () => {
    fc.assert(
      fc.property(claims, (all) => {
        const { stands, second } = decideSuccession(all)

        expect(stands === undefined).toBe(all.length === 0)
        if (stands) expect(all).toContain(stands)
        for (const one of all)
          expect(second.includes(one)).toBe(one.to !== stands?.to || one.end.size !== stands?.end.size)
      }),
    )
  })

  test('a later one takes the place of the first only from an earlier place in the old log', () => {
    fc.assert(
      fc.property(claims, fc.oneof(inLog, recovery), (all, later) => {
        const before = decideSuccession(all).stands
        const after = decideSuccession([...all, later]).stands

        const isEarlier =
          before === undefined ||
          (later.index !== undefined && later.index < (before.index ?? before.end.size))
        expect(after).toBe(isEarlier ? later : before)
      }),
    )
  })

  test('those in the old log are decided by its order, whatever the order in which they come', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(inLog, { minLength: 1, selector: ({ index }) => index }),
        fc.func(fc.integer()),
        (all, shuffle) => {
          const mixed = all.toSorted((a, b) => shuffle(a.index) - shuffle(b.index))

          const first = Math.min(...all.map(({ index }) => index ?? 0))
          expect(decideSuccession(mixed).stands?.index).toBe(first)
        },
      ),
    )
  })

  test('a recovery never displaces what stood in the old log before the end that it names', () => {
    fc.assert(
      fc.property(claims, (all) => {
        const { stands } = decideSuccession(all)
        if (stands === undefined || stands.index !== undefined) return

        for (const { index } of all) expect(index ?? stands.end.size).toBeGreaterThanOrEqual(stands.end.size)
      }),
    )
  })
})

describe('the line of a node', () => {
  test('never lets two logs give one number to two versions', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 5 }), (sizes) => {
        const names = [durres, ...sizes.map((_, at) => nodeId(`heir-${at}.example`))]
        const known = new Map<NodeId, Claim>(
          sizes.map((size, at) => {
            const [from, to] = [names[at] as NodeId, names[at + 1] as NodeId]
            return [from, { from, to, end: { ...endOf(size), origin: `${from}/log` } }]
          }),
        )

        const line = lineOf(durres, known)

        expect(line.map(({ node }) => node)).toEqual(names)
        for (const [at, { above, end }] of line.entries())
          if (end) expect(line[at + 1]?.above).toBe(above + end.size)
        expect(line.at(-1)?.end).toBeUndefined()
      }),
    )
  })

  test('ends where two nodes name each other', () => {
    const [vlora] = heirs as [NodeId]
    const known = new Map<NodeId, Claim>([
      [durres, { from: durres, to: vlora, end: endOf(3) }],
      [vlora, { from: vlora, to: durres, end: endOf(4) }],
    ])

    expect(lineOf(durres, known).map(({ node }) => node)).toEqual([durres, vlora])
  })
})
