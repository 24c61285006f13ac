import { type LookSomewhere, looksAtPeers, mergeLooks, ownedOf } from '../../engines/access/index.ts'
import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { sayPrincipal } from '../trail.ts'
import { asOption, operatorAsking, recordNamed, withOperator } from './audit-asking.ts'

export const looks: Command = {
  name: 'looks',
  summary: 'Who looked at a record, on this node and on every peer that holds it.',
  teaches: [
    'Says organisation, role, purpose and case number of each look; a peer tells names only where its policy says so.',
    'Peers are asked only about records of this node. Those that did not answer are named on standard error; then exit 1.',
    '',
    'Example: mosaic looks 1f0c77 --as ana',
  ].join('\n'),
  arguments: 'RECORD',
  takes: [1, 1],
  options: { as: asOption },
  run: (run) =>
    withOperator(run, async (node) => {
      const asking = operatorAsking(run, node, 'oversight')
      const id = await recordNamed(run, node)
      if (id === undefined) return 1
      const { audit, exchange } = await node.trust()
      await audit.auditor.noteBefore({ asking, act: 'oversee', query: { looksAt: id } })
      const { items, next } = await audit.auditor.looks({ ids: [id], named: true })
      const here = { kind: 'answered', node: audit.node, looks: items, hasMore: next !== undefined } as const
      const isOwn = (await ownedOf(audit.database, audit.node, [id])).length > 0
      const elsewhere = looksAtPeers(
        async () => (await exchange.peers.all()).map((peer) => peer.node),
        exchange.looksAt,
      )
      const merged = mergeLooks([here, ...(isOwn ? await elsewhere([id]) : [])])
      if (run.json) for (const look of merged.looks) run.out.object(look)
      else
        for (const line of table([
          ['at', 'node', 'organisation', 'roles', 'purpose', 'act', 'who'],
          ...merged.looks.map(rowOf),
        ]))
          run.out.line(line)
      if (!isOwn) run.out.say('It belongs to another node: ask there who looked elsewhere.')
      for (const { node: peer, reason } of merged.unanswered)
        run.out.say(`${peer} did not answer: ${reason}.`)
      for (const peer of merged.more) run.out.say(`${peer} knows of more looks than these.`)
      return merged.unanswered.length === 0 ? 0 : 1
    }),
}

const rowOf = ({ at, node, organisation, roles, purpose, caseNumber, act, principal }: LookSomewhere) => [
  at,
  node,
  organisation ?? '–',
  roles.join(' ') || '–',
  caseNumber === undefined ? purpose : `${purpose} ${caseNumber}`,
  act,
  principal === undefined ? '–' : sayPrincipal(principal),
]
