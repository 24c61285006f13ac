/**
 * The order of the house: a folder imports only lower floors, and a folder of another name only through its `index.ts`
 * (a pack's door is `pack.ts`). A type import is an import. Exceptions stand here by name, with their reason.
 */
export const floors: Readonly<Record<string, number>> = {
  'engines/record': 0,
  'engines/store': 1,
  'engines/access': 2,
  'engines/place': 2,
  'engines/formats': 2,
  'engines/tlog': 2,
  'engines/ingest': 3,
  'engines/fuse': 3,
  'engines/assess': 3,
  'engines/indicators': 3,
  'engines/network': 3,
  'engines/identify': 3,
  'engines/texts': 3,
  'engines/warn': 4,
  'engines/cases': 4,
  'engines/pooling': 4,
  'engines/credentials': 4,
  'engines/measures': 4,
  'engines/consult': 4,
  'engines/exchange': 4,
  'engines/exercise': 4,
  'engines/report': 4,
  packs: 5,
  regions: 5,
  'node-log.ts': 0,
  'trust.ts': 5,
  'node.ts': 6,
  cli: 7,
  server: 7,
  web: 7,
}

/** Files beside `index.ts` through which a folder may be entered. */
export const doors: Readonly<Record<string, readonly string[]>> = {
  packs: ['packs/pack.ts', 'packs/*/pack.ts'],
  regions: ['regions/*/region.ts'],
  server: ['server/index.ts', 'server/schemas/index.ts'],
}

export const exceptions: readonly { readonly from: string; readonly to: string; readonly because: string }[] =
  [
    {
      from: 'cli/commands/start.ts',
      to: 'server/index.ts',
      because: 'the command that runs the node starts its other face',
    },
    {
      from: 'engines/report/*.ts',
      to: 'engines/warn/index.ts',
      because:
        'a report is written from the same catalogues as a warning, by the one writer of texts there is',
    },
    {
      from: 'engines/place/read-areas.ts',
      to: 'engines/formats/index.ts',
      because:
        'area files are outside bytes too and pass the one guard that bounds the size and depth of JSON',
    },
  ]
