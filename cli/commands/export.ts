import { caseNumberMissing, mayAct, type Noted, sayRefusedAct } from '../../engines/access/index.ts'
import { type ExportAsked, planExport, writeExport } from '../../engines/exchange/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { realmOf } from '../realm.ts'
import { withNode } from '../with-node.ts'
import { listOf } from './recall-node.ts'
import { scopeOf, scopeOptions } from './scope.ts'

type Trust = Awaited<ReturnType<MosaicNode['trust']>>

export const exportCommand: Command = {
  name: 'export',
  summary: 'Write what one person may have into a file, under the policy, on the audit trail.',
  teaches: [
    'A JSON line for each record, fields that the person may not have withheld and named; a header says who, when, for what',
    'and under which condition, and the node signs the whole. It is on the trail before anything is written. --with-proofs',
    'adds to each record the proof that it stands in the log of its origin, so that others can verify it without this node;',
    'places in the log then show how much lies between. mosaic verify FILE checks either. mosaic backup is the whole node.',
    '',
    'Example: mosaic export floods.jsonl --as ana --purpose civil-protection --types "hazards.*" --with-proofs',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {
    as: { type: 'string', value: 'USER', help: 'for a user of this node, or public' },
    types: { type: 'string', value: 'TYPES', multiple: true, help: 'hazards.event, warn.*; absent: all' },
    realm: { type: 'string', value: 'REALM', help: 'actual (default), test, exercise:NAME' },
    all: { type: 'boolean', help: 'every version, not only the newest' },
    'with-proofs': { type: 'boolean', help: 'with parcels and inclusion proofs' },
    ...scopeOptions,
  },
  run: (run) => {
    const [file = ''] = run.positionals
    const who = text(run.values, 'as')
    if (who === undefined) throw new Misused('Say for whom: --as USER, or --as public.')
    const types = listOf(run.values, 'types')
    const asked: Omit<ExportAsked, 'asking'> = {
      realm: realmOf(run.values),
      ...(types && { types }),
      versions: run.values['all'] === true ? 'all' : 'newest',
      withProofs: run.values['with-proofs'] === true,
    }
    return withNode(run, async (node) => {
      const asking = await scopeOf(run, node, who)
      return asking === undefined ? 1 : exported(run, node, { file, asked: { ...asked, asking } })
    })
  },
}

async function exported(
  run: Run,
  { store, settings, trust: open }: MosaicNode,
  { file, asked }: { readonly file: string; readonly asked: ExportAsked },
): Promise<ExitCode> {
  const trust = await open()
  const parts = { store, node: settings.name, ...partsOf(trust) }
  const plan = await planExport(parts, asked)
  const { asking, ...query } = asked
  const noted: Noted = {
    ...{ asking, act: 'export', subjects: plan.subjects, query, results: plan.indexes.size },
    reason: 'mosaic export, at the machine',
  }
  const against = await refusalOf(trust, noted, plan.police)
  if (against !== undefined) {
    run.out.say(against)
    return 1
  }
  if (asking.principal.kind === 'public') trust.audit.auditor.countPublic('export', 'mosaic export')
  else await trust.audit.auditor.noteBefore(noted)
  const written = await writeExport(parts, plan, file)
  if (run.json) run.out.object({ file, ...written })
  else
    run.out.line(`${file}: ${written.records} records, ${written.bytes} bytes, for ${asking.principal.id}.`)
  return 0
}

const partsOf = ({ log, keys, exchange }: Trust) => ({ log, keys, keysOf: exchange.keysOf })

/** Why it is not given: the role, a case number, the quota. On the trail, too. */
async function refusalOf(
  { audit }: Trust,
  noted: Noted,
  police: Parameters<typeof caseNumberMissing>[2],
): Promise<string | undefined> {
  const { asking } = noted
  if (asking.principal.kind === 'public') return undefined
  const refused = async (reason: string, says: string) => {
    const { subjects: _, ...rest } = noted
    await audit.auditor.noteBefore({ ...rest, outcome: 'refused', reason })
    return says
  }
  const decision = mayAct(asking.principal, 'export-records')
  if (decision.kind === 'refused')
    return refused(decision.because.code, sayRefusedAct(decision.act, decision.because))
  const missing = caseNumberMissing(audit.policy.caseNumber, asking, police)
  if (missing !== undefined)
    return refused(missing.code, 'The policy demands a case number for this: --case NUMBER.')
  const taken = await audit.quotas.take(asking, 'export', 1)
  if (taken.kind === 'taken') return undefined
  const { code, rule, perDay, opensAgainAt } = taken.reason
  return refused(code, `The ${perDay} of this day (${rule}) are used up; it opens again at ${opensAgainAt}.`)
}
