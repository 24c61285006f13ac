import {
  auditActs,
  auditOutcomes,
  type Figure,
  purposes,
  type TrailEntry,
  type TrailQuery,
} from '../../engines/access/index.ts'
import { plusMs, type RecordId } from '../../engines/record/index.ts'
import { type Command, Misused, type Run, text, whole } from '../command.ts'
import { table } from '../output.ts'
import { sayPrincipal } from '../trail.ts'
import { withNode } from '../with-node.ts'
import { asOption, instantOf, operatorAsking, withOperator } from './audit-asking.ts'

export const audit: Command = {
  name: 'audit',
  summary: 'Read the audit trail, newest first: who did what, to which records, and why.',
  teaches: [
    'Whoever reads the trail stands on it: --as says who. Content of records is never on it. What changes something stands',
    'on it twice: "asked" before it began, and what became of it; an "asked" that nothing follows was broken off.',
    '',
    'Example: mosaic audit --as vera --act export --from 2026-03-01T00:00:00Z',
  ].join('\n'),
  takes: [0, 0],
  options: {
    as: asOption,
    who: {
      type: 'string',
      value: 'ID',
      help: 'only this principal, for example person:ana@durres.example or operator:root@durres.example',
    },
    organisation: { type: 'string', value: 'ID', help: 'only this organisation' },
    purpose: { type: 'string', value: 'P', help: `only this purpose: ${purposes.join(', ')}` },
    case: { type: 'string', value: 'NUMBER', help: 'only this case number' },
    act: { type: 'string', value: 'ACT', help: `only this act: ${auditActs.join(', ')}` },
    outcome: { type: 'string', value: 'WORD', help: `only this outcome: ${auditOutcomes.join(', ')}` },
    record: { type: 'string', value: 'ID', help: 'only about this record' },
    from: { type: 'string', value: 'INSTANT', help: 'only from then on' },
    until: { type: 'string', value: 'INSTANT', help: 'only before then' },
    limit: { type: 'string', value: 'N', help: 'at most so many (default 100)' },
  },
  run: (run) => {
    const query = queryOf(run)
    return withOperator(run, async (node) => {
      const asking = operatorAsking(run, node, 'oversight')
      const { auditor } = (await node.trust()).audit
      await auditor.noteBefore({ asking, act: 'oversee', query })
      const { items } = await auditor.trail(query)
      if (run.json) for (const entry of items) run.out.object(entry)
      else
        for (const line of table([
          ['entry', 'at', 'who', 'purpose', 'act', 'what', 'about'],
          ...items.map(rowOf),
        ]))
          run.out.line(line)
      return 0
    })
  },
}

const rowOf = ({
  seq,
  at,
  principal,
  purpose,
  caseNumber,
  act,
  outcome,
  reason,
  query,
  records,
}: TrailEntry) => [
  String(seq),
  at,
  sayPrincipal(principal),
  caseNumber === undefined ? purpose : `${purpose} ${caseNumber}`,
  outcome === 'done' ? act : `${act} ${outcome}`,
  askedIn(query),
  [records.length > 3 ? `${records.length} records` : records.join(' '), reason ?? ''].join(' ').trim(),
]

/** The command with its words, or the route; the rest of what was asked stands in --json. */
function askedIn(query: unknown): string {
  const { command, words, route } = (query ?? {}) as Readonly<Record<string, unknown>>
  if (typeof command === 'string')
    return ['mosaic', command, ...(Array.isArray(words) ? words.map(String) : [])].join(' ').slice(0, 80)
  return typeof route === 'string' ? route : '–'
}

function queryOf(run: Run): TrailQuery {
  const [principal, organisation, caseNumber] = ['who', 'organisation', 'case'].map((name) =>
    text(run.values, name),
  )
  const record = text(run.values, 'record')
  if (record !== undefined && !/^[0-9a-f]{40}$/.test(record))
    throw new Misused('--record takes a whole record id, 40 hexadecimal digits.')
  const [from, until] = [instantOf(run, 'from'), instantOf(run, 'until')]
  return {
    ...(principal === undefined ? {} : { principal }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(caseNumber === undefined ? {} : { caseNumber }),
    ...wordOf(run, 'purpose', purposes),
    ...wordOf(run, 'act', auditActs),
    ...wordOf(run, 'outcome', auditOutcomes),
    ...(record === undefined ? {} : { record: record as RecordId }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    limit: whole(run.values, 'limit', [1, 10_000]) ?? 100,
  }
}

function wordOf<Name extends string, Word extends string>(
  run: Run,
  name: Name,
  words: readonly Word[],
): { readonly [name in Name]?: Word } {
  const value = text(run.values, name)
  if (value === undefined) return {}
  const word = words.find((one) => one === value)
  if (word === undefined) throw new Misused(`--${name} is one of ${words.join(', ')}.`)
  return { [name]: word } as { readonly [name in Name]?: Word }
}

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Check the whole audit trail, and say the first entry that is wrong.',
  teaches: [
    'Walks the chain from its first entry and compares it with the seals in the log. Exit 1 when something is wrong.',
    'What came after the last seal is only as safe as the database; the node seals every ten minutes.',
    '',
    'Example: mosaic audit verify',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withNode(run, async (node) => {
      const verdict = await (await node.trust()).audit.verify((entries) =>
        run.out.progress(`${entries} entries`),
      )
      if (run.json) run.out.object(verdict)
      else if (verdict.kind === 'sound')
        run.out.line(`Sound: ${verdict.entries} entries under ${verdict.seals} seals. Head ${verdict.head}.`)
      else run.out.line(`Entry ${verdict.fault.seq}: ${verdict.fault.message} (${verdict.fault.kind})`)
      return verdict.kind === 'sound' ? 0 : 1
    }),
}

const dayMs = 86_400_000

export const auditFigures: Command = {
  name: 'audit figures',
  summary: 'Count what was done, by day, organisation, purpose and act: no names, no records.',
  teaches: 'For oversight, and for reports. Example: mosaic audit figures --days 7',
  takes: [0, 0],
  options: { days: { type: 'string', value: 'N', help: 'the last so many days (default 30)' } },
  run: (run) =>
    withNode(run, async (node) => {
      const now = node.clock.now()
      const days = whole(run.values, 'days', [1, 366]) ?? 30
      const span = { from: plusMs(now, -days * dayMs), until: plusMs(now, 1) }
      const { figures, public: anybody } = await (await node.trust()).audit.auditor.figures(span)
      if (run.json) for (const figure of [...figures, ...anybody]) run.out.object(figure)
      else for (const line of table([figureHead, ...figures.map(figureRow)])) run.out.line(line)
      return 0
    }),
}

const figureHead = ['day', 'organisation', 'purpose', 'act', 'outcome', 'count']
const figureRow = ({ day, organisation = '–', purpose, act, outcome, count }: Figure) => [
  ...[day, organisation, purpose, act, outcome],
  String(count),
]
