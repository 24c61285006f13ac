/** The codes that every language shares, in CAP's own words, and the times, in UTC. */
import { useId } from 'react'
import type { DeskContent } from '../../server/schemas/index.ts'
import type { TextKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'
import { categories, certainties, responseTypes, severities, urgencies } from './cap-words.ts'
import { fromField, toField } from './content.ts'
import type { ContentProps } from './editor.tsx'

const words = { severity: severities, urgency: urgencies, certainty: certainties } as const

export function CodesAndTimes({ content, onChange }: ContentProps) {
  return (
    <section aria-labelledby="codes">
      <h2 id="codes">
        <T k="desk.codes" />
      </h2>
      <div className="choices">
        {(['severity', 'urgency', 'certainty'] as const).map((name) => (
          <label key={name} className="choice">
            <span lang="en">{name}</span>
            <select
              value={content[name]}
              data-testid={`choose-${name}`}
              onChange={({ target }) => onChange({ ...content, [name]: target.value } as DeskContent)}
            >
              {content[name] === 'Unknown' && <option lang="en">Unknown</option>}
              {words[name].map((word) => (
                <option key={word} value={word} lang="en">
                  {word}
                </option>
              ))}
            </select>
          </label>
        ))}
        <Time name="onset" label="desk.onset" content={content} onChange={onChange} />
        <Time name="expires" label="desk.expires" content={content} onChange={onChange} />
      </div>
      <Checks
        name="category"
        words={categories}
        chosen={content.category}
        onChange={(category) => onChange({ ...content, category })}
      />
      <Checks
        name="responseType"
        words={responseTypes}
        chosen={content.responseType}
        onChange={(responseType) => onChange({ ...content, responseType })}
      />
    </section>
  )
}

type ChecksProps<Word extends string> = {
  readonly name: string
  readonly words: readonly Word[]
  readonly chosen: readonly Word[]
  readonly onChange: (chosen: Word[]) => void
}

function Checks<Word extends string>({ name, words: all, chosen, onChange }: ChecksProps<Word>) {
  return (
    <fieldset className="choices" lang="en">
      <legend>{name}</legend>
      {all.map((word) => (
        <label key={word} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(word)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, word] : chosen.filter((one) => one !== word))
            }
          />
          {word}
        </label>
      ))}
    </fieldset>
  )
}

type TimeProps = ContentProps & { readonly name: 'onset' | 'expires'; readonly label: TextKey }

function Time({ name, label, content, onChange }: TimeProps) {
  const { say } = useText()
  const id = useId()
  return (
    <div className="choice">
      <label htmlFor={id}>{say(label)} (UTC)</label>
      <input
        id={id}
        type="datetime-local"
        data-testid={`choose-${name}`}
        required={name === 'expires'}
        value={toField(content[name])}
        onChange={({ target }) => {
          const at = fromField(target.value)
          if (at !== undefined) onChange({ ...content, [name]: at })
          else if (name === 'onset') {
            const { onset: _, ...rest } = content
            onChange(rest)
          }
        }}
      />
    </div>
  )
}
