/** What the checks found, errors first: where, and what to do. The node writes them in English. */
import type { DeskDraft } from '../../server/schemas/index.ts'
import { T } from '../text/use-text.tsx'

type Finding = DeskDraft['findings'][number]

export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const errors = findings.filter(({ level }) => level === 'error')
  return (
    <section aria-labelledby="findings" data-testid="findings" data-errors={errors.length}>
      <h2 id="findings">
        <T k="desk.findings" />
      </h2>
      <output>
        {findings.length === 0 ? (
          <T k="desk.findings.none" />
        ) : (
          errors.length > 0 && <T k="desk.findings.errors" n={errors.length} />
        )}
      </output>
      <FindingList findings={[...errors, ...findings.filter(({ level }) => level !== 'error')]} />
    </section>
  )
}

export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul className="issues">
      {findings.map(({ rule, level, place, value, message }) => (
        <li key={`${rule}${place}${value}`} data-level={level}>
          <strong className="tag" data-severity={level === 'error' ? 'Severe' : undefined}>
            <T k={`desk.finding.${level}`} />
          </strong>{' '}
          <span lang="en">{message}</span> <code>{place}</code> <code>{rule}</code>
        </li>
      ))}
    </ul>
  )
}
