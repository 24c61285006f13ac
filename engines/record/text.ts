/**
 * Text in several languages: BCP 47 tag → text, for example `{ en: "Earthquake", sq: "Tërmet", "sr-Latn": "Zemljotres" }`.
 * A missing language is never papered over: `inLanguage` says which language it really gave.
 */
export type Language = string
export type MultilingualText = { readonly [language: Language]: string }

/** The text in the first wanted language that exists, else English, else any; with the tag of what was given. */
export function inLanguage(
  text: MultilingualText,
  ...wanted: readonly Language[]
): { readonly language: Language; readonly text: string } | undefined {
  for (const tag of [...wanted.flatMap(withParents), 'en']) {
    const found = text[tag]
    if (found !== undefined) return { language: tag, text: found }
  }
  const [first] = Object.entries(text).sort(([a], [b]) => (a < b ? -1 : 1))
  return first && { language: first[0], text: first[1] }
}

/** RFC 4647 §3.4 lookup: `sr-Latn-ME` → `sr-Latn-ME`, `sr-Latn`, `sr`. */
function withParents(tag: Language): Language[] {
  const parts = tag.split('-')
  return parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'))
}
