import { queryOptions } from '@tanstack/react-query'
import type { MissingAreas } from '../../server/schemas/index.ts'
import { ask, viewParameters } from './call.ts'
import type { View } from './view.ts'

export const missingAreasQuery = (view: View) =>
  queryOptions({
    queryKey: ['notices', 'areas-missing', view],
    queryFn: ({ signal }) => ask<MissingAreas>('/areas/missing', viewParameters(view), signal),
  })
