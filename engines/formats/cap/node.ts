/**
 * A CAP message as nodes that know their place (an XPath without prefixes, `/alert/info[2]/expires`) and how they
 * stand: `own` in the message's namespace, `outside` a CAP name in another or no namespace, as some services really
 * send (its content is used, the slip is recorded), `foreign` what CAP does not know here.
 */
import type { XmlElement } from '../xml/read.ts'
import { type CapElementRule, type CapGroupName, capGrammar } from './grammar.ts'

export type CapNode = {
  readonly name: string
  readonly path: string
  readonly standing: 'own' | 'outside' | 'foreign'
  readonly rule?: CapElementRule
  readonly element: XmlElement
  /** Text without the white space around it; of nested markup, the text of all its parts. */
  readonly value: string
  readonly children: readonly CapNode[]
  /** Of the root alone: itself and all below it. A dozen rules walk the same message; it is walked once. */
  readonly walk?: readonly CapNode[]
}

const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#'

export function capNode(root: XmlElement, namespace: string): CapNode {
  const walk: CapNode[] = []
  const node: CapNode = {
    name: root.name,
    path: '/alert',
    standing: root.namespace === namespace ? 'own' : 'outside',
    element: root,
    value: root.text.trim(),
    children: childNodes(root, 'alert', '/alert', namespace),
    walk,
  }
  walkOf(node, walk)
  return node
}

function childNodes(parent: XmlElement, group: CapGroupName, path: string, namespace: string): CapNode[] {
  const total = new Map<string, number>()
  for (const { name } of parent.children) total.set(name, (total.get(name) ?? 0) + 1)
  const seen = new Map<string, number>()
  const nodes: CapNode[] = []
  for (const element of parent.children) {
    const index = (seen.get(element.name) ?? 0) + 1
    seen.set(element.name, index)
    if (group === 'alert' && element.namespace === signatureNamespace) continue
    const rule = capGrammar[group].find(({ name }) => name === element.name)
    const mayRepeat = rule?.many === true || (total.get(element.name) ?? 0) > 1
    const place = `${path}/${element.name}${mayRepeat ? `[${index}]` : ''}`
    const below = groupOf(rule)
    nodes.push({
      name: element.name,
      path: place,
      standing: rule === undefined ? 'foreign' : element.namespace === namespace ? 'own' : 'outside',
      ...(rule === undefined ? {} : { rule }),
      element,
      value: (below === undefined ? wholeText(element) : element.text).trim(),
      children: below === undefined ? [] : childNodes(element, below, place, namespace),
    })
  }
  return nodes
}

export const groupOf = (rule: CapElementRule | undefined): CapGroupName | undefined =>
  typeof rule?.holds === 'object' && 'group' in rule.holds ? rule.holds.group : undefined

const wholeText = (element: XmlElement): string =>
  element.text + element.children.map((each) => ` ${wholeText(each)}`).join('')

/** The children of that name which say something. */
export const fields = (node: CapNode, name: string): CapNode[] =>
  node.children.filter((each) => each.name === name && each.standing !== 'foreign' && !isEmpty(each))

export const field = (node: CapNode, name: string): CapNode | undefined => fields(node, name)[0]
export const textOf = (node: CapNode, name: string): string | undefined => field(node, name)?.value
export const isEmpty = (node: CapNode): boolean => node.value === '' && node.element.children.length === 0

/** This node and all below it, in document order. */
export const eachNode = (node: CapNode): readonly CapNode[] => node.walk ?? walkOf(node, [])

function walkOf(node: CapNode, walk: CapNode[]): CapNode[] {
  walk.push(node)
  for (const child of node.children) walkOf(child, walk)
  return walk
}
