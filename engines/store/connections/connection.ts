/**
 * A connection: an instance of the driver for one socket, thrown away with it.
 *
 * The driver connects anew by itself, and takes into the next life what the last one left half done: bytes that were not
 * sent, a timer that was cleared and still counts as running, answers that it waits for and that nobody will give, rows of
 * a result, an error. The next statements then hang, or get the answers of others (porsager/postgres, issues 1154 and
 * 1208, are two of these). So no instance has a second life.
 *
 * When the socket dies, whoever waits for something over it is told at once, in one turn: statements, streams of COPY,
 * transactions, whatever their body waits for. What a transaction's body asks after that is refused, and the driver never
 * hears of its outcome, or it would write `rollback` to a socket that is gone. The server has rolled back by itself.
 *
 * @NOTE The driver answers a COPY FROM with its stream, and has then nobody to tell when the server refuses the rows after
 * the last byte: it rejects a promise that is long resolved. So the stream is told.
 *
 * States: unused → live → lost.
 */
import { Stream } from 'node:stream'
import postgres from 'postgres'
import { ConnectionLost } from '../errors.ts'
import {
  type Act,
  type Driver,
  type DriverOptions,
  type Handle,
  type Query,
  refuse,
  withHandler,
} from './driver.ts'
import { type Address, Lifeline } from './lifeline.ts'

export type Connection = {
  /** Whether it is dead. */
  readonly isLost: () => boolean
  /** `onOver` comes when the connection can take the next: a COPY outlives its statement's answer. */
  readonly send: (query: Query, onOver: () => void) => void
  readonly begin: (options: string, act: Act) => Promise<unknown>
  /** To ask over this connection only. */
  readonly handle: Driver
  /** Says goodbye when nothing is under way. */
  readonly end: () => Promise<void>
  /** Everybody who waits is told that it is lost. */
  readonly destroy: () => void
}

type Waiting = { fail: (error: Error) => void }

const arrayOfTexts = 1009

export function openConnection(
  options: DriverOptions,
  address: () => Address,
  onLost: () => void = () => {},
): Connection {
  const waiting = new Set<Waiting>()
  const { serializers } = options as unknown as { readonly serializers: { readonly [type: number]: unknown } }
  const isLearning = options.fetch_types !== false && serializers[arrayOfTexts] === undefined
  let lifeline: Lifeline | undefined
  let lost: Error | undefined

  /** Whether the driver shall know: what it asks for itself, the types of arrays, it rejects without anybody to catch it. */
  const onDeath = (error: Error, wasOpen: boolean): boolean => {
    if (lost) return false
    lost = error
    for (const one of [...waiting]) one.fail(error)
    onLost()
    return !(wasOpen && isLearning && serializers[arrayOfTexts] === undefined)
  }
  const driver: Driver = postgres({
    ...options,
    max: 1,
    idle_timeout: null,
    max_lifetime: null,
    fetch_types: isLearning,
    socket: () => {
      if (lost || lifeline) throw lost ?? new ConnectionLost('it was given up')
      lifeline = new Lifeline(address(), onDeath)
      return lifeline
    },
  } as unknown as Parameters<typeof postgres>[0]) as unknown as Driver

  const track = (query: Query, onOver: () => void): void => {
    const { resolve, reject } = query
    const one: Waiting = {
      fail(error) {
        over()
        reject(error)
      },
    }
    const over = () => {
      if (waiting.delete(one)) onOver()
    }
    waiting.add(one)
    query.reject = (error) => one.fail(error as Error)
    query.resolve = (value) => {
      if (value instanceof Stream) {
        const stream = value as Stream & { destroy: (error: Error) => void }
        one.fail = (error) => {
          stream.destroy(error)
          over()
        }
        // It may die before whoever asked has it in hand, who is then told by its first word to the stream.
        stream.on('error', () => {})
        stream.once('close', over)
      } else over()
      resolve(value)
    }
  }
  const guarded = (query: Query, send: Query['handler']): void => {
    if (!lost) track(query, () => {})
    if (lost) refuse(query, lost)
    else send(query)
  }
  const run = async (tx: Handle, act: Act): Promise<unknown> => {
    try {
      const made = act(guard(tx))
      return await (Array.isArray(made) ? Promise.all(made) : made)
    } finally {
      if (lost) await forever()
    }
  }
  /** The promise, or the loss when it comes before. */
  const orLost = (begin: () => Promise<unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (lost) return reject(lost)
      const one: Waiting = { fail: reject }
      waiting.add(one)
      begin()
        .finally(() => waiting.delete(one))
        .then(resolve, reject)
    })
  const guard = (tx: Handle): Handle => {
    const savepoint = (first: string | Act, second?: Act) =>
      orLost(() =>
        typeof first === 'string'
          ? tx.savepoint(first, (inner) => run(inner, second as Act))
          : tx.savepoint((inner) => run(inner, first)),
      )
    return Object.assign(withHandler(tx, guarded), { savepoint: savepoint as Handle['savepoint'] })
  }
  const handle = withHandler(driver, guarded)
  const begin = driver.begin as (options: string, act: Act) => Promise<unknown>
  const send = (driver`` as unknown as Query).handler

  return {
    handle,
    isLost: () => lost !== undefined,
    send(query, onOver) {
      if (lost) return refuse(query, lost)
      track(query, onOver)
      send(query)
    },
    begin: (settings, act) => orLost(() => begin(settings, (tx) => run(tx, act))),
    end: () => driver.end({ timeout: goodbyeSeconds }),
    destroy() {
      if (lifeline) lifeline.destroy()
      else onDeath(new ConnectionLost('it was given up'), false)
    },
  }
}

const goodbyeSeconds = 5
/** Kept by nobody but who waits for it, so it goes with them. */
const forever = () => new Promise<never>(() => {})
