import type { BrokenGlass } from '../../engines/access/index.ts'
import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { withNode } from '../with-node.ts'

export const breakGlass: Command = {
  name: 'break-glass',
  summary: 'List emergency accesses and whether a second person has reviewed them.',
  teaches: [
    'Glass is broken and reviewed on the page, by people who have signed in; here it is only listed.',
    'Exit 1 when one was to be reviewed long ago.',
    '',
    'Example: mosaic break-glass --unreviewed',
  ].join('\n'),
  takes: [0, 0],
  options: { unreviewed: { type: 'boolean', help: 'only those that wait for review' } },
  run: (run) =>
    withNode(run, async (node) => {
      const { glass } = (await node.trust()).audit
      const now = node.clock.now()
      const all = await glass.list({ unreviewed: run.values['unreviewed'] === true, limit: 1000 })
      if (run.json) for (const one of all) run.out.object(one)
      else
        for (const line of table([
          ['id', 'from', 'until', 'who', 'review', 'why'],
          ...all.map((one) => rowOf(one, now)),
        ]))
          run.out.line(line)
      return all.some((one) => isLate(one, now)) ? 1 : 0
    }),
}

const isLate = ({ review, reviewBy }: BrokenGlass, now: string): boolean =>
  review === undefined && reviewBy < now

const rowOf = (one: BrokenGlass, now: string): readonly string[] => {
  const { id, openedAt, until, principal, review, reviewBy, reason } = one
  const waits = isLate(one, now) ? `OVERDUE since ${reviewBy}` : `until ${reviewBy}`
  return [id, openedAt, until, principal, review ? `${review.verdict}, ${review.by}` : waits, reason]
}
