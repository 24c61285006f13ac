/**
 * Owns one MapLibre map: made when the container is there and the region's bounds are known, restyled when the colours
 * change, removed with the component. States: no container → loading style → ready.
 */

import type { GeoJSONSource } from 'maplibre-gl'
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Palette } from './palette.ts'
import type { Shapes } from './shapes.ts'
import { mapStyle, type SourceName, sourceNames } from './style.ts'
import { symbolNamed, symbolRatio } from './symbols.ts'

setWorkerUrl(workerUrl)

export type MapWish = {
  readonly palette: Palette
  readonly bounds: readonly [number, number, number, number] | undefined
  readonly data: Readonly<Partial<Record<SourceName, Shapes>>>
  /** [lon, lat] to bring into view. */
  readonly focus: readonly [number, number] | undefined
  readonly onOpen: (eventId: string) => void
  /** [lon, lat] of a press, or of the middle of the map when Enter is pressed on it. */
  readonly onPress?: (at: readonly [number, number]) => void
}

const focusZoom = 6.8
/** A worker that could not be had, or that broke, takes the map with it: it is made anew, and only then told as a fault. */
const mostAttempts = 3
const againAfterMs = 1_000

export function useMap(wish: MapWish): {
  readonly container: RefObject<HTMLDivElement | null>
  readonly isReady: boolean
} {
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapLibre>()
  const [styledWith, setStyledWith] = useState<Palette>()
  const [attempt, setAttempt] = useState(0)
  const onOpen = useRef(wish.onOpen)
  onOpen.current = wish.onOpen
  const onPress = useRef(wish.onPress)
  onPress.current = wish.onPress
  const hasBounds = wish.bounds !== undefined

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once, when the bounds are first known, and anew when it broke
  useEffect(() => {
    if (!container.current || !wish.bounds) return
    const made = open(container.current, wish.bounds, (id) => onOpen.current(id))
    listen(made, (at) => onPress.current?.(at))
    let again: ReturnType<typeof setTimeout> | undefined
    made.on('error', ({ error }) => {
      if (attempt >= mostAttempts) console.error(error)
      else again ??= setTimeout(() => setAttempt(attempt + 1), againAfterMs)
    })
    setMap(made)
    return () => {
      clearTimeout(again)
      made.remove()
      setMap(undefined)
      setStyledWith(undefined)
    }
  }, [hasBounds, attempt])

  useEffect(() => {
    if (!map) return
    let isCurrent = true
    map.setStyle(mapStyle(wish.palette), { diff: false })
    void map.once('style.load', () => {
      if (!isCurrent) return
      setStyledWith(wish.palette)
    })
    const draw = ({ id }: { readonly id: string }): void => {
      const image = symbolNamed(id, wish.palette)
      if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: symbolRatio })
    }
    map.on('styleimagemissing', draw)
    return () => {
      isCurrent = false
      map.off('styleimagemissing', draw)
    }
  }, [map, wish.palette])

  useEffect(() => {
    if (!map || styledWith !== wish.palette) return
    for (const name of sourceNames) {
      const shapes = wish.data[name]
      if (shapes) map.getSource<GeoJSONSource>(name)?.setData(shapes)
    }
  }, [map, styledWith, wish.palette, wish.data])

  const [lon, lat] = wish.focus ?? []
  useEffect(() => {
    if (!map || lon === undefined || lat === undefined) return
    map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), focusZoom), duration: calm() ? 0 : 700 })
  }, [map, lon, lat])

  return { container, isReady: styledWith === wish.palette }
}

function listen(map: MapLibre, onPress: (at: readonly [number, number]) => void): void {
  map.on('click', ({ lngLat }) => onPress([lngLat.lng, lngLat.lat]))
  map.getCanvas().addEventListener('keydown', (press) => {
    if (press.key !== 'Enter') return
    press.preventDefault()
    const { lng, lat } = map.getCenter()
    onPress([lng, lat])
  })
}

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

function open(
  container: HTMLDivElement,
  bounds: readonly [number, number, number, number],
  onOpen: (eventId: string) => void,
): MapLibre {
  const map = new MapLibre({
    container,
    bounds: [...bounds],
    fitBoundsOptions: { padding: 12 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    maxZoom: 11,
    minZoom: 2,
    fadeDuration: calm() ? 0 : 200,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({}), 'bottom-left')
  map.on('click', 'events', ({ features }) => {
    const id: unknown = features?.[0]?.properties.id
    if (typeof id === 'string') onOpen(id)
  })
  map.on('mouseenter', 'events', () => {
    map.getCanvas().style.cursor = 'pointer'
  })
  map.on('mouseleave', 'events', () => {
    map.getCanvas().style.cursor = ''
  })
  return map
}
