/** Withdrawing a record, or tightening its label, everywhere it went: for the people of its originator. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { RecordDetail } from '../../server/schemas/index.ts'
import { Field, Refusal } from '../access/form.tsx'
import { nodeQuery } from '../api/node.ts'
import { orderRecall } from '../api/recalls.ts'
import { sessionQuery } from '../api/session.ts'
import { T } from '../text/use-text.tsx'

const labels = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED']
const mayOrder = ['liaison', 'approver', 'duty-officer']

export function TakeBack({ record }: { readonly record: RecordDetail }) {
  const { data: session } = useQuery(sessionQuery)
  const { data: node } = useQuery(nodeQuery)
  const isTheirs = session?.kind === 'person' && session.roles.some((role) => mayOrder.includes(role))
  if (!isTheirs || node?.name !== record.origin || /^exchange\.rec/.test(record.type)) return null
  return (
    <details className="card" data-testid="take-back">
      <summary>
        <T k="recalls.order" />
      </summary>
      <OrderForm record={record} />
    </details>
  )
}

function OrderForm({ record }: { readonly record: RecordDetail }) {
  const labelId = useId()
  const queries = useQueryClient()
  const ordering = useMutation({
    mutationFn: orderRecall,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['recalls'] }),
  })
  const stricter = labels.slice(labels.indexOf(record.handling.tlp) + 1)
  if (ordering.data)
    return (
      <output className="notice">
        <T k="recalls.done" n={ordering.data.told.length} />{' '}
        <Link to="/recalls">
          <T k="recalls.title" />
        </Link>
      </output>
    )
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const { submitter } = event.nativeEvent as SubmitEvent
        const data = new FormData(event.currentTarget)
        const order = { target: record.id, reason: String(data.get('reason')).trim() }
        const isRelabel = (submitter as HTMLButtonElement | null)?.value === 'relabel'
        ordering.mutate(
          isRelabel
            ? { ...order, action: 'relabel', handling: { tlp: String(data.get('tlp')) } }
            : { ...order, action: 'withdraw' },
        )
      }}
    >
      <Field name="reason" label="recalls.reason" minLength={3} maxLength={500} autoCapitalize="sentences" />
      {stricter.length > 0 && (
        <div className="field">
          <label htmlFor={labelId}>
            <T k="record.label" />
          </label>
          <select id={labelId} name="tlp">
            {stricter.map((label) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        </div>
      )}
      <Refusal error={ordering.error} />
      <p className="buttons">
        {stricter.length > 0 && (
          <button type="submit" value="relabel" disabled={ordering.isPending}>
            <T k="recalls.do.relabel" />
          </button>
        )}
        <button type="submit" value="withdraw" className="danger" disabled={ordering.isPending}>
          <T k="recalls.do.withdraw" />
        </button>
      </p>
    </form>
  )
}
