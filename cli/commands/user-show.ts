import type { Command } from '../command.ts'
import { namedUser, withAccounts } from './user-accounts.ts'

export const userShow: Command = {
  name: 'user show',
  summary: 'Show one user: what is granted, by what they sign in, where they are signed in, their tokens.',
  teaches: [
    'Shows no secret, and none is kept that could be shown.',
    '',
    'Example: mosaic user show ana',
  ].join('\n'),
  arguments: 'LOGIN',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withAccounts(run, async (accounts) => {
      const user = await namedUser(run, accounts)
      const [means, sessions, tokens] = await Promise.all([
        accounts.means.of(user.id),
        accounts.sessions.list(user.id),
        accounts.tokens.list(user.id),
      ])
      if (run.json) {
        run.out.object({ ...user, means, sessions, tokens })
        return 0
      }
      const { line } = run.out
      line(`${user.id}  ${user.name}, ${user.organisation} (${user.standing})`)
      if (user.disabledAt) line(`disabled    since ${user.disabledAt}`)
      line(`roles       ${user.roles.join(', ') || 'none'}`)
      line(`clearances  ${user.clearances.map((one) => `${one.community}=${one.upTo}`).join(', ') || 'none'}`)
      line(`purposes    ${user.purposes.join(', ') || 'none'}`)
      line(`police      ${user.police.join(', ') || 'none'}`)
      if (means.password) line(`password    set ${means.password.setAt}`)
      for (const totp of means.totps) line(`codes       ${totp.title}, used ${totp.usedAt ?? 'never'}`)
      for (const passkey of means.passkeys)
        line(`passkey     ${passkey.title}, used ${passkey.usedAt ?? 'never'}`)
      for (const { provider } of means.openids) line(`provider    ${provider}`)
      line(`recovery    ${means.recoveryCodesLeft} codes left`)
      for (const one of sessions) line(`session     ${one.id}  ${one.means}, seen ${one.seenAt}`)
      for (const one of tokens)
        line(`token       ${one.id}  ${one.title}, ${one.revokedAt ? 'revoked' : `until ${one.expiresAt}`}`)
      return 0
    }),
}
