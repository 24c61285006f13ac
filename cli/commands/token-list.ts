import type { Command } from '../command.ts'
import { text } from '../command.ts'
import { table } from '../output.ts'
import { withAccounts } from './user-accounts.ts'

export const tokenList: Command = {
  name: 'token list',
  summary: 'List API tokens: whose, what for, until when, last used.',
  teaches: 'Never what they open, only what they are. Example: mosaic token list --user ana',
  takes: [0, 0],
  options: { user: { type: 'string', value: 'LOGIN', help: 'only of this user' } },
  run: (run) =>
    withAccounts(run, async ({ users, tokens }) => {
      const login = text(run.values, 'user')
      const user = login === undefined ? undefined : await users.byLogin(login)
      if (login !== undefined && user === undefined) {
        run.out.say(`There is no user "${login}"; mosaic user list shows them.`)
        return 1
      }
      const list = await tokens.list(user?.id)
      if (run.json) for (const one of list) run.out.object(one)
      else
        for (const line of table(
          list.map((one) => [
            one.id,
            one.account,
            one.scopes.join(','),
            one.purpose,
            one.revokedAt ? `revoked ${one.revokedAt}` : `until ${one.expiresAt}`,
            `used ${one.usedAt ?? 'never'}`,
            one.title,
          ]),
        ))
          run.out.line(line)
      if (list.length === 0) run.out.say('There is no token.')
      return 0
    }),
}
