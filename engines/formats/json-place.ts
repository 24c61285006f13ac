/**
 * Where a JSON text breaks: a recursive reader of RFC 8259's grammar that builds nothing and remembers the path. Used
 * only on text that has failed already and whose depth is bounded, so recursion is safe.
 */
export type JsonError = { readonly offset: number; readonly pointer: string; readonly expected: string }

const space = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const word = /true|false|null/y

/** Answers the end of the text when it finds nothing wrong. */
export function locateJsonError(text: string): JsonError {
  const path: string[] = []
  const fail = (offset: number, expected: string): JsonError => ({
    offset,
    pointer: path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    expected,
  })
  const skip = (at: number): number => take(space, text, at) ?? at

  const value = (start: number): number | JsonError => {
    const at = skip(start)
    if (text[at] === '{') return object(at + 1)
    if (text[at] === '[') return array(at + 1)
    return stringEnd(text, at) ?? take(number, text, at) ?? take(word, text, at) ?? fail(at, 'A value')
  }

  const array = (start: number): number | JsonError => {
    let at = skip(start)
    if (text[at] === ']') return at + 1
    for (let index = 0; ; index++) {
      path.push(String(index))
      const end = value(at)
      if (typeof end !== 'number') return end
      path.pop()
      at = skip(end)
      if (text[at] === ']') return at + 1
      if (text[at] !== ',') return fail(at, '"," or "]"')
      at++
    }
  }

  const object = (start: number): number | JsonError => {
    let at = skip(start)
    if (text[at] === '}') return at + 1
    for (;;) {
      at = skip(at)
      const nameEnd = stringEnd(text, at)
      if (nameEnd === undefined) return fail(at, 'A name in double quotes')
      path.push(text.slice(at + 1, nameEnd - 1))
      at = skip(nameEnd)
      if (text[at] !== ':') return fail(at, '":"')
      const end = value(at + 1)
      if (typeof end !== 'number') return end
      path.pop()
      at = skip(end)
      if (text[at] === '}') return at + 1
      if (text[at] !== ',') return fail(at, '"," or "}"')
      at++
    }
  }

  const end = value(0)
  return typeof end === 'number' ? fail(skip(end), 'The end of the text') : end
}

function take(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** By hand: a pattern with alternatives keeps a way back for every character, and ten million of them end the stack. */
function stringEnd(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined
  let at = start + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (code < 0x20) return undefined // RFC 8259 §7: control characters are escaped
    const end = code === 0x5c ? take(escaped, text, at) : at + 1
    if (end === undefined) return undefined
    at = end
  }
  return undefined
}
