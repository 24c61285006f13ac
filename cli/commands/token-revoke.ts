import type { Command } from '../command.ts'
import { withAccounts } from './user-accounts.ts'

export const tokenRevoke: Command = {
  name: 'token revoke',
  summary: 'Revoke an API token: it is refused from the next request on.',
  teaches: 'Example: mosaic token revoke 3kTn0aXb9QzL',
  arguments: 'ID',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withAccounts(run, async ({ tokens }) => {
      const [id = ''] = run.positionals
      const isRevoked = await tokens.revoke(id)
      run.out.say(
        isRevoked
          ? `${id} is revoked.`
          : `There is no token ${id} that still holds; mosaic token list shows them.`,
      )
      return isRevoked ? 0 : 1
    }),
}
