/** A new draft, from a template or blank, for one country. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Desk, NewDraft } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { newDraft, templatesQuery } from '../api/desk.ts'
import { useNow, useRealm } from '../app/clock.tsx'
import { useCountries } from '../app/countries.ts'
import { isKind, kinds } from '../events/kinds.tsx'
import { pick, T, useText } from '../text/use-text.tsx'

const dayMs = 86_400_000

export function NewDraftForm({ desk }: { readonly desk: Desk }) {
  const { say, language } = useText()
  const { nameOf } = useCountries()
  const templates = useQuery(templatesQuery).data?.items ?? []
  const realm = useRealm()
  const now = useNow(60_000)
  const navigate = useNavigate()
  const making = useMutation({
    mutationFn: (order: NewDraft) => newDraft(order),
    onSuccess: ({ id }) => void navigate({ to: '/desk/drafts/$draftId', params: { draftId: id } }),
  })
  const hazards = [...new Set([...kinds, ...desk.issuers.flatMap(({ hazards: own = [] }) => own)])]
  return (
    <section aria-labelledby="new-draft">
      <h2 id="new-draft">
        <T k="desk.new" />
      </h2>
      <form
        className="form"
        data-testid="new-draft"
        onSubmit={(event) => {
          event.preventDefault()
          const said = new FormData(event.currentTarget)
          const [country, template, hazard] = ['country', 'template', 'hazard'].map((name) =>
            String(said.get(name)),
          )
          if (!country || !hazard) return
          const from: NewDraft['from'] = template
            ? { kind: 'template', template, country }
            : { kind: 'blank', country, hazard, expires: new Date(now + dayMs).toISOString() }
          making.mutate({
            from,
            ...(realm === undefined ? {} : { realm: realm as NonNullable<NewDraft['realm']> }),
          })
        }}
      >
        <label className="choice">
          <span>{say('events.filter.country')}</span>
          <select name="country" required>
            {desk.countries.map(({ code }) => (
              <option key={code} value={code}>
                {nameOf(code)}
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          <span>{say('desk.template')}</span>
          <select name="template">
            <option value="">{say('desk.blank')}</option>
            {templates.map(({ id, title, name }) => (
              <option key={id} value={id}>
                {pick(title, language)?.text ?? name}
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          <span>{say('events.filter.kind')}</span>
          <select name="hazard">
            {hazards.map((kind) => (
              <option key={kind} value={kind}>
                {isKind(kind) ? say(`event.kind.${kind}`) : kind}
              </option>
            ))}
          </select>
        </label>
        <Refusal error={making.error} />
        <p className="buttons">
          <button type="submit" className="primary" disabled={making.isPending}>
            <T k="desk.compose" />
          </button>
        </p>
      </form>
    </section>
  )
}
