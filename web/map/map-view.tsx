/**
 * The map: MapLibre GL kept alive while the page changes around it. React says what is shown; `useMapData` puts it there.
 * A press on an event opens it. The keyboard moves and zooms the map; the list is the way to the events without a mouse.
 */
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { WarningArea } from '../../server/schemas/index.ts'
import { eventQuery, eventsQuery } from '../api/events.ts'
import { nodeQuery } from '../api/node.ts'
import { noticeQuery } from '../api/notices.ts'
import { countryShapesQuery, townsQuery } from '../api/places.ts'
import { warningQuery } from '../api/warnings.ts'
import { useCountries } from '../app/countries.ts'
import { useIsDark } from '../app/theme.tsx'
import { useEventFilter, useView } from '../app/view.ts'
import { readImpact } from '../events/impact-view.ts'
import { T } from '../text/use-text.tsx'
import { darkPalette, lightPalette } from './palette.ts'
import {
  areaShapes,
  cellShapes,
  codesOf,
  countryLabels,
  eventShapes,
  intensityShapes,
  nothing,
  outlineShapes,
  type Shapes,
  townShapes,
} from './shapes.ts'
import type { SourceName } from './style.ts'
import { useMap } from './use-map.ts'
import 'maplibre-gl/dist/maplibre-gl.css'

type Chosen = {
  readonly eventId: string | undefined
  readonly warningId: string | undefined
  readonly noticeId: string | undefined
}

export function MapView(asked: Chosen) {
  const navigate = useNavigate()
  const node = useQuery(nodeQuery)
  const chosen = useChosen(asked)
  const data = useShapes(chosen)
  const isDark = useIsDark()
  const bounds = node.data?.region.bounds
  const { container, isReady } = useMap({
    palette: isDark ? darkPalette : lightPalette,
    bounds: bounds && [bounds[0], bounds[1], bounds[2], bounds[3]],
    data,
    focus: chosen.event && [chosen.event.longitude, chosen.event.latitude],
    onOpen: (id) => void navigate({ to: '/events/$id', params: { id } }),
  })
  return (
    <>
      <div ref={container} className="map-canvas" data-ready={isReady} data-testid="map-canvas" />
      <p className="map-credit">
        <T k="map.credit" />
      </p>
    </>
  )
}

function useChosen({ eventId, warningId, noticeId }: Chosen) {
  const view = useView()
  const warning = useQuery({ ...warningQuery(warningId ?? '', view), enabled: warningId !== undefined })
  const shownId = eventId ?? (warningId === undefined ? undefined : warning.data?.event)
  const event = useQuery({ ...eventQuery(shownId ?? '', view), enabled: shownId !== undefined })
  const shown = shownId === undefined ? undefined : event.data
  const inForce = (shown?.warningList ?? []).filter((one) => one.inForce).map(({ id }) => id)
  const details = useQueries({
    queries: (warningId === undefined ? inForce : [warningId]).map((id) => warningQuery(id, view)),
  })
  const notice = useQuery({ ...noticeQuery(noticeId ?? '', view), enabled: noticeId !== undefined })
  const ofNotice = noticeId !== undefined && notice.data ? [notice.data.areas] : []
  const areas: readonly WarningArea[] = [...details.flatMap(({ data }) => data?.areas ?? []), ...ofNotice]
  return { event: shown, areas, shape: noticeId === undefined ? undefined : notice.data?.shape }
}

function useShapes({
  event,
  areas,
  shape,
}: ReturnType<typeof useChosen>): Readonly<Partial<Record<SourceName, Shapes>>> {
  const view = useView()
  const filter = useEventFilter()
  const events = useInfiniteQuery(eventsQuery(filter, view)).data
  const countries = useQuery(countryShapesQuery).data
  const towns = useQuery(townsQuery).data
  const { all, nameOf } = useCountries()
  const impact = useMemo(() => readImpact(event?.impact), [event?.impact])
  const areaKey = JSON.stringify(areas)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `all` and `areaKey` stand for `nameOf` and `areas`, which are new each time
  return useMemo(() => {
    const listed = events?.pages.flatMap((page) => page.items) ?? []
    const shown = event && !listed.some(({ id }) => id === event.id) ? [...listed, event] : listed
    return {
      ...(countries ? { countries, labels: countryLabels(countries, nameOf) } : {}),
      ...(towns && countries ? { towns: townShapes(towns, codesOf(countries)) } : {}),
      events: eventShapes(shown, event?.id),
      cells: impact ? cellShapes(impact) : nothing,
      intensity: impact ? intensityShapes(impact) : nothing,
      outlines: outlineShapes(shown, event),
      areas: areaShapes(areas, shape),
    }
  }, [events, event, countries, towns, impact, all, areaKey, shape])
}
