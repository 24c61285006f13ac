import { registerMarkdown, registerOf } from '../../engines/access/index.ts'
import type { Command } from '../command.ts'
import { readSettings } from '../settings.ts'
import { withNode } from '../with-node.ts'

export const processing: Command = {
  name: 'processing',
  summary: 'Print the register of processing (GDPR Art. 30), made of what the node really has.',
  teaches: [
    'Markdown; with --json one object. What the law asks for and nobody has said is named at the beginning: say it under',
    'processing in mosaic.json (controller, dataProtectionOfficer, legalBasis by record type or "*").',
    '',
    'Example: mosaic processing > register.md',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withNode(run, async ({ store, clock, settings, registry, sources, trust }) => {
      const { audit, exchange } = await trust()
      const { processing: declared } = readSettings(process.env)
      const peers = await exchange.peers.all()
      const register = await registerOf({
        ...{ database: store.database, node: settings.name, now: clock.now(), registry, sources },
        recipients: peers.map(({ node, organisation, state, gives }) => ({
          node,
          ...(organisation === undefined ? {} : { organisation }),
          state,
          gives,
        })),
        keepDays: audit.policy.keepDays,
        ...(declared && { declared }),
      })
      if (run.json) run.out.object(register)
      else run.out.line(registerMarkdown(register).trimEnd())
      return 0
    }),
}
