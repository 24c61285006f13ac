import { describe, expect, test } from 'vitest'
import { aNewUser, aVisitor, minutes, someAccounts, type TestAccounts } from './accounts.test-support.ts'
import { type Misbehaviour, SoftwareAuthenticator } from './authenticator.test-support.ts'

const party = { origin: 'https://mosaic.example', rpId: 'mosaic.example' }
const visitor = aVisitor()

/** Ana, whose only means is a passkey. */
async function anEnrolledPasskey(here: TestAccounts, bad: Misbehaviour = {}) {
  const { accounts } = here
  await accounts.organisations.add({ id: 'org-dcp', name: 'Civil Protection', standing: 'home' })
  const user = await accounts.users.add(aNewUser())
  const { secret } = await accounts.enrolment.linkFor(user.id)
  const { step, passkey } = await accounts.enrolment.begin(secret, {}, party)
  const authenticator = new SoftwareAuthenticator(party.origin)
  if (!passkey) throw new Error('no passkey is offered')
  const response = authenticator.create(passkey, bad)
  await accounts.enrolment.withPasskey({ secret, step, response }, party)
  return { user, authenticator, passkey }
}

async function asked(here: TestAccounts) {
  const outcome = await here.accounts.signIn.askPasskey(party, visitor)
  if (outcome.kind !== 'asked') throw new Error(outcome.kind)
  return outcome
}

describe('signing in with a passkey', () => {
  test('takes no name and no password, and names no credential beforehand', async () => {
    await using here = await someAccounts()
    const { authenticator } = await anEnrolledPasskey(here)
    const { step, options } = await asked(here)

    const outcome = await here.accounts.signIn.withPasskey(step, authenticator.get(options), {
      party,
      visitor,
    })

    expect(options).toMatchObject({ userVerification: 'required', rpId: 'mosaic.example' })
    expect(options.allowCredentials).toBeUndefined()
    expect(outcome).toMatchObject({
      kind: 'signed-in',
      session: { means: 'passkey', user: { login: 'ana' } },
    })
  })

  test('offers a discoverable credential, with the owner verified, under a name that tells nobody', async () => {
    await using here = await someAccounts()
    const { passkey } = await anEnrolledPasskey(here)

    expect(passkey).toMatchObject({
      rp: { id: 'mosaic.example', name: 'Mosaic Durrës' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect(Buffer.from(passkey.user.id, 'base64url')).toHaveLength(32)
  })

  const wrong: readonly [string, Misbehaviour][] = [
    ['a page elsewhere asked', { origin: 'https://mosaic.example.evil.example' }],
    ['it signed for another name', { rpId: 'evil.example' }],
    ['its owner was not verified', { verifiesOwner: false }],
    ['it signed another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ]

  test.each(wrong)('is refused when %s', async (_, bad) => {
    await using here = await someAccounts()
    const { authenticator } = await anEnrolledPasskey(here)
    const { step, options } = await asked(here)

    const outcome = await here.accounts.signIn.withPasskey(step, authenticator.get(options, bad), {
      party,
      visitor,
    })

    expect(outcome).toEqual({ kind: 'refused' })
  })

  test.each(wrong)('cannot be set up when %s', async (_, bad) => {
    await using here = await someAccounts()

    await expect(anEnrolledPasskey(here, bad)).rejects.toMatchObject({ code: 'access/passkey-unusable' })
  })

  test('is refused when the authenticator was copied, and the node says so', async () => {
    await using here = await someAccounts()
    const { authenticator } = await anEnrolledPasskey(here)
    const copy = authenticator.copy()
    const attempt = async (one: SoftwareAuthenticator) => {
      const { step, options } = await asked(here)
      return (await here.accounts.signIn.withPasskey(step, one.get(options), { party, visitor })).kind
    }

    expect(await attempt(authenticator)).toBe('signed-in')
    expect(await attempt(authenticator)).toBe('signed-in')
    expect(await attempt(copy)).toBe('refused')
    expect(here.told.map(({ kind }) => kind)).toContain('passkey-copied')
  })

  test('uses each challenge once, and for five minutes', async () => {
    await using here = await someAccounts()
    const { authenticator } = await anEnrolledPasskey(here)
    const { step, options } = await asked(here)
    const response = authenticator.get(options)
    const context = { party, visitor }
    const late = await asked(here)

    expect((await here.accounts.signIn.withPasskey(step, response, context)).kind).toBe('signed-in')
    expect(await here.accounts.signIn.withPasskey(step, response, context)).toEqual({ kind: 'expired' })
    here.pass(minutes(5))
    const outcome = await here.accounts.signIn.withPasskey(
      late.step,
      authenticator.get(late.options),
      context,
    )
    expect(outcome).toEqual({ kind: 'expired' })
  })

  test('is refused for what is no passkey at all', async () => {
    await using here = await someAccounts()
    for (const response of [{}, { id: 'x' }, { id: 'x', response: {} }, { id: 7 }]) {
      const { step } = await asked(here)
      expect(await here.accounts.signIn.withPasskey(step, response, { party, visitor })).toEqual({
        kind: 'refused',
      })
    }
  })

  test('is refused for a disabled user', async () => {
    await using here = await someAccounts()
    const { authenticator, user } = await anEnrolledPasskey(here)
    await here.accounts.users.disable(user.id)
    const { step, options } = await asked(here)

    const outcome = await here.accounts.signIn.withPasskey(step, authenticator.get(options), {
      party,
      visitor,
    })

    expect(outcome).toEqual({ kind: 'refused' })
  })
})
