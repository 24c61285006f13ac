/**
 * Signing in, step by step. Whatever is wrong is answered with the same word and after the same work: an unknown name
 * costs an argon2id too, a name nobody has is held back as one that somebody has, and a code is asked for only after
 * the password was right. Each attempt is charged before it is looked at (`lock-out.ts`).
 *
 *     password ──right──▶ second factor ──code or recovery code──▶ session
 *     passkey  ──────────────────────────────────────────────────▶ session
 *     provider ──linked subject──────────────────────────────────▶ session
 */
import { type Instant, plusMs } from '../../record/index.ts'
import { type AttemptCounter, networkOf, type Subject } from './attempts.ts'
import type { AccountParts, Refusal } from './contract.ts'
import { createDevices } from './devices.ts'
import type { Enrolment } from './enrolment.ts'
import { AccountRefused } from './errors.ts'
import type { OpenId } from './openid.ts'
import type { AuthenticationOptions, RelyingParty } from './passkey.ts'
import { authenticationOptions, checkPasskey } from './passkey.ts'
import type { Hasher } from './password.ts'
import { spendRecoveryCode } from './recovery.ts'
import { hashOf, newSecret } from './secret.ts'
import { freshMs, type OpenedSession, type Sessions } from './sessions.ts'
import type { StepOf, Steps } from './steps.ts'
import { spendCode } from './totp.ts'

/** The browser that asks. */
export type Visitor = {
  readonly address: string
  readonly agent: string
  /** The secret of the session it has, which ends when another is opened. */
  readonly session?: string | undefined
  /** What it was given at its last sign-in. */
  readonly device?: string | undefined
}

export type SignedIn =
  | ({ readonly kind: 'signed-in'; readonly device: string } & OpenedSession)
  | Refusal
  | Expired
/** There is no such step, or not any more: begin anew. */
export type Expired = { readonly kind: 'expired' }

export type SignIn = {
  readonly withPassword: (
    given: { readonly login: string; readonly password: string },
    visitor: Visitor,
  ) => Promise<{ readonly kind: 'second-factor'; readonly step: string } | Refusal>
  readonly withCode: (step: string | undefined, code: string, visitor: Visitor) => Promise<SignedIn>
  readonly withRecoveryCode: (step: string | undefined, code: string, visitor: Visitor) => Promise<SignedIn>
  readonly askPasskey: (
    party: RelyingParty,
    visitor: Visitor,
  ) => Promise<
    { readonly kind: 'asked'; readonly step: string; readonly options: AuthenticationOptions } | Refusal
  >
  readonly withPasskey: (
    step: string | undefined,
    response: unknown,
    context: { readonly party: RelyingParty; readonly visitor: Visitor },
  ) => Promise<SignedIn>
  readonly askOpenId: (
    asked: Pick<StepOf<'openid'>, 'provider' | 'redirectUri' | 'intent' | 'account'> & {
      readonly link?: string
    },
    visitor: Visitor,
  ) => Promise<{ readonly kind: 'asked'; readonly step: string; readonly url: string } | Refusal>
  /** `unlinked`: the provider vouches for somebody whom no account here belongs to. */
  readonly withOpenId: (
    step: string | undefined,
    answer: { readonly provider: string; readonly query: string },
    visitor: Visitor,
  ) => Promise<SignedIn | { readonly kind: 'unlinked' }>
  /** After a link was used, or what one may do has changed: a session by means shown just now. */
  readonly open: (account: string, means: string, visitor: Visitor) => Promise<SignedIn>
}

export type SignInDeps = {
  readonly attempts: AttemptCounter
  readonly steps: Steps
  readonly sessions: Sessions
  readonly enrolment: Enrolment
  readonly hasher: Hasher
  readonly openId: OpenId
}

export function createSignIn(parts: AccountParts, deps: SignInDeps): SignIn {
  const { sql, now, random, on } = parts
  const devices = createDevices(parts)
  const { attempts, steps, sessions, enrolment, hasher, openId } = deps

  const refused = ({ address }: Visitor, what: string, account?: string): Refusal => {
    on({ kind: 'sign-in-refused', what, address, ...(account ? { account } : {}) })
    return { kind: 'refused' }
  }

  const admitted = async (
    subjects: readonly Subject[],
    { address }: Visitor,
  ): Promise<Refusal | undefined> => {
    const admission = await attempts.charge(subjects)
    if (admission.kind === 'go') return undefined
    on({ kind: 'sign-in-held-back', address })
    return admission
  }

  const open = async (
    account: string,
    means: string,
    visitor: Visitor,
    authenticatedAt?: Instant,
  ): Promise<SignedIn> => {
    const opened = await sessions.open({
      account,
      means,
      agent: visitor.agent,
      replaces: visitor.session,
      ...(authenticatedAt ? { authenticatedAt } : {}),
    })
    if (opened === undefined) return refused(visitor, means, account)
    const login = loginKey(opened.session.user.login)
    const known = deviceOf(login, visitor)
    await attempts.forget(known ?? { kind: 'login', of: login })
    await attempts.forget({ kind: 'account', of: account })
    on({ kind: 'signed-in', account, what: means, address: visitor.address })
    return { kind: 'signed-in', ...opened, device: devices.keep(login, known?.of) }
  }

  const deviceOf = (login: string, { device }: Visitor): Subject | undefined => {
    const name = devices.known(login, device)
    return name === undefined ? undefined : { kind: 'device', of: name }
  }

  /** A second factor, whichever, after a right password. */
  const second = async (
    step: string | undefined,
    visitor: Visitor,
    factor: { readonly means: string; readonly fits: (account: string) => Promise<boolean> },
  ): Promise<SignedIn> => {
    const facts = await steps.look('second-factor', step)
    if (facts === undefined) return { kind: 'expired' }
    const { account } = facts
    const held = await admitted([{ kind: 'account', of: account }], visitor)
    if (held) return held
    if (!(await factor.fits(account))) return refused(visitor, factor.means, account)
    if ((await steps.take('second-factor', step)) === undefined) return { kind: 'expired' }
    return open(account, factor.means, visitor)
  }

  const codeFits = async (account: string, code: string): Promise<boolean> => {
    const outcome = await spendCode(parts, account, code)
    if (outcome === 'replayed') on({ kind: 'code-replayed', account })
    if (outcome === 'shut') on({ kind: 'codes-shut', account })
    return outcome === 'right'
  }

  return {
    withPassword: async ({ login, password }, visitor) => {
      if (hasher.isBusy) return { kind: 'busy' }
      const known = deviceOf(loginKey(login), visitor)
      const charged = known
        ? [known]
        : [{ kind: 'login', of: loginKey(login) } as const, fromAddress(visitor)]
      const held = await admitted(charged, visitor)
      if (held) return held
      const [row] = await sql<{ id: string; phc: string }[]>`
        select a.id, p.phc
        from account as a
        join account_password as p on p.account = a.id
        where a.login = ${loginKey(login)} and a.disabled_at is null`
      if (!(await hasher.fits(password, row?.phc)) || row === undefined)
        return refused(visitor, 'password', row?.id)
      await attempts.giveBack(charged)
      if (hasher.isOutdated(row.phc)) {
        const phc = await hasher.hash(password)
        await sql`update account_password set phc = ${phc} where account = ${row.id} and phc = ${row.phc}`
      }
      return { kind: 'second-factor', step: await steps.begin({ kind: 'second-factor', account: row.id }) }
    },
    withCode: (step, code, visitor) =>
      second(step, visitor, { means: 'password+totp', fits: (account) => codeFits(account, code) }),
    withRecoveryCode: (step, code, visitor) =>
      second(step, visitor, {
        means: 'password+recovery-code',
        fits: (account) => spendRecoveryCode(parts, account, code),
      }),
    askPasskey: async (party, visitor) => {
      const held = await admitted([asksFrom(visitor)], visitor)
      if (held) return held
      const challenge = newSecret(random)
      const step = await steps.begin({ kind: 'passkey', challenge })
      return { kind: 'asked', step, options: await authenticationOptions(party, challenge) }
    },
    withPasskey: async (step, response, { party, visitor }) => {
      const facts = await steps.take('passkey', step)
      if (facts === undefined) return { kind: 'expired' }
      const used = await checkPasskey(parts, party, { challenge: facts.challenge, response })
      if (used.kind === 'copied') on({ kind: 'passkey-copied', account: used.account })
      if (used.kind !== 'right') return refused(visitor, 'passkey')
      return open(used.account, 'passkey', visitor)
    },
    askOpenId: async ({ link, ...asked }, visitor) => {
      const held = await admitted([asksFrom(visitor)], visitor)
      if (held) return held
      if (link !== undefined) await enrolment.look(link)
      const { url, facts } = await openId.start({
        ...asked,
        ...(link === undefined ? {} : { enrolment: hashOf(link).toString('hex') }),
      })
      return { kind: 'asked', step: await steps.begin(facts), url }
    },
    withOpenId: async (step, { provider, query }, visitor) => {
      const facts = await steps.take('openid', step)
      if (facts === undefined || facts.provider !== provider) return { kind: 'expired' }
      const person = await openId.finish(facts, query)
      const account = await accountOf(facts, person.subject)
      if (account === undefined) {
        refused(visitor, `openid:${provider}`)
        return { kind: 'unlinked' }
      }
      // A provider that does not say when it asked for a credential may not have asked for hours.
      const shownAt = person.authenticatedAt ?? plusMs(now(), -2 * freshMs)
      return open(account, `openid:${provider}`, visitor, shownAt < now() ? shownAt : now())
    },
    open,
  }

  async function accountOf(facts: StepOf<'openid'>, subject: string): Promise<string | undefined> {
    const { provider, intent } = facts
    switch (intent) {
      case 'sign-in':
      case 'again': {
        const [row] = await sql<{ account: string }[]>`
          update account_subject
          set used_at = ${now()}
          where provider = ${provider} and subject = ${subject}
          returning account`
        return intent === 'again' && row?.account !== facts.account ? undefined : row?.account
      }
      case 'link':
      case 'enrolment':
        return sql.begin(async (tx) => {
          const account =
            intent === 'link'
              ? facts.account
              : await enrolment.spend(tx, Buffer.from(facts.enrolment ?? '', 'hex'))
          if (account === undefined) return undefined
          const linked = await tx`
            insert into account_subject (provider, subject, account, added_at, used_at)
            values (${provider}, ${subject}, ${account}, ${now()}, ${now()})
            on conflict do nothing
            returning account`
          if (linked.length === 0)
            throw new AccountRefused(
              'access/subject-taken',
              `Your account at ${provider} is linked here already.`,
            )
          on({ kind: 'means-changed', account, what: `openid:${provider}` })
          return account
        }) as Promise<string | undefined>
      default:
        return intent satisfies never
    }
  }
}

/** One spelling for what people type as their name. */
const loginKey = (login: string): string => login.normalize('NFKC').trim().toLowerCase().slice(0, 200)

const fromAddress = ({ address }: Visitor): Subject => ({ kind: 'address', of: networkOf(address) })
const asksFrom = ({ address }: Visitor): Subject => ({ kind: 'asked', of: networkOf(address) })
