import { inLanguage } from '../../engines/record/index.ts'
import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { withNode } from '../with-node.ts'

export const sources: Command = {
  name: 'sources',
  summary: 'List the sources and how they do.',
  teaches: 'Last success, last change, lag and errors in a row, as the node keeps them; never a guess.',
  takes: [0, 0],
  options: {},
  run: (run) =>
    withNode(run, async ({ sources: declared, store }) => {
      const states = new Map((await store.sources.all()).map((state) => [state.source, state]))
      const rows = declared.map(({ id, title, transport, attribution }) => ({
        id,
        title,
        transport,
        attribution,
        state: states.get(id),
      }))
      if (run.json) for (const row of rows) run.out.object(row)
      else {
        const lines = rows.map(({ id, title, state }) => [
          id,
          inLanguage(title, 'en')?.text ?? '',
          state?.lastSuccessAt ?? 'never reached',
          `${state?.errorsInARow ?? 0} errors in a row`,
          state?.lastError ?? '',
        ])
        for (const line of table([['source', 'title', 'last success', 'errors', 'last error'], ...lines]))
          run.out.line(line)
      }
      return 0
    }),
}
