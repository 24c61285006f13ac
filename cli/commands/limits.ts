/** Agreed limits of what stations measure: those of the directive, and those that this node agreed on. */
import { actual, type Draft, type Held } from '../../engines/record/index.ts'
import {
  directiveLimits,
  type Limit,
  type LimitBody,
  limitKinds,
  propertyCodes,
  unitOfProperty,
} from '../../packs/environment/pack.ts'
import { type Command, Misused, number, text, type Values, whole } from '../command.ts'
import { withNode } from '../with-node.ts'
import { personOf, reasonOf } from './recall-node.ts'

export const limitList: Command = {
  name: 'limit list',
  summary: 'List the limits that readings are held against.',
  teaches: [
    'The alert and information thresholds of Directive 2008/50/EC, and what was agreed here beside or in place of them.',
    '',
    'Example: mosaic limit list --json',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withNode(run, async ({ store }) => {
      const held = (await store.read({
        types: ['environment.limit'],
        realm: actual,
      })) as readonly Held<LimitBody>[]
      const agreed = held
        .filter(({ record }) => record.origin === store.identity.node)
        .map(({ record }) => record.body)
      const replaced = new Set(
        agreed.flatMap(({ limit, series }) => (series === undefined ? [limit.id] : [])),
      )
      const ours = directiveLimits
        .filter(({ id }) => !replaced.has(id))
        .map((limit): LimitBody => ({ limit, state: 'agreed', because: limit.source }))
      for (const one of [...ours, ...agreed]) {
        const { limit, state, series } = one
        const hours = limit.consecutiveHours === 1 ? '' : `, ${limit.consecutiveHours} hours in a row`
        if (run.json) run.out.object(one)
        else
          run.out.line(
            `${limit.id}  ${limit.property} ${limit.kind} above ${limit.value} ${limit.unit}${hours}  ${series ?? 'everywhere'}  ${state}  ${limit.source}`,
          )
      }
      return 0
    }),
}

export const limitAgree: Command = {
  name: 'limit agree',
  summary: 'Put a limit on record: the flood level of a gauge, or what was agreed in place of ours.',
  teaches: [
    'ID names it; that of one of ours puts yours in its place. --series holds it to one gauge or station. --end takes it',
    'back. Readings that came before are not looked at again.',
    '',
    'Example: mosaic limit agree zupanja-danger --property water-level --kind danger-level --value 9.5 --series rhmz:45084/water-level --because "Flood defence plan" --as "Ana Ristova"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    property: { type: 'string', value: 'CODE', help: `one of ${propertyCodes.join(', ')}` },
    kind: { type: 'string', value: 'WORD', help: limitKinds.join(', ') },
    value: { type: 'string', value: 'NUMBER', help: 'in the unit that the property is kept in' },
    hours: { type: 'string', value: 'N', help: 'so many hours in a row (default 1)' },
    series: { type: 'string', value: 'KEY', help: 'only for this series' },
    end: { type: 'boolean', help: 'no longer agreed' },
    because: { type: 'string', value: 'TEXT', help: 'by what agreement or plan' },
    as: { type: 'string', value: 'NAME', help: 'who puts it on record' },
    role: { type: 'string', value: 'TEXT', help: 'in which role' },
  },
  run: (run) => {
    const [id = ''] = run.positionals
    const because = reasonOf(run.values)
    const limit = limitOf(id, because, run.values)
    const by = personOf(run.values)
    const series = text(run.values, 'series')
    return withNode(run, async ({ store, clock }) => {
      const draft: Draft<LimitBody> = {
        type: 'environment.limit',
        key: series === undefined ? id : `${id}@${series}`,
        realm: actual,
        producer: by,
        valid: { from: clock.now() },
        body: {
          limit,
          state: run.values['end'] === true ? 'ended' : 'agreed',
          because,
          ...(series && { series }),
        },
      }
      const [written] = await store.append([draft])
      if (written?.kind !== 'appended' && written?.kind !== 'unchanged') {
        run.out.say('It was not written: check the id and the series.')
        return 1
      }
      if (run.json) run.out.object(written.record)
      else run.out.line(`${written.kind}  ${written.record.id}@${written.record.version}`)
      return 0
    })
  },
}

function limitOf(id: string, source: string, values: Values): Limit {
  const property = propertyCodes.find((one) => one === text(values, 'property'))
  const kind = limitKinds.find((one) => one === text(values, 'kind'))
  const value = number(values, 'value', [-1e9, 1e9])
  if (property === undefined) throw new Misused(`--property is one of ${propertyCodes.join(', ')}.`)
  if (kind === undefined) throw new Misused(`--kind is one of ${limitKinds.join(', ')}.`)
  if (value === undefined) throw new Misused('Say the --value that is not to be exceeded.')
  const consecutiveHours = whole(values, 'hours', [1, 72]) ?? 1
  return { id, property, kind, value, unit: unitOfProperty(property), consecutiveHours, source }
}
