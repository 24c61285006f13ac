/** The warnings of an event and their life, and what they advise. */
import type { Instant } from '../../../engines/record/index.ts'
import { type Block, quoted, type Section, said, time, type Words } from '../../../engines/report/index.ts'
import { type HeldWarning, stateOf } from '../../../engines/warn/index.ts'
import type { Matter } from './material.ts'

const mostWarnings = 60

export function warningsSection({ warnings, asOf }: Matter): readonly Section<Words>[] {
  const sent = bySending(warnings).slice(-mostWarnings)
  if (sent.length === 0) return []
  return [
    {
      id: 'warnings',
      heading: said('report.warnings'),
      blocks: [
        {
          kind: 'table',
          id: 'messages',
          caption: said('report.warnings'),
          head: ['country', 'message', 'sent', 'until', 'standing'].map((key) => said(`report.${key}`)),
          rows: sent.map((warning) => [
            { kind: 'countries', codes: [warning.record.body.country] },
            quoted(wordsOf(warning, 'headline')),
            time(warning.record.body.sent),
            time(warning.record.body.expires),
            said(`report.standing.${stateOf(warning, warnings, asOf)}`),
          ]),
        },
        lifeFigure(sent, warnings, asOf),
      ],
    },
  ]
}

/** A row per country; a message ends when its time is up, or when another takes its place. */
function lifeFigure(
  sent: readonly HeldWarning[],
  warnings: readonly HeldWarning[],
  asOf: Instant,
): Block<Words> {
  const rows = [...Map.groupBy(sent, ({ record }) => record.body.country)]
  return {
    kind: 'figure',
    id: 'life',
    caption: said('report.life'),
    figure: {
      kind: 'spans',
      asOf,
      rows: rows.map(([code, own]) => ({
        label: { kind: 'countries', codes: [code] },
        spans: own
          .filter(({ record }) => record.body.msgType !== 'Cancel')
          .map((warning) => ({
            from: warning.record.body.sent,
            until: endOf(warning, warnings),
            isOver: stateOf(warning, warnings, asOf) !== 'in-force',
          })),
      })),
    },
  }
}

function endOf({ record: { body } }: HeldWarning, warnings: readonly HeldWarning[]): Instant {
  const named = warnings.flatMap(({ record: { body: other } }) =>
    other.references.some(
      ({ identifier, sender }) => identifier === body.identifier && sender === body.sender,
    )
      ? [other.sent]
      : [],
  )
  return [body.expires, ...named].reduce((a, b) => (b < a ? b : a))
}

/** What messages in force advise, each advice once, in the languages of its message; else the last that were sent. */
export function adviceSection({ warnings, asOf }: Matter): readonly Section<Words>[] {
  const standing = warnings.filter((one) => stateOf(one, warnings, asOf) === 'in-force')
  const told = bySending(standing.length > 0 ? standing : warnings.slice(-1))
  const texts = new Map<string, { [language: string]: string }>()
  for (const warning of told) {
    const words = wordsOf(warning, 'instruction')
    const key = words['en'] ?? Object.values(words)[0] ?? ''
    if (key !== '') texts.set(key, { ...texts.get(key), ...words })
  }
  if (texts.size === 0) return []
  const blocks = [...texts.values()].map((text, at): Block<Words> => {
    return { kind: 'paragraph', id: `advice-${at + 1}`, words: quoted(text) }
  })
  return [{ id: 'advice', heading: said('report.advice'), blocks: blocks.slice(0, 20) }]
}

const wordsOf = ({ record }: HeldWarning, field: 'headline' | 'instruction') =>
  Object.fromEntries(record.body.infos.map((info) => [info.language, info[field]]))

const bySending = (warnings: readonly HeldWarning[]): readonly HeldWarning[] =>
  warnings.toSorted((a, b) => a.index - b.index)
