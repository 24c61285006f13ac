import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { withAccounts } from './user-accounts.ts'

export const orgList: Command = {
  name: 'org list',
  summary: 'List the organisations whose people may sign in.',
  teaches: 'With the standing that decides on TLP:AMBER. Example: mosaic org list',
  takes: [0, 0],
  options: {},
  run: (run) =>
    withAccounts(run, async ({ organisations }) => {
      const list = await organisations.list()
      if (run.json) for (const one of list) run.out.object(one)
      else
        for (const line of table(list.map(({ id, standing, name }) => [id, standing, name])))
          run.out.line(line)
      if (list.length === 0) run.out.say('There is no organisation yet: mosaic org add ID --name NAME.')
      return 0
    }),
}
