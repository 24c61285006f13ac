/**
 * The texts of this pack's warnings: one ICU MessageFormat catalogue per language, plain files that a translator can
 * edit. An entry is `reviewed` only when a named person has checked it; until then every message that uses it says so.
 *
 * House rule for translators: names of countries and towns stand in the nominative, after or before a colon, because
 * they come from the region's data and cannot be declined. No straight apostrophe (ICU reads it as a quote): use ’.
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

export const catalogues: Readonly<Record<string, Catalogue>> = {
  sq: sq,
  bs: bs,
  bg: bg,
  hr: hr,
  en: en,
  de: de,
  el: el,
  hu: hu,
  it: it,
  mk: mk,
  cnr: cnr,
  ro: ro,
  'sr-Cyrl': srCyrl,
  'sr-Latn': srLatn,
  sl: sl,
  tr: tr,
  uk: uk,
}
