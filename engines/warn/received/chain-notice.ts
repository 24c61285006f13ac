/**
 * One chain as one notice: whose words hold, what became of it, and the part that every message has in it.
 *
 * What holds are the tellings that nothing replaced or ended. Of several the most severe is shown, then the latest: a
 * suspicion must never make a warning milder than the authority's own word.
 *
 * The key names authority, kind, area and the earliest telling known. Comes an earlier one later, the key changes, and
 * the reactor points the old notice to the new one.
 */
import { hash } from 'node:crypto'
import { type CapSeverity, capSeverities } from '../../formats/index.ts'
import type { Chain } from './chains.ts'
import type { ChainMessage, KnownAlert, Reason, Resolved, Role } from './contract.ts'
import { type Message, textOrder } from './references.ts'
import type { Told, ToldFates, World } from './resolve.ts'

export function noticeOf(chain: Chain, world: World, fates: ToldFates): Resolved {
  const told = [...chain.told].sort(inOrder)
  const first = told[0] as Told // a chain is never empty
  const standing = told.filter((each) => stands(each, fates))
  const shown = standing.toSorted(gravestFirst)[0] ?? lastWarning(told)
  const endedMs = standing.length > 0 ? undefined : endOf(told, fates)
  const alike = told.filter((each) => each !== shown && each.fact === shown.fact)
  const hold = holdOf(chain, told, standing, fates)
  return {
    key: keyOf(first),
    authority: first.message.authority,
    state:
      standing.length > 0 ? 'in-force' : told.some((each) => isEnded(each, fates)) ? 'ended' : 'superseded',
    ...(endedMs === undefined ? {} : { endedMs }),
    shown: shown.segment,
    alike: alike.map(({ segment }) => segment),
    messages: messagesIn(told, world, fates),
    dangling: [...new Set(told.flatMap(({ message }) => world.referencesOf(message).dangling))].sort(),
    ...(hold === undefined ? {} : { hold }),
  }
}

const inOrder = (a: Told, b: Told): number =>
  a.message.sentMs - b.message.sentMs ||
  textOrder(a.message.name, b.message.name) ||
  textOrder(a.fact, b.fact)

const stands = (told: Told, fates: ToldFates): boolean => {
  const fate = fates.get(told)
  return !told.segment.isAllClear && !isEnded(told, fates) && (fate?.replacedBy.length ?? 0) === 0
}

const isEnded = (told: Told, fates: ToldFates): boolean => {
  const fate = fates.get(told)
  if (fate === undefined) return false
  return told.segment.isAllClear || fate.startsNothing || fate.cancelledBy.length + fate.clearedBy.length > 0
}

const grave = (severity: CapSeverity): number => capSeverities.indexOf(severity)
const gravestFirst = (a: Told, b: Told): number => {
  const [x, y] = [a.segment.infos[0]?.severity ?? 'Unknown', b.segment.infos[0]?.severity ?? 'Unknown']
  return grave(x) - grave(y) || -inOrder(a, b)
}

/** What it said before it ended; an all-clear alone has only itself. */
const lastWarning = (told: readonly Told[]): Told =>
  told.findLast(({ segment }) => !segment.isAllClear) ?? (told.at(-1) as Told)

/** The latest of what ended or replaced its tellings. */
function endOf(told: readonly Told[], fates: ToldFates): number {
  const ends = told.map((each) => {
    const fate = fates.get(each)
    const by = [...(fate?.cancelledBy ?? []), ...(fate?.clearedBy ?? []), ...(fate?.replacedBy ?? [])]
    return by.length === 0 ? each.message.sentMs : Math.min(...by.map(({ sentMs }) => sentMs))
  })
  return Math.max(...ends)
}

function holdOf(
  { suspected }: Chain,
  told: readonly Told[],
  standing: readonly Told[],
  fates: ToldFates,
): Resolved['hold'] {
  if (standing.length > 1 && standing.filter((each) => suspected.has(each)).length > 1)
    return 'suspected-re-issue'
  return told.some((each) => fates.get(each)?.startsNothing) ? 'update-after-cancel' : undefined
}

function keyOf(first: Told): string {
  const { segment, message } = first
  const anchor = hash('sha256', `${message.name}\n${first.fact}`, 'hex').slice(0, 12)
  return `${[message.authority, segment.kindKey, segment.areaKey].map((part) => part.slice(0, 140)).join('/')}#${anchor}`
}

function messagesIn(told: readonly Told[], world: World, fates: ToldFates): readonly ChainMessage[] {
  const said = new Map<KnownAlert, ChainMessage>()
  const add = (alert: KnownAlert, role: Role, because: Reason): void => {
    if (!said.has(alert)) said.set(alert, { key: alert.key, triple: alert.triple, role, because })
  }
  const before: Before = { messages: new Set(), facts: new Map() }
  for (const each of told) {
    const { role, because } = partOf(each, before, { world, fates })
    add(each.message.alert, role, because)
    for (const copy of each.message.copies) add(copy, 'copy', 'same-message')
    for (const conflict of each.message.conflicts) add(conflict, 'conflict', 'other-content-under-one-name')
    const fate = fates.get(each)
    for (const by of fate?.cancelledBy ?? []) add(by.alert, 'cancel', 'names-it')
    for (const by of fate?.clearedBy ?? []) {
      const names = world.referencesOf(by).held.includes(each.message)
      add(by.alert, 'all-clear', names ? 'names-it' : 'same-kind-and-area')
    }
    for (const by of fate?.replacedBy ?? []) add(by.alert, 'update', 'names-it')
    before.messages.add(each.message)
    if (!before.facts.has(each.fact)) before.facts.set(each.fact, each)
  }
  return [...said.values()].sort(
    (a, b) =>
      textOrder(a.triple.sent, b.triple.sent) ||
      Number(a.role === 'conflict') - Number(b.role === 'conflict') ||
      textOrder(a.key, b.key),
  )
}

/** What of the chain was sent before. */
type Before = { readonly messages: Set<Message>; readonly facts: Map<string, Told> }

function partOf(
  told: Told,
  before: Before,
  { world, fates }: { readonly world: World; readonly fates: ToldFates },
): { readonly role: Role; readonly because: Reason } {
  const { message, segment } = told
  const isFirst = before.messages.size === 0
  const names = world.referencesOf(message).held.some((each) => before.messages.has(each))
  if (segment.isAllClear) {
    const clears = names ? 'names-it' : 'same-kind-and-area'
    return { role: 'all-clear', because: isFirst ? 'earliest-known' : clears }
  }
  if (fates.get(told)?.startsNothing) return { role: 'update', because: 'names-only-cancelled' }
  if (message.alert.alert.msgType === 'Update') {
    const goesOn = names ? 'names-it' : 'same-fact'
    return { role: 'update', because: isFirst ? 'earliest-known' : goesOn }
  }
  if (isFirst) return { role: 'first', because: 'earliest-known' }
  const twin = before.facts.get(told.fact)
  if (twin === undefined) return { role: 're-issue', because: 'times-within-60-min' }
  const isOtherSender = twin.message.alert.triple.sender !== message.alert.triple.sender
  return { role: isOtherSender ? 'copy' : 're-issue', because: 'same-fact' }
}
