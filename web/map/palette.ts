/** Colours of the map in light and dark; the levels are those of `style/base.css`. */
export type Palette = {
  readonly sea: string
  readonly land: string
  readonly outside: string
  readonly border: string
  readonly text: string
  readonly halo: string
  readonly town: string
  readonly area: string
  readonly outline: string
  /** Drawing upon red. */
  readonly onRed: string
  readonly levels: { readonly [level: string]: string }
}

export const lightPalette: Palette = {
  sea: '#cfdde8',
  land: '#fbfaf6',
  outside: '#ebe9e2',
  border: '#8b95a1',
  text: '#27313d',
  halo: '#ffffff',
  town: '#6b7683',
  area: '#8b1a5c',
  outline: '#12202f',
  onRed: '#ffffff',
  levels: { none: '#ffffff', green: '#2f9e5b', yellow: '#f2c700', orange: '#ee7a00', red: '#d4202e' },
}
export const darkPalette: Palette = {
  sea: '#0c151e',
  land: '#24303c',
  outside: '#19222c',
  border: '#5d6b7a',
  text: '#dbe4ee',
  halo: '#0c151e',
  town: '#8fa0b3',
  area: '#ff9ad0',
  outline: '#05090d',
  onRed: '#05090d',
  levels: { none: '#c9d4e0', green: '#4cc27e', yellow: '#ffd84a', orange: '#ff9a3d', red: '#ff5b62' },
}
