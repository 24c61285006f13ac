/** Figures by organisation, purpose, act or day: bars in a table, so that the plot and its figures are one thing to all. */
import { useState } from 'react'
import type { Figure } from '../api/audit.ts'
import { Nothing } from '../app/states.tsx'
import type { TextKey } from '../text/catalogue.ts'
import { type Say, T, useText } from '../text/use-text.tsx'
import { sayAct, sayPurpose } from './words.ts'

const sides = ['day', 'organisation', 'purpose', 'act'] as const
type Side = (typeof sides)[number]
const sideText: Readonly<Record<Side, TextKey>> = {
  day: 'audit.day',
  organisation: 'audit.organisation',
  purpose: 'account.purpose',
  act: 'audit.act',
}

export function FiguresOf({ figures }: { readonly figures: readonly Figure[] }) {
  const { say } = useText()
  const [side, setSide] = useState<Side>('day')
  if (figures.length === 0) return <Nothing title={<T k="audit.empty" />}>{null}</Nothing>
  const sums = sumsBy(figures, side)
  const most = Math.max(1, ...sums.map(({ done, refused }) => done + refused))
  return (
    <section aria-labelledby="figures-title">
      <h2 id="figures-title">
        <T k="audit.figures" />
      </h2>
      <select
        aria-label={say('audit.figures')}
        value={side}
        onChange={({ target }) => setSide(target.value as Side)}
      >
        {sides.map((one) => (
          <option key={one} value={one}>
            {say(sideText[one])}
          </option>
        ))}
      </select>
      <div className="scroll">
        <table className="figures" data-testid="figures">
          <thead>
            <tr>
              <th scope="col">
                <T k={sideText[side]} />
              </th>
              <th scope="col">
                <T k="audit.count" />
              </th>
              <th scope="col">
                <T k="audit.refused" />
              </th>
              <td aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {sums.map(({ name, done, refused }) => (
              <tr key={name}>
                <th scope="row">{nameOn(say, side, name)}</th>
                <td>{done}</td>
                <td>{refused}</td>
                <td aria-hidden="true" className="bars">
                  <i style={{ inlineSize: `${(done / most) * 100}%` }} />
                  <i className="refused" style={{ inlineSize: `${(refused / most) * 100}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function nameOn(say: Say, side: Side, name: string): string {
  if (side === 'purpose') return sayPurpose(say, name)
  return side === 'act' ? sayAct(say, name) : name
}

type Sum = { readonly name: string; readonly done: number; readonly refused: number }

function sumsBy(figures: readonly Figure[], side: Side): readonly Sum[] {
  const sums = new Map<string, Sum>()
  for (const figure of figures) {
    if (figure.outcome === 'asked') continue // what became of it is counted
    const name = figure[side] ?? '–'
    const { done, refused } = sums.get(name) ?? { done: 0, refused: 0 }
    const isDone = figure.outcome === 'done'
    sums.set(name, {
      name,
      done: done + (isDone ? figure.count : 0),
      refused: refused + (isDone ? 0 : figure.count),
    })
  }
  const all = [...sums.values()]
  return side === 'day'
    ? all.sort((a, b) => (a.name < b.name ? -1 : 1))
    : all.sort((a, b) => b.done + b.refused - a.done - a.refused)
}
