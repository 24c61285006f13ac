/** Shutting a user out, at once and everywhere, and letting them in again. */
import type { Command } from '../command.ts'
import { namedUser, withAccounts } from './user-accounts.ts'

export const userDisable: Command = {
  name: 'user disable',
  summary: 'Shut a user out: sessions end, tokens and links do nothing, sign-in is refused.',
  teaches: ['What they did stays on record under their name.', '', 'Example: mosaic user disable ana'].join(
    '\n',
  ),
  arguments: 'LOGIN',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withAccounts(run, async (accounts) => {
      const user = await accounts.users.disable((await namedUser(run, accounts)).id)
      if (run.json) run.out.object(user)
      else run.out.say(`${user.login} is disabled since ${user.disabledAt}.`)
      return 0
    }),
}

export const userEnable: Command = {
  name: 'user enable',
  summary: 'Let a disabled user in again, by the means they had.',
  teaches: 'Their roles and clearances are as they were. Example: mosaic user enable ana',
  arguments: 'LOGIN',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withAccounts(run, async (accounts) => {
      const user = await accounts.users.enable((await namedUser(run, accounts)).id)
      if (run.json) run.out.object(user)
      else run.out.say(`${user.login} may sign in again.`)
      return 0
    }),
}
