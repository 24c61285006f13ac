/** One message as each of its readers gets it: as CAP, as plain text, as 160 characters, and for a voice. */
import { type CapAlert, type CapInfo, CapNotClean, writeCap } from '../../formats/index.ts'
import type { Language } from '../../record/index.ts'
import type { LocaleOf } from './language-check.ts'
import { type ShortMessage, shortMessage } from './short-message.ts'
import { spoken } from './spoken.ts'

export type Preview = {
  readonly isSendable: boolean
  /** What our own validator has against it, where it is not sendable. */
  readonly cap: string
  readonly languages: readonly PreviewIn[]
}
export type PreviewIn = {
  readonly language: Language
  readonly plain: string
  readonly short: ShortMessage
  readonly spoken: string
}

export type PreviewParts = {
  readonly localeOf: LocaleOf
  /** IANA name of the country's zone. */
  readonly timeZone: string
}

export function previewOf(alert: CapAlert | undefined, parts: PreviewParts): Preview {
  if (alert === undefined) return { isSendable: false, cap: '', languages: [] }
  const languages = alert.info.map((info) => previewIn(info, parts))
  try {
    return { isSendable: true, cap: writeCap(alert), languages }
  } catch (cause) {
    if (!(cause instanceof CapNotClean)) throw cause
    return { isSendable: false, cap: cause.message, languages }
  }
}

function previewIn(info: CapInfo, parts: PreviewParts): PreviewIn {
  const { language = 'en', headline = '', description = '', instruction = '' } = info
  const locale = parts.localeOf(language)
  const until = untilIn(info, locale, parts.timeZone)
  const areas = [...new Set(info.area.map(({ areaDesc }) => areaDesc))].join('; ')
  const span = [info.onset, info.expires].flatMap((at) =>
    at === undefined ? [] : [written(at, locale, parts.timeZone)],
  )
  return {
    language,
    plain: [headline, areas, span.join(' – '), '', description, '', instruction, '', info.senderName ?? '']
      .join('\n')
      .replace(/\n{3,}/gu, '\n\n')
      .trim(),
    short: shortMessage([`${headline}${/[.!?]$/u.test(headline) ? '' : '.'}`, until, instruction]),
    spoken: spoken([headline, description, instruction, info.senderName ?? ''].join('\n'), language, locale),
  }
}

/** `→ 18:00 24/11`: an arrow in place of a word, so that it is the same in every language. */
function untilIn({ expires }: CapInfo, locale: string, timeZone: string): string {
  return expires === undefined ? '' : `-> ${written(expires, locale, timeZone)}.`
}

function written(at: string, locale: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    ...{ day: 'numeric', month: 'numeric', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
    timeZone,
  })
  return format.format(new Date(at)).replace(/[\u00a0\u202f]/gu, ' ')
}
