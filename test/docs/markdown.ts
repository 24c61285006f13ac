/**
 * The documents of the project as the tests see them: every Markdown file, its headings as GitHub makes anchors of them
 * (lower case, punctuation left out, blanks as hyphens, repeats numbered), its links, and its blocks of shell commands.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export type Document = { readonly file: string; readonly text: string }
export type Link = { readonly file: string; readonly line: number; readonly target: string }
export type ShellLine = { readonly file: string; readonly line: number; readonly command: string }

export const filesOf = (...patterns: readonly string[]): readonly string[] =>
  globSync([...patterns], {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist|\.git|\.mosaic)(\/|$)/.test(path),
  }).sort()

export const contentOf = (file: string): string => readFileSync(`${root}/${file}`, 'utf8')

export const documents: readonly Document[] = filesOf('**/*.md').map((file) => ({
  file,
  text: contentOf(file),
}))

export function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const headings = withoutFences(text).flatMap((line) => /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1] ?? [])
  const anchors = headings.map((heading) => {
    const plain = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const repeats = seen.get(plain) ?? 0
    seen.set(plain, repeats + 1)
    return repeats === 0 ? plain : `${plain}-${repeats}`
  })
  return new Set(anchors)
}

/** Links and pictures, written in Markdown or in HTML. */
export function linksOf({ file, text }: Document): readonly Link[] {
  return withoutFences(text).flatMap((content, at) => {
    const plain = content.replace(/`[^`]*`/g, '')
    const found = [
      ...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
      ...plain.matchAll(/(?:src|href|srcset)="([^"]+)"/g),
    ]
    return found.map(([, target = '']) => ({ file, line: at + 1, target }))
  })
}

/** Lines of the fenced blocks marked `sh`, comments and empty lines left out. */
export function shellLinesOf({ file, text }: Document): readonly ShellLine[] {
  const lines: ShellLine[] = []
  let isShell = false
  for (const [at, line] of text.split('\n').entries()) {
    const fence = /^\s*```(\w*)/.exec(line)
    if (fence) isShell = !isShell && fence[1] === 'sh'
    else if (isShell && line.trim() !== '' && !line.trim().startsWith('#'))
      lines.push({ file, line: at + 1, command: line.trim() })
  }
  return lines
}

/** The lines of a text, those inside fences made empty, so that numbers stay. */
function withoutFences(text: string): readonly string[] {
  let isInside = false
  return text.split('\n').map((line) => {
    if (/^\s*```/.test(line)) {
      isInside = !isInside
      return ''
    }
    return isInside ? '' : line
  })
}
