/**
 * The areas of a warning: drawn on the map, typed as positions, named by codes, or taken from the saved ones. What is drawn
 * stands in the fields at once, and what is typed on the map, so that neither needs the other.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DeskArea } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { saveArea, savedAreasQuery } from '../api/desk.ts'
import { T, useText } from '../text/use-text.tsx'
import { codesIn, emptyArea, linesOfCodes, linesOfPositions } from './content.ts'
import { DrawMap } from './draw-map.tsx'
import type { ContentProps } from './editor.tsx'
import { RingField } from './ring-field.tsx'

export function AreasEditor({ content, onChange }: ContentProps) {
  const [chosen, setChosen] = useState(0)
  const at = Math.min(chosen, content.areas.length - 1)
  const setAreas = (areas: readonly DeskArea[]): void => onChange({ ...content, areas: [...areas] })
  const setArea = (area: DeskArea): void =>
    setAreas(content.areas.map((one, index) => (index === at ? area : one)))
  const add = (area: DeskArea): void => {
    setAreas([...content.areas, area])
    setChosen(content.areas.length)
  }
  const area = content.areas[at]
  return (
    <section aria-labelledby="areas" data-testid="areas-editor">
      <h2 id="areas">
        <T k="warning.areas" />
      </h2>
      <p className="buttons">
        {content.areas.map((one, index) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: areas have no name of their own
            key={index}
            type="button"
            aria-pressed={index === at}
            onClick={() => setChosen(index)}
          >
            {Object.values(one.desc).find(Boolean) ?? index + 1}
          </button>
        ))}
        <button type="button" data-testid="add-area" onClick={() => add(emptyArea)}>
          <T k="desk.area.add" />
        </button>
        <SavedAreas country={content.country} onChoose={add} />
      </p>
      {area && (
        <>
          <DrawMap areas={content.areas} area={area} onChange={setArea} />
          <AreaFields key={at} area={area} onChange={setArea} />
          <p className="buttons">
            <button
              type="button"
              className="danger"
              onClick={() => setAreas(content.areas.filter((_, index) => index !== at))}
            >
              <T k="desk.area.remove" />
            </button>
            <SaveArea country={content.country} area={area} />
          </p>
        </>
      )}
    </section>
  )
}

function SavedAreas({
  country,
  onChoose,
}: {
  readonly country: string
  readonly onChoose: (area: DeskArea) => void
}) {
  const { say } = useText()
  const saved = useQuery(savedAreasQuery).data?.items.filter((one) => one.country === country) ?? []
  if (saved.length === 0) return null
  return (
    <select
      aria-label={say('desk.area.saved')}
      value=""
      onChange={({ target }) => {
        const found = saved.find(({ id }) => id === target.value)
        if (found) onChoose(found.area)
      }}
    >
      <option value="">{say('desk.area.saved')}</option>
      {saved.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

function SaveArea({ country, area }: { readonly country: string; readonly area: DeskArea }) {
  const [name, setName] = useState('')
  const { say } = useText()
  const queries = useQueryClient()
  const saving = useMutation({
    mutationFn: () => saveArea({ name, country, area }),
    onSuccess: () => {
      setName('')
      return queries.invalidateQueries({ queryKey: ['desk', 'areas'] })
    },
  })
  return (
    <>
      <input
        aria-label={say('desk.area.save')}
        placeholder="name-of-the-area"
        pattern="[a-z0-9][a-z0-9\-]{0,79}"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <button
        type="button"
        disabled={!/^[a-z0-9][a-z0-9-]{0,79}$/.test(name)}
        onClick={() => saving.mutate()}
      >
        <T k="desk.area.save" />
      </button>
      <Refusal error={saving.error} />
    </>
  )
}

type AreaProps = { readonly area: DeskArea; readonly onChange: (area: DeskArea) => void }

function AreaFields({ area, onChange }: AreaProps) {
  const [codes, setCodes] = useState(() => linesOfCodes(area.geocodes))
  return (
    <div className="choices">
      {area.polygons.map((ring, at) => (
        <RingField
          key={`${at} ${linesOfPositions(ring).length}`}
          ring={ring}
          onChange={(next) =>
            onChange({
              ...area,
              polygons: next.length === 0 ? area.polygons.toSpliced(at, 1) : area.polygons.with(at, next),
            })
          }
        />
      ))}
      {area.circles.map((circle, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: circles have no name of their own
        <fieldset key={at} className="choices">
          <legend>
            <T k="desk.area.circle" />
          </legend>
          {[
            {
              name: 'lon',
              value: circle.center[0],
              to: (n: number) => ({ ...circle, center: [n, circle.center[1]] }),
            },
            {
              name: 'lat',
              value: circle.center[1],
              to: (n: number) => ({ ...circle, center: [circle.center[0], n] }),
            },
            {
              name: 'km',
              value: circle.radiusKm,
              to: (n: number) => ({ ...circle, radiusKm: Math.max(0, n) }),
            },
          ].map(({ name, value, to }) => (
            <label key={name} className="choice">
              <span lang="en">{name}</span>
              <input
                type="number"
                step="any"
                value={value}
                onChange={({ target }) =>
                  onChange({
                    ...area,
                    circles: area.circles.with(
                      at,
                      to(target.valueAsNumber || 0) as DeskArea['circles'][number],
                    ),
                  })
                }
              />
            </label>
          ))}
          <button type="button" onClick={() => onChange({ ...area, circles: area.circles.toSpliced(at, 1) })}>
            <T k="me.remove" />
          </button>
        </fieldset>
      ))}
      <label className="choice">
        <span>
          <T k="desk.area.codes" />
        </span>
        <textarea
          rows={3}
          data-testid="area-codes"
          value={codes}
          onChange={({ target }) => {
            setCodes(target.value)
            onChange({ ...area, geocodes: codesIn(target.value) })
          }}
        />
      </label>
    </div>
  )
}
