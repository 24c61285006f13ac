import { type Command, Misused, text } from '../command.ts'
import { grantOptions, grantsOf, namedUser, withAccounts } from './user-accounts.ts'

export const userGrant: Command = {
  name: 'user grant',
  summary: 'Set what a user may do: organisation, roles, clearances, purposes, police codes.',
  teaches: [
    'Each option that is given replaces what was granted of its kind; the others stay. "none" takes all of a kind away.',
    'Their sessions end, so nothing that was open goes on with the old rights.',
    '',
    'Example: mosaic user grant ana --role analyst --role approver --purpose none',
  ].join('\n'),
  arguments: 'LOGIN',
  takes: [1, 1],
  options: { name: { type: 'string', value: 'NAME', help: 'as others see it' }, ...grantOptions },
  run: (run) =>
    withAccounts(run, async (accounts) => {
      const name = text(run.values, 'name')
      const change = { ...grantsOf(run.values), ...(name === undefined ? {} : { name }) }
      if (Object.keys(change).length === 0)
        throw new Misused('Say what changes: --role, --clearance, --purpose, …')
      const user = await accounts.users.grant((await namedUser(run, accounts)).id, change)
      if (run.json) run.out.object(user)
      else
        run.out.say(
          `${user.login}: roles ${user.roles.join(', ') || 'none'}; every session of theirs has ended.`,
        )
      return 0
    }),
}
