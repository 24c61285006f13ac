/**
 * LISTEN, over one connection for all channels of the process. A lost one is made anew until it stands or nobody listens;
 * then `onListen` comes again, because something may have been said meanwhile that nobody heard.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseClosed } from '../errors.ts'
import { type Connection, openConnection } from './connection.ts'
import type { DriverOptions } from './driver.ts'
import type { Address } from './lifeline.ts'

export type Listener = {
  readonly channel: string
  readonly onNotify: (payload: string) => void
  readonly onListen: () => void
}

export type Listening = {
  /** Resolves when it is heard. Who cannot be heard the first time is told, and is not kept. */
  readonly listen: (listener: Listener) => Promise<() => Promise<void>>
  readonly end: () => Promise<void>
}

const firstWaitMs = 50
const longestWaitMs = 2000

export function createListening(driver: DriverOptions, address: () => Address): Listening {
  const listeners = new Set<Listener>()
  const ended = new AbortController()
  let connection: Connection | undefined
  let isReviving = false

  const onnotify = (channel: string, payload: string): void => {
    for (const one of [...listeners]) if (one.channel === channel) one.onNotify(payload)
  }
  const onLost = (): void => {
    connection = undefined
    if (!isReviving) revive().catch(() => {}) // only the end ends it
  }
  const standing = (): Connection => {
    connection ??= openConnection({ ...driver, fetch_types: false, onnotify }, address, onLost)
    return connection
  }
  const ask = ({ handle }: Connection, word: 'listen' | 'unlisten', channel: string) =>
    handle.unsafe(`${word} "${channel.replaceAll('"', '""')}"`)

  const revive = async (): Promise<void> => {
    isReviving = true
    try {
      for (let wait = firstWaitMs; listeners.size > 0; wait = Math.min(2 * wait, longestWaitMs)) {
        await sleep(wait, undefined, { signal: ended.signal })
        if (await isHeardAnew()) break
      }
    } finally {
      isReviving = false
    }
  }
  const isHeardAnew = async (): Promise<boolean> => {
    const anew = [...listeners]
    const made = standing()
    try {
      for (const { channel } of anew) await ask(made, 'listen', channel)
    } catch {
      made.destroy() // the server is still away, or refuses for now: once more after the wait
      return false
    }
    for (const { onListen } of anew) onListen()
    return true
  }

  return {
    async listen(listener) {
      if (ended.signal.aborted) throw new DatabaseClosed()
      listeners.add(listener)
      try {
        await ask(standing(), 'listen', listener.channel)
      } catch (error) {
        listeners.delete(listener)
        throw error
      }
      listener.onListen()
      return async () => {
        listeners.delete(listener)
        const isWanted = [...listeners].some(({ channel }) => channel === listener.channel)
        if (isWanted || connection === undefined) return
        const heard = connection
        await ask(heard, 'unlisten', listener.channel).catch((error) => {
          if (!heard.isLost()) throw error // a lost one listens to nothing
        })
      }
    },
    async end() {
      listeners.clear()
      ended.abort()
      await connection?.end()
    },
  }
}
