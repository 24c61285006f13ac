import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { userLine, withAccounts } from './user-accounts.ts'

export const userList: Command = {
  name: 'user list',
  summary: 'List who may sign in, with organisation and roles.',
  teaches: 'Disabled ones too, each with since when. Example: mosaic user list --json',
  takes: [0, 0],
  options: {},
  run: (run) =>
    withAccounts(run, async ({ users }) => {
      const list = await users.list()
      if (run.json) for (const user of list) run.out.object(user)
      else for (const line of table(list.map(userLine))) run.out.line(line)
      if (list.length === 0)
        run.out.say('Nobody may sign in; mosaic start prints a link for the first administrator.')
      return 0
    }),
}
