import { describe, expect, test } from 'vitest'
import {
  closed,
  codesIn,
  fromField,
  kmBetween,
  linesOfCodes,
  linesOfPositions,
  positionsIn,
  toField,
} from './content.ts'

describe('an area typed at the desk', () => {
  test('is read line by line, longitude first, and what is no place is not taken', () => {
    expect(positionsIn('19.4, 41.3\n19.9 41.3\nhere\n200, 41\n19.9;41.8\n1,2,3')).toEqual([
      [19.4, 41.3],
      [19.9, 41.3],
      [19.9, 41.8],
    ])
    expect(positionsIn(linesOfPositions([[19.4, 41.3]]))).toEqual([[19.4, 41.3]])
  })

  test('ends where it began, once', () => {
    const ring = closed([
      [1, 1],
      [2, 1],
      [2, 2],
    ])

    expect(ring).toHaveLength(4)
    expect(closed(ring)).toEqual(ring)
    expect(closed([])).toEqual([])
  })

  test('names codes by scheme and code, and comes back as it was typed', () => {
    expect(codesIn('EMMA_ID AL001\n\nAL002\nNUTS3 AL01 1')).toEqual([
      { scheme: 'EMMA_ID', code: 'AL001' },
      { scheme: 'NUTS3', code: 'AL01 1' },
    ])
    expect(linesOfCodes(codesIn('EMMA_ID AL001'))).toBe('EMMA_ID AL001')
  })

  test('has a radius in kilometres over the ground', () => {
    expect(kmBetween([19, 41], [20, 41])).toBeCloseTo(83.9, 0)
    expect(kmBetween([19, 41], [19, 41])).toBe(0)
  })
})

test('a time at the desk is UTC, to the minute', () => {
  expect(toField('2026-03-01T10:20:30.000Z')).toBe('2026-03-01T10:20')
  expect(fromField('2026-03-01T10:20')).toBe('2026-03-01T10:20:00.000Z')
  expect(fromField('')).toBeUndefined()
})
