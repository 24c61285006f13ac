/**
 * Language tags (BCP 47, RFC 5646). CAP leaves the tag out for en-US (CAP 1.2 §3.2.2 language).
 *
 * bs, hr, sr and cnr are members of one macrolanguage (`hbs`, ISO 639-3): a whole text may be the same in two of them,
 * so the same words there are no sign that a translation was forgotten.
 */
export const defaultLanguage = 'en-US'

/** A few dozen tags are all that is ever asked for. */
export function isLanguageTag(tag: string): boolean {
  const known = tags.get(tag)
  if (known !== undefined) return known
  const answer = isWellFormed(tag)
  if (tags.size < mostTags && tag.length <= 64) tags.set(tag, answer)
  return answer
}

const tags = new Map<string, boolean>()
const mostTags = 500

function isWellFormed(tag: string): boolean {
  if (tag.length > 64 || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(tag)) return false
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false // RangeError is how Intl says that the tag is not well-formed
  }
}

/** The language without script and region; members of one macrolanguage count as one. */
export function languageFamily(tag: string): string {
  const primary = tag.toLowerCase().split('-')[0] ?? ''
  return ['bs', 'hr', 'sr', 'cnr', 'sh', 'hbs'].includes(primary) ? 'hbs' : primary
}
