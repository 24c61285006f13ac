import { expect, test } from 'vitest'
import { anEnrolledUser, aVisitor, password, signedIn, someAccounts } from './accounts.test-support.ts'
import { notedOf } from './audit-note.ts'

test('the trail has who signed in, who failed at whose account, and what was done to whom', async () => {
  await using here = await someAccounts()
  const ana = await anEnrolledUser(here)
  await signedIn(here, ana)
  await here.accounts.signIn.withPassword({ login: 'ana', password: 'x' }, aVisitor())
  await here.accounts.signIn.withPassword({ login: 'nobody', password }, aVisitor())
  await here.accounts.users.disable(ana.user.id)

  const noted = here.told.flatMap((happening) => notedOf(happening, 'durres.example') ?? [])

  expect(
    noted.map(({ asking, act, outcome, reason }) => [asking.principal.id, act, outcome, reason]),
  ).toEqual([
    ['node:durres.example', 'administer', 'done', 'user-added'],
    ['person:ana@durres.example', 'administer', 'done', 'enrolled'],
    ['person:ana@durres.example', 'sign-in', 'done', 'signed-in: password+totp'],
    ['person:ana@durres.example', 'sign-in', 'refused', 'sign-in-refused: password'],
    ['node:durres.example', 'administer', 'done', 'user-disabled'],
  ])
  expect(noted[0]?.query).toEqual({ user: 'person:ana@durres.example' })
})
