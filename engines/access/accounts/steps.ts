/**
 * What the node remembers between two steps of signing in: a challenge it gave, a password that was right, where an
 * OpenID provider shall bring somebody back to. Kept here and not in the browser, which holds a random name for it in a
 * cookie of its own; good for five minutes (a link being set up: twenty), and for one success.
 */
import { plusMs } from '../../record/index.ts'
import type { AccountParts, Handle } from './contract.ts'
import { hashOf, isSecret, newSecret } from './secret.ts'

export type StepFacts =
  /** The password was right. */
  | { readonly kind: 'second-factor'; readonly account: string }
  | { readonly kind: 'passkey'; readonly challenge: string }
  | {
      readonly kind: 'openid'
      readonly provider: string
      readonly state: string
      readonly nonce: string
      readonly verifier: string
      readonly redirectUri: string
      readonly intent: OpenIdIntent
      /** Who links, or signs in anew. */
      readonly account?: string
      /** Hash of the link that is used, hexadecimal. */
      readonly enrolment?: string
    }
  | { readonly kind: 'add-totp'; readonly account: string; readonly sealedKey: string }
  | { readonly kind: 'add-passkey'; readonly account: string; readonly challenge: string }
  | {
      readonly kind: 'enrolment'
      readonly enrolment: string
      readonly login: string
      readonly name: string
      readonly handle: string
      readonly challenge: string
      readonly sealedKey: string
      /** Absent for the first administrator, who has none yet. */
      readonly account?: string
    }

/** `again`: somebody signed in shows once more who they are. */
export type OpenIdIntent = 'sign-in' | 'again' | 'link' | 'enrolment'

export type StepOf<Kind extends StepFacts['kind']> = Extract<StepFacts, { readonly kind: Kind }>

export type Steps = {
  /** Answers its name, for the browser to keep. */
  readonly begin: (facts: StepFacts) => Promise<string>
  readonly look: <Kind extends StepFacts['kind']>(
    kind: Kind,
    name: string | undefined,
  ) => Promise<StepOf<Kind> | undefined>
  /** As `look`, and nobody gets it a second time. */
  readonly take: <Kind extends StepFacts['kind']>(
    kind: Kind,
    name: string | undefined,
    sql?: Handle,
  ) => Promise<StepOf<Kind> | undefined>
  readonly sweep: () => Promise<void>
}

export const stepMs = 5 * 60_000
const enrolmentStepMs = 20 * 60_000

export function createSteps({ sql, now, random }: AccountParts): Steps {
  return {
    begin: async (facts) => {
      const name = newSecret(random)
      const lasts = facts.kind === 'enrolment' ? enrolmentStepMs : stepMs
      const account = 'account' in facts ? (facts.account ?? null) : null
      await sql`
        insert into account_step (token_hash, kind, account, facts, expires_at)
        values (${hashOf(name)}, ${facts.kind}, ${account}, ${sql.json(facts)}, ${plusMs(now(), lasts)})`
      return name
    },
    look: async (kind, name) => {
      if (name === undefined || !isSecret(name)) return undefined
      const [row] = await sql<{ facts: StepFacts }[]>`
        select facts
        from account_step
        where token_hash = ${hashOf(name)} and kind = ${kind} and expires_at > ${now()}`
      return row?.facts as StepOf<typeof kind> | undefined
    },
    take: async (kind, name, handle = sql) => {
      if (name === undefined || !isSecret(name)) return undefined
      const [row] = await handle<{ facts: StepFacts }[]>`
        delete from account_step
        where token_hash = ${hashOf(name)} and kind = ${kind} and expires_at > ${now()}
        returning facts`
      return row?.facts as StepOf<typeof kind> | undefined
    },
    sweep: async () => {
      await sql`delete from account_step where expires_at <= ${now()}`
    },
  }
}
