/**
 * The texts of this pack's reports: one catalogue per language, as those of its warnings (`../texts`), with the same
 * house rules for translators. What a language lacks is written in English, and marked so.
 */
import type { Catalogue } from '../../../engines/warn/index.ts'
import bg from './bg.json' with { type: 'json' }
import bs from './bs.json' with { type: 'json' }
import cnr from './cnr.json' with { type: 'json' }
import de from './de.json' with { type: 'json' }
import el from './el.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import hr from './hr.json' with { type: 'json' }
import hu from './hu.json' with { type: 'json' }
import it from './it.json' with { type: 'json' }
import mk from './mk.json' with { type: 'json' }
import ro from './ro.json' with { type: 'json' }
import sl from './sl.json' with { type: 'json' }
import sq from './sq.json' with { type: 'json' }
import srCyrl from './sr-Cyrl.json' with { type: 'json' }
import srLatn from './sr-Latn.json' with { type: 'json' }
import tr from './tr.json' with { type: 'json' }
import uk from './uk.json' with { type: 'json' }

const all: readonly Catalogue[] = [
  ...[bg, bs, cnr, de, el, en, hr, hu, it, mk, ro, sl],
  ...[sq, srCyrl, srLatn, tr, uk],
]

export const reportCatalogues: Readonly<Record<string, Catalogue>> = Object.fromEntries(
  all.map((catalogue) => [catalogue.language, catalogue]),
)
