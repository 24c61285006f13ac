import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actual, exercise, type Realm } from '../engines/record/index.ts'
import { aPlayedNode, type Json, type PlayedNode, silent } from './builders.ts'
import { type RunningServer, startServer } from './index.ts'

const realm = exercise('durres-2019')
let played: PlayedNode
let server: RunningServer
const serve = () =>
  startServer({ node: played.node, replay: played.replay, host: '127.0.0.1', port: 0, log: silent })

beforeAll(async () => {
  played = await aPlayedNode()
  server = await serve()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await played[Symbol.asyncDispose]()
})

type Told = { readonly event: string; readonly id?: string; readonly data: Json }

/** What a browser would hear, until `enough` of it. */
async function listen(
  query: string,
  enough: (told: readonly Told[]) => boolean,
  headers: Record<string, string> = {},
  base = server.address,
): Promise<readonly Told[]> {
  const leave = new AbortController()
  const answer = await fetch(`${base}/api/v1/stream${query}`, { headers, signal: leave.signal })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const told: Told[] = []
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    told.push(...blocks.flatMap(toldIn))
    if (enough(told)) break
  }
  leave.abort()
  return told
}

function toldIn(block: string): Told[] {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  const event = fields.get('event')
  if (event === undefined) return []
  const id = fields.get('id')
  return [{ event, ...(id === undefined ? {} : { id }), data: JSON.parse(fields.get('data') ?? '') }]
}

const records = (told: readonly Told[]) => told.filter(({ event }) => event === 'record')
/** The place where the log stands, as the node says it to a listener. */
const here = async (query = '') => String((await listen(query, (told) => told.length > 0))[0]?.data.place)
const aNote = (of: Realm, key: string) =>
  played.node.store.append([
    {
      type: 'test.note',
      key,
      realm: of,
      producer: { kind: 'source', name: 'test' },
      valid: { from: played.node.clock.now() },
      body: { key },
    },
  ])

describe('the stream', () => {
  test('says hello, then every record of its realm in the order of the log', async () => {
    const held = await played.node.store.read({ realm, versions: 'all' })

    const told = await listen('?after=start', (all) => records(all).length >= held.length)

    expect(told[0]).toMatchObject({ event: 'hello', data: { node: 'durres.example', resumed: true } })
    expect(records(told).map(({ data }) => `${data.id}@${data.version}`)).toEqual(
      held.map(({ record }) => `${record.id}@${record.version}`),
    )
  })

  test('goes on after the last id that the browser heard, without a gap or a repetition', async () => {
    const held = await played.node.store.read({ realm, versions: 'all' })
    const all = held.map(({ record }) => `${record.id}@${record.version}`)
    const seen: string[] = []
    let last: string | undefined
    while (seen.length < all.length) {
      const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last }
      const told = await listen('?after=start', (now) => records(now).length >= 1, headers)
      const some = records(told)
      const heard = some.slice(0, Math.max(1, Math.floor(some.length / 2)))
      seen.push(...heard.map(({ data }) => `${data.id}@${data.version}`))
      last = heard.at(-1)?.id
    }

    expect(seen).toEqual(all)
  })

  test('without a place to start from tells only what is new', async () => {
    const listening = listen('', (told) => records(told).length >= 1)
    await sleep(200)
    await aNote(realm, 'new in the exercise')

    const told = records(await listening)
    expect(told.map(({ data }) => data.type)).toEqual(['test.note'])
  })

  test('of one realm says nothing of another', async () => {
    const after = await here('?realm=actual')
    const listening = listen(`?realm=actual&after=${after}`, (told) => records(told).length >= 1)
    await aNote(realm, 'in the exercise')
    await aNote(actual, 'in the world')

    const told = await listening
    expect(records(told).map(({ data }) => data.realm)).toEqual(['actual'])
    expect(told.map(({ event }) => event)).not.toContain('replay')
  })

  test('that is asked for a place it never gave tells what comes next, and that there may be a gap', async () => {
    const listening = listen('', (told) => records(told).length >= 1, { 'last-event-id': '999999' })
    await sleep(200)
    await aNote(realm, 'after a restore')

    const told = await listening
    expect(records(told).length).toBe(1)
    expect(told[0]?.data.resumed).toBe(false)
  })

  test('never names what is restricted', async () => {
    const after = await here()
    await played.node.store.append([
      {
        type: 'test.note',
        key: 'restricted',
        realm,
        producer: { kind: 'source', name: 'test' },
        valid: { from: played.node.clock.now() },
        handling: { tlp: 'TLP:AMBER' },
        body: {},
      },
    ])
    await aNote(realm, 'after the restricted one')

    const told = records(await listen(`?after=${after}`, (now) => records(now).length >= 1))
    expect(told.map(({ data }) => data.type)).toEqual(['test.note'])
    const [note] = await played.node.store.read({ types: ['test.note'], key: 'after the restricted one' })
    expect(told.map(({ data }) => data.id)).toEqual([note?.record.id])
  })

  test('says what the replay does', async () => {
    const listening = listen('', (told) =>
      told.some(({ event, data }) => event === 'replay' && data.speed === 77),
    )
    await sleep(200)
    await post({ action: 'speed', speed: 77 })

    expect((await listening).at(-1)).toMatchObject({ event: 'replay', data: { scenario: 'durres-2019' } })
  })

  test('ends promptly when the server stops', async () => {
    const other = await serve()
    const leaving = fetch(`${other.address}/api/v1/stream`).then((answer) => answer.text())
    await sleep(200)

    const began = performance.now()
    await other[Symbol.asyncDispose]()
    const heard = await leaving
    expect(heard).toContain('event: hello')
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('to one who reads nothing costs little memory, and the others go on', async () => {
    const { hostname, port } = new URL(server.address)
    const deaf = connect(Number(port), hostname)
    deaf.pause()
    deaf.on('error', () => undefined)
    deaf.write(`GET /api/v1/stream?realm=test HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
    await sleep(200)
    const big = 'x'.repeat(50)
    const after = await here('?realm=test')
    const count = 12_000

    for (let at = 0; at < count; at += 2000)
      await played.node.store.append(
        Array.from({ length: 2000 }, (_, one) => ({
          type: 'test.note',
          key: `${at + one} ${big}`,
          realm: 'test' as Realm,
          producer: { kind: 'source' as const, name: 'test' },
          valid: { from: played.node.clock.now() },
          body: {},
        })),
      )
    const told = await listen(`?realm=test&after=${after}`, (all) => records(all).length >= count)
    expect(records(told).length).toBe(count)
    deaf.destroy()
  })
})

const post = (body: object) =>
  fetch(`${server.address}/api/v1/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
