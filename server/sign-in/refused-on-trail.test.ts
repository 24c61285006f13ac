/** Who is known and refused before any route is asked stands on the trail all the same, under their own name. */
import { expect, test } from 'vitest'
import { openAudit } from '../../engines/access/index.ts'
import { nodeId } from '../../engines/record/index.ts'
import { anApp, anEnrolledBrowser, aSignIn, Browser } from './sign-in.test-support.ts'

test('a token beyond its scope, a session without its CSRF token, a purpose that is not granted', async () => {
  await using here = await aSignIn()
  const { browser: plain } = await anEnrolledBrowser(here, { roles: ['approver'] })
  const asked = { title: 'Export', scopes: ['read'], purpose: 'health', days: 30 }
  const made = (await plain.ask('POST', '/tokens', asked)).body
  await using audit = openAudit({
    ...{ database: here.sql, clock: here.clock, node: nodeId('durres.example') },
    ...{ store: { read: async () => [] }, alarm: () => {} },
  })
  const app = await anApp(here.parts, audit)
  const browser = new Browser(app)
  for (const [name, value] of plain.cookies) browser.cookies.set(name, value)
  const program = new Browser(app, { authorization: `Bearer ${made.secret}` })

  await program.ask('POST', '/approve')
  await browser.ask('POST', '/approve', undefined, { 'mosaic-csrf': 'guessed' })
  await browser.ask('GET', '/asking', undefined, { 'mosaic-purpose': 'law-enforcement' })
  await app.close()
  await audit.auditor.flush()

  const { items } = await audit.auditor.trail({ limit: 10 })
  expect(items.map(({ principal, outcome, reason }) => [principal, outcome, reason]).reverse()).toEqual([
    [`token:${made.token.id}`, 'refused', 'sign-in/scope-missing'],
    ['person:ana@durres.example', 'refused', 'sign-in/no-csrf-token'],
    ['person:ana@durres.example', 'refused', 'sign-in/purpose-not-yours'],
  ])
})
