/** Who speaks for a country, in this node's own register over the region's data. */
import { actual, type Draft, isNodeId } from '../../engines/record/index.ts'
import { type ContactBody, contactsOf } from '../../packs/environment/pack.ts'
import { type Command, Misused, text } from '../command.ts'
import { withNode } from '../with-node.ts'
import { listOf, personOf, reasonOf } from './recall-node.ts'

/** Who is reached where stays with whoever keeps the register. */
const atHome = { tlp: 'TLP:AMBER+STRICT' } as const

export const contactSet: Command = {
  name: 'contact set',
  summary: 'Put on record who speaks for a country: by which nodes, in which systems, by which role.',
  teaches: [
    'ID of one that is there puts yours in its place, and what you leave out stays as it was. --end takes it off the',
    'register. Roles only: write no person’s name into it.',
    '',
    'Example: mosaic contact set mk-accidents --node skopje.example --because "Letter of the ministry" --as "Ana Ristova"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    country: { type: 'string', value: 'CODE', help: 'for which country' },
    system: {
      type: 'string',
      value: 'WORD',
      multiple: true,
      help: 'industrial-accidents, environment, danube-alarm',
    },
    node: { type: 'string', value: 'NAME', multiple: true, help: 'which nodes speak for it' },
    office: { type: 'string', value: 'TEXT', help: 'the role that answers' },
    mail: { type: 'string', value: 'ADDRESS', help: 'for whoever must write' },
    phone: { type: 'string', value: 'NUMBER', help: 'for whoever must call' },
    end: { type: 'boolean', help: 'nobody sits there any more' },
    because: { type: 'string', value: 'TEXT', help: 'by what letter or agreement' },
    as: { type: 'string', value: 'NAME', help: 'who puts it on record' },
    role: { type: 'string', value: 'TEXT', help: 'in which role' },
  },
  run: (run) => {
    const [id = ''] = run.positionals
    const { values } = run
    const because = reasonOf(values)
    const producer = personOf(values)
    const nodes = listOf(values, 'node')
    const wrong = nodes?.find((one) => !isNodeId(one))
    if (wrong !== undefined) throw new Misused(`"${wrong}" is not a node's name: write it like a host name.`)
    return withNode(run, async ({ store, places, clock }) => {
      const all = await contactsOf((query) => store.read(query), places.region, store.identity.node)
      const before = all.find((one) => one.id === id)
      const country = text(values, 'country')?.toUpperCase() ?? before?.country
      const systems = listOf(values, 'system') ?? before?.systems
      if (country === undefined || systems === undefined) {
        run.out.say(`There is no contact ${id} yet: say --country and --system.`)
        return 1
      }
      const mail = text(values, 'mail') ?? before?.mail
      const phone = text(values, 'phone') ?? before?.phone
      const body: ContactBody = {
        contact: {
          id,
          country,
          systems: [...systems],
          title: { en: before?.title['en'] ?? 'Point of contact' },
          role: text(values, 'office') ?? before?.role ?? 'duty officer',
          watch: before?.watch ?? 'day-and-night',
          nodes: [...(nodes ?? before?.nodes ?? [])],
          ...(mail && { mail }),
          ...(phone && { phone }),
        },
        state: values['end'] === true ? 'ended' : 'held',
        because,
      }
      const type = 'environment.contact'
      const draft: Draft = {
        type,
        key: id,
        realm: actual,
        producer,
        valid: { from: clock.now() },
        handling: atHome,
        body,
      }
      const [written] = await store.append([draft])
      if (written?.kind !== 'appended' && written?.kind !== 'unchanged') {
        run.out.say('It was not written: a country is two capital letters.')
        return 1
      }
      run.out.line(`${written.kind}  ${written.record.id}@${written.record.version}`)
      return 0
    })
  },
}
