/**
 * Which messages can bear on what one message changes: looked up by name and by slot (`names.ts`), never by reading all.
 *
 * Changed can be: the warnings of the message itself, of those it names, of those that name it, and of those that name the
 * same as it does (an Update of something that is now cancelled). For their slots all messages of about the same time are
 * read, then whatever these name or are named by, until nothing new comes.
 */
import type { CapTriple } from '../../formats/index.ts'
import { capTriple } from '../../formats/index.ts'
import { type Held, type Instant, plusMs, type RecordId } from '../../record/index.ts'
import type { ReactorView } from '../../store/index.ts'
import { messageId } from './names.ts'
import { type AlertBody, alertRecord } from './records.ts'

export type HeldAlert = Held<AlertBody>

export type Related = {
  readonly alerts: readonly HeldAlert[]
  /** Slots of which every message that counts is among the alerts. */
  readonly slots: ReadonlySet<RecordId>
}

/** As far apart as two messages can be and still be taken for one warning, and a little. */
const marginMs = 61 * 60_000
/** A chain longer than this is no chain: somebody plays with references. */
const mostRounds = 12
const mostAlerts = 5_000

export async function relatedTo(input: HeldAlert, view: ReactorView): Promise<Related> {
  const found = new Map<string, HeldAlert>()
  const asked = new Set<RecordId>()
  add(found, [input])
  const byName = async (ids: readonly RecordId[]): Promise<readonly HeldAlert[]> => {
    const fresh = [...new Set(ids)].filter((id) => !asked.has(id))
    for (const id of fresh) asked.add(id)
    return fresh.length === 0 ? [] : add(found, await read(view, { linkedTo: fresh }))
  }
  await byName([input, ...(await byName(namesOf(input)))].flatMap(namesOf))
  const slots = new Set([...found.values()].flatMap(slotsOf))
  if (slots.size > 0) {
    const { from, until } = windowOf([...found.values()])
    const window = { validFrom: plusMs(from, -marginMs), validUntil: plusMs(until, marginMs) }
    add(found, await read(view, { linkedTo: [...slots], ...window }))
  }
  for (let round = 0; round < mostRounds && found.size < mostAlerts; round++) {
    const inSlots = [...found.values()].filter((held) => slotsOf(held).some((slot) => slots.has(slot)))
    if ((await byName(inSlots.flatMap(namesOf))).length === 0) break
  }
  return { alerts: [...found.values()], slots }
}

function add(found: Map<string, HeldAlert>, alerts: readonly HeldAlert[]): readonly HeldAlert[] {
  const fresh = alerts.filter(({ record }) => !found.has(record.id))
  for (const held of fresh) found.set(held.record.id, held)
  return fresh
}

async function read(
  view: ReactorView,
  query: {
    readonly linkedTo: readonly RecordId[]
    readonly validFrom?: Instant
    readonly validUntil?: Instant
  },
): Promise<readonly HeldAlert[]> {
  return (await view.read({ types: [alertRecord.type], ...query })) as readonly HeldAlert[]
}

/** Its own name and those it refers to. */
function namesOf({ record: { body } }: HeldAlert): readonly RecordId[] {
  const referred = body.alert.references.flatMap((each): readonly CapTriple[] => {
    const triple = capTriple(each)
    return triple === undefined ? [] : [triple]
  })
  return [body.triple, ...referred].map(messageId)
}

/** What it is `about` beside its own name. */
function slotsOf({ record }: HeldAlert): readonly RecordId[] {
  const own = messageId(record.body.triple)
  return record.links.flatMap(({ type, id }) => (type === 'about' && id !== own ? [id] : []))
}

function windowOf(alerts: readonly HeldAlert[]): { readonly from: Instant; readonly until: Instant } {
  const from = alerts.map(({ record }) => record.valid.from).sort()[0] as Instant // the input is among them
  const until = alerts
    .map(({ record }) => record.valid.until ?? record.valid.from)
    .sort()
    .at(-1) as Instant
  return { from, until }
}
