/**
 * A report as one HTML document: no script, nothing fetched, headings in order, tables with captions and scopes, figures
 * with titles, languages marked where they change, fit for paper. Every text is escaped; there is no other way in.
 */
import type { Language } from '../record/index.ts'
import type { Block, Written } from './contract.ts'
import { escaped } from './drawing/index.ts'
import { type Sheet, type Sheets, sheetOf } from './sheet.ts'
import { styleSheet } from './style-sheet.ts'

export type HtmlOptions = Sheets & {
  readonly language: Language
  /** Where the other languages stand; absent: they are not linked. */
  readonly addressOf?: (language: Language) => string
}

/** What a browser may do with it: show it. */
export const reportContentSecurity =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export function reportHtml(options: HtmlOptions): string {
  const sheet = sheetOf(options, options.language)
  const { text, language, cite } = sheet
  const isIssued = options.report.body.state === 'issued'
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${isIssued ? '' : '<meta name="robots" content="noindex">\n'}<title>${escaped(text.title.text)}</title>
<style>${styleSheet}</style>
</head>
<body>
${text.banner ? `<p class="banner" role="note">${words(text.banner)}</p>\n` : ''}<main>
<article>
<header>
<h1>${words(text.title)}</h1>
${text.head.map((line, at) => `<p class="${at === 0 && !isIssued ? 'head not-issued' : 'head'}">${words(line)}</p>`).join('\n')}
${languages(options, language)}</header>
${text.sections.map((section) => sectionHtml(section, sheet)).join('\n')}
</article>
</main>
<footer>
${text.notes.map((note) => `<p>${words(note)}</p>`).join('\n')}
<p class="cite">${escaped(cite)}</p>
</footer>
</body>
</html>
`
}

function sectionHtml({ id, heading, blocks }: Sheet['text']['sections'][number], sheet: Sheet): string {
  const inner = blocks
    .map((block) => blockHtml(block, heading, sheet.drawings[`${id}.${block.id}`]))
    .join('\n')
  return `<section aria-labelledby="${escaped(id)}">\n<h2 id="${escaped(id)}">${words(heading)}</h2>\n${inner}\n</section>`
}

function blockHtml(block: Block<Written>, heading: Written, drawn: string | undefined): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${words(block.words)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${words(item)}</li>`).join('')}</ul>`
    case 'facts':
      return `<dl>${block.rows.map(({ label, value }) => `<div><dt>${words(label)}</dt><dd>${words(value)}</dd></div>`).join('')}</dl>`
    case 'table':
      return tableHtml(block, heading)
    case 'figure':
      return `<figure>${drawn ?? ''}<figcaption>${words(block.caption)}</figcaption></figure>`
  }
}

/** A caption that repeats the heading is for those who go from table to table. */
function tableHtml(
  { caption, head, rows }: Extract<Block<Written>, { kind: 'table' }>,
  heading: Written,
): string {
  const quiet = caption.text === heading.text ? ' class="quiet"' : ''
  const header = head.map((cell) => `<th scope="col">${words(cell)}</th>`).join('')
  const body = rows
    .map(([first, ...rest]) => {
      const cells = rest.map((cell) => `<td>${words(cell)}</td>`).join('')
      return `<tr>${first ? `<th scope="row">${words(first)}</th>` : ''}${cells}</tr>`
    })
    .join('\n')
  return `<div class="table"><table><caption${quiet}>${words(caption)}</caption><thead><tr>${header}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** Isolated, so that marks of writing direction in it end with it. */
function words({ text, language }: Written): string {
  const inner = escaped(text).replaceAll('\n', '<br>')
  if (language === undefined) return `<bdi>${inner}</bdi>`
  return `<bdi lang="${escaped(language)}">${inner}</bdi> <span class="language">[${escaped(language)}]</span>`
}

function languages({ report, addressOf }: HtmlOptions, shown: Language): string {
  const all = Object.keys(report.body.texts).sort()
  if (addressOf === undefined || all.length < 2) return ''
  const links = all.map((language) =>
    language === shown
      ? `<li aria-current="page">${escaped(nameOf(language))}</li>`
      : `<li><a href="${escaped(addressOf(language))}" hreflang="${escaped(language)}" lang="${escaped(language)}">${escaped(nameOf(language))}</a></li>`,
  )
  return `<nav><ul class="languages">${links.join('')}</ul></nav>\n`
}

/** A language's own name; its tag where nobody knows one. */
function nameOf(language: Language): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  } catch {
    return language // no well-formed tag: shown as it stands
  }
}
