/**
 * What may be done with this version, and by whom: the node says for each step whether this person may, and why not. A step
 * names the version that was seen; it asks before it issues, because what is issued cannot be taken back unseen.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { DeskDraft } from '../../server/schemas/index.ts'
import { Field, Refusal } from '../access/form.tsx'
import { newDraft, type Step, takeStep } from '../api/desk.ts'
import { T } from '../text/use-text.tsx'

const steps = ['submit', 'approve', 'return', 'issue', 'withdraw'] as const
const needsReason = (step: Step['step']): boolean => step === 'return' || step === 'withdraw'

export function Steps({ draft }: { readonly draft: DeskDraft }) {
  const queries = useQueryClient()
  const [refused, setRefused] = useState(false)
  const taking = useMutation({
    mutationFn: (step: Step) => takeStep(draft.id, step),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['desk'] }),
  })
  const overridable = [
    ...new Set(draft.findings.filter(({ mayOverride }) => mayOverride).map(({ rule }) => rule)),
  ]
  const shown = steps.filter((step) => draft.can.some((one) => one.step === step))
  return (
    <section aria-labelledby="steps" data-testid="steps">
      <h2 id="steps">
        <T k="desk.steps" />
      </h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          const { submitter } = event.nativeEvent as SubmitEvent
          const step = (submitter as HTMLButtonElement | null)?.value as Step['step']
          const said = new FormData(event.currentTarget)
          const because = String(said.get('because')).trim()
          const despite = said.getAll('despite').map(String)
          const isMissing = because.length < 3 && (needsReason(step) || despite.length > 0)
          setRefused(isMissing)
          if (isMissing) return
          taking.mutate({
            step,
            version: draft.version,
            ...(because.length < 3 ? {} : { because }),
            ...(despite.length === 0 ? {} : { despite }),
          })
        }}
      >
        {shown.some((step) => mayDo(draft, step)) && (
          <Field
            name="because"
            label="decide.because"
            required={false}
            maxLength={500}
            autoCapitalize="sentences"
          />
        )}
        {overridable.map((rule) => (
          <label key={rule} className="check">
            <input type="checkbox" name="despite" value={rule} />
            <T k="desk.despite" /> <code>{rule}</code>
          </label>
        ))}
        <div role="alert">
          {refused && (
            <p className="notice">
              <T k="desk.needsReason" />
            </p>
          )}
        </div>
        <Refusal error={taking.error} />
        <p className="buttons">
          {shown.map((step) => (
            <button
              key={step}
              type="submit"
              value={step}
              data-testid={`step-${step}`}
              className={step === 'withdraw' || step === 'return' ? undefined : 'primary'}
              disabled={!mayDo(draft, step) || taking.isPending}
            >
              <T k={`desk.step.${step}`} />
            </button>
          ))}
          <GoOn draft={draft} />
        </p>
        <WhyNot draft={draft} />
      </form>
    </section>
  )
}

const mayDo = ({ can }: DeskDraft, step: DeskDraft['can'][number]['step']): boolean =>
  can.some((one) => one.step === step && one.isAllowed)

/** From what was issued to its update or its end, with the references to every message that still holds. */
function GoOn({ draft }: { readonly draft: DeskDraft }) {
  const navigate = useNavigate()
  const going = useMutation({
    mutationFn: (purpose: 'update' | 'cancel') =>
      newDraft({
        from: { kind: 'warning', warning: draft.warning ?? '', purpose },
        realm: draft.realm,
      }),
    onSuccess: ({ id }) => void navigate({ to: '/desk/drafts/$draftId', params: { draftId: id } }),
  })
  return (
    <>
      {(['update', 'cancel'] as const)
        .filter((purpose) => mayDo(draft, purpose) && draft.warning !== undefined)
        .map((purpose) => (
          <button
            key={purpose}
            type="button"
            data-testid={`step-${purpose}`}
            disabled={going.isPending}
            onClick={() => going.mutate(purpose)}
          >
            <T k={`desk.step.${purpose}`} />
          </button>
        ))}
      <Refusal error={going.error} />
    </>
  )
}

function WhyNot({ draft: { can } }: { readonly draft: DeskDraft }) {
  const refused = can.filter(({ isAllowed, because }) => !isAllowed && because !== undefined)
  if (refused.length === 0) return null
  return (
    <ul className="plain faint" data-testid="why-not">
      {refused.map(({ step, because }) => (
        <li key={step}>
          <T k={`desk.step.${step}`} />: <code>{because}</code>
        </li>
      ))}
    </ul>
  )
}
