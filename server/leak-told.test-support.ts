/** What a node tells, as the leak test compares it: one answer, a list to its end, a stream. */
import type { InjectOptions } from 'fastify'
import type { Twin } from './leak.test-support.ts'

/** All that one answer tells, tokens and incarnation by their length; and of a list, all its pages. */
export async function told(twin: Twin, path: string, kind: 'asked' | 'walked', pages = 30): Promise<unknown> {
  twin.looks()
  const { statusCode, headers, body } = await twin.app.inject({ method: 'GET', url: path } as InjectOptions)
  const looks = twin.looks()
  const { date: _, ...rest } = headers
  const answer = [statusCode, rest, plain(twin, body), looks]
  const next =
    kind === 'walked' && statusCode === 200 ? (JSON.parse(body) as { next?: string }).next : undefined
  if (next === undefined) return answer
  if (pages === 0) return [answer, 'more']
  const following = `${path.replace(/&cursor=.*/, '')}&cursor=${next}`
  return [answer, await told(twin, following, kind, pages - 1)]
}

export const plain = ({ node }: Twin, text: string): string =>
  text.replaceAll(node.store.identity.incarnation, 'INCARNATION').replace(/[\w-]{123}(?![\w-])/g, 'TOKEN')

export type Listening = {
  readonly began: Promise<void>
  /** All that was said until so many records had come, and a moment more. */
  readonly heard: Promise<string>
  readonly ids: () => readonly string[]
}

export function listen(twin: Twin, query: string, records: number, last?: string): Listening {
  const leave = new AbortController()
  let begin = () => {}
  const began = new Promise<void>((resolve) => {
    begin = resolve
  })
  let text = ''
  const hear = async () => {
    const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last }
    const answer = await fetch(`${twin.address}/api/v1/stream?${query}`, { headers, signal: leave.signal })
    const decoder = new TextDecoder()
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      for await (const chunk of answer.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true })
        if (text.includes('event: hello')) begin()
        const isAll = (text.match(/event: record\n.*\n\n/g) ?? []).length >= records
        if (isAll) timer ??= setTimeout(() => leave.abort(), 60)
      }
    } catch (error) {
      if (!leave.signal.aborted) throw error
    }
    clearTimeout(timer)
    return plain(twin, text)
  }
  return { began, heard: hear(), ids: () => [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '') }
}
