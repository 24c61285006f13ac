/**
 * The map's style: country shapes and towns from the node, nothing from anywhere else. No glyph server either: where a
 * style names none, MapLibre draws letters from the browser's own fonts.
 */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Palette } from './palette.ts'
import { nothing } from './shapes.ts'

export const sourceNames = [
  'countries',
  'labels',
  'towns',
  'cells',
  'outlines',
  'areas',
  'drawing',
  'intensity',
  'events',
] as const
export type SourceName = (typeof sourceNames)[number]

export const mapStyle = (palette: Palette): StyleSpecification => ({
  version: 8,
  sources: Object.fromEntries(sourceNames.map((name) => [name, { type: 'geojson', data: nothing } as const])),
  layers: [
    ...ground(palette),
    ...meaning(palette),
    ...names(palette),
    ...events(palette),
    ...drawing(palette),
  ],
})

const ground = (palette: Palette): LayerSpecification[] => [
  { id: 'sea', type: 'background', paint: { 'background-color': palette.sea } },
  {
    id: 'land',
    type: 'fill',
    source: 'countries',
    paint: {
      'fill-color': ['match', ['get', 'group'], 'region', palette.land, palette.outside],
      'fill-antialias': true,
    },
  },
]

const meaning = (palette: Palette): LayerSpecification[] => [
  {
    id: 'cells',
    type: 'fill',
    source: 'cells',
    paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.42, 'fill-antialias': false },
  },
  {
    id: 'outline-fill',
    type: 'fill',
    source: 'outlines',
    paint: {
      'fill-color': levelColour(palette),
      'fill-opacity': ['case', ['get', 'isSelected'], 0.3, 0.14],
    },
  },
  {
    id: 'outlines',
    type: 'line',
    source: 'outlines',
    paint: {
      'line-color': palette.outline,
      'line-width': ['case', ['get', 'isSelected'], 2, 0.8],
    },
  },
  {
    id: 'borders',
    type: 'line',
    source: 'countries',
    paint: {
      'line-color': palette.border,
      'line-width': ['interpolate', ['linear'], ['zoom'], 4, 0.6, 8, 1.6],
    },
  },
  {
    id: 'areas',
    type: 'line',
    source: 'areas',
    paint: { 'line-color': palette.area, 'line-width': 2, 'line-dasharray': [3, 2] },
  },
  {
    id: 'area-fill',
    type: 'fill',
    source: 'areas',
    paint: { 'fill-color': palette.area, 'fill-opacity': 0.05 },
  },
]

/** Corners while a person draws, joined in their order. */
const drawing = (palette: Palette): LayerSpecification[] => [
  {
    id: 'drawing-line',
    type: 'line',
    source: 'drawing',
    paint: { 'line-color': palette.area, 'line-width': 2 },
  },
  {
    id: 'drawing',
    type: 'circle',
    source: 'drawing',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': 5,
      'circle-color': palette.area,
      'circle-stroke-color': palette.halo,
      'circle-stroke-width': 1.5,
    },
  },
]

const levelColour = ({ levels }: Palette): ExpressionSpecification => [
  'match',
  ['get', 'level'],
  'green',
  levels['green'] ?? '',
  'yellow',
  levels['yellow'] ?? '',
  'orange',
  levels['orange'] ?? '',
  'red',
  levels['red'] ?? '',
  levels['none'] ?? '',
]

const font = ['sans-serif']
const names = (palette: Palette): LayerSpecification[] => [
  {
    id: 'towns',
    type: 'circle',
    source: 'towns',
    filter: ['>=', ['get', 'people'], ['step', ['zoom'], 300_000, 6, 80_000, 7, 20_000]],
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['get', 'people'], 20_000, 1.6, 1_000_000, 3.6],
      'circle-color': palette.town,
    },
  },
  {
    id: 'intensity',
    type: 'circle',
    source: 'intensity',
    layout: { 'circle-sort-key': ['get', 'mmi'] },
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 5, 3, 7, 9],
      'circle-color': ['get', 'colour'],
      'circle-stroke-color': palette.outline,
      'circle-stroke-width': 1,
    },
  },
  {
    id: 'intensity-names',
    type: 'symbol',
    source: 'intensity',
    minzoom: 6.2,
    layout: {
      'text-field': ['get', 'label'],
      'text-font': font,
      'text-size': 11,
      'symbol-sort-key': ['-', ['get', 'mmi']],
    },
    paint: { 'text-color': ['get', 'ink'] },
  },
  {
    id: 'country-names',
    type: 'symbol',
    source: 'labels',
    layout: {
      'text-field': ['get', 'name'],
      'text-font': font,
      'text-size': ['interpolate', ['linear'], ['zoom'], 4, 11, 7, 15],
      'text-letter-spacing': 0.06,
      'text-max-width': 7,
      'symbol-sort-key': ['-', ['get', 'size']],
    },
    paint: {
      'text-color': palette.text,
      'text-halo-color': palette.halo,
      'text-halo-width': 1.4,
    },
  },
  {
    id: 'town-names',
    type: 'symbol',
    source: 'towns',
    minzoom: 5.4,
    filter: ['>=', ['get', 'people'], ['step', ['zoom'], 300_000, 6, 80_000, 7, 20_000]],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': font,
      'text-size': 12,
      'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
      'text-radial-offset': 0.7,
      'symbol-sort-key': ['-', ['get', 'people']],
    },
    paint: { 'text-color': palette.text, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
  },
]

const events = (palette: Palette): LayerSpecification[] => [
  {
    id: 'selected',
    type: 'circle',
    source: 'events',
    filter: ['==', ['get', 'isSelected'], true],
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['get', 'magnitude'], 2, 12, 7, 30],
      'circle-color': 'rgba(0,0,0,0)',
      'circle-stroke-color': palette.text,
      'circle-stroke-width': 2.5,
    },
  },
  {
    id: 'events',
    type: 'symbol',
    source: 'events',
    layout: {
      'icon-image': ['get', 'symbol'],
      // From 8 px across at M 2 to 45 px at M 7: each whole magnitude is seen.
      'icon-size': ['interpolate', ['linear'], ['get', 'magnitude'], 2, 0.25, 5, 0.72, 7, 1.4],
      'icon-allow-overlap': true,
      'symbol-sort-key': ['get', 'order'],
    },
  },
  {
    // Names of their own layer: letters are placed in the order of this key, and the graver event must have its own.
    id: 'event-names',
    type: 'symbol',
    source: 'events',
    filter: ['>=', ['get', 'magnitude'], 4],
    layout: {
      'symbol-sort-key': ['-', ['get', 'order']],
      'text-field': ['get', 'label'],
      'text-font': font,
      'text-size': 13,
      'text-anchor': 'left',
      'text-offset': [
        'interpolate',
        ['linear'],
        ['get', 'magnitude'],
        4,
        ['literal', [0.8, 0]],
        7,
        ['literal', [2, 0]],
      ],
    },
    paint: { 'text-color': palette.text, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
  },
]
