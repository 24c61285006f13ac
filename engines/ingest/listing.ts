/**
 * What vanishes from a source whose answers list all that holds (`CompleteListing`): recorded as its pack says, and
 * recorded anew when it comes back. Everything else about an answer has been taken in before.
 *
 * Records first, then the state: a crash between the two records the same once more, which is no new version.
 */
import type { Draft, Held, Instant, Realm } from '../record/index.ts'
import type { CompleteListing, SourceDeclaration } from './contract.ts'
import { changeState, stateNameOf, stateOf } from './health.ts'
import { type Advanced, type Answer, advance, noListing, sameAnswer } from './listing-state.ts'
import { draftOf, type TakenIn } from './payload.ts'
import type { Running } from './running.ts'

export type ListedSource = SourceDeclaration & { readonly listing: CompleteListing }

export async function noteListing(source: ListedSource, taken: TakenIn, running: Running): Promise<void> {
  const { realm, clock } = running
  const drafts = taken.drafts.filter((draft) => draft.realm === realm)
  const answer = {
    names: new Set(drafts.map(nameOf)),
    isWhole: taken.outcome.quarantined === 0,
    at: clock.now(),
  }
  await move(source, answer, { running, drafts })
}

/** It answered that nothing changed. */
export async function listedAgain(source: ListedSource, running: Running): Promise<void> {
  const { listing = noListing } = await stateOf(running.store, stateNameOf(source.id, running.realm))
  if (listing.shrunkSince !== undefined) return // the same broken answer again
  await move(source, sameAnswer(listing, running.clock.now()), { running, drafts: [] })
}

type Moving = { readonly running: Running; readonly drafts: readonly Draft[] }

async function move(source: ListedSource, answer: Answer, { running, drafts }: Moving): Promise<void> {
  const { store, realm } = running
  const name = stateNameOf(source.id, realm)
  const { listing = noListing } = await stateOf(store, name)
  const next = advance(listing, answer, source.listing)
  const records = [
    ...drafts.filter((draft) => next.back.includes(nameOf(draft))),
    ...(await withdrawals(source, next, running)),
  ]
  if (records.length > 0) await store.append(records, { receivedAt: answer.at })
  await changeState(store, name, (state) => ({ ...state, listing: next.state }))
}

async function withdrawals(
  source: ListedSource,
  { vanished }: Advanced,
  { store, realm }: Running,
): Promise<readonly Draft[]> {
  const found = await Promise.all(
    vanished.map(async ({ name, since }) => {
      const [type = '', ...key] = name.split(' ')
      const held = await store.read({ types: [type], key: key.join(' '), realm })
      // Another node's record may have the same key.
      const own = held.filter(({ record }) => record.origin === store.identity.node)
      return own.flatMap((each) => saidOf(source, { held: each, since, realm }))
    }),
  )
  return found.flat()
}

type Gone = { readonly held: Held; readonly since: Instant; readonly realm: Realm }

function saidOf(source: ListedSource, { held, since, realm }: Gone): readonly Draft[] {
  const observed = source.listing.vanished(held, since)
  return observed === undefined ? [] : [draftOf(source, observed, realm)]
}

const nameOf = ({ type, key }: Draft): string => `${type} ${key}`
