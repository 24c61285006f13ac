/**
 * One place where a failure becomes an answer: RFC 9457 `application/problem+json` with our stable code. What we expect
 * says what to do; what we did not expect says nothing outside and everything in the log.
 */
import type { FastifyError, FastifyInstance } from 'fastify'
import { MosaicError } from '../engines/record/index.ts'
import type { NodeLog } from '../node.ts'

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code: string
  /** Why, as data: what was asked for and what the asker has (an extension member, RFC 9457 §3.2). */
  readonly reasons?: readonly Reason[]
}
export type Reason = { readonly code: string; readonly [fact: string]: unknown }

declare module 'fastify' {
  interface FastifyRequest {
    /** What it was refused with, once it was. */
    problem?: Problem
  }
}

/** Thrown by a route for what the asker must know. */
export class Refused extends MosaicError {
  override readonly name = 'Refused'
  override readonly code: string
  readonly status: number

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** A refusal with its reasons as data, for whoever may know of what is refused. */
export class RefusedBecause extends Refused {
  readonly reasons: readonly Reason[]

  constructor(
    detail: string,
    { status, reasons }: { readonly status: number; readonly reasons: readonly [Reason, ...Reason[]] },
  ) {
    super(status, reasons[0].code, detail)
    this.reasons = reasons
  }
}

export const notFound = (what: string, id: string): Refused =>
  new Refused(404, 'server/not-found', `This node holds no ${what} ${id}, or may not show it in this realm.`)

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'Nobody has signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not now',
  413: 'Too large',
  410: 'No longer there',
  415: 'Not a media type this node reads',
  429: 'Too often',
  500: 'The node failed',
  503: 'Not ready',
}

/** Sent with everything, whatever the route. */
export const plainSecurity = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

export const problem = (status: number, code: string, detail?: string): Problem => ({
  type: `https://mosaic.example/problems/${code}`,
  title: titles[status] ?? 'Refused',
  status,
  ...(detail === undefined ? {} : { detail }),
  code,
})

export function answerProblems(app: FastifyInstance, log: NodeLog): void {
  app.decorateRequest('problem')
  app.setNotFoundHandler(async (request, reply) =>
    reply
      .code(404)
      .type('application/problem+json')
      .send(
        problem(
          404,
          'server/no-route',
          `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
        ),
      ),
  )
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const answer = toProblem(error)
    request.problem = answer
    if (answer.status >= 500) {
      log.error(
        { method: request.method, route: request.routeOptions.url, error: error.stack },
        'a request failed',
      )
    }
    return reply.code(answer.status).type('application/problem+json').send(answer)
  })
}

function toProblem(error: FastifyError): Problem {
  if (error instanceof RefusedBecause)
    return { ...problem(error.status, error.code, error.message), reasons: error.reasons }
  if (error instanceof Refused) return problem(error.status, error.code, error.message)
  if (error.validation) return problem(400, 'server/invalid-request', error.message)
  const status = error.statusCode ?? 500
  if (status === 413) return problem(413, 'server/too-large', error.message)
  if (status >= 400 && status < 500) return problem(status, 'server/invalid-request', error.message)
  return problem(500, 'server/failed', 'What happened is in the log of the node.')
}
