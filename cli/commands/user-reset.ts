import type { Command } from '../command.ts'
import { namedUser, printLink, withAccounts } from './user-accounts.ts'

export const userReset: Command = {
  name: 'user reset',
  summary: 'Take away all by which a user signs in, and print a one-time link to set it up anew.',
  teaches: [
    'For a lost telephone or a stolen password: password, authenticators, passkeys, recovery codes and links to providers go,',
    'sessions end, tokens are revoked. Make sure that it is they who ask.',
    '',
    'Example: mosaic user reset ana',
  ].join('\n'),
  arguments: 'LOGIN',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withAccounts(run, async (accounts) => {
      const user = await namedUser(run, accounts)
      printLink(run, user, await accounts.reset(user.id))
      return 0
    }),
}
