/**
 * `POST ask`: what this node holds on a question, for a peer that asks now. Answered under the same rules as a pull (what
 * the peer may receive, and the policy with the peer as principal), narrowed to the stated purpose and to the label up to
 * which the asking person may have it. Newest versions only, with their proofs, bounded.
 */
import { Compile } from 'typebox/compile'
import { actual, isInstant, isRealm } from '../record/index.ts'
import type { Condition, Query } from '../store/index.ts'
import type { Peer } from './contract.ts'
import { type EntitlementParts, entitlementOf } from './entitlement.ts'
import { RequestRefused } from './errors.ts'
import { type GiveParts, signedHead } from './give.ts'
import type { Asker, ExchangeRoute } from './handlers.ts'
import { keyTypes } from './peer-keys.ts'
import { renderer } from './render.ts'
import { areaOf } from './rules.ts'
import { type Question, questionSchema } from './wire.ts'

export type QuestionParts = GiveParts &
  EntitlementParts & {
    /** For the audit: who asked what, and how many records were disclosed. */
    readonly asked: (peer: Peer, question: Question, disclosed: number) => Promise<void>
  }

const maxBytes = 2 * 1024 * 1024
const defaultLimit = 50
const validator = Compile(questionSchema)

export const questionRoute = (parts: QuestionParts): ExchangeRoute => ({
  method: 'POST',
  path: 'ask',
  async answer(asker) {
    const question = questionOf(asker)
    const { peer } = asker
    if (!peer.purposes.includes(question.purpose) && question.purpose !== 'public')
      throw new RequestRefused(
        403,
        'exchange/purpose-refused',
        `${peer.node} is not cleared here for ${question.purpose}; it may ask for ${['public', ...peer.purposes].join(', ')}.`,
      )
    const [head, now, embargoNow, entitlement] = [
      await signedHead(parts),
      parts.clock.now(),
      await parts.embargoNow(),
      await entitlementOf(parts, {
        ...peer,
        purposes: question.purpose === 'public' ? [] : [question.purpose],
      }),
    ]
    const limit = question.limit ?? defaultLimit
    const held = await parts.store.read({
      ...queryOf(question),
      upTo: (head?.size ?? 0) - 1,
      where: { kind: 'all', of: [entitlement.at(now, embargoNow), ...conditionsOf(question)] },
      order: '-index',
      limit: limit + 1,
    })
    const render = renderer(parts, entitlement.readers(now, embargoNow), { head, bytes: maxBytes })
    const cut = await render.take(held.slice(0, limit))
    if (render.refs().length > 0) await parts.recall.noteSent(peer.node, render.refs())
    await parts.asked(peer, question, render.refs().length)
    const isAll = cut === undefined && held.length <= limit
    const proven = `"checkpoints":${JSON.stringify(render.checkpoints())},"hashes":${JSON.stringify(render.hashes())}`
    const body = `{"isAll":${isAll},${proven},"items":[${render.items().join(',')}]}`
    return { mediaType: 'application/json', body }
  },
})

function questionOf({ body }: Asker): Question {
  const unfit = (what: string) =>
    new RequestRefused(400, 'exchange/bad-request', `The question does not fit: ${what}.`)
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    throw unfit('it is no JSON')
  }
  if (!validator.Check(value))
    throw unfit(
      `${validator.Errors(value)[0]?.instancePath || '/'} ${validator.Errors(value)[0]?.message ?? ''}`,
    )
  const question = value as Question
  for (const at of [question.validFrom, question.validUntil])
    if (at !== undefined && !isInstant(at)) throw unfit(`"${at}" is no instant`)
  if (question.realm !== undefined && !isRealm(question.realm)) throw unfit('no such realm')
  return question
}

const queryOf = ({ key, validFrom, validUntil, realm }: Question): Query =>
  ({
    realm: realm ?? actual,
    ...(key !== undefined && { key }),
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
  }) as Query

const conditionsOf = ({ types, areas, upTo }: Question): readonly Condition[] => [
  // What nodes say about their keys answers no question, unless it is asked for.
  types === undefined
    ? { kind: 'not' as const, of: { kind: 'type-in' as const, types: keyTypes } }
    : { kind: 'type-in' as const, types },
  ...(areas === undefined
    ? []
    : [{ kind: 'area-in' as const, areas: areas.map(areaOf) }, { kind: 'unmarked' as const }]),
  ...(upTo === undefined ? [] : [{ kind: 'tlp-at-most' as const, label: upTo }]),
]
