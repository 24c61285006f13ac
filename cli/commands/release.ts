import {
  type Handling,
  isRealm,
  type Link,
  leq,
  type RecordId,
  type ReleaseBody,
  type TlpLabel,
  tlpLabels,
  unreachable,
} from '../../engines/record/index.ts'
import {
  orderRelease,
  planRelease,
  type ReleaseOrder,
  type ReleaseRefusal,
} from '../../engines/store/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, type ExitCode, Misused, type Run, text, type Values } from '../command.ts'
import { withOutcome } from '../trail.ts'
import { withNode } from '../with-node.ts'
import { operatorAsking } from './audit-asking.ts'
import { idBeginning, listOf, personOf, reasonOf, recordIdOf, whoOptions } from './recall-node.ts'
import { instantOf } from './relabel.ts'

export const release: Command = {
  name: 'release',
  summary: 'Let what is derived from evidence of this node be handled less strictly: the one way down.',
  teaches: [
    'Of named records, in the version that stands now, or with --types as a standing rule up to a label. The records stay as',
    'they are; what others derive from them may name the release, a warning does so by itself, and one that went out',
    'restricted and is in force goes out again at once. Only the origin of what restricts can release it. Peers must be',
    'given record.release beside the evidence. mosaic recall ends a release for what is derived later.',
    '',
    'Example: mosaic release 1f0c77 --to CLEAR --because "agreed with the hydromet service" --as "Besa Hoxha"',
    'Example: mosaic release --types hazards.impact --up-to AMBER --to CLEAR --area AL --because "law 45/2019" --as "Besa Hoxha"',
  ].join('\n'),
  arguments: '[RECORD…]',
  takes: [0, 1000],
  options: {
    to: {
      type: 'string',
      value: 'LABEL',
      help: 'as what it may be handled: CLEAR, GREEN, AMBER, AMBER+STRICT',
    },
    audience: { type: 'string', value: 'NAMES', multiple: true, help: 'by whom alone' },
    until: { type: 'string', value: 'INSTANT', help: 'not for what is derived after this' },
    'every-version': { type: 'boolean', help: 'of the named records, also those to come' },
    types: {
      type: 'string',
      value: 'TYPES',
      multiple: true,
      help: 'a standing rule: hazards.impact, hazards.*',
    },
    'up-to': { type: 'string', value: 'LABEL', help: 'of a standing rule: the strictest label it lets out' },
    area: {
      type: 'string',
      value: 'CODES',
      multiple: true,
      help: 'of a standing rule: only there; AL, or SCHEME:CODE',
    },
    realm: { type: 'string', value: 'REALM', help: 'of a standing rule (default actual)' },
    'dry-run': { type: 'boolean', help: 'only say what would be released' },
    ...whoOptions,
  },
  run: (run) => {
    const [because, by, as] = [reasonOf(run.values), personOf(run.values), asOf(run.values)]
    const until = instantOf(run.values, 'until')
    const standing = standingOf(run.values, as)
    const beginnings = run.positionals.map(idBeginning)
    if ((standing === undefined) === (beginnings.length === 0))
      throw new Misused('Name records, or give a standing rule with --types and --up-to: one of the two.')
    return withNode(run, async (node) => {
      const ids: RecordId[] = []
      for (const beginning of beginnings) {
        const id = await recordIdOf(node, beginning, run)
        if (id === undefined) return 1
        ids.push(id)
      }
      const everyVersion = run.values['every-version'] === true
      const what = standing ?? { kind: 'records' as const, ids, everyVersion }
      return order(run, node, { what, as, because, by, ...(until && { until }) })
    })
  },
}

async function order(run: Run, node: MosaicNode, asked: ReleaseOrder): Promise<ExitCode> {
  const { store, clock, settings } = node
  const parts = { store, node: settings.name, now: clock.now() }
  const plan = await planRelease(parts, asked)
  if (run.values['dry-run'] === true || 'code' in plan) return say(run, plan)
  const subjects = asked.what.kind === 'records' ? asked.what.ids : []
  const { auditor } = (await node.trust()).audit
  const noted = {
    ...{ asking: operatorAsking(run, node, 'oversight'), act: 'change' as const, subjects },
    query: { release: asked.what, as: asked.as, ...(asked.until && { until: asked.until }) },
  }
  return withOutcome(
    async () => {
      const ordered = await orderRelease(parts, asked)
      if (ordered.kind === 'refused') return say(run, ordered.reason)
      for (const record of ordered.releases) {
        if (run.json) run.out.object(record)
        else run.out.line(`release ${record.id}@${record.version}: ${sayRelease(record)}`)
      }
      return 0
    },
    (entry) => auditor.noteBefore({ reason: asked.because, ...noted, ...entry }),
  )
}

type Plan = Awaited<ReturnType<typeof planRelease>>

function say(run: Run, plan: Plan): ExitCode {
  if ('code' in plan) {
    if (run.json) run.out.object({ kind: 'refused', reason: plan })
    run.out.say(sayRefused(plan))
    return 1
  }
  for (const draft of plan.drafts) {
    if (run.json) run.out.object(draft)
    else run.out.line(`would be released: ${sayRelease({ ...draft, links: draft.links ?? [] })}`)
  }
  return 0
}

/** `2 records → TLP:CLEAR`. */
export function sayRelease({
  body: { what, as },
  links,
}: {
  readonly body: ReleaseBody
  readonly links: readonly Link[]
}): string {
  const to = as.audience === undefined ? as.tlp : `${as.tlp} for ${as.audience.join(', ')}`
  if (what.kind === 'records')
    return `${links
      .filter(({ type }) => type === 'releases')
      .map(({ id, version }) => (version === undefined ? `${id}, every version` : `${id}@${version}`))
      .join(', ')} → ${to}`
  const where = what.areas?.map(({ scheme, code }) => `${scheme}:${code}`).join(', ') ?? 'everywhere'
  return `${what.types.join(', ')} up to ${what.upTo}, ${where} → ${to}`
}

function sayRefused(reason: ReleaseRefusal): string {
  switch (reason.code) {
    case 'release/not-held':
      return `This node holds no content of ${reason.ids.join(', ')}.`
    case 'release/not-ours':
      return `${reason.id} is a record of ${reason.origin}; only its origin releases it. Ask its operators.`
    case 'release/not-restricted':
      return `${reason.id} is not restricted; there is nothing to release.`
    case 'release/restricted-elsewhere':
      return `What restricts ${reason.id} came from ${reason.origins.join(', ')}; ask them for a release. One of this node would let nothing out.`
    case 'release/not-less':
      return `${reason.id} is handled as ${reason.handling.tlp}; that would let nothing more out.`
    default:
      return unreachable(reason)
  }
}

function asOf(values: Values): Handling {
  const tlp = labelOf(values, 'to')
  if (tlp === undefined) throw new Misused('Say as what it may be handled: --to LABEL.')
  const audience = listOf(values, 'audience')
  return { tlp, ...(audience && { audience }) }
}

function labelOf(values: Values, name: string): TlpLabel | undefined {
  const word = text(values, name)
  if (word === undefined) return undefined
  const label = tlpLabels.find((one) => one === word || one === `TLP:${word}`)
  if (label === undefined)
    throw new Misused(`There is no label "${word}"; there are ${tlpLabels.join(', ')}.`)
  return label
}

function standingOf(
  values: Values,
  as: Handling,
): Extract<ReleaseOrder['what'], { kind: 'standing' }> | undefined {
  const [types, upTo] = [listOf(values, 'types'), labelOf(values, 'up-to')]
  const areas = listOf(values, 'area')
  if (types === undefined) {
    const left = ['up-to', 'area', 'realm'].find((name) => values[name] !== undefined)
    if (left !== undefined) throw new Misused(`--${left} belongs to a standing rule; give its --types.`)
    return undefined
  }
  if (values['every-version'] === true) throw new Misused('--every-version belongs to named records.')
  const strange = types.find((type) => !/^(\*|[a-z][a-z0-9.-]*(\.\*)?)$/.test(type))
  if (strange !== undefined) throw new Misused(`"${strange}" is no type; write hazards.impact or hazards.*.`)
  if (upTo === undefined)
    throw new Misused('Say up to which label the rule lets evidence out: --up-to LABEL.')
  if (as.audience === undefined && leq({ tlp: upTo }, as))
    throw new Misused(`Evidence up to ${upTo} handled as ${as.tlp} would let nothing out.`)
  const realm = text(values, 'realm') ?? 'actual'
  if (!isRealm(realm)) throw new Misused(`"${realm}" is no realm: actual, test or exercise:NAME.`)
  return { kind: 'standing', types, upTo, realm, ...(areas && { areas: areas.map(areaOf) }) }
}

/** A country by its code alone, other areas as `SCHEME:CODE`. */
function areaOf(word: string): { readonly scheme: string; readonly code: string } {
  const at = word.indexOf(':')
  return at < 0
    ? { scheme: 'ISO3166-1', code: word }
    : { scheme: word.slice(0, at), code: word.slice(at + 1) }
}
