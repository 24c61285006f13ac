import { queryOptions } from '@tanstack/react-query'
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import type { TownOnMap } from '../../server/schemas/index.ts'
import { ask } from './call.ts'

export type CountryProperties = { readonly code: string; readonly group: 'region' | 'neighbour' }
export type CountryShapes = FeatureCollection<Polygon | MultiPolygon, CountryProperties>

export const countryShapesQuery = queryOptions({
  queryKey: ['map', 'countries'],
  queryFn: ({ signal }) => ask<CountryShapes>('/map/countries.json', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const townsQuery = queryOptions({
  queryKey: ['map', 'towns'],
  queryFn: async ({ signal }) =>
    (await ask<{ readonly items: readonly TownOnMap[] }>('/map/towns.json', { minPeople: 20_000 }, signal))
      .items,
  staleTime: Number.POSITIVE_INFINITY,
})
