/**
 * One notification whole: its clocks, every answer, those that do not count apart, and what its sender filled in, under the
 * names that the form's fields have.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { NotificationDetail } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { acknowledgeNotification, notificationQuery } from '../api/notifications.ts'
import { sessionQuery } from '../api/session.ts'
import { Icon } from '../app/icon.tsx'
import { Failed, Loading } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { When } from '../app/when.tsx'
import { mayWrite } from '../audit/may.ts'
import { T } from '../text/use-text.tsx'
import { Clocks, Kind, Mode, Sender, State } from './marks.tsx'

export function NotificationPage() {
  const { notificationId = '' } = useParams({ strict: false }) as { readonly notificationId?: string }
  const found = useQuery(notificationQuery(notificationId, useView()))
  return (
    <article className="wide" data-testid="notification-page" aria-busy={found.isFetching}>
      <Link to="/inbox" className="back">
        <Icon name="back" /> <T k="nav.inbox" />
      </Link>
      {found.isPending && <Loading />}
      {found.isError && !found.data && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Whole notification={found.data} />}
    </article>
  )
}

type Props = { readonly notification: NotificationDetail }

function Whole({ notification }: Props) {
  const { headline, openedAt, box, notCounting, answers, body } = notification
  return (
    <>
      <h1>
        <Kind notification={notification} />
      </h1>
      <p>
        <Mode notification={notification} /> <State notification={notification} />
      </p>
      {headline !== undefined && <p lang="en">{headline}</p>}
      <p className="row-facts">
        <T k={`inbox.box.${box}`} /> · <Sender notification={notification} /> · <When at={openedAt} />
      </p>
      <Clocks notification={notification} />
      <Acknowledge notification={notification} />
      {answers.length > 0 && (
        <section aria-labelledby="answers">
          <h2 id="answers">
            <T k="inbox.answers" />
          </h2>
          <ul className="plain">
            {answers.map((answer) => (
              <li key={answer.id}>
                <b>{answer.node}</b>: <T k={`inbox.help.${answer.help}`} /> <When at={answer.at} />
                <p>
                  {answer.scope
                    .map(({ what, quantity }) => [quantity, what].filter(Boolean).join(' '))
                    .join(', ')}
                </p>
                <p>{answer.terms}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {notCounting.length > 0 && (
        <section aria-labelledby="not-counting" data-testid="not-counting">
          <h2 id="not-counting">
            <T k="inbox.notCounting" />
          </h2>
          <ul className="plain">
            {notCounting.map(({ node, at, by, because }) => (
              <li key={`${node}${at}`}>
                {by.name} ({node}) <When at={at} /> <code>{because}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Fields body={body} />
    </>
  )
}

/** Shown to who may write records, where this node is addressed and has not answered. The node itself decides. */
function Acknowledge({ notification }: Props) {
  const { id, box, kind, clocks, received } = notification
  const { data: session } = useQuery(sessionQuery)
  const client = useQueryClient()
  const sending = useMutation({
    mutationFn: () => acknowledgeNotification(id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notification', id] }),
  })
  const waits = clocks.some(({ state }) => state === 'waiting' || state === 'overdue')
  const isReceived = kind === 'assistance-request' && received.length > 0
  if (!session || session.kind === 'public' || !mayWrite(session.roles)) return null
  if (box !== 'in' || !waits || isReceived) return null
  return (
    <p className="buttons">
      <button
        type="button"
        disabled={sending.isPending}
        onClick={() => sending.mutate()}
        data-testid="acknowledge"
      >
        <T k="inbox.acknowledge" />
      </button>
      {sending.isError && <Refusal error={sending.error} />}
    </p>
  )
}

const shownAbove = new Set(['headline', 'addressees', 'from'])

function Fields({ body }: { readonly body: unknown }) {
  if (typeof body !== 'object' || body === null) return null
  return (
    <dl className="facts" data-testid="fields" lang="en">
      {Object.entries(body)
        .filter(([name, value]) => !shownAbove.has(name) && !(Array.isArray(value) && value.length === 0))
        .map(([name, value]) => (
          <Field key={name} name={name} value={value} />
        ))}
    </dl>
  )
}

function Field({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="breakable">
        <Value value={value} />
      </dd>
    </>
  )
}

/** What a form holds is bounded in depth by its schema. */
function Value({ value }: { readonly value: unknown }) {
  if (Array.isArray(value))
    return value.every((one) => typeof one !== 'object') ? (
      value.join(', ')
    ) : (
      <ul className="plain">
        {value.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what a form lists has no name of its own
          <li key={at}>
            <Value value={one} />
          </li>
        ))}
      </ul>
    )
  if (typeof value === 'object' && value !== null) return <Fields body={value} />
  return String(value)
}
