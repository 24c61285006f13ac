/**
 * Colours of the Modified Mercalli scale as ShakeMap draws them (Worden et al., ShakeMap Manual, "MMI colour palette"),
 * so that officers who know those maps read ours. The numeral is always written too.
 */
const colours = [
  '#ffffff',
  '#ffffff',
  '#bfccff',
  '#a0e6ff',
  '#80ffff',
  '#7aff93',
  '#ffff00',
  '#ffc800',
  '#ff9100',
  '#ff0000',
  '#c80000',
] as const

const step = (mmi: number): number => Math.min(10, Math.max(1, Math.round(mmi)))

export const intensityColour = (mmi: number): string => colours[step(mmi)] ?? colours[1]
/** Readable on the colour: white from IX on. */
export const intensityInk = (mmi: number): string => (step(mmi) >= 9 ? '#ffffff' : '#111111')
export const intensitySteps: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
