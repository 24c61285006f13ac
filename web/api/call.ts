/**
 * One way to ask the node: JSON over `/api/v1`, the view (realm, knownAt) on every question, problems (RFC 9457) as
 * one error with the node's stable code. Nothing outside `web/api` builds an address.
 */
import type { View } from './view.ts'

export const base = '/api/v1'

export type Parameters = { readonly [name: string]: string | number | boolean | undefined }

/** The node answered with a problem, or did not answer (`status` 0). */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
  }
}

export function address(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  const query = search.toString()
  return `${base}${path}${query ? `?${query}` : ''}`
}

export const viewParameters = (view: View): Parameters => ({ realm: view.realm, knownAt: view.knownAt })

export async function ask<Answer>(
  path: string,
  parameters: Parameters = {},
  signal?: AbortSignal,
): Promise<Answer> {
  return read<Answer>(await send(address(path, parameters), signal ? { signal } : {}))
}

/** Outside `/api/v1`; the answer counts whatever its status is. */
export async function askPlainly<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
  return (await (await send(path, { signal })).json()) as Answer
}

let csrf: string | undefined

/** The token of the session, which every change names; none while nobody is signed in. */
export const nameCsrf = (token: string | undefined): void => {
  csrf = token
}

export async function tell<Answer>(
  path: string,
  body: unknown,
  method: 'POST' | 'PUT' | 'DELETE' = 'POST',
): Promise<Answer> {
  const response = await send(address(path), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(csrf === undefined ? {} : { 'mosaic-csrf': csrf }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return read<Answer>(response)
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new CallFailed(0, 'web/node-unreachable', 'The node does not answer.', { cause: error })
  }
}

async function read<Answer>(response: Response): Promise<Answer> {
  if (response.ok) return (await response.json()) as Answer
  const problem = (await response.json().catch(() => ({}))) as {
    readonly code?: string
    readonly title?: string
    readonly detail?: string
  }
  throw new CallFailed(
    response.status,
    problem.code ?? `http/${response.status}`,
    problem.detail ?? problem.title ?? response.statusText,
  )
}
