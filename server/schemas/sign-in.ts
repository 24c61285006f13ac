/**
 * Signing in, sessions, means, tokens and one-time links: what the page sends and is told. A secret is told once, in the
 * answer that makes it (recovery codes, a token, the key of an authenticator), and never listed.
 */
import { type Static, Type } from 'typebox'
import { instantSchema } from './common.ts'

const purposeSchema = Type.Enum([
  'civil-protection',
  'health',
  'law-enforcement',
  'border',
  'oversight',
  'research',
  'public',
])
const idSchema = Type.String({ minLength: 1, maxLength: 1100 })
const titleSchema = Type.String({ minLength: 1, maxLength: 120 })
const secretSchema = Type.String({ maxLength: 100 })
const passwordSchema = Type.String({ minLength: 1, maxLength: 1024 })
const codeSchema = Type.String({ minLength: 1, maxLength: 40 })
/** As `navigator.credentials` gives it (WebAuthn level 3, §5.1); checked by the verifier. */
const publicKeyCredentialSchema = Type.Object({
  id: Type.String({ maxLength: 1400 }),
  rawId: Type.String({ maxLength: 1400 }),
  type: Type.Literal('public-key'),
  response: Type.Record(Type.String(), Type.Unknown()),
  clientExtensionResults: Type.Record(Type.String(), Type.Unknown()),
  authenticatorAttachment: Type.Optional(Type.String({ maxLength: 40 })),
})
const optionsSchema = Type.Record(Type.String(), Type.Unknown(), {
  description: 'for navigator.credentials, as JSON (WebAuthn level 3, §5.1.9 and §5.1.10)',
})

export const sessionSchema = Type.Object({
  kind: Type.Enum(['public', 'person', 'token']),
  user: Type.Optional(
    Type.Object({
      id: Type.String(),
      login: Type.Optional(Type.String()),
      name: Type.Optional(Type.String()),
      organisation: Type.Optional(Type.String()),
    }),
  ),
  roles: Type.Array(Type.String()),
  clearances: Type.Array(Type.Object({ community: Type.String(), upTo: Type.String() })),
  purposes: Type.Array(Type.String(), { description: 'that may be chosen' }),
  purpose: Type.String({ description: 'that requests ask for now' }),
  caseNumber: Type.Optional(Type.String()),
  csrf: Type.Optional(Type.String({ description: 'header mosaic-csrf of whatever changes something' })),
  session: Type.Optional(
    Type.Object({
      id: Type.String(),
      authenticatedAt: instantSchema,
      freshUntil: instantSchema,
      expiresAt: instantSchema,
    }),
  ),
  breakGlassUntil: Type.Optional(instantSchema),
  hasUsers: Type.Boolean({
    description: 'false: the link that the node printed makes the first administrator',
  }),
  passkeys: Type.Boolean({ description: 'they can be used at this address' }),
  providers: Type.Array(Type.Object({ id: Type.String(), title: Type.String() })),
})
export type SessionView = Static<typeof sessionSchema>

export const passwordSignInSchema = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 200 }),
  password: passwordSchema,
})
export const nextStepSchema = Type.Object({ next: Type.Enum(['second-factor']) })
export const codeBodySchema = Type.Object({ code: codeSchema })
export const passkeyOptionsSchema = Type.Object({ options: optionsSchema })
export const passkeyBodySchema = Type.Object({ response: publicKeyCredentialSchema })
export const providerParamsSchema = Type.Object({ id: Type.String({ maxLength: 64 }) })
export const openIdStartSchema = Type.Object({
  intent: Type.Optional(Type.Enum(['sign-in', 'link'])),
  token: Type.Optional(secretSchema),
})
export const redirectSchema = Type.Object({ url: Type.String() })
export const goesOnSchema = Type.Object(
  {},
  { description: 'nothing; the address to go to is in the header location' },
)
export const purposeBodySchema = Type.Object({
  purpose: purposeSchema,
  caseNumber: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ./_:()-]{0,99}$' })),
})
export const doneSchema = Type.Object({ done: Type.Literal(true) })

export const sessionListSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      isThis: Type.Boolean(),
      means: Type.String(),
      agent: Type.String(),
      signedInAt: instantSchema,
      seenAt: instantSchema,
      expiresAt: instantSchema,
    }),
  ),
})
export const namedParamsSchema = Type.Object({ id: idSchema })

export const linkBodySchema = Type.Object({ token: secretSchema })
export const invitedSchema = Type.Object({
  kind: Type.Enum(['user', 'first-administrator']),
  login: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
})
export const enrolmentBeginSchema = Type.Object({
  token: secretSchema,
  login: Type.Optional(Type.String({ maxLength: 63 })),
  name: Type.Optional(titleSchema),
})
export const totpSetupSchema = Type.Object({
  key: Type.String({ description: 'base 32, to type' }),
  uri: Type.String({ description: 'otpauth://…, to show as a QR code' }),
})
export const enrolmentSetupSchema = Type.Object({
  login: Type.String(),
  name: Type.String(),
  totp: totpSetupSchema,
  passkey: Type.Optional(optionsSchema),
})
export const enrolmentPasswordSchema = Type.Object({
  token: secretSchema,
  password: passwordSchema,
  code: codeSchema,
})
export const enrolmentPasskeySchema = Type.Object({
  token: secretSchema,
  response: publicKeyCredentialSchema,
})
export const recoveryCodesSchema = Type.Object({
  session: sessionSchema,
  recoveryCodes: Type.Array(Type.String(), { description: 'shown once' }),
})

export const meansSchema = Type.Object({
  password: Type.Optional(Type.Object({ setAt: instantSchema })),
  totps: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      addedAt: instantSchema,
      usedAt: Type.Optional(instantSchema),
    }),
  ),
  passkeys: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      isBackedUp: Type.Boolean(),
      addedAt: instantSchema,
      usedAt: Type.Optional(instantSchema),
    }),
  ),
  recoveryCodesLeft: Type.Integer(),
  openids: Type.Array(
    Type.Object({ provider: Type.String(), subject: Type.String(), addedAt: instantSchema }),
  ),
})
export const newPasswordSchema = Type.Object({ password: passwordSchema })
export const addTotpSchema = Type.Object({ code: codeSchema, title: titleSchema })
export const addPasskeySchema = Type.Object({ response: publicKeyCredentialSchema, title: titleSchema })
export const meansParamsSchema = Type.Object({
  kind: Type.Enum(['password', 'totp', 'passkey', 'openid']),
  id: idSchema,
})

const scopeSchema = Type.Enum(['read', 'write', 'audit', 'admin'])
const tokenSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  scopes: Type.Array(Type.String()),
  purpose: Type.String(),
  addedAt: instantSchema,
  expiresAt: instantSchema,
  usedAt: Type.Optional(instantSchema),
  revokedAt: Type.Optional(instantSchema),
})
export const tokenListSchema = Type.Object({ items: Type.Array(tokenSchema) })
export const newTokenSchema = Type.Object({
  title: titleSchema,
  scopes: Type.Array(scopeSchema, { minItems: 1, maxItems: 4 }),
  purpose: purposeSchema,
  days: Type.Integer({ minimum: 1, maximum: 365 }),
})
export const madeTokenSchema = Type.Object({
  secret: Type.String({ description: 'shown once' }),
  token: tokenSchema,
})
