import { describe, expect, test } from 'vitest'
import { MosaicError, nodeId } from '../../record/index.ts'
import { morning, record } from './audit.test-support.ts'
import type { Look } from './contract.ts'
import { looksAtPeers, mergeLooks, readLooks } from './looks.ts'

const [tirana, skopje] = [nodeId('tirana.example'), nodeId('skopje.example')]
const look: Look = {
  record: record(1),
  at: morning,
  act: 'read',
  kind: 'person',
  organisation: 'org-tir',
  roles: ['analyst'],
  purpose: 'health',
}

class Away extends MosaicError {
  override readonly code = 'exchange/unreachable'
}

describe('what peers say of looks', () => {
  test('is put together newest first, and who did not answer is named with the reason', async () => {
    const later = { ...look, at: '2024-03-01T09:00:00.000Z' as typeof morning }
    const ask = async (peer: string) => {
      if (peer === skopje) throw new Away('no route')
      return [look, later]
    }

    const merged = mergeLooks(await looksAtPeers(async () => [tirana, skopje], ask)([record(1)]))

    expect(merged.looks).toEqual([
      { ...later, node: tirana },
      { ...look, node: tirana },
    ])
    expect(merged.unanswered).toEqual([{ node: skopje, reason: 'exchange/unreachable' }])
  })

  test.each([
    ['of another record', { ...look, record: record(2) }],
    ['with a member that is none', { ...look, html: '<script>' }],
    ['with an act that is none', { ...look, act: 'peek' }],
    ['with a name without end', { ...look, organisation: 'x'.repeat(10_000) }],
    ['that is no object', 'look'],
    ['that is nothing', null],
  ])('%s is left out', (_, said) => {
    expect(readLooks([said, look], [record(1)])).toEqual([look])
  })
})
