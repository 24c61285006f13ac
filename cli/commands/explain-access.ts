import {
  type Asking,
  explain,
  explanationLines,
  type Principal,
  principalOf,
  purposes,
  thePublic,
} from '../../engines/access/index.ts'
import type { Held } from '../../engines/record/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, Misused, type Run, text } from '../command.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, recordIdOf } from './recall-node.ts'

/** Who a user name stands for; undefined where this node has no such user. */
export type PrincipalLookup = (node: MosaicNode, userName: string) => Promise<Principal | undefined>

export const principalByLogin: PrincipalLookup = async (node, userName) => {
  const { accounts } = await node.trust()
  const user = await accounts.users.byLogin(userName)
  return user && principalOf(user)
}

export const explainAccess = (lookup: PrincipalLookup): Command => ({
  name: 'explain access',
  summary: 'Say whether somebody may have a record, and which rule decided.',
  teaches: [
    'Takes a record id, or the first six or more characters of one. --as names a user of this node, or public for anybody.',
    'Asks for the first purpose that the user may ask for, unless --purpose says another. Exit 1 when it is refused.',
    '',
    'Example: mosaic explain access --as ana 1f0c77 --purpose civil-protection',
  ].join('\n'),
  arguments: 'RECORD',
  takes: [1, 1],
  options: {
    as: { type: 'string', value: 'USER', help: 'a user of this node, or public' },
    purpose: { type: 'string', value: 'PURPOSE', help: `one of ${purposes.join(', ')}` },
  },
  run: (run) => {
    const asked = idBeginning(run.positionals[0])
    const userName = text(run.values, 'as')
    if (userName === undefined) throw new Misused('Say for whom: --as USER, or --as public.')
    return withNode(run, async (node) => {
      const principal = userName === 'public' ? thePublic : await lookup(node, userName)
      if (principal === undefined) {
        run.out.say(`This node has no user ${userName}.`)
        return 1
      }
      const held = await heldOf(node, asked, run)
      if (held === undefined) return 1
      return report(run, await askingOf(run, node, principal), held)
    })
  },
})

function report(run: Run, asking: Asking, held: Held): 0 | 1 {
  const explanation = explain(asking, held)
  const { id, version, type } = held.record
  if (run.json)
    run.out.object({
      record: id,
      version,
      type,
      principal: asking.principal.id,
      purpose: asking.purpose,
      ...explanation,
    })
  else {
    run.out.line(`${type} ${id}@${version}`)
    for (const line of explanationLines(asking, explanation)) run.out.line(line)
  }
  return explanation.decision.kind === 'allowed' ? 0 : 1
}

async function askingOf(run: Run, node: MosaicNode, principal: Principal): Promise<Asking> {
  const word = text(run.values, 'purpose')
  const purpose =
    word === undefined ? (principal.purposes[0] ?? 'public') : purposes.find((one) => one === word)
  if (purpose === undefined)
    throw new Misused(`There is no purpose "${word}"; there are ${purposes.join(', ')}.`)
  const { embargoNow } = await node.trust()
  return { principal, purpose, now: node.clock.now(), embargoNow: embargoNow() }
}

async function heldOf(node: MosaicNode, asked: string, run: Run): Promise<Held | undefined> {
  const id = await recordIdOf(node, asked, run)
  return id && (await node.store.read({ ids: [id], erased: true }))[0]
}
