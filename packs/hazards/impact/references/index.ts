/** Everything of this pack that reference cases can check. */
import type { ReferenceMethod } from '../../../../engines/assess/index.ts'
import { lossReferences } from './losses.ts'
import { shakingReferences } from './shaking.ts'

export const impactReferences: readonly ReferenceMethod[] = [...shakingReferences, ...lossReferences]
