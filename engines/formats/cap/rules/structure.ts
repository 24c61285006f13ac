/** Which elements stand where, how often, in which order and in which namespace (CAP 1.2 §3.2, §3.4). */
import { type CapGroupName, cap11, capGrammar } from '../grammar.ts'
import { type CapNode, eachNode, groupOf, isEmpty } from '../node.ts'
import { at, type CapMessage, type CapRule, type Finding } from './rule.ts'

const clause = 'CAP 1.2 §3.2, §3.4'
const schemaInstance = '{http://www.w3.org/2001/XMLSchema-instance}'

/** Without these nobody knows who said it, whether it is an exercise, or whom it may be shown to. */
export const indispensable = ['identifier', 'sender', 'sent', 'status', 'msgType', 'scope']

export const structureRules: readonly CapRule[] = [
  {
    rule: 'cap/element-missing',
    clause,
    says: 'A required element is missing.',
    *check(message) {
      for (const { node, group } of groups(message)) {
        for (const { name, required } of capGrammar[group]) {
          const isOptional = !required || (message.version === '1.1' && isIn(cap11.optional, name))
          if (!isOptional && !node.children.some((each) => each.name === name))
            yield lacking(node, name, group)
        }
      }
    },
  },
  {
    rule: 'cap/element-empty',
    clause: 'CAP 1.2 §3.2',
    says: 'The element is there but says nothing. Leave it out.',
    *check({ root }) {
      for (const node of eachNode(root)) {
        if (node.rule === undefined || !isEmpty(node)) continue
        const withhold = isIndispensable(node)
        yield { ...at(node), withhold }
      }
    },
  },
  {
    rule: 'cap/element-repeated',
    clause,
    says: 'This element may stand once only; the first one was read.',
    *check(message) {
      for (const { node } of groups(message)) {
        const seen = new Set<string>()
        for (const each of node.children) {
          if (each.rule?.many === false && seen.has(each.name)) yield at(each)
          seen.add(each.name)
        }
      }
    },
  },
  {
    rule: 'cap/element-order',
    clause,
    says: 'The elements are not in the order of the standard.',
    *check(message) {
      for (const { node, group } of groups(message)) yield* outOfOrder(node, group)
    },
  },
  {
    rule: 'cap/element-outside-namespace',
    clause: 'CAP 1.2 §3.1',
    says: 'The element is not in the namespace of the message. It was read all the same.',
    *check({ root }) {
      for (const node of eachNode(root)) {
        if (node.standing === 'outside') yield { place: node.path, value: node.element.namespace }
      }
    },
  },
  {
    rule: 'cap/element-unknown',
    clause,
    says: 'CAP knows no such element here. It was not read.',
    *check({ root }) {
      for (const node of eachNode(root)) if (node.standing === 'foreign') yield at(node)
    },
  },
  {
    rule: 'cap/attribute-unexpected',
    clause,
    says: 'CAP elements carry no attributes. It was not read.',
    *check({ root }) {
      for (const node of eachNode(root)) {
        if (node.standing === 'foreign') continue
        for (const [name, value] of node.element.attributes) {
          if (!name.startsWith(schemaInstance)) yield { place: `${node.path}/@${name}`, value }
        }
      }
    },
  },
  {
    rule: 'cap/text-between-elements',
    clause,
    says: 'Text stands where only elements may. It was not read.',
    *check(message) {
      for (const { node } of groups(message)) if (node.value !== '') yield at(node)
    },
  },
  {
    rule: 'cap/markup-in-text',
    clause,
    says: 'Elements stand where only text may. Their text was read.',
    *check({ root }) {
      for (const node of eachNode(root)) {
        if (node.rule !== undefined && groupOf(node.rule) === undefined && node.element.children.length > 0)
          yield at(node)
      }
    },
  },
]

function* groups({ root }: CapMessage): Generator<{ node: CapNode; group: CapGroupName }> {
  for (const node of eachNode(root)) {
    const group = node === root ? 'alert' : groupOf(node.rule)
    if (group !== undefined) yield { node, group }
  }
}

function lacking(node: CapNode, name: string, group: CapGroupName): Finding {
  const withhold = group === 'alert' && indispensable.includes(name)
  const after = withhold ? ' Without it the message cannot be published; call its sender.' : ''
  return {
    place: `${node.path}/${name}`,
    value: '',
    message: `The required element ${name} is missing.${after}`,
    withhold,
  }
}

function* outOfOrder(node: CapNode, group: CapGroupName): Generator<Finding> {
  let furthest = -1
  for (const each of node.children) {
    const index = capGrammar[group].findIndex(({ name }) => name === each.name)
    if (index === -1) continue
    if (index < furthest) yield at(each)
    furthest = Math.max(furthest, index)
  }
}

const isIndispensable = (node: CapNode): boolean =>
  indispensable.includes(node.name) && node.path.split('/').length === 3

const isIn = (list: readonly string[], value: string): boolean => list.includes(value)
