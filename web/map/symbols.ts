/** The marks of the levels, and of the kinds within them, as images: the same outlines as in the list, so that shape tells the level without colour. */
import { linesOf } from '../events/kinds.tsx'
import { levelShapes } from '../events/level.tsx'
import type { Palette } from './palette.ts'

const size = 64

/** `level-orange`, `level-orange/flood` */
export const symbolName = (level: string, kind?: string): string =>
  `level-${level}${kind === undefined ? '' : `/${kind}`}`
/** Drawn at twice the size it is shown at, so that it is sharp on dense screens. */
export const symbolRatio = 2

/** The outline of the level and, inside, the drawing of the kind; undefined for a name that is none of ours. */
export function symbolNamed(name: string, palette: Palette): ImageData | undefined {
  const [, level = '', kind] = /^level-([a-z]+)(?:\/(.+))?$/.exec(name) ?? []
  const outline = levelShapes[level]
  const context = outline === undefined ? null : new OffscreenCanvas(size, size).getContext('2d')
  if (outline === undefined || !context) return undefined
  context.scale(size / 24, size / 24)
  context.translate(2, 2)
  const path = new Path2D(outline)
  context.lineJoin = 'round'
  context.lineCap = 'round'
  context.lineWidth = 3.4
  context.strokeStyle = palette.halo
  context.stroke(path)
  context.fillStyle = palette.levels[level] ?? palette.halo
  context.fill(path)
  context.lineWidth = 1.4
  context.strokeStyle = palette.outline
  context.stroke(path)
  if (kind !== undefined) drawKind(context, kind, { level, palette })
  return context.getImageData(0, 0, size, size)
}

type Drawing = { readonly level: string; readonly palette: Palette }

/** Within the outline: the triangle is narrow above, so its drawing is smaller and lower. */
function drawKind(
  context: OffscreenCanvasRenderingContext2D,
  kind: string,
  { level, palette }: Drawing,
): void {
  const [scale, down] = level === 'yellow' ? [0.42, 8] : level === 'orange' ? [0.5, 5] : [0.58, 4.2]
  context.translate(10 - 10 * scale, down)
  context.scale(scale, scale)
  context.lineWidth = 2.4
  context.strokeStyle = level === 'red' ? palette.onRed : palette.outline
  context.stroke(new Path2D(linesOf(kind)))
}
