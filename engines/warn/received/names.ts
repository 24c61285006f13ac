/**
 * Ids under which records of messages find each other, as links to things that are no records themselves: a message by
 * its name, and a slot (one kind in one area). A node that holds a reference, and not yet what it names, has the same id
 * in hand as the node that holds the message. They do not depend on whose record it is.
 */
import { hash } from 'node:crypto'
import { type CapTriple, capTripleText } from '../../formats/index.ts'
import type { Link, RecordId } from '../../record/index.ts'
import type { Segment } from './contract.ts'

const idOf = (text: string): RecordId => hash('sha256', text, 'hex').slice(0, 40) as RecordId

export const messageId = (triple: CapTriple): RecordId => idOf(`cap-message\n${capTripleText(triple)}`)

/** Without the authority, whom the register may come to know otherwise. */
export const slotId = ({ kindKey, areaKey }: Pick<Segment, 'kindKey' | 'areaKey'>): RecordId =>
  idOf(`cap-slot\n${kindKey}\n${areaKey}`)

/** `about`: the message's own name and its slots. `supersedes`: the names it refers to. */
export function linksOf(
  own: CapTriple,
  referred: readonly CapTriple[],
  slots: readonly RecordId[],
): readonly Link[] {
  const to = (type: 'about' | 'supersedes', ids: readonly RecordId[]) =>
    [...new Set(ids)].sort().map((id): Link => ({ type, id }))
  return [...to('about', [messageId(own), ...slots]), ...to('supersedes', referred.map(messageId))]
}
