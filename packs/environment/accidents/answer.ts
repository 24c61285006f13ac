/**
 * The answer to a request for assistance (Convention on the Transboundary Effects of Industrial Accidents, article 12: the
 * party asked decides promptly and says whether it can help, to what extent and on which terms). A record of the answering
 * node; only who was asked answers, and may change its answer by a further version. The first stops the clock.
 */
import { type Draft, type Held, type Instant, unreachable } from '../../../engines/record/index.ts'
import type { Appended, Store } from '../../../engines/store/index.ts'
import { nodesOf } from '../addressed.ts'
import { type AssistanceAnswerBody, type AssistanceRequestBody, assistanceAnswerRecord } from './records.ts'
import type { By } from './send.ts'

export type Help = Pick<AssistanceAnswerBody, 'help' | 'scope' | 'terms' | 'availableFrom' | 'note'>

export type HelpAnswered =
  | { readonly kind: 'own' }
  | { readonly kind: 'not-addressed' }
  /** Help is promised without saying what. */
  | { readonly kind: 'no-scope' }
  | { readonly kind: 'written'; readonly appended: Appended }

export async function answerRequest(
  store: Pick<Store, 'append' | 'identity'>,
  { record }: Held<AssistanceRequestBody>,
  { by, at, ...help }: Help & { readonly by: By; readonly at: Instant },
): Promise<HelpAnswered> {
  const { node } = store.identity
  if (record.origin === node) return { kind: 'own' }
  if (!nodesOf(record.body.addressees).includes(node)) return { kind: 'not-addressed' }
  if (promises(help.help) && help.scope.length === 0) return { kind: 'no-scope' }
  const draft: Draft<AssistanceAnswerBody> = {
    ...{ type: assistanceAnswerRecord.type, key: record.id, realm: record.realm, handling: record.handling },
    producer: { kind: 'person', ...by },
    valid: { from: at },
    links: [
      { type: 'answers', id: record.id, version: record.version },
      { type: 'about', id: record.id },
    ],
    body: { notification: record.id, version: record.version, at, by, ...help },
  }
  const [appended] = await store.append([draft])
  if (appended === undefined) throw new Error('the store answered nothing')
  return { kind: 'written', appended }
}

function promises(help: Help['help']): boolean {
  switch (help) {
    case 'yes':
    case 'partly':
      return true
    case 'no':
      return false
    default:
      return unreachable(help)
  }
}
