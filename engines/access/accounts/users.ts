/**
 * The people who may sign in to this node, and what each is granted. The principal of a request is made from here anew
 * each time, so what an administrator takes away is gone with the next request; sessions are ended all the same.
 */
import { instant, type NodeId, policeCodes, tlpLabels } from '../../record/index.ts'
import { type Clearance, type Principal, purposes, roles } from '../contract.ts'
import type { AccountParts, Grants, Handle, NewUser, User } from './contract.ts'
import { AccountRefused } from './errors.ts'
import { checkedName, createOrganisations } from './organisations.ts'

export type Users = {
  readonly add: (user: NewUser) => Promise<User>
  readonly get: (id: string) => Promise<User | undefined>
  readonly byLogin: (login: string) => Promise<User | undefined>
  readonly list: () => Promise<readonly User[]>
  readonly count: () => Promise<number>
  /** Only what is named changes; every session of the person ends. */
  readonly grant: (id: string, change: Partial<Grants> & { readonly name?: string }) => Promise<User>
  readonly disable: (id: string) => Promise<User>
  readonly enable: (id: string) => Promise<User>
}

export type UserRow = Omit<User, 'addedAt' | 'disabledAt'> & {
  readonly added_at: Date
  readonly disabled_at: Date | null
}

export function createUsers(parts: AccountParts): Users {
  const { sql, now, on } = parts
  const organisations = createOrganisations(parts)

  const get: Users['get'] = async (id) => {
    const [row] = await sql<UserRow[]>`select ${userColumns(sql)} ${fromUsers(sql)} where a.id = ${id}`
    return row && userOf(row)
  }

  const known = async (id: string): Promise<User> => {
    const user = await get(id)
    if (user === undefined) throw new AccountRefused('access/user-unknown', `There is no user ${id}.`)
    return user
  }

  const knownOrganisation = async (id: string): Promise<void> => {
    if ((await organisations.get(id)) === undefined)
      throw new AccountRefused(
        'access/organisation-unknown',
        `There is no organisation ${id}; add it first: mosaic org add ${id} --name NAME.`,
      )
  }

  return {
    get,
    byLogin: async (login) => {
      const [row] = await sql<UserRow[]>`
        select ${userColumns(sql)} ${fromUsers(sql)} where a.login = ${login.toLowerCase()}`
      return row && userOf(row)
    },
    list: async () =>
      (await sql<UserRow[]>`select ${userColumns(sql)} ${fromUsers(sql)} order by a.login`).map(userOf),
    count: async () => {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from account`
      return row?.count ?? 0
    },
    add: async (user) => {
      const checked = { ...checkedUser(user), ...checkedGrants(user) }
      await knownOrganisation(user.organisation)
      const id = await insertUser(parts, sql, { ...checked, organisation: user.organisation })
      on({ kind: 'user-added', account: id })
      return known(id)
    },
    grant: async (id, change) => {
      const before = await known(id)
      const { organisation, ...rest } = { ...before, ...checkedGrants({ ...before, ...change }) }
      if (change.organisation !== undefined) await knownOrganisation(change.organisation)
      const name = change.name === undefined ? before.name : checkedName(change.name)
      await sql.begin(async (tx) => {
        await tx`
          update account set
            name = ${name},
            organisation = ${change.organisation ?? organisation},
            roles = ${rest.roles as string[]},
            clearances = ${tx.json(rest.clearances as never)},
            purposes = ${rest.purposes as string[]},
            police = ${rest.police as string[]}
          where id = ${id}`
        await tx`delete from account_session where account = ${id}`
        await tx`delete from account_step where account = ${id}`
      })
      on({ kind: 'user-changed', account: id })
      return known(id)
    },
    disable: async (id) => {
      await known(id)
      await sql.begin(async (tx) => {
        await tx`update account set disabled_at = coalesce(disabled_at, ${now()}) where id = ${id}`
        await tx`delete from account_session where account = ${id}`
        await tx`delete from account_step where account = ${id}`
        await tx`delete from account_enrolment where account = ${id}`
      })
      on({ kind: 'user-disabled', account: id })
      return known(id)
    },
    enable: async (id) => {
      await known(id)
      await sql`update account set disabled_at = null where id = ${id}`
      on({ kind: 'user-enabled', account: id })
      return known(id)
    },
  }
}

/** Who asks when this user does. A role above the public reads. */
export function principalOf(user: User): Principal {
  const granted = user.roles.filter((role) => role !== 'public' && role !== 'reader')
  return {
    kind: 'person',
    id: user.id,
    organisation: user.organisation,
    node: nodeOf(user.id),
    standing: user.standing,
    roles: ['public', 'reader', ...granted],
    clearances: user.clearances,
    purposes: user.purposes,
    police: user.police,
  }
}

/** A login name holds no `@`. */
const nodeOf = (id: string): NodeId => id.slice(id.indexOf('@') + 1) as NodeId

/** Inside the transaction of whoever makes the account together with something else. */
export async function insertUser(
  { node, random, now }: AccountParts,
  sql: Handle,
  user: Pick<User, 'login' | 'name'> & Grants & { readonly handle?: Uint8Array },
): Promise<string> {
  const id = `person:${user.login}@${node}`
  const added = await sql`
    insert into account (id, login, name, organisation, roles, clearances, purposes, police, handle, added_at)
    values (
      ${id}, ${user.login}, ${user.name}, ${user.organisation}, ${user.roles as string[]},
      ${sql.json(user.clearances as never)}, ${user.purposes as string[]}, ${user.police as string[]},
      ${Buffer.from(user.handle ?? random(32))}, ${now()}
    )
    on conflict do nothing
    returning id`
  if (added.length === 0)
    throw new AccountRefused(
      'access/login-taken',
      `There is a user ${user.login} already; choose another login.`,
    )
  return id
}

export function checkedUser({ login, name }: Pick<NewUser, 'login' | 'name'>): Pick<User, 'login' | 'name'> {
  const lower = login.toLowerCase()
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(lower))
    throw new AccountRefused(
      'access/login-unfit',
      'A login name is 1 to 63 of a–z, 0–9, point, underscore and hyphen, and begins with a letter or digit.',
    )
  return { login: lower, name: checkedName(name) }
}

export function checkedGrants(grants: Partial<Grants>): Omit<Grants, 'organisation'> {
  return {
    roles: listed('role', grants.roles ?? ['reader'], roles),
    purposes: listed('purpose', grants.purposes ?? [], purposes),
    police: listed('police code', grants.police ?? [], policeCodes),
    clearances: checkedClearances(grants.clearances ?? []),
  }
}

function listed<Item extends string>(what: string, given: readonly Item[], known: readonly Item[]): Item[] {
  const strange = given.find((one) => !known.includes(one))
  if (strange !== undefined)
    throw new AccountRefused(
      'access/grant-unfit',
      `"${strange}" is no ${what}; there is ${known.join(', ')}.`,
    )
  return known.filter((one) => given.includes(one))
}

function checkedClearances(given: readonly Clearance[]): readonly Clearance[] {
  for (const { community, upTo } of given)
    if (!/^(\*|[a-z0-9][a-z0-9.-]{0,63})$/.test(community) || !tlpLabels.includes(upTo))
      throw new AccountRefused(
        'access/grant-unfit',
        `A clearance is COMMUNITY=LABEL, the community "*" or a name of a–z, 0–9, point and hyphen, the label ${tlpLabels.join(', ')}.`,
      )
  const byCommunity = new Map(
    given.map((one) => [one.community, { community: one.community, upTo: one.upTo }]),
  )
  return [...byCommunity.values()].sort((a, b) => (a.community < b.community ? -1 : 1))
}

export const userColumns = (sql: Handle) => sql`
  a.id, a.login, a.name, a.organisation, o.standing, a.roles, a.clearances, a.purposes, a.police,
  a.added_at, a.disabled_at`

export const fromUsers = (sql: Handle) =>
  sql`from account as a join organisation as o on o.id = a.organisation`

export const userOf = ({ added_at, disabled_at, ...row }: UserRow): User => ({
  id: row.id,
  login: row.login,
  name: row.name,
  organisation: row.organisation,
  standing: row.standing,
  roles: row.roles,
  clearances: row.clearances,
  purposes: row.purposes,
  police: row.police,
  addedAt: instant(added_at),
  ...(disabled_at === null ? {} : { disabledAt: instant(disabled_at) }),
})
