/** JSON as a tree of names and values; a member that is withheld stands in it by its name, and says so. */
import { T } from '../text/use-text.tsx'

export type TreeProps = {
  readonly value: unknown
  /** JSON pointer of the value. */
  readonly at: string
  readonly withheld: readonly string[]
}

export function Tree({ value, at, withheld }: TreeProps) {
  if (withheld.includes(at)) return <Withheld />
  if (typeof value !== 'object' || value === null)
    return <span className="value">{value === null ? '–' : String(value)}</span>
  if (Array.isArray(value) && value.every(isShort)) return <Row values={value} />
  if (Array.isArray(value))
    return (
      <ol className="tree" start={0}>
        {value.map((item, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is the item's only name
          <li key={n}>
            <Tree value={item} at={`${at}/${n}`} withheld={withheld} />
          </li>
        ))}
      </ol>
    )
  const shown = Object.entries(value)
  const hidden = withheld.filter((pointer) => isMember(pointer, at) && !(nameOf(pointer) in value))
  return (
    <dl className="tree">
      {shown.map(([name, item]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Tree value={item} at={`${at}/${escaped(name)}`} withheld={withheld} />
          </dd>
        </div>
      ))}
      {hidden.map((pointer) => (
        <div key={pointer}>
          <dt>{nameOf(pointer)}</dt>
          <dd>
            <Withheld />
          </dd>
        </div>
      ))}
    </dl>
  )
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null
/** A figure, a word, or a position of few figures. */
const isShort = (value: unknown): boolean =>
  isPlain(value) || (Array.isArray(value) && value.length <= 4 && value.every(isPlain))
const said = (value: unknown): string =>
  Array.isArray(value) ? value.map(said).join(' ') : value === null ? '–' : String(value)
/** More than that is folded: the line of a coast has thousands of positions, and nobody reads them here. */
const shortRow = 12

/** A list of short values in one row. */
function Row({ values }: { readonly values: readonly unknown[] }) {
  const text = values.map(said).join(', ')
  if (values.length <= shortRow) return <span className="value">{text || '–'}</span>
  return (
    <details className="value">
      <summary>
        <T k="record.values" n={values.length} />
      </summary>
      {text}
    </details>
  )
}

export function Withheld() {
  return (
    <span className="withheld" data-testid="withheld-field">
      <T k="record.withheld" />
    </span>
  )
}

const isMember = (pointer: string, at: string): boolean =>
  pointer.startsWith(`${at}/`) && !pointer.slice(at.length + 1).includes('/')
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
const nameOf = (pointer: string): string =>
  pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
