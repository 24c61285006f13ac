/** What became of an issued message. */
import type { DeskDraftSummary } from '../../server/schemas/index.ts'
import type { TextKey } from '../text/catalogue.ts'
import { T } from '../text/use-text.tsx'

const words = {
  'in-force': 'warning.inForce',
  superseded: 'notice.superseded',
  cancelled: 'desk.fate.cancelled',
  expired: 'desk.fate.expired',
  ending: 'desk.fate.ending',
} as const satisfies Record<NonNullable<DeskDraftSummary['fate']>, TextKey>

export function Fate({ fate }: { readonly fate: DeskDraftSummary['fate'] }) {
  return fate === undefined ? null : (
    <span className="tag" data-testid="fate">
      <T k={words[fate]} />
    </span>
  )
}
