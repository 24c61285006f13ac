/**
 * The languages of the interface: BCP 47 tag → its own name; and, for languages that browsers carry no data for, another
 * with the same number format and plural rules (CLDR 46). Only numbers and plurals are formatted by the browser, never
 * words, so that no word of the other language can appear. Montenegrin is `cnr` in ISO 639-2.
 */
export const languageNames: { readonly [tag: string]: string } = {
  en: 'English',
  sq: 'Shqip',
  bs: 'Bosanski',
  bg: 'Български',
  cnr: 'Crnogorski',
  de: 'Deutsch',
  el: 'Ελληνικά',
  hr: 'Hrvatski',
  hu: 'Magyar',
  it: 'Italiano',
  mk: 'Македонски',
  ro: 'Română',
  sl: 'Slovenščina',
  'sr-Cyrl': 'Српски',
  'sr-Latn': 'Srpski',
  tr: 'Türkçe',
  uk: 'Українська',
}
export const languages: readonly string[] = Object.keys(languageNames)

const formatTags: { readonly [tag: string]: string } = {
  en: 'en-GB',
  bs: 'hr',
  cnr: 'hr',
  mk: 'sr-Cyrl',
  sq: 'bg',
}
/** Tag to give to `Intl`. */
export const formatTag = (language: string): string => formatTags[language] ?? language

/** The language's own name where we know it, else what the browser calls it, else the tag. */
export function nameOf(language: string): string {
  const known = languageNames[language]
  if (known) return known
  try {
    return new Intl.DisplayNames([language, 'en'], { type: 'language' }).of(language) ?? language
  } catch {
    return language // a tag that the browser cannot parse is shown as it is
  }
}

/** CAP writes regions too (`sr-Cyrl-RS`, `el-GR`); the best of ours, by RFC 4647 lookup. */
export function supported(tag: string): string | undefined {
  const parts = tag.split('-')
  for (let end = parts.length; end > 0; end--) {
    const candidate = parts.slice(0, end).join('-')
    if (languages.includes(candidate)) return candidate
  }
  const aliases: { readonly [tag: string]: string } = { sr: 'sr-Cyrl', sh: 'sr-Latn', me: 'cnr' }
  return aliases[parts[0] ?? '']
}

/** Writing direction; every language of the first region runs left to right, a later region's may not. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  /^(ar|fa|he|ur|ps|ku-Arab|yi)(-|$)/.test(language) ? 'rtl' : 'ltr'
