import { type Command, Misused, text } from '../command.ts'
import { grantOptions, grantsOf, printLink, withAccounts } from './user-accounts.ts'

export const userAdd: Command = {
  name: 'user add',
  summary: 'Add somebody who may sign in; prints a one-time link by which they set up how.',
  teaches: [
    'No password passes through your hands: the link is good for 24 hours and for one use, and its owner chooses a password',
    'with an authenticator, or a passkey. Nobody has a role, clearance or purpose that is not named here.',
    '',
    'Example: mosaic user add ana --name "Ana Hoxha" --org org-dcp --role duty-officer --clearance "*=TLP:GREEN" --purpose civil-protection',
  ].join('\n'),
  arguments: 'LOGIN',
  takes: [1, 1],
  options: { name: { type: 'string', value: 'NAME', help: 'as others see it' }, ...grantOptions },
  run: (run) =>
    withAccounts(run, async ({ users, enrolment }) => {
      const [login = ''] = run.positionals
      const name = text(run.values, 'name')
      const { organisation, ...grants } = grantsOf(run.values)
      if (name === undefined || organisation === undefined)
        throw new Misused('A user needs --name and --org.')
      const user = await users.add({ login, name, organisation, ...grants })
      printLink(run, user, await enrolment.linkFor(user.id))
      return 0
    }),
}
