import type { RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { aPlayedNode, type Json, type PlayedNode, silent } from './builders.ts'
import { contextOf } from './index.ts'

let played: PlayedNode
const routes: RouteOptions[] = []
beforeAll(async () => {
  played = await aPlayedNode({ isPlayed: false })
  const { node, replay } = played
  const context = await contextOf(
    { node, replay, host: '127.0.0.1', log: silent },
    new AbortController().signal,
  )
  await (await buildApp(context, (route) => routes.push(route))).close()
})
afterAll(() => played[Symbol.asyncDispose]())

const methods = ['get', 'post', 'put', 'patch', 'delete']
type Operation = readonly [path: string, method: string, operation: Json]

async function operations(): Promise<readonly Operation[]> {
  const { paths } = await played.ask('/openapi.json')
  return Object.entries<Json>(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [[path, method, item[method]] as const] : [])),
  )
}

describe('the description of the interface', () => {
  test('is OpenAPI 3.1', async () => {
    const document = await played.ask('/openapi.json')

    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({
      title: 'Mosaic',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
  })

  test('lists every route that the node answers, and nothing else', async () => {
    const listed = (await operations()).map(([path, method]) => `${method} ${path}`)

    expect(listed.sort()).toEqual(routes.flatMap(namesOf).sort())
  })

  test('says of each route what it is for, and what it answers', async () => {
    for (const [path, method, { tags, summary, responses }] of await operations()) {
      expect([path, method, tags?.length]).toEqual([path, method, 1])
      expect([path, summary?.length > 5]).toEqual([path, true])
      const [media] = Object.values<Json>((responses['200'] ?? responses['201']).content)
      expect([path, typeof media.schema]).toEqual([path, 'object'])
    }
  })

  test('says of each parameter in a path that it is required', async () => {
    for (const [path, , { parameters = [] }] of await operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const required = parameters.filter((one: Json) => one.in === 'path' && one.required)
      expect([path, required.map(({ name }: Json) => name)]).toEqual([path, named])
    }
  })

  test('says that refusals are problems', async () => {
    for (const [path, , { responses }] of await operations())
      for (const [status, { content }] of Object.entries<Json>(responses))
        if (Number(status) >= 400 && content)
          expect([path, Object.keys(content)]).toEqual([path, ['application/problem+json']])
  })
})

/** `get /api/v1/events/{id}`; HEAD goes with GET, what is hidden is the page and this description itself. */
function namesOf({ method, url, schema }: RouteOptions): string[] {
  if ((schema as { readonly hide?: boolean } | undefined)?.hide) return []
  return [method]
    .flat()
    .filter((one) => one !== 'HEAD')
    .map((one) => `${one.toLowerCase()} ${url.replace(/:(\w+)/g, '{$1}')}`)
}
