/**
 * One decision of the handling policy, as a function over a record in hand, against its limit of 1 µs.
 *
 * Measured: the predicate that `visibleTo` gives for one request, asked of records in memory, one after the other. The
 * requests are a person of the home organisation, a guest, the public, and a peer node; the records carry random labels,
 * audiences, purposes, police codes, embargoes and retentions. Beside it: the whole decision with reasons and field marks,
 * and what it costs to prepare a request, which is paid once for a list and not for each record.
 *
 * How it could mislead: the records lie in memory and are asked in turn, so caches are warm; a stream from the database
 * pays for its rows besides. Half of the records are plain `TLP:CLEAR`, as most of what a node holds is; the worst kind
 * (every rule asked, long audience) stands as a figure of its own. Medians of rounds; the first round compiles and is
 * left out.
 */
import {
  type Asking,
  nodePrincipal,
  type Principal,
  purposes,
  reader,
  thePublic,
} from '../engines/access/index.ts'
import {
  actual,
  type Handling,
  type Held,
  instant,
  nodeId,
  type RecordId,
  tlpLabels,
} from '../engines/record/index.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { type Figure, figure, median, percentile, type Report } from './figures.ts'
import { atHome } from './reader.ts'
import { randomFrom } from './shocks.ts'

const seed = 20260301
const count = 10_000
const limitNs = 1000
const now = instant('2026-03-01T12:00:00Z')
const [earlier, later] = [instant('2026-03-01T11:00:00Z'), instant('2026-03-01T13:00:00Z')]

const person = (parts: Partial<Principal>): Principal => ({ ...atHome, ...parts })

const principals: Readonly<Record<string, Principal>> = {
  'at home': person({}),
  guest: person({
    standing: 'guest',
    organisation: 'org-3',
    clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
  }),
  public: thePublic,
  'peer node': nodePrincipal({
    node: nodeId('peer.example'),
    organisation: 'org-5',
    clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
    purposes: ['civil-protection'],
  }),
}

const askingOf = (principal: Principal): Asking => ({
  principal,
  purpose: 'civil-protection',
  now,
  embargoNow: now,
})

async function measure(run: BenchRun): Promise<Report> {
  const rounds = run.isQuick ? 3 : 15
  const records = mixed()
  const worst = Array.from({ length: count }, () => heldWith(heavy))
  const figures: Figure[] = []
  let slowest = 0
  for (const [name, principal] of Object.entries(principals)) {
    const { mayHave, decide } = reader(askingOf(principal))
    const predicate = nsEach(rounds, records, mayHave)
    slowest = Math.max(slowest, median(predicate))
    figures.push(
      figure(`${name}: predicate, median`, median(predicate), 'ns'),
      figure(`${name}: predicate, slowest round`, percentile(predicate, 100), 'ns'),
      figure(`${name}: predicate, worst records, median`, median(nsEach(rounds, worst, mayHave)), 'ns'),
      figure(`${name}: decision with its reasons, median`, median(nsEach(rounds, records, decide)), 'ns'),
    )
    if (run.signal.aborted) break
  }
  const prepared = nsEach(rounds, records, () => reader(askingOf(person({}))))
  return {
    bench: 'access-decision',
    run: `${rounds - 1} rounds of ${count} records for each of ${Object.keys(principals).length} principals, seed ${seed}`,
    figures: [
      ...figures,
      figure('preparing a request, median', median(prepared) / 1000, 'µs'),
      figure('predicate / limit of 1 µs, slowest principal', slowest / limitNs, '', { atMost: 1 }),
    ],
  }
}

/** Nanoseconds of one call, for every round but the first. */
function nsEach(rounds: number, records: readonly Held[], ask: (held: Held) => unknown): readonly number[] {
  let kept = 0 // the answers are used, so that no call can be optimised away
  const each = Array.from({ length: rounds }, () => {
    const startedAt = performance.now()
    for (const held of records) if (ask(held)) kept += 1
    return ((performance.now() - startedAt) * 1e6) / records.length
  })
  if (kept < 0) throw new Error('unreachable')
  return each.slice(1)
}

const heavy: Handling = {
  tlp: 'TLP:GREEN',
  audience: [...Array.from({ length: 40 }, (_, n) => `org-far-${n}`), 'org-3', 'org-5', 'org-home'],
  purposes: ['civil-protection', 'health'],
  police: ['H0'],
  embargoUntil: earlier,
  retainUntil: later,
}

function mixed(): readonly Held[] {
  const random = randomFrom(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const some = (share: number, handling: Partial<Handling>) => (random() < share ? handling : {})
  return Array.from({ length: count }, () => {
    if (random() < 0.5) return heldWith({ tlp: 'TLP:CLEAR' })
    const organisations = Array.from({ length: 5 }, () => `org-${Math.floor(random() * 10)}`)
    return heldWith({
      tlp: pick(tlpLabels),
      ...some(0.5, { audience: [...organisations, 'org-home'] }),
      ...some(0.3, { purposes: [pick(purposes), 'civil-protection'] }),
      ...some(0.2, { police: ['H1'] }),
      ...some(0.2, { embargoUntil: pick([earlier, later]) }),
      ...some(0.2, { retainUntil: pick([earlier, later]) }),
      ...some(0.1, { fieldMarks: { '/body/depthKm': 'TLP:AMBER' } }),
    })
  })
}

const heldWith = (handling: Handling): Held => ({
  record: {
    id: '0'.repeat(40) as RecordId,
    version: 1,
    type: 'bench.record',
    schemaVersion: 1,
    origin: nodeId('bench.example'),
    key: 'k',
    realm: actual,
    producer: { kind: 'source', name: 'bench' },
    attribution: [],
    recordedAt: earlier,
    valid: { from: earlier },
    handling,
    links: [],
    body: { magnitude: 4, depthKm: 10 },
  },
  receivedAt: earlier,
  index: 0,
})

await runBench('access-decision', measure)
