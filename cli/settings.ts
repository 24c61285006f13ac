/**
 * Settings, read once and checked before anything starts. From the environment:
 *
 *   MOSAIC_DATA      data folder, default `.mosaic` in the working folder
 *   DATABASE_URL     PostgreSQL ≥ 15 to use instead of the embedded one; its password is a secret, so not an option
 *   MOSAIC_HOST      address to listen on, default 127.0.0.1
 *   MOSAIC_PORT      port, default 8420; 0 takes any that is free
 *   MOSAIC_HOST_NAMES  names beside its address by which the node is known, for a proxy in front of it; commas between
 *   MOSAIC_TLS_CERT, MOSAIC_TLS_KEY  PEM files of the certificate with its chain and of its key: HTTPS without a proxy
 *   MOSAIC_CONFIG    file with the node's name and issue rules, default `mosaic.json` in the data folder
 *   MOSAIC_NAME      the node's name, before that of the file: for several nodes on one machine
 *   MOSAIC_PASSPHRASE_FILE  file whose first line seals the node's private keys at rest
 *   MOSAIC_LIVE      `off`: do not fetch sources
 *   MOSAIC_LOG       `debug`, `info` (default), `warn`, `error`, `silent`
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { auditPolicy, auditPolicySchema, purposes, type RegisterParts } from '../engines/access/index.ts'
import { isNodeId, MosaicError, type NodeId, policeCodes, tlpLabels } from '../engines/record/index.ts'
import { type DeskRules, defaultDeskRules, type IssueRule } from '../engines/warn/index.ts'
import { type NodeSettings, partnerSources, regions } from '../node.ts'
import type { TrustSettings } from '../trust.ts'

export type Settings = NodeSettings & {
  readonly host: string
  readonly port: number
  readonly hostNames: readonly string[]
  /** Certificate with its chain, and its key; absent: plain HTTP, for this machine or a proxy. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly fetchSources: boolean
  /** What the register of processing asks for and only people know. */
  readonly processing?: NonNullable<RegisterParts['declared']>
  readonly logLevel: string
}

const text = Type.Record(Type.String(), Type.String({ minLength: 1 }))
const IssueRuleSchema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    realm: Type.String({ pattern: '^(actual|test|exercise:[a-z0-9*-]+)$' }),
    countries: Type.Union([Type.Literal('*'), Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }))]),
    hazards: Type.Optional(Type.Array(Type.String())),
    minSeverity: Type.Optional(
      Type.Union([
        Type.Literal('Extreme'),
        Type.Literal('Severe'),
        Type.Literal('Moderate'),
        Type.Literal('Minor'),
      ]),
    ),
    mandate: Type.Union([
      Type.Object({
        kind: Type.Literal('authority'),
        of: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' })),
        text: Type.String({ minLength: 1 }),
      }),
      Type.Object({ kind: Type.Literal('advice') }),
    ]),
    issues: Type.Optional(Type.Union([Type.Literal('automatic'), Type.Literal('by-person')])),
    sender: Type.String({ pattern: '^[^\\s,<&]+$' }),
    senderName: text,
    contact: Type.Optional(Type.String()),
    web: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
const strict = { additionalProperties: false }
const OpenIdProviderSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    title: Type.String({ minLength: 1 }),
    issuer: Type.String({ pattern: '^https?://' }),
    clientId: Type.String({ minLength: 1 }),
    clientSecretFile: Type.Optional(Type.String({ minLength: 1 })),
    needsAmr: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  },
  strict,
)
/** The address is shown to who may see the sources; the key stands in the file and nowhere else. */
const PartnerSchema = Type.Object(
  {
    url: Type.String({ pattern: '^https://[^@]+$' }),
    headerFile: Type.String({ minLength: 1 }),
  },
  strict,
)
const approvalCount = Type.Optional(Type.Integer({ minimum: 0, maximum: 5 }))
const ConfigSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$' })),
    title: Type.Optional(text),
    region: Type.Optional(Type.String()),
    contact: Type.Optional(Type.String()),
    issueRules: Type.Optional(Type.Array(IssueRuleSchema)),
    organisation: Type.Optional(
      Type.Object(
        { id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,99}$' }), name: Type.String({ minLength: 1 }) },
        strict,
      ),
    ),
    holds: Type.Optional(
      Type.Object(
        {
          clearances: Type.Optional(
            Type.Array(
              Type.Object({ community: Type.String({ minLength: 1 }), upTo: Type.Enum(tlpLabels) }, strict),
            ),
          ),
          purposes: Type.Optional(Type.Array(Type.Enum(purposes))),
          police: Type.Optional(Type.Array(Type.Enum(policeCodes))),
        },
        strict,
      ),
    ),
    publicUrl: Type.Optional(Type.String({ pattern: '^https?://[^/?#]+$' })),
    openIdProviders: Type.Optional(Type.Array(OpenIdProviderSchema, { maxItems: 20 })),
    partners: Type.Optional(Type.Record(Type.String(), PartnerSchema)),
    audit: Type.Optional(auditPolicySchema),
    desk: Type.Optional(
      Type.Object(
        {
          approvals: Type.Optional(
            Type.Object(
              {
                Extreme: approvalCount,
                Severe: approvalCount,
                Moderate: approvalCount,
                Minor: approvalCount,
              },
              strict,
            ),
          ),
          maxDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
        },
        strict,
      ),
    ),
    warningKey: Type.Optional(
      Type.Object(
        {
          keyFile: Type.String({ minLength: 1 }),
          certificateFile: Type.Optional(Type.String({ minLength: 1 })),
        },
        strict,
      ),
    ),
    quarantine: Type.Optional(
      Type.Object(
        {
          items: Type.Integer({ minimum: 100, maximum: 1_000_000 }),
          bytes: Type.Integer({ minimum: 1_048_576, maximum: 1_099_511_627_776 }),
        },
        strict,
      ),
    ),
    processing: Type.Optional(
      Type.Object(
        {
          controller: Type.Optional(Type.String({ minLength: 1 })),
          dataProtectionOfficer: Type.Optional(Type.String({ minLength: 1 })),
          legalBasis: Type.Optional(text),
        },
        strict,
      ),
    ),
  },
  { additionalProperties: false },
)
const check = Compile(ConfigSchema)

export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const dataFolder = resolve(env['MOSAIC_DATA'] || '.mosaic')
  const file = env['MOSAIC_CONFIG'] ?? join(dataFolder, 'mosaic.json')
  const config = readConfig(file, env['MOSAIC_CONFIG'] !== undefined)
  const region = regions[config.region ?? 'see']
  if (!region)
    throw new SettingInvalid(
      `${file} names the region "${config.region}"; there is ${Object.keys(regions).join(', ')}`,
    )
  return {
    ...named(env['MOSAIC_NAME'] || config.name),
    title: config.title ?? { en: 'Mosaic' },
    dataFolder,
    ...(env['DATABASE_URL'] ? { databaseUrl: databaseUrl(env['DATABASE_URL']) } : {}),
    region,
    issueRules: (config.issueRules ?? []) as readonly IssueRule[],
    ...trustSettings(config, env),
    ...(config.quarantine && { quarantine: config.quarantine }),
    ...(config.desk && { desk: deskRules(config.desk) }),
    ...(config.warningKey && { warningKey: warningKey(config.warningKey) }),
    ...(config.partners && { partners: partnersIn(config.partners) }),
    userAgent: `mosaic/0.1 (+${config.contact ?? 'no contact set; see mosaic.json'})`,
    host: env['MOSAIC_HOST'] ?? '127.0.0.1',
    port: port(env['MOSAIC_PORT'] ?? '8420'),
    hostNames: (env['MOSAIC_HOST_NAMES'] ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    ...(config.processing && { processing: config.processing as NonNullable<Settings['processing']> }),
    ...tlsSettings(env['MOSAIC_TLS_CERT'], env['MOSAIC_TLS_KEY']),
    fetchSources: env['MOSAIC_LIVE'] !== 'off',
    logLevel: logLevel(env['MOSAIC_LOG'] ?? 'info'),
  }
}

function trustSettings(
  { organisation, holds, publicUrl, openIdProviders = [], audit }: Static<typeof ConfigSchema>,
  env: Readonly<Record<string, string | undefined>>,
): TrustSettings {
  const passphraseFile = env['MOSAIC_PASSPHRASE_FILE']
  return {
    ...(organisation && { organisation }),
    ...(holds && { holds }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(audit && { auditPolicy: auditPolicy(audit) }),
    ...(passphraseFile && { passphrase: firstLineOf(passphraseFile, 'MOSAIC_PASSPHRASE_FILE') }),
    openIdProviders: openIdProviders.map(({ clientSecretFile, ...provider }) => ({
      ...provider,
      ...(clientSecretFile !== undefined && { clientSecret: { file: clientSecretFile } }),
    })),
  }
}

/** The first line of the file is the header that lets us in: `Authorization: Bearer …`. */
function partnersIn(
  partners: Readonly<Record<string, Static<typeof PartnerSchema>>>,
): NonNullable<NodeSettings['partners']> {
  return Object.fromEntries(
    Object.entries(partners).map(([id, { url, headerFile }]) => {
      const setting = `partners.${id}`
      if (!partnerSources.some((source) => source.id === id))
        throw new SettingInvalid(
          `${setting} is no source for partners; there is ${partnerSources.map((source) => source.id).join(', ')}`,
        )
      const [, name = '', value = ''] =
        /^([!#$%&'*+.^`|~\w-]+):[ \t]*(\S.*?)[ \t]*$/.exec(firstLineOf(headerFile, setting)) ?? []
      if (name === '')
        throw new SettingInvalid(
          `${setting} names ${headerFile}, whose first line is no header such as Authorization: Bearer …`,
        )
      return [id, { url, credentials: () => ({ [name]: value }) }]
    }),
  )
}

/** Both or none, and fitting each other: found out now, not by the first who connects. */
function tlsSettings(certFile = '', keyFile = ''): Pick<Settings, 'tls'> {
  if (certFile === '' && keyFile === '') return {}
  if (certFile === '' || keyFile === '')
    throw new SettingInvalid('MOSAIC_TLS_CERT and MOSAIC_TLS_KEY belong together; one of them is not set')
  const cert = textOf(certFile, 'MOSAIC_TLS_CERT')
  const key = textOf(keyFile, 'MOSAIC_TLS_KEY')
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    throw new SettingInvalid(
      `${certFile} and ${keyFile} are no certificate and its key, in PEM and without a passphrase`,
      cause,
    )
  }
  return { tls: { cert, key } }
}

function named(text: string | undefined): { readonly name?: NodeId } {
  if (text === undefined) return {}
  if (isNodeId(text)) return { name: text }
  throw new SettingInvalid(`The node's name "${text}" is not written like a host name, lower case`)
}

type Config = Static<typeof ConfigSchema>

/** What is not said stays as it is by default. */
const deskRules = ({ approvals, maxDays }: NonNullable<Config['desk']>): DeskRules => ({
  approvals: { ...defaultDeskRules.approvals, ...approvals },
  maxDays: maxDays ?? defaultDeskRules.maxDays,
})

const warningKey = ({ keyFile, certificateFile }: NonNullable<Config['warningKey']>) => ({
  key: textOf(keyFile, 'warningKey.keyFile'),
  ...(certificateFile !== undefined && {
    certificate: textOf(certificateFile, 'warningKey.certificateFile'),
  }),
})

function textOf(file: string, setting: string): string {
  if (!existsSync(file)) throw new SettingInvalid(`${setting} names ${file}, which is not there`)
  return readFileSync(file, 'utf8')
}

function firstLineOf(file: string, setting: string): string {
  const [line = ''] = textOf(file, setting).split(/\r?\n/)
  if (line === '') throw new SettingInvalid(`${setting} names ${file}, whose first line is empty`)
  return line
}

function readConfig(file: string, isAsked: boolean): Static<typeof ConfigSchema> {
  if (!existsSync(file)) {
    if (isAsked) throw new SettingInvalid(`MOSAIC_CONFIG names ${file}, which is not there`)
    return {}
  }
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new SettingInvalid(`${file} is not JSON`, cause)
  }
  if (!check.Check(value)) {
    const [first] = check.Errors(value)
    throw new SettingInvalid(`${file} ${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}`)
  }
  return value
}

function databaseUrl(value: string): string {
  if (!/^postgres(ql)?:\/\//.test(value))
    throw new SettingInvalid('DATABASE_URL does not begin with postgres://')
  return value
}

function logLevel(value: string): string {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
  if (!levels.includes(value))
    throw new SettingInvalid(`MOSAIC_LOG "${value}" is none of ${levels.join(', ')}`)
  return value
}

function port(value: string): number {
  const parsed = Number(value)
  if (!Number.isInteger(parsed) || parsed < 0 || parsed > 65_535)
    throw new SettingInvalid(`MOSAIC_PORT "${value}" is no port`)
  return parsed
}

export class SettingInvalid extends MosaicError {
  override readonly name = 'SettingInvalid'
  override readonly code = 'cli/setting-invalid'

  constructor(what: string, cause?: unknown) {
    super(`${what}. docs/operations.md lists every setting.`, { cause })
  }
}
