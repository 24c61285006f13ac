/** The marks of the levels as images: the same outlines as in the list, so that shape tells the level without colour. */
import { levelShapes } from '../events/level.tsx'
import type { Palette } from './palette.ts'

const size = 64

export type Symbol = { readonly name: string; readonly image: ImageData }
export const symbolName = (level: string): string => `level-${level}`
/** Drawn at twice the size it is shown at, so that it is sharp on dense screens. */
export const symbolRatio = 2

export function levelSymbols(palette: Palette): readonly Symbol[] {
  return Object.entries(levelShapes).flatMap(([level, outline]) => {
    const canvas = new OffscreenCanvas(size, size)
    const context = canvas.getContext('2d')
    if (!context) return []
    context.scale(size / 24, size / 24)
    context.translate(2, 2)
    const path = new Path2D(outline)
    context.lineJoin = 'round'
    context.lineWidth = 3.4
    context.strokeStyle = palette.halo
    context.stroke(path)
    context.fillStyle = palette.levels[level] ?? palette.halo
    context.fill(path)
    context.lineWidth = 1.4
    context.strokeStyle = palette.outline
    context.stroke(path)
    return [{ name: symbolName(level), image: context.getImageData(0, 0, size, size) }]
  })
}
