/** Systems that tell of disasters of many kinds. `gdacs` first: the others name its events. */
import type { PartnerSource, SourceDeclaration } from '../../../../engines/ingest/index.ts'
import { floodNotices } from '../floods/flood-notices.ts'
import { copernicusEms } from './copernicus-ems.ts'
import { effis } from './effis.ts'
import { gdacs, gdacsPastDay } from './gdacs.ts'
import { glide } from './glide.ts'
import { pdc } from './pdc.ts'

export const disasterSources: readonly SourceDeclaration[] = [
  gdacs,
  gdacsPastDay,
  copernicusEms,
  glide,
  effis,
]
/** For partners: only where the operator has an address and a key. */
export const disasterPartnerSources: readonly PartnerSource[] = [floodNotices, pdc]
