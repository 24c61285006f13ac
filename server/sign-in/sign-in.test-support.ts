/** The sign-in routes before accounts on a fresh database, and a browser without a screen that keeps cookies. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  anEnrolledUser,
  codeAt,
  password,
  someAccounts,
  type TestAccounts,
} from '../../engines/access/accounts/accounts.test-support.ts'
import type { AccountOptions, Audit, NewUser } from '../../engines/access/index.ts'
import { auditRequests } from '../audit-hook.ts'
import { type Json, silent } from '../builders.ts'
import { guard } from '../guard.ts'
import { answerProblems } from '../problems.ts'
import { demandFresh, demandRole, type SignInParts, signIn, signInRoutes } from './index.ts'

export type TestSignIn = AsyncDisposable &
  TestAccounts & { readonly app: FastifyInstance; readonly parts: SignInParts }

export async function aSignIn(
  options: Partial<AccountOptions> = {},
  more: Partial<SignInParts> = {},
): Promise<TestSignIn> {
  const here = await someAccounts(options)
  const instants = () => ({ now: here.clock.now(), embargoNow: here.clock.now() })
  const parts: SignInParts = { accounts: here.accounts, instants, ...more }
  const app = await anApp(parts)
  return {
    ...here,
    app,
    parts,
    async [Symbol.asyncDispose]() {
      await app.close()
      await here[Symbol.asyncDispose]()
    },
  }
}

/** With two routes that say who asks, one of which only an approver may ask, freshly. */
export async function anApp(parts: SignInParts, audit?: Audit): Promise<FastifyInstance> {
  const app = Fastify({ trustProxy: 'loopback' }).setValidatorCompiler(TypeBoxValidatorCompiler)
  answerProblems(app, silent)
  guard(app, { isLoopback: false, hostNames: [] } as never)
  await app.register(signIn(parts))
  auditRequests(app, audit)
  await app.register(signInRoutes(parts), { prefix: '/api/v1' })
  app.get('/api/v1/asking', async ({ asking }) => asking)
  app.post('/api/v1/search', { config: { reads: true } }, async ({ asking }) => asking)
  app.post('/api/v1/approve', async (request) => {
    demandRole(request, 'approver')
    demandFresh(request)
    return { done: true }
  })
  return app
}

export class Browser {
  readonly #app: FastifyInstance
  readonly cookies = new Map<string, string>()
  readonly setCookies: string[] = []
  headers: Record<string, string> = { host: 'localhost:8420' }

  constructor(app: FastifyInstance, headers: Record<string, string> = {}) {
    this.#app = app
    Object.assign(this.headers, headers)
  }

  async ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...this.headers, ...(cookie ? { cookie } : {}), ...headers },
      ...(body ? { payload: body } : {}),
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      this.setCookies.push(line)
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const json: Json = answer.headers['content-type']?.includes('json') ? answer.json() : undefined
    if (json?.csrf ?? json?.session?.csrf) this.headers['mosaic-csrf'] = json.csrf ?? json.session.csrf
    return { status: answer.statusCode, body: json, headers: answer.headers, text: answer.body }
  }
}

export async function anEnrolledBrowser(here: TestSignIn, user: Partial<NewUser> = {}) {
  const ana = await anEnrolledUser(here, user)
  const browser = new Browser(here.app)
  const signInAgain = async () => {
    here.pass(60_000)
    await browser.ask('POST', '/session/password', { login: ana.user.login, password })
    return browser.ask('POST', '/session/totp', { code: codeAt(ana.key, here.clock.now()) })
  }
  await signInAgain()
  return { ana, browser, signInAgain }
}
