/**
 * The register of points of contact: the region's data, and over it what this node put on record itself. A neighbour's
 * record about contacts counts for nothing here: nobody else may say who speaks for a country.
 */
import type { PointOfContact, Region } from '../../engines/place/index.ts'
import type { Held } from '../../engines/record/index.ts'
import type { Query } from '../../engines/store/index.ts'
import { type ContactBody, contactRecord } from './records.ts'

type Read = (query: Pick<Query, 'types'>) => Promise<readonly Held[]>

export async function contactsOf(
  read: Read,
  { contacts = [] }: Pick<Region, 'contacts'>,
  node: string,
): Promise<readonly PointOfContact[]> {
  const held = (await read({ types: [contactRecord.type] })) as readonly Held<ContactBody>[]
  const own = held.filter(({ record }) => record.origin === node).map(({ record }) => record.body)
  const replaced = new Set(own.map(({ contact }) => contact.id))
  return [
    ...contacts.filter(({ id }) => !replaced.has(id)),
    ...own.flatMap(({ contact, state }) => (state === 'held' ? [contact] : [])),
  ]
}
