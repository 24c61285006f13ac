/**
 * Browsers in which somebody has signed in before (OWASP, "device cookies"): a random name and, by the node's own key,
 * that it was given to this login name. It lets nobody in. Attempts from such a browser have a count of their own, so
 * whoever fails elsewhere on purpose keeps nobody from signing in where they work.
 */
import { timingSafeEqual } from 'node:crypto'
import type { AccountParts } from './contract.ts'
import { isSecret, newSecret } from './secret.ts'

export type Devices = {
  /** Its name, where it is known for this login name. */
  readonly known: (login: string, device: string | undefined) => string | undefined
  /** What the browser keeps from now on; a known one keeps its name. */
  readonly keep: (login: string, name?: string) => string
}

const nameLength = 43

export function createDevices({ seal, random }: Pick<AccountParts, 'seal' | 'random'>): Devices {
  const keep: Devices['keep'] = (login, name = newSecret(random)) =>
    name + seal.blind('device', `${login}\n${name}`).toString('base64url')
  return {
    keep,
    known: (login, device = '') => {
      const name = device.slice(0, nameLength)
      if (!isSecret(name)) return undefined
      const [given, wanted] = [Buffer.from(device), Buffer.from(keep(login, name))]
      return given.length === wanted.length && timingSafeEqual(given, wanted) ? name : undefined
    },
  }
}
