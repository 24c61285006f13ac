import { countDue, type Erased, eraseDue } from '../../engines/access/index.ts'
import type { Command } from '../command.ts'
import { withNode } from '../with-node.ts'

export const retention: Command = {
  name: 'retention',
  summary: 'Erase now what has been kept as long as it may; the node does it every hour by itself.',
  teaches: [
    'Content goes, its commitment in the log stays, and the erasure is on record (access.erasure) and on the audit trail.',
    'Raw payloads and quarantined copies of what is erased go too; a payload that kept records share stays until the last',
    'of them goes. Stopped, it goes on where it stopped.',
    '',
    'Example: mosaic retention --dry-run',
  ].join('\n'),
  takes: [0, 0],
  options: { 'dry-run': { type: 'boolean', help: 'only say how many records are due' } },
  run: (run) =>
    withNode(run, async (node) => {
      const { store, clock, settings } = node
      if (run.values['dry-run'] === true) {
        const due = await countDue(node)
        if (run.json) run.out.object({ due })
        else run.out.line(`${due} records are due.`)
        return 0
      }
      const { audit, keysIn } = await node.trust()
      const parts = {
        store,
        clock,
        keysIn,
        database: store.database,
        auditor: audit.auditor,
        node: settings.name,
      }
      const erased = await eraseDue(parts, {
        signal: run.signal,
        onProgress: ({ records }) => run.out.progress(`${records} records`),
      })
      if (run.json) run.out.object(erased)
      else run.out.line(sayErased(erased))
      if (erased.unread > 0)
        run.out.say(
          `${erased.unread} payloads could not be read by any source declared here; look whether they hold it.`,
        )
      return 0
    }),
}

const sayErased = ({ records, versions, payloads, shared, quarantined }: Erased): string =>
  `Erased ${records} records (${versions} versions), ${payloads} payloads, ${quarantined} copies in quarantine; ${shared} payloads are shared with what is kept.`
