/** What of the `postgres` driver (3.4) the store builds on, beyond its published types: `src/query.js`, `src/index.js`. */
import type postgres from 'postgres'

export type Driver = postgres.Sql<{ bigint: number }>
export type Handle = postgres.TransactionSql<{ bigint: number }>
export type Act = (tx: Handle) => unknown

/** One instance of the driver; its options are taken over by the next, with all that it learnt of types. */
export type DriverOptions = Driver['options'] & {
  socket?: unknown
  fetch_types?: boolean
  onnotify?: (channel: string, payload: string) => void
}

/** A statement. It asks its `handler` to send it when somebody waits for it, and never when it is part of another. */
export type Query = Promise<unknown> & {
  handler: (query: Query) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** Gives the statements that `made` makes to `handler`; whatever else it makes (names, values) is left as it is. */
export function handledBy(
  made: unknown,
  handler: (query: Query, send: Query['handler']) => unknown,
): unknown {
  if (!isQuery(made)) return made
  const send = made.handler
  made.handler = (query) => handler(query, send)
  return made
}

const isQuery = (made: unknown): made is Query => typeof (made as Partial<Query>).handler === 'function'

/** What does with a statement whatever `driver` does, save that `handler` sends it. */
export function withHandler<Source extends Driver | Handle>(
  source: Source,
  handler: (query: Query, send: Query['handler']) => unknown,
): Source {
  const make = source as unknown as (...given: unknown[]) => unknown
  const { unsafe } = source as unknown as { unsafe: (...given: unknown[]) => unknown }
  return Object.assign((...given: unknown[]) => handledBy(make(...given), handler), source, {
    unsafe: (...given: unknown[]) => handledBy(unsafe(...given), handler),
  }) as unknown as Source
}

export function refuse(query: Query, error: Error): void {
  query.catch(() => {}) // whoever waits for it is told; nobody need wait for it
  query.reject(error)
}
