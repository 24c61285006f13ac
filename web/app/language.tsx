/** The language of the interface: the reader's choice, else the browser's, else English. */
import { chooseLanguage } from '../text/catalogue.ts'
import { directionOf, languageNames, supported } from '../text/languages.ts'
import { useText } from '../text/use-text.tsx'
import { recall, remember } from './memory.ts'

export function firstLanguage(): string {
  for (const tag of [recall('language'), ...navigator.languages]) {
    const found = tag && supported(tag)
    if (found) return found
  }
  return 'en'
}

export async function applyLanguage(language: string): Promise<void> {
  await chooseLanguage(language)
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
}

export function LanguageChoice() {
  const { say, language } = useText()
  return (
    <select
      aria-label={say('app.language')}
      data-testid="language"
      value={language}
      onChange={({ target }) => {
        remember('language', target.value)
        void applyLanguage(target.value)
      }}
    >
      {Object.entries(languageNames).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {tag.startsWith('sr-') ? `${name} (${tag === 'sr-Cyrl' ? 'ћирилица' : 'latinica'})` : name}
        </option>
      ))}
    </select>
  )
}
