/**
 * What a run of the leak test is made of: for each asker handlings that he may see and that he may not, generated records
 * of both, fields that differ where he may not look, and a quarantine and source figures that he may not know.
 */
import { thePublic } from '../engines/access/index.ts'
import {
  type Draft,
  exercise,
  type Handling,
  type Held,
  type Instant,
  plusMs,
  type Realm,
  type RecordId,
} from '../engines/record/index.ts'
import { type Asker, begins, hiddenLike, idIn, movedTo, type Twin } from './leak.test-support.ts'
import type { Ground } from './leak-table.test-support.ts'

const later = '2099-01-01T00:00:00.000Z' as Instant
const earlier = '2020-01-01T00:00:00.000Z' as Instant

export type Case = Asker & { readonly visible: readonly Handling[]; readonly hidden: readonly Handling[] }

const hiddenFromBoth: readonly Handling[] = [
  { tlp: 'TLP:AMBER' },
  { tlp: 'TLP:AMBER+STRICT' },
  { tlp: 'TLP:RED' },
  { tlp: 'TLP:CLEAR', audience: ['tirana.example'] },
  { tlp: 'TLP:CLEAR', audience: [] },
  { tlp: 'TLP:CLEAR', purposes: ['law-enforcement'] },
  { tlp: 'TLP:CLEAR', police: ['H1'] },
  { tlp: 'TLP:CLEAR', embargoUntil: later },
  { tlp: 'TLP:CLEAR', retainUntil: earlier },
]

export const askers: readonly Case[] = [
  {
    name: 'public',
    principal: thePublic,
    purpose: 'public',
    visible: [{ tlp: 'TLP:CLEAR' }],
    hidden: [...hiddenFromBoth, { tlp: 'TLP:GREEN' }, { tlp: 'TLP:CLEAR', originatorControl: true }],
  },
  {
    name: 'reader',
    principal: {
      kind: 'person',
      id: 'person:vera@guests.example',
      organisation: 'org-guests',
      standing: 'guest',
      roles: ['reader'],
      clearances: [{ community: '*', upTo: 'TLP:GREEN' }],
      purposes: ['civil-protection'],
      police: [],
    },
    purpose: 'civil-protection',
    visible: [
      { tlp: 'TLP:CLEAR' },
      { tlp: 'TLP:GREEN' },
      { tlp: 'TLP:CLEAR', purposes: ['civil-protection'] },
    ],
    hidden: hiddenFromBoth,
  },
]

export type Filling = {
  readonly asker: Case
  readonly bank: readonly Held[]
  readonly seed: number
  readonly run: number
}

/** The same visible records into both, hidden ones into one, by the same clock; and quarantine and source figures. */
export async function fill(seen: Twin, all: Twin, { asker, bank, seed, run }: Filling): Promise<Ground> {
  const random = randomOf(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const realm = exercise(`leak-${asker.name}-${run}`)
  const drafts = movedTo(realm, bank)
  const handlings = new Map(drafts.map(({ key }) => [key, pick(asker.visible)]))
  const hidden: Draft[] = []
  const start = plusMs(begins, run * 86_400_000)
  const visible = new Set<RecordId>()

  for (const [at, draft] of drafts.entries()) {
    for (const twin of [seen, all]) twin.clock.set(plusMs(start, at * 60_000))
    for (let more = random() < 0.5 ? 2 : 0; more > 0; more -= 1) {
      const linkTo = [...visible].length === 0 ? [] : [pick([...visible]), pick([...visible])]
      const like = hiddenLike(pick(drafts.slice(0, at + 1)), hidden.length, {
        handling: pick(asker.hidden),
        linkTo,
      })
      // Some were visible before. What is restricted now is so in every version; what is embargoed leaves the one before.
      if (random() < 0.3) {
        const before = { ...like, handling: pick(asker.visible), valid: { from: begins } }
        for (const twin of like.handling?.embargoUntil === undefined ? [all] : [seen, all])
          await append(twin, before)
      }
      await append(all, like)
      hidden.push(like)
    }
    for (const twin of [seen, all])
      await append(twin, { ...draft, handling: handlings.get(draft.key) ?? { tlp: 'TLP:CLEAR' } })
    visible.add(idIn(draft))
  }
  const marked = markedLike(drafts)
  for (const { draft, differing } of marked) {
    await append(seen, draft)
    await append(all, differing)
  }
  await besideRecords(all, realm, hidden)
  return {
    realm,
    visible: [...visible],
    events: drafts.filter(({ type }) => type === 'hazards.event').map(idIn),
    warnings: drafts.filter(({ type }) => type === 'warn.warning').map(idIn),
    hidden: hidden.map(idIn),
    hiddenKeys: hidden.map(({ key }) => key),
    marked: marked.map(({ draft }) => idIn(draft)),
    secrets: ['innermost', 'utterly'],
    instants: [plusMs(start, 20 * 60_000), plusMs(start, 90 * 60_000)],
  }
}

/** Records that both nodes show, with fields that nobody but RED may have, and that say different things in each. */
function markedLike(
  drafts: readonly Draft[],
): readonly { readonly draft: Draft; readonly differing: Draft }[] {
  return ['hazards.observation', 'hazards.event', 'hazards.impact', 'unknown.note'].flatMap((type) => {
    const [first] = drafts
    if (!first) return []
    const like = drafts.find((draft) => draft.type === type) ?? { ...first, type, body: {} }
    const links = (like.links ?? []).filter((link) => link.type !== 'derivedFrom')
    const [about] = drafts.filter((draft) => draft.type === 'hazards.event').map(idIn)
    const body = like.body as { readonly region?: string; readonly figures?: { readonly region?: string } }
    const field = type === 'hazards.event' ? '/body/figures/region' : '/body/region'
    const saying = (secret: string) =>
      type === 'hazards.event'
        ? { ...body, figures: { ...body.figures, region: secret } }
        : { ...body, region: secret }
    const marks = { [field]: 'TLP:RED' as const, [`/links/${links.length}`]: 'TLP:RED' as const }
    const made = (secret: string, to: RecordId | undefined): Draft => ({
      ...like,
      key: `marked ${like.key}`,
      links: [...links, { type: 'about', id: to ?? ('0'.repeat(40) as RecordId) }],
      handling: { tlp: 'TLP:CLEAR', fieldMarks: marks },
      body: saying(secret),
    })
    return [{ draft: made('innermost', about), differing: made('utterly', undefined) }]
  })
}

async function besideRecords({ node, clock }: Twin, realm: Realm, hidden: readonly Draft[]): Promise<void> {
  const [source] = node.sources
  const receivedAt = clock.now()
  for (const draft of hidden.slice(0, 5))
    await node.store.quarantine.hold({
      kind: 'reactor-failed',
      from: 'fuse',
      realm,
      receivedAt,
      mediaType: 'application/json',
      bytes: Buffer.from(JSON.stringify(draft)),
      issues: [{ rule: 'x/y', place: '', value: draft.key, message: 'It holds something restricted.' }],
    })
  if (source) {
    const counts = { received: 9, accepted: 5, quarantined: 4 }
    await node.store.sources.put({ source: source.id, errorsInARow: 0, lastError: 'innermost', ...counts })
  }
}

export async function append({ node }: Twin, draft: Draft): Promise<void> {
  const [outcome] = await node.store.append([draft])
  if (outcome?.kind !== 'appended' && outcome?.kind !== 'unchanged')
    throw new Error(JSON.stringify([draft.key, outcome]))
}

/** mulberry32, public domain: small, and the same for a seed everywhere. */
function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
