/**
 * Members of objects below a record's body, by JSON pointer (RFC 6901): read, taken out, put in. Elements of lists are
 * passed through and never taken out, so lists keep their length. Only own members count, and one that is called
 * `__proto__` is a member like any other.
 */

/** Every container on the way is copied once, however many members go. */
export const withoutMembers = (body: unknown, pointers: readonly string[]): unknown =>
  pointers.length === 0 ? body : prune(body, treeOf(pointers.map((pointer) => [pointer, {}])))

/** The member at a pointer below the body; undefined where there is none (JSON itself has no undefined). */
export function memberAt(body: unknown, pointer: string): unknown {
  const steps = stepsBelowBody(pointer)
  let value = body
  for (const [n, step] of steps.entries()) {
    if (n === steps.length - 1 && Array.isArray(value)) return undefined
    value = child(value, step)
    if (value === undefined) return undefined
  }
  return value
}

/**
 * The body with members put in, or left out where their value is undefined; undefined where it has no place for one of
 * them, or one is there.
 */
export function withMembers(
  body: unknown,
  members: readonly (readonly [pointer: string, value: unknown])[],
): unknown {
  if (members.length === 0) return body
  return graft(
    body,
    treeOf(members.map(([pointer, value]) => [pointer, value === undefined ? {} : { value }])),
  )
}

/** Steps below the body, as a tree with the marked members as its leaves. */
type Leaf = { readonly value?: unknown }
type Tree = Map<string, Tree | Leaf>

/** Where a pointer lies inside another, the outer one counts. */
function treeOf(leaves: readonly (readonly [pointer: string, leaf: Leaf])[]): Tree {
  const root: Tree = new Map()
  for (const [pointer, leaf] of leaves) {
    const steps = stepsBelowBody(pointer)
    const last = steps.at(-1) ?? ''
    let tree: Tree | undefined = root
    for (const step of steps.slice(0, -1)) tree = branch(tree, step)
    tree?.set(last, leaf)
  }
  return root
}

function branch(tree: Tree | undefined, step: string): Tree | undefined {
  const found = tree?.get(step)
  if (found !== undefined) return found instanceof Map ? found : undefined
  const made: Tree = new Map()
  tree?.set(step, made)
  return tree && made
}

/** Members are copied as own ones, so that one called `__proto__` is a member like any other. */
function prune(value: unknown, tree: Tree): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.map((item, at) => {
      const below = tree.get(String(at))
      return below instanceof Map ? prune(item, below) : item
    })
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = tree.get(name)
      if (below === undefined) return [[name, inner]]
      return below instanceof Map ? [[name, prune(inner, below)]] : []
    }),
  )
}

function graft(value: unknown, tree: Tree): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const changes: [name: string, value: unknown][] = []
  for (const [step, below] of tree) {
    const inner = child(value, step)
    if (below instanceof Map) {
      const whole = graft(inner, below)
      if (whole === undefined) return undefined
      changes.push([step, whole])
    } else {
      if (Array.isArray(value) || inner !== undefined) return undefined
      if (below.value !== undefined) changes.push([step, below.value])
    }
  }
  if (!Array.isArray(value)) return Object.fromEntries([...Object.entries(value), ...changes])
  const items = [...value]
  for (const [step, item] of changes) items[Number(step)] = item
  return items
}

const stepsBelowBody = (pointer: string): readonly string[] =>
  pointer
    .slice('/body/'.length)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

type Members = { readonly [name: string]: unknown }

function child(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(step) ? value[Number(step)] : undefined
  return Object.hasOwn(value, step) ? (value as Members)[step] : undefined
}
