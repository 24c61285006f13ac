/** The organisations that this node knows: who runs it, whom it serves, and guests. */
import type { AccountParts, Organisation } from './contract.ts'
import { AccountRefused } from './errors.ts'

export type Organisations = {
  readonly add: (organisation: Organisation) => Promise<Organisation>
  readonly get: (id: string) => Promise<Organisation | undefined>
  readonly list: () => Promise<readonly Organisation[]>
}

export function createOrganisations({ sql, now }: Pick<AccountParts, 'sql' | 'now'>): Organisations {
  const get: Organisations['get'] = async (id) => {
    const [row] = await sql<Organisation[]>`select id, name, standing from organisation where id = ${id}`
    return row
  }
  return {
    add: async (organisation) => {
      const { id, standing } = checkedOrganisation(organisation)
      const name = checkedName(organisation.name)
      const added = await sql<Organisation[]>`
        insert into organisation (id, name, standing, added_at)
        values (${id}, ${name}, ${standing}, ${now()})
        on conflict do nothing
        returning id, name, standing`
      if (!added[0])
        throw new AccountRefused('access/organisation-taken', `There is an organisation ${id} already.`)
      return added[0]
    },
    get,
    list: () => sql<Organisation[]>`select id, name, standing from organisation order by id`,
  }
}

const standings = ['home', 'client', 'guest'] as const

function checkedOrganisation(organisation: Organisation): Organisation {
  const { id, standing } = organisation
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(id))
    throw new AccountRefused(
      'access/organisation-unfit',
      'The id of an organisation is 1 to 64 of a–z, 0–9, point and hyphen: org-dcp.',
    )
  if (!standings.includes(standing))
    throw new AccountRefused('access/organisation-unfit', `The standing is ${standings.join(', ')}.`)
  return organisation
}

/** A name that people read: one line, not endless. */
export function checkedName(name: string): string {
  const trimmed = name.normalize('NFC').trim()
  if (trimmed.length === 0 || trimmed.length > 120 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(trimmed))
    throw new AccountRefused('access/name-unfit', 'A name is one line of 1 to 120 characters.')
  return trimmed
}
