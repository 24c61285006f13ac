import { type Purpose, purposes, type TokenScope, tokenScopes } from '../../engines/access/index.ts'
import { type Command, Misused, text, whole } from '../command.ts'
import { all, namedUser, withAccounts } from './user-accounts.ts'

export const tokenAdd: Command = {
  name: 'token add',
  summary: 'Make an API token for a user; prints it once.',
  teaches: [
    'A token asks for one purpose, with at most the rights of its owner, for at most a year. It stands on standard output',
    'alone, so that it can go where it is needed without being read: keep it out of scripts and histories.',
    '',
    'Example: mosaic token add ana --title "Nightly export" --scope read --purpose civil-protection --days 90 > token',
  ].join('\n'),
  arguments: 'LOGIN',
  takes: [1, 1],
  options: {
    title: { type: 'string', value: 'TEXT', help: 'what it is for' },
    scope: {
      type: 'string',
      value: 'SCOPE',
      multiple: true,
      help: `${tokenScopes.join(', ')} (default read)`,
    },
    purpose: { type: 'string', value: 'PURPOSE', help: `${purposes.join(', ')} (default public)` },
    days: { type: 'string', value: 'N', help: '1 to 365 (default 90)' },
  },
  run: (run) =>
    withAccounts(run, async (accounts) => {
      const title = text(run.values, 'title')
      if (title === undefined) throw new Misused('A token needs --title: what it is for.')
      const user = await namedUser(run, accounts)
      const given = all(run.values, 'scope')
      const { secret, token } = await accounts.tokens.add(user, {
        title,
        scopes: (given.length > 0 ? given : ['read']) as readonly TokenScope[],
        purpose: (text(run.values, 'purpose') ?? 'public') as Purpose,
        days: whole(run.values, 'days', [1, 365]) ?? 90,
      })
      if (run.json) run.out.object({ ...token, secret })
      else {
        run.out.say(`Token ${token.id} of ${user.login}, until ${token.expiresAt}. It is not shown again.`)
        run.out.line(secret)
      }
      return 0
    }),
}
