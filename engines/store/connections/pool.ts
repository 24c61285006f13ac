/**
 * Connections for whoever comes: at most `max`, made when they are needed, each given to one statement or one transaction
 * at a time, in the order of asking. A lost one is replaced when somebody waits.
 *
 * The driver's own pool is not used (why: connection.ts). Its habit of sending more statements over a busy connection, to
 * be answered in turn, is left out with it: what is slow would hold up what came behind it.
 *
 * States: open → ending (who came before is still served) → ended.
 */
import { DatabaseClosed } from '../errors.ts'
import { type Connection, openConnection } from './connection.ts'
import { type Act, type DriverOptions, type Query, refuse } from './driver.ts'
import type { Address } from './lifeline.ts'

export type Pool = {
  readonly send: (query: Query) => void
  readonly begin: (options: string, act: Act) => Promise<unknown>
  /** A connection of one's own, until it is given back. */
  readonly take: () => Promise<Taken>
  /** Waits for what is under way, at most `timeout` seconds: then whoever still waits is told that it is lost. */
  readonly end: (settings?: { readonly timeout?: number }) => Promise<void>
}

export type Taken = { readonly connection: Connection; readonly release: () => void }

export type PoolOptions = {
  readonly driver: DriverOptions
  readonly max: number
  readonly address: () => Address
}

type Waiting = { readonly use: (connection: Connection) => void; readonly refuse: (error: Error) => void }

export function createPool({ driver, max, address }: PoolOptions): Pool {
  const all = new Set<Connection>()
  const idle: Connection[] = []
  const waiting: Waiting[] = []
  let isEnding = false
  let ended: Promise<void> | undefined
  let onQuiet = () => {}

  const give = (one: Waiting): void => {
    const connection = isEnding ? undefined : (idle.pop() ?? (all.size < max ? open() : undefined))
    if (isEnding) one.refuse(new DatabaseClosed())
    else if (connection) one.use(connection)
    else waiting.push(one)
  }
  const giveOn = (connection: () => Connection): void => {
    const next = waiting.shift()
    if (next) next.use(connection())
    if (all.size === idle.length) onQuiet()
  }
  const open = (): Connection => {
    const connection: Connection = openConnection(driver, address, () => {
      all.delete(connection)
      const at = idle.indexOf(connection)
      if (at >= 0) idle.splice(at, 1)
      giveOn(open)
    })
    all.add(connection)
    return connection
  }
  const release = (connection: Connection): void => {
    if (connection.isLost()) return
    if (waiting.length === 0) idle.push(connection)
    giveOn(() => connection)
  }
  /** A little later: the driver finishes with one statement before it is given another. */
  const releaseSoon = (connection: Connection) => queueMicrotask(() => release(connection))

  const take: Pool['take'] = () =>
    new Promise((resolve, reject) => {
      give({
        use: (connection) => resolve({ connection, release: () => releaseSoon(connection) }),
        refuse: reject,
      })
    })
  const end = async (timeout: number | undefined): Promise<void> => {
    await new Promise(setImmediate) // what was asked in the same breath comes before
    isEnding = true
    if (all.size > idle.length) await quiet(timeout)
    for (const { refuse } of waiting.splice(0)) refuse(new DatabaseClosed())
    await Promise.all([...all].map((one) => (idle.includes(one) ? one.end() : one.destroy())))
  }
  const quiet = (timeout: number | undefined) =>
    new Promise<void>((resolve) => {
      const timer = timeout === undefined ? undefined : setTimeout(resolve, 1000 * timeout)
      onQuiet = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  return {
    take,
    send: (query) =>
      give({
        use: (connection) => connection.send(query, () => releaseSoon(connection)),
        refuse: (error) => refuse(query, error),
      }),
    async begin(options, act) {
      const { connection, release } = await take()
      try {
        return await connection.begin(options, act)
      } finally {
        release()
      }
    },
    end({ timeout } = {}) {
      ended ??= end(timeout)
      return ended
    },
  }
}
