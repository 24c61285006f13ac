import { answerText, type PeerAnswer, parseNote, type Signing } from '../../engines/tlog/index.ts'
import type { MosaicNode } from '../../node.ts'
import type { Command, Run } from '../command.ts'
import { withNode } from '../with-node.ts'

export const log: Command = {
  name: 'log',
  summary:
    'Say how it stands with the log: how far it is signed, by whom it is witnessed, whether signing is held.',
  teaches: [
    'After a restore nothing is signed until every active peer has said what it last saw of this log. Whoever saw more than',
    'this database holds is named with the size: then nothing is signed under this log any more, and a node of another name',
    'succeeds it (mosaic keys recover --succeed). --newest prints the checkpoint that it names.',
    '',
    'Example: mosaic log --newest > last-checkpoint.txt',
  ].join('\n'),
  takes: [0, 0],
  options: {
    newest: {
      type: 'boolean',
      help: 'print the newest checkpoint that is known here, of peers too, as the signed note that it is',
    },
  },
  run: (run) =>
    withNode(run, async (node) => {
      const state = await stateOf(node)
      if (run.values['newest'] === true) return printNewest(run, state)
      if (run.json) run.out.object(plain(state))
      else for (const line of linesOf(state)) run.out.line(line)
      return 0
    }),
}

type LogState = {
  readonly origin: string
  /** Records under the newest checkpoint, and its note. */
  readonly size: number
  readonly note?: string
  readonly signedAt?: string
  /** Records that stand behind it. */
  readonly waiting: number
  readonly signing: Signing
}

async function stateOf(node: MosaicNode): Promise<LogState> {
  const { log: own, exchange } = await node.trust()
  const [checkpoint, head, signing] = await Promise.all([
    own.checkpoint(),
    node.store.head(),
    exchange.signing(),
  ])
  const size = checkpoint?.size ?? 0
  return {
    origin: own.origin,
    size,
    ...(checkpoint && { note: checkpoint.note, signedAt: checkpoint.signedAt }),
    waiting: Math.max(0, head + 1 - size),
    signing,
  }
}

const linesOf = ({ origin, size, note = '', signedAt, waiting, signing }: LogState): readonly string[] => {
  const witnesses = witnessesOf(note, origin)
  return [
    signedAt === undefined
      ? `${origin}: nothing is signed yet; ${waiting} records wait`
      : `${origin}: ${size} records signed ${signedAt}; ${waiting} wait`,
    `witnessed by ${witnesses.length === 0 ? 'nobody' : witnesses.join(', ')}`,
    ...signingLines(signing),
  ]
}

function signingLines(signing: Signing): readonly string[] {
  switch (signing.kind) {
    case 'signs':
      return ['signing goes on']
    case 'held':
      return [`signing is held: ${reasons[signing.reason]}`, ...signing.answers.map(answerLine)]
    default:
      return signing satisfies never
  }
}

const reasons = {
  restored: 'this node was restored from a backup, and not every active peer has said yet what it saw last',
  ahead: 'this database does not hold what was signed in its name; a node of another name has to succeed it',
} as const

export const answerLine = ({ peer, answer, at }: PeerAnswer): string =>
  `  ${peer}  ${answerText(answer)} (${at})`

const witnessesOf = (text: string, origin: string): readonly string[] => {
  const note = parseNote(text)
  return note.kind === 'note' ? note.signatures.map(({ name }) => name).filter((name) => name !== origin) : []
}

/** Of what peers have shown and what this database holds, the largest. */
function printNewest(run: Run, { size, note, signing }: LogState): 0 | 1 {
  const shown = (signing.kind === 'held' ? signing.answers : []).flatMap(({ answer }) =>
    answer.kind === 'ahead' ? [answer] : [],
  )
  const own = note === undefined ? [] : [{ size, note }]
  const [newest] = [...own, ...shown].toSorted((a, b) => b.size - a.size)
  if (newest === undefined) {
    run.out.say('Nothing was signed yet.')
    return 1
  }
  if (run.json) run.out.object({ size: newest.size, note: newest.note })
  else run.out.line(newest.note.trimEnd())
  return 0
}

const plain = ({ note, ...state }: LogState): object => ({
  ...state,
  witnesses: witnessesOf(note ?? '', state.origin),
})
