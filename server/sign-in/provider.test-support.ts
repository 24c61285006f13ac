/**
 * A real OpenID provider (`oidc-provider`) on loopback that lets in whoever it is told to, and a browser that follows its
 * redirects as far as the address of ours that it is sent back to.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Interaction = {
  readonly prompt: { readonly name: string }
  readonly params: { readonly client_id: string }
}
type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }
/** As much of the package, which brings no types, as is used here. */
type Provider = {
  readonly callback: () => (request: IncomingMessage, response: ServerResponse) => void
  readonly interactionDetails: (request: IncomingMessage, response: ServerResponse) => Promise<Interaction>
  readonly interactionFinished: (...parts: readonly unknown[]) => Promise<void>
  readonly Grant: new (of: { readonly accountId: string; readonly clientId: string }) => Grant
}

export type TestProvider = AsyncDisposable & {
  readonly issuer: string
  /** Who is let in from now on, and how they are said to have shown it. */
  readonly letIn: (subject: string, amr?: readonly string[]) => void
  /** Goes where the page sends the browser; answers where the provider sends it back to. */
  readonly visit: (url: string) => Promise<string>
}

export const client = { id: 'mosaic-durres', secret: 'the-secret-of-the-client-of-the-tests' } as const

export async function aProvider(redirectUri: string): Promise<TestProvider> {
  let person = { accountId: 'subject-of-nobody', amr: ['pwd'] as readonly string[] }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = await providerAt(issuer, redirectUri)

  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { prompt, params } = await provider.interactionDetails(request, response)
    const result =
      prompt.name === 'login' ? { login: person } : { consent: { grantId: await consent(params.client_id) } }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }
  const consent = (clientId: string): Promise<string> => {
    const grant = new provider.Grant({ accountId: person.accountId, clientId })
    grant.addOIDCScope('openid')
    return grant.save()
  }
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })

  return {
    issuer,
    letIn: (subject, amr = ['pwd']) => {
      person = { accountId: subject, amr }
    },
    visit: (url) => followed(url, redirectUri),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function providerAt(issuer: string, redirectUri: string): Promise<Provider> {
  const untyped: string = 'oidc-provider'
  const { default: OidcProvider } = (await import(untyped)) as {
    readonly default: new (issuer: string, settings: object) => Provider
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'of-the-tests' }
  return new OidcProvider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    jwks: { keys: [jwk] },
    cookies: { keys: ['of the tests'] },
    features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    claims: { openid: ['sub'], amr: null, auth_time: null },
    // Whatever a provider says of rights must mean nothing here.
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, roles: ['administrator'], groups: ['administrators'] }),
    }),
    ttl: { Interaction: 60, Session: 60, Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
  })
}

async function followed(start: string, end: string): Promise<string> {
  const jar = new Map<string, string>()
  let url = start
  for (let hops = 0; hops < 12 && !url.startsWith(end); hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`${answer.status} at ${url}: ${await answer.text()}`)
    url = new URL(location, url).href
  }
  return url
}
