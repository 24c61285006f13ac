import { describe, expect, test } from 'vitest'
import { joinAttributions } from './attribution.ts'

const usgs = { source: 'usgs', licence: 'public domain', credit: 'U.S. Geological Survey' }
const emsc = { source: 'emsc', licence: 'CC BY 4.0', credit: 'EMSC' }

describe('attribution', () => {
  test('of what is derived names every source once, in an order that does not depend on who came first', () => {
    expect(joinAttributions([usgs], [emsc, usgs], [])).toEqual(joinAttributions([emsc], [usgs]))
    expect(joinAttributions([usgs], [emsc, usgs])).toHaveLength(2)
  })
})
