/**
 * Texts of the interface: one JSON catalogue of ICU MessageFormat per language in `web/texts`, fetched when chosen and
 * compiled in the browser. English is always there; a key that a language lacks is shown in English and marked so.
 */
import { setupI18n } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import english from '../texts/en.json' with { type: 'json' }
import { formatTag } from './languages.ts'

export type TextKey = keyof typeof english
export type Values = Readonly<Record<string, string | number>>
export type Texts = { readonly [key in TextKey]?: string }

export const i18n = setupI18n()
i18n.setMessagesCompiler(compileMessage)

const files = import.meta.glob<Texts>(['../texts/*.json', '!../texts/en.json'], { import: 'default' })
const inOwnLanguage = new Set<string>()

export async function chooseLanguage(language: string): Promise<void> {
  const own: Texts = language === 'en' ? english : await fetchTexts(language)
  inOwnLanguage.clear()
  for (const key of Object.keys(own)) inOwnLanguage.add(key)
  i18n.load(language, { ...english, ...own })
  i18n.activate(language, [formatTag(language), 'en'])
}

async function fetchTexts(language: string): Promise<Texts> {
  const load = files[`../texts/${language}.json`]
  return load ? load() : {}
}

export const isKey = (key: string): key is TextKey => key in english
/** False: the active catalogue lacks it, English is shown. */
export const isTranslated = (key: TextKey): boolean => inOwnLanguage.has(key)
