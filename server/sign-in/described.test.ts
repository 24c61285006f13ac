import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openAccounts } from '../../engines/access/index.ts'
import { aPlayedNode, type Json } from '../builders.ts'

test('a node with accounts describes how one signs in, and its public pages need none of it', async () => {
  await using played = await aPlayedNode({ isPlayed: false })
  const { node } = played
  const accounts = await openAccounts({
    sql: node.store.database,
    clock: node.clock,
    random: randomBytes,
    node: node.settings.name,
    title: 'Mosaic',
    home: { id: 'org-dcp', name: 'Civil Protection' },
  })
  const app = await played.appWith({ signIn: { accounts } })

  const { paths } = (await app.inject('/api/v1/openapi.json')).json<Json>()
  const described = Object.entries<Json>(paths).filter(([, item]) =>
    Object.values<Json>(item).some(({ tags }) => tags?.includes('sign-in')),
  )

  expect(described).toHaveLength(25)
  for (const [path, item] of described)
    for (const { summary, responses } of Object.values<Json>(item)) {
      expect([path, summary.length > 5, responses['200'].content !== undefined]).toEqual([path, true, true])
      for (const [status, { content }] of Object.entries<Json>(responses))
        if (Number(status) >= 400)
          expect([path, Object.keys(content)]).toEqual([path, ['application/problem+json']])
    }
  expect((await app.inject('/api/v1/node')).statusCode).toBe(200)
  expect((await app.inject('/api/v1/session')).json<Json>()).toMatchObject({
    kind: 'public',
    hasUsers: false,
  })
})
