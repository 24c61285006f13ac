/** A figure as SVG, the same bytes for HTML and PDF. */
import type { Places } from '../../place/index.ts'
import type { Figure, Written } from '../contract.ts'
import { drawMap } from './map.ts'
import { drawPoints, drawRanges, drawSpans } from './plots.ts'

export { escaped } from './svg.ts'

export function draw(
  figure: Figure<Written>,
  named: { readonly places: Places; readonly id: string; readonly title: string },
): string {
  switch (figure.kind) {
    case 'map':
      return drawMap(figure, named)
    case 'points':
      return drawPoints(figure, named)
    case 'ranges':
      return drawRanges(figure, named)
    case 'spans':
      return drawSpans(figure, named)
  }
}
