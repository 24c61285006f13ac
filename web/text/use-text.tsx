/** Texts in components: `useText` for attributes and joined strings, `<T>` for what is read, marked when it is English. */
import { useLingui } from '@lingui/react'
import type { MultilingualText } from '../../server/schemas/index.ts'
import { isTranslated, type TextKey, type Values } from './catalogue.ts'
import { formatTag } from './languages.ts'

export type Say = (key: TextKey, values?: Values) => string

export function useText(): { readonly say: Say; readonly language: string; readonly locale: string } {
  const { i18n } = useLingui()
  return {
    say: (key, values) => i18n._(key, { ...values }),
    language: i18n.locale,
    locale: formatTag(i18n.locale),
  }
}

export function T({ k, ...values }: { readonly k: TextKey } & Values) {
  const { say, language } = useText()
  const text = say(k, values)
  return isTranslated(k) || language === 'en' ? text : <span lang="en">{text}</span>
}

/** A text that came as data: in the reader's language where there is one, else marked with the language it is in. */
export function Multilingual({ text }: { readonly text: MultilingualText | undefined }) {
  const { language } = useText()
  const chosen = text && pick(text, language)
  if (!chosen) return null
  return chosen.language === language ? chosen.text : <span lang={chosen.language}>{chosen.text}</span>
}

/** First the wanted tag and its parents (RFC 4647 §3.4), then English, then any. */
export function pick(
  text: MultilingualText,
  wanted: string,
): { readonly language: string; readonly text: string } | undefined {
  const parts = wanted.split('-')
  const tags = [...parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-')), 'en']
  for (const tag of tags) {
    const found = text[tag]
    if (found !== undefined) return { language: tag, text: found }
  }
  const [first] = Object.entries(text)
  return first && { language: first[0], text: first[1] }
}
