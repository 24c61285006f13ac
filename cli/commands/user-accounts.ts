/** What the commands about users, organisations and tokens share: the accounts of the node, names, grants, links. */
import {
  AccountRefused,
  type Accounts,
  type Clearance,
  type EnrolmentLink,
  type Grants,
  type Purpose,
  purposes,
  type Role,
  roles,
  type User,
} from '../../engines/access/index.ts'
import { type PoliceCode, policeCodes, type TlpLabel, tlpLabels } from '../../engines/record/index.ts'
import { type ExitCode, Misused, type Option, type Run, text, type Values } from '../command.ts'
import { readSettings, type Settings } from '../settings.ts'
import { withNode } from '../with-node.ts'

export const withAccounts = (run: Run, act: (accounts: Accounts) => Promise<ExitCode>): Promise<ExitCode> =>
  withNode(run, async (node) => act((await node.trust()).accounts))

/** Who is named by LOGIN, the first argument. */
export async function namedUser(run: Run, { users }: Accounts): Promise<User> {
  const [login = ''] = run.positionals
  const user = await users.byLogin(login)
  if (user === undefined)
    throw new AccountRefused(
      'access/user-unknown',
      `There is no user "${login}"; mosaic user list shows them.`,
    )
  return user
}

export const grantOptions = {
  org: { type: 'string', value: 'ID', help: 'their organisation (mosaic org list)' },
  role: {
    type: 'string',
    value: 'ROLE',
    multiple: true,
    help: roles.filter((one) => one !== 'public').join(', '),
  },
  clearance: {
    type: 'string',
    value: 'COMMUNITY=LABEL',
    multiple: true,
    help: 'up to which label in a community, "*" for the community at large: "*=TLP:GREEN"',
  },
  purpose: { type: 'string', value: 'PURPOSE', multiple: true, help: purposes.join(', ') },
  police: {
    type: 'string',
    value: 'H',
    multiple: true,
    help: 'police codes whose terms they accepted: H0, H1, H2, H3',
  },
} as const satisfies Readonly<Record<string, Option>>

/** Only what was given; `none` empties a list. */
export function grantsOf(values: Values): Partial<Grants> {
  const organisation = text(values, 'org')
  return {
    ...(organisation === undefined ? {} : { organisation }),
    ...listed(values, 'role', (word) => known('role', word, roles) as Role),
    ...listed(values, 'purpose', (word) => known('purpose', word, purposes) as Purpose),
    ...listed(values, 'clearance', clearanceOf),
    ...(values['police'] === undefined
      ? {}
      : {
          police: all(values, 'police').map((word) => known('police code', word, policeCodes) as PoliceCode),
        }),
  }
}

export const all = (values: Values, name: string): readonly string[] => {
  const given = values[name]
  const words = given === undefined ? [] : [given].flat().map(String)
  return words.length === 1 && words[0] === 'none' ? [] : words
}

function listed<Name extends string, Item>(
  values: Values,
  name: Name,
  read: (word: string) => Item,
): { readonly [name in `${Name}s`]?: readonly Item[] } {
  if (values[name] === undefined) return {}
  return { [`${name}s`]: all(values, name).map(read) } as never
}

function known<Item extends string>(what: string, word: string, items: readonly Item[]): Item {
  const found = items.find((item) => item === word)
  if (found === undefined) throw new Misused(`"${word}" is no ${what}; there is ${items.join(', ')}.`)
  return found
}

function clearanceOf(word: string): Clearance {
  const [, community, label] = /^([^=]+)=(?:TLP:)?([A-Z+]+)$/.exec(word) ?? []
  if (community === undefined)
    throw new Misused(`"${word}" is no clearance; write COMMUNITY=LABEL, for example "*=TLP:GREEN".`)
  return { community, upTo: known('label', `TLP:${label}`, tlpLabels) as TlpLabel }
}

/** Where the page stands. The token is behind the `#`, which no browser sends: no proxy, log or referrer sees it. */
export const addressOf = ({ secret }: Pick<EnrolmentLink, 'secret'>, settings: Settings): string =>
  `${settings.publicUrl?.replace(/\/$/, '') ?? `${settings.tls ? 'https' : 'http'}://localhost:${settings.port}`}/enrol#${secret}`

export function printLink(run: Run, user: Pick<User, 'id' | 'login'>, link: EnrolmentLink): void {
  const address = addressOf(link, readSettings(process.env))
  if (run.json) {
    run.out.object({ user: user.id, link: address, expiresAt: link.expiresAt })
    return
  }
  run.out.say(
    `For ${user.login} alone, once, until ${link.expiresAt}. Give it to them on a way that you trust; whoever opens it first becomes ${user.login}.`,
  )
  run.out.line(address)
}

/** Without what it would cost to read aloud; `--json` has it all. */
export const userLine = (user: User): readonly string[] => [
  user.login,
  user.name,
  user.organisation,
  user.roles.join(',') || '-',
  user.disabledAt === undefined ? 'active' : `disabled ${user.disabledAt}`,
]
