import { instant } from '../../engines/record/index.ts'
import { type Command, Misused, text } from '../command.ts'
import { table } from '../output.ts'
import { asOption, operatorAsking, withOperator } from './audit-asking.ts'

export const quota: Command = {
  name: 'quota',
  summary: 'What each officer has used of the quotas of a day.',
  teaches: [
    'The quotas themselves stand in mosaic.json. A day is a day of UTC.',
    '',
    'Example: mosaic quota --as vera --day 2026-03-01',
  ].join('\n'),
  takes: [0, 0],
  options: {
    as: asOption,
    day: { type: 'string', value: 'DAY', help: 'YYYY-MM-DD (default today)' },
  },
  run: (run) => {
    const day = text(run.values, 'day')
    if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day)) throw new Misused('--day takes YYYY-MM-DD.')
    return withOperator(run, async (node) => {
      const { audit } = await node.trust()
      const asking = operatorAsking(run, node, 'oversight')
      await audit.auditor.noteBefore({ asking, act: 'oversee', query: { quotas: day ?? 'today' } })
      const at = day === undefined ? node.clock.now() : instant(`${day}T00:00:00Z`)
      const used = await audit.quotas.used(at)
      const limits = new Map(audit.policy.quotas.map(({ id, perDay }) => [id, perDay]))
      if (run.json) for (const use of used) run.out.object({ ...use, perDay: limits.get(use.rule) ?? null })
      else
        for (const line of table([
          ['rule', 'who', 'used', 'of'],
          ...used.map(({ rule, principal, used: count }) => [
            rule,
            principal,
            String(count),
            String(limits.get(rule) ?? '–'),
          ]),
        ]))
          run.out.line(line)
      return 0
    })
  },
}
