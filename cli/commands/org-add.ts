import { type Command, Misused, text } from '../command.ts'
import { withAccounts } from './user-accounts.ts'

const standings = ['home', 'client', 'guest'] as const

export const orgAdd: Command = {
  name: 'org add',
  summary: 'Add an organisation whose people may sign in.',
  teaches: [
    'Its standing says how far labels reach it: home runs this node, client is served by it, guest is neither.',
    '',
    'Example: mosaic org add org-red-cross --name "Red Cross" --standing guest',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    name: { type: 'string', value: 'NAME', help: 'as people read it' },
    standing: { type: 'string', value: 'STANDING', help: `${standings.join(', ')} (default guest)` },
  },
  run: (run) =>
    withAccounts(run, async ({ organisations }) => {
      const [id = ''] = run.positionals
      const name = text(run.values, 'name')
      const word = text(run.values, 'standing') ?? 'guest'
      const standing = standings.find((one) => one === word)
      if (name === undefined) throw new Misused('An organisation needs --name.')
      if (standing === undefined) throw new Misused(`--standing is ${standings.join(', ')}, not "${word}".`)
      const added = await organisations.add({ id, name, standing })
      if (run.json) run.out.object(added)
      else run.out.say(`${added.id} is added as ${added.standing}.`)
      return 0
    }),
}
