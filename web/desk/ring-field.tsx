/** A polygon as lines of text: the way to draw without a mouse. It is taken when the field is left. */
import { useState } from 'react'
import { T } from '../text/use-text.tsx'
import { closed, linesOfPositions, positionsIn } from './content.ts'

type Ring = [number, number][]
type RingProps = { readonly ring: Ring; readonly onChange: (ring: Ring) => void }

export function RingField({ ring, onChange }: RingProps) {
  const [text, setText] = useState(() => linesOfPositions(ring))
  return (
    <label className="choice">
      <span>
        <T k="desk.area.points" />
      </span>
      <textarea
        rows={5}
        data-testid="area-points"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={() => {
          const next = closed(positionsIn(text))
          if (linesOfPositions(next) !== linesOfPositions(ring)) onChange(next)
        }}
      />
    </label>
  )
}
