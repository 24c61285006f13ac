/** What the commands share that show records as somebody would see them: who that is, and for what purpose. */
import { type Asking, type Principal, principalOf, purposes, thePublic } from '../../engines/access/index.ts'
import type { MosaicNode } from '../../node.ts'
import { Misused, type Option, type Run, text } from '../command.ts'

export const scopeOptions = {
  purpose: { type: 'string', value: 'P', help: `one of ${purposes.join(', ')}` },
  case: { type: 'string', value: 'NUMBER', help: 'case number, where the purpose demands one' },
} as const satisfies Readonly<Record<string, Option>>

/** The user of this node, or anybody; says why where there is none. */
export async function scopeOf(run: Run, node: MosaicNode, name: string): Promise<Asking | undefined> {
  const principal = name === 'public' ? thePublic : await principalNamed(run, node, name)
  if (principal === undefined) return undefined
  const word = text(run.values, 'purpose')
  const purpose =
    word === undefined ? (principal.purposes[0] ?? 'public') : purposes.find((one) => one === word)
  if (purpose === undefined)
    throw new Misused(`There is no purpose "${word}"; there are ${purposes.join(', ')}.`)
  const caseNumber = text(run.values, 'case')
  const { embargoNow } = await node.trust()
  return {
    ...{ principal, purpose, now: node.clock.now(), embargoNow: embargoNow() },
    ...(caseNumber !== undefined && { caseNumber }),
  }
}

async function principalNamed(run: Run, node: MosaicNode, name: string): Promise<Principal | undefined> {
  const { accounts } = await node.trust()
  const user = await accounts.users.byLogin(name)
  if (user !== undefined && user.disabledAt === undefined) return principalOf(user)
  run.out.say(
    user === undefined
      ? `This node has no user ${name}; mosaic user list shows them.`
      : `${name} was shut out at ${user.disabledAt}, and may have nothing.`,
  )
  return undefined
}
