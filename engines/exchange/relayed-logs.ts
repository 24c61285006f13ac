/**
 * `GET relayed-logs`: the newest checkpoints that this node verified of logs whose records it gave the asker. So a taker
 * learns how far a relay says to be with an origin also while there is nothing for it; what two relays say is compared
 * (`relayed.ts`), and two roots of one size are found, whoever brought them.
 *
 * Nothing is told of an origin of which the asker was given nothing. How large a log is, is public by nature.
 */
import type { NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { type Checkpoint, openCheckpoint, originOf } from '../tlog/index.ts'
import type { Peer } from './contract.ts'
import type { ExchangeRoute } from './handlers.ts'
import { nodeOfLog } from './origins.ts'
import type { PullParts } from './pull.ts'
import { maxRelayedLogs, parseRelayedLogs } from './wire.ts'

export type GivenLogs = {
  /** Records under these checkpoints are being given to this peer. */
  readonly note: (peer: NodeId, checkpoints: readonly string[]) => Promise<void>
}

export function createGivenLogs(sql: Sql, node: NodeId): GivenLogs {
  const known = new Set<string>()
  return {
    async note(peer, checkpoints) {
      for (const note of checkpoints) {
        const log = note.slice(0, Math.max(0, note.indexOf('\n')))
        const name = `${peer} ${log}`
        if (log === originOf(node) || known.has(name)) continue
        await sql`insert into given_log (peer, log) values (${peer}, ${log}) on conflict do nothing`
        known.add(name)
      }
    },
  }
}

export const relayedLogsRoute = ({ sql }: { readonly sql: Sql }): ExchangeRoute => ({
  method: 'GET',
  path: 'relayed-logs',
  async answer({ peer }) {
    const rows = await sql<{ note: string }[]>`
      select c.note
      from given_log as g
      join origin_checkpoint as c on c.origin = g.log
      where g.peer = ${peer.node} and g.log <> ${peer.logOrigin}
      order by c.seen_at desc
      limit ${maxRelayedLogs}`
    return {
      mediaType: 'application/json',
      body: JSON.stringify({ checkpoints: rows.map(({ note }) => note) }),
    }
  },
})

const bounds = { timeoutMs: 20_000, idleMs: 10_000, maxBytes: 2_097_152, maxUnfoldedBytes: 2_097_152 }

export type AskLogs = Pick<PullParts, 'client' | 'origins'>

type Newest = { readonly checkpoint: Checkpoint; readonly note: string }

/** What of it a key known here signed. */
export async function askRelayedLogs(
  { client, origins }: AskLogs,
  peer: Peer,
  signal: AbortSignal,
): Promise<readonly Newest[]> {
  const asked = { method: 'GET', path: '/exchange/v1/relayed-logs' } as const
  const { status, body } = await client.ask(peer, asked, { ...bounds, signal, expects: [404] })
  if (status === 404) return []
  const verified: Newest[] = []
  for (const note of parseRelayedLogs(body).checkpoints) {
    const node = nodeOfLog(note.slice(0, Math.max(0, note.indexOf('\n'))))
    const opened = openCheckpoint(note, node === undefined ? [] : await origins.verifiers(node))
    if (opened.kind === 'verified') verified.push({ checkpoint: opened.checkpoint, note })
  }
  return verified
}
