/** What states tell each other as lists and its page show it. */
import type { InboxEntry } from '../../packs/environment/pack.ts'
import type { NotificationDetail, NotificationSummary } from '../schemas/index.ts'

export function notificationSummary({ held, ...entry }: InboxEntry): NotificationSummary {
  const { record, receivedAt } = held
  const { id, realm, version, origin, body } = record
  const { headline } = body as { readonly headline?: string }
  const { kind, mode, box, state, openedAt, clocks, isSenderKnown } = entry
  return {
    ...{ id, realm, version, kind, mode, box, state, origin, openedAt, receivedAt, isSenderKnown },
    ...(headline === undefined ? {} : { headline }),
    clocks: clocks.map((clock) => ({ ...clock })),
  }
}

export const notificationDetail = (entry: InboxEntry): NotificationDetail => ({
  ...notificationSummary(entry),
  body: entry.held.record.body,
  notCounting: entry.notCounting.map((one) => ({ ...one })),
  received: entry.received.map((one) => ({ ...one })),
  answers: entry.answers.map(({ record: { id, origin, body } }) => ({
    ...{ id, node: origin, help: body.help, terms: body.terms, at: body.at },
    scope: body.scope.map((one) => ({ ...one })),
  })),
})
