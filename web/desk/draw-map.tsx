/**
 * A map to draw on. A press sets a corner, or the centre and then the edge of a circle; by keyboard the arrows move the map
 * and Enter sets at the cross in its middle. Nothing is drawn until a person says what.
 */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { DeskArea } from '../../server/schemas/index.ts'
import { nodeQuery } from '../api/node.ts'
import { countryShapesQuery, townsQuery } from '../api/places.ts'
import { useCountries } from '../app/countries.ts'
import { useIsDark } from '../app/theme.tsx'
import { darkPalette, lightPalette } from '../map/palette.ts'
import { areaShapes, codesOf, countryLabels, pointShapes, townShapes } from '../map/shapes.ts'
import { useMap } from '../map/use-map.ts'
import { T } from '../text/use-text.tsx'
import { closed, kmBetween, pressed } from './content.ts'
import 'maplibre-gl/dist/maplibre-gl.css'

type Position = [number, number]
type Drawing = { readonly kind: 'polygon' | 'circle'; readonly points: readonly Position[] }
type DrawProps = {
  readonly areas: readonly DeskArea[]
  readonly area: DeskArea
  readonly onChange: (area: DeskArea) => void
}

export function DrawMap({ areas, area, onChange }: DrawProps) {
  const [drawing, setDrawing] = useState<Drawing>()
  const node = useQuery(nodeQuery)
  const isDark = useIsDark()
  const data = useGround(areas, drawing)
  const bounds = node.data?.region.bounds
  const press = (at: readonly [number, number]): void => {
    if (!drawing) return
    const points = [...drawing.points, pressed(at)]
    const [center, edge] = points
    if (drawing.kind === 'polygon' || !center || !edge) {
      setDrawing({ ...drawing, points })
      return
    }
    setDrawing(undefined)
    onChange({ ...area, circles: [...area.circles, { center, radiusKm: kmBetween(center, edge) }] })
  }
  const finish = (): void => {
    if (!drawing) return
    setDrawing(undefined)
    onChange({ ...area, polygons: [...area.polygons, closed([...drawing.points])] })
  }
  const { container, isReady } = useMap({
    palette: isDark ? darkPalette : lightPalette,
    bounds: bounds && [bounds[0], bounds[1], bounds[2], bounds[3]],
    data,
    focus: undefined,
    onOpen: () => {},
    onPress: press,
  })
  return (
    <div className="draw">
      <p className="buttons">
        {(['polygon', 'circle'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            data-testid={`draw-${kind}`}
            aria-pressed={drawing?.kind === kind}
            onClick={() => setDrawing(drawing?.kind === kind ? undefined : { kind, points: [] })}
          >
            <T k={`desk.draw.${kind}`} />
          </button>
        ))}
        {drawing?.kind === 'polygon' && (
          <button
            type="button"
            className="primary"
            data-testid="draw-finish"
            disabled={drawing.points.length < 3}
            onClick={finish}
          >
            <T k="desk.draw.finish" /> ({drawing.points.length})
          </button>
        )}
      </p>
      {drawing && (
        <p className="faint">
          <T k="desk.draw.hint" />
        </p>
      )}
      <div className="map draw-map" data-drawing={drawing?.kind}>
        <div ref={container} className="map-canvas" data-ready={isReady} data-testid="draw-map" />
        {drawing && (
          <span className="cross" aria-hidden="true">
            +
          </span>
        )}
      </div>
    </div>
  )
}

function useGround(areas: readonly DeskArea[], drawing: Drawing | undefined) {
  const countries = useQuery(countryShapesQuery).data
  const towns = useQuery(townsQuery).data
  const { all, nameOf } = useCountries()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `all` stands for `nameOf`, which is new each time
  return useMemo(
    () => ({
      ...(countries ? { countries, labels: countryLabels(countries, nameOf) } : {}),
      ...(towns && countries ? { towns: townShapes(towns, codesOf(countries)) } : {}),
      areas: areaShapes(areas),
      drawing: pointShapes(drawing?.points ?? []),
    }),
    [areas, drawing, countries, towns, all],
  )
}
