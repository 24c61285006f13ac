/**
 * Transactions that outlive their connection's death. When a connection closes inside a transaction the driver rejects
 * `begin`, and then still sends `rollback`, or whatever the transaction asks next, to the socket that is gone: a TypeError
 * out of a timer, which ends the process (porsager/postgres, issues 1154 and 1208), or a statement on the connection that
 * took its place, outside any transaction.
 *
 * So a transaction that lost its connection ends there: what it asks after that fails at once, and the driver never hears
 * of its outcome, since it has answered already. The server has rolled back by itself.
 */
import type postgres from 'postgres'

type Driver = postgres.Sql<{ bigint: number }>
type Handle = postgres.TransactionSql<{ bigint: number }>
type Act = (tx: Handle) => unknown

export function survivingLostConnections(sql: Driver): Driver {
  const begin = sql.begin.bind(sql) as (options: string, act: Act) => Promise<unknown>
  const surviving = (first: string | Act, second?: Act) =>
    typeof first === 'string' ? run(begin, first, second as Act) : run(begin, '', first)
  return Object.assign(sql, { begin: surviving as Driver['begin'] })
}

async function run(
  begin: (options: string, act: Act) => Promise<unknown>,
  options: string,
  act: Act,
): Promise<unknown> {
  let isLost = false
  const outcome = begin(options, async (tx) => {
    try {
      return await act(refusingOnce(tx, () => isLost))
    } finally {
      await learntOfLoss()
      if (isLost) await forever()
    }
  })
  try {
    return await outcome
  } finally {
    isLost = true
  }
}

/** The driver rejects `begin` in the same turn as the queries that were on the way. */
const learntOfLoss = () => new Promise<void>((resolve) => process.nextTick(resolve))
const forever = () => new Promise<never>(() => {})

function refusingOnce(tx: Handle, isLost: () => boolean): Handle {
  const refuse = () => {
    if (isLost())
      throw Object.assign(new Error('The connection was lost in this transaction; begin it anew.'), {
        code: 'CONNECTION_CLOSED',
      })
  }
  return new Proxy(tx, {
    apply(target, self, given) {
      refuse()
      return Reflect.apply(target as never, self, given)
    },
  })
}
