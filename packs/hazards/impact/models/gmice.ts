/**
 * From ground motion to intensity and back (ground-motion to intensity conversion equations).
 *
 * - Worden, Gerstenberger, Rhoades & Wald (2012), Bulletin of the Seismological Society of America 102, 204–221: MMI
 *   from y = log10 of cm/s² or cm/s in two branches, a third one below `lowT1` as ShakeMap extends it, and an optional
 *   term of distance and magnitude that is used only when both are known. Clipped to 1–10.
 * - Faenza & Michelini (2010, 2011), Geophysical Journal International: MCS, Italy, one branch.
 * @NOTE 1 g is 981 cm/s² here, as in ShakeMap, not 980.665.
 */
import { faenzaMicheliniGMICE, worden2012GMICE } from '../coefficients/gmice.ts'
import { rowOf } from './model.ts'

type Worden = (typeof worden2012GMICE)['PGA']
/** Both known, or the term is left out. */
export type PathAndSize = { readonly distanceKm: number; readonly mag: number }

const clip = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
const factor = (measure: string): number => (measure === 'PGV' ? 1 : 981)

/** `amplitude` in g (PGA, SA) or cm/s (PGV). */
export function worden2012(measure: string, amplitude: number, known?: PathAndSize): number {
  const row = rowOf<Worden>(worden2012GMICE, measure)
  const y = Math.log10(amplitude * factor(measure))
  return clip(branch(row, y) + (known === undefined ? 0 : residual(row, known)), 1, 10)
}

/** Intensity units per unit of ln amplitude at this amplitude: how a spread of ground motion carries over. */
export function worden2012Slope(measure: string, amplitude: number): number {
  const row = rowOf<Worden>(worden2012GMICE, measure)
  const y = Math.log10(amplitude * factor(measure))
  return (y < row.lowT1 ? row.lowC2 : y < row.T1 ? row.C2 : row.C4) / Math.LN10
}

export const worden2012Sigma = (measure: string): number => rowOf<Worden>(worden2012GMICE, measure).sigmaMMI

/** The amplitude that gives this intensity; the residual term is taken off first. */
export function worden2012Inverse(measure: string, mmi: number, known?: PathAndSize): number {
  const row = rowOf<Worden>(worden2012GMICE, measure)
  const plain = mmi - (known === undefined ? 0 : residual(row, known))
  return 10 ** unbranch(row, plain) / factor(measure)
}

export function faenzaMichelini(measure: string, amplitude: number): number {
  const row = rowOf<{ C1: number; C2: number }>(faenzaMicheliniGMICE, measure)
  return clip(row.C1 + row.C2 * Math.log10(amplitude * factor(measure)), 1, 10)
}

function branch(row: Worden, y: number): number {
  if (y < row.lowT1) return row.lowC1 + row.lowC2 * y
  if (y < row.T1) return row.C1 + row.C2 * y
  return row.C3 + row.C4 * y
}

function unbranch(row: Worden, mmi: number): number {
  if (mmi < 2) return (mmi - row.lowC1) / row.lowC2
  if (mmi < row.T2) return (mmi - row.C1) / row.C2
  return (mmi - row.C3) / row.C4
}

const residual = (row: Worden, { distanceKm, mag }: PathAndSize): number =>
  row.C5 + row.C6 * Math.log10(clip(distanceKm, 10, 300)) + row.C7 * clip(mag, 3, 7.3)
