/** Messages for these tests: an invented weather service, its areas and its profile. */
import {
  type CapAlert,
  type CapInfo,
  type CapMsgType,
  type CapTriple,
  capDigest,
  capTriple,
} from '../../formats/index.ts'
import type { KnownAlert, Register, Resolved } from './contract.ts'
import { resolverFor } from './resolve.ts'

export const aRegister: Register = {
  authorities: [
    {
      id: 'morava-weather',
      names: { en: 'Weather service of Morava' },
      senders: ['warnings@exchange.example'],
      hosts: ['weather.example'],
      country: 'XA',
      policy: { signature: 'verify' },
      mandate: 'Law on the weather service, article 3',
    },
    {
      id: 'una-weather',
      names: { en: 'Weather service of Una' },
      senders: ['una@other.example'],
      hosts: [],
      country: 'XB',
      policy: { signature: 'verify' },
      mandate: 'Law on hydrology, article 12',
    },
  ],
  profile: {
    kindParameter: 'awareness_type',
    levelParameter: 'awareness_level',
    noWarning: '1',
    areaSchemes: ['EMMA_ID'],
    misnamed: [{ scheme: 'NUTS3', prefix: 'XC', means: 'EMMA_ID' }],
  },
}

/** Minutes after 06:00 of the day of these tests. */
export const at = (minutes: number): string =>
  `${new Date(Date.UTC(2026, 8, 11, 6) + minutes * 60_000).toISOString().slice(0, 19)}-00:00`

export type Said = {
  readonly kind?: number
  readonly area?: string
  readonly level?: 1 | 2 | 3 | 4
  readonly from?: number
  readonly until?: number | 'unsaid'
  readonly languages?: readonly string[]
  readonly parts?: Partial<CapInfo>
}

const levels = {
  1: ['1; green; Minor', 'Minor'],
  2: ['2; yellow; Moderate', 'Moderate'],
  3: ['3; orange; Severe', 'Severe'],
  4: ['4; red; Extreme', 'Extreme'],
} as const

export function anInfo(said: Said, language: string): CapInfo {
  const { kind = 1, area = 'XA001', level = 2, from = 60, until = 600, parts = {} } = said
  const [own, severity] = levels[level]
  return {
    language,
    category: ['Met'],
    event: `Warning ${kind} (${language})`,
    responseType: ['Monitor'],
    urgency: 'Future',
    severity,
    certainty: 'Likely',
    eventCode: [],
    onset: at(from),
    ...(until === 'unsaid' ? {} : { expires: at(until) }),
    description: `Of kind ${kind} (${language})`,
    parameter: [
      { valueName: 'awareness_level', value: own },
      { valueName: 'awareness_type', value: `${kind}; something` },
    ],
    resource: [],
    area: [
      {
        areaDesc: `${area} (${language})`,
        polygon: [],
        circle: [],
        geocode: [{ valueName: 'EMMA_ID', value: area }],
      },
    ],
    ...parts,
  }
}

export type Sent = {
  readonly id: string
  readonly sent?: number
  readonly sender?: string
  readonly msgType?: CapMsgType
  readonly names?: readonly CapAlert[]
  readonly says?: readonly Said[]
  readonly parts?: Partial<CapAlert>
}

/** An Alert of one yellow wind warning in two languages, unless told otherwise. */
export function anAlert(message: Sent): CapAlert {
  const {
    id,
    sent = 0,
    sender = 'duty@weather.example',
    msgType = 'Alert',
    names = [],
    says = [{}],
  } = message
  return {
    version: '1.2',
    identifier: id,
    sender,
    sent: at(sent),
    status: 'Actual',
    msgType,
    scope: 'Public',
    addresses: [],
    code: [],
    references: names.map((each) => ({ sender: each.sender, identifier: each.identifier, sent: each.sent })),
    incidents: [],
    info: says.flatMap((said) => (said.languages ?? ['hr', 'en']).map((language) => anInfo(said, language))),
    signatures: 0,
    ...message.parts,
  }
}

export const aCancel = (id: string, sent: number, ...names: readonly CapAlert[]): CapAlert =>
  anAlert({ id, sent, msgType: 'Cancel', names, says: [] })
export const anUpdate = (message: Sent): CapAlert => anAlert({ ...message, msgType: 'Update' })

export function known(alert: CapAlert, parts: Partial<KnownAlert> = {}): KnownAlert {
  const triple = capTriple(alert) as CapTriple
  const digest = capDigest(alert)
  return {
    key: `${alert.identifier}#${digest.slice(0, 12)}`,
    alert,
    triple,
    digest,
    recordedMs: Date.parse(triple.sent),
    isForged: false,
    isOwn: true,
    handling: '',
    ...parts,
  }
}

const resolve = resolverFor(aRegister)

export const resolved = (...alerts: readonly CapAlert[]): readonly Resolved[] =>
  resolve(alerts.map((alert) => known(alert)))
export const resolvedKnown = (...alerts: readonly KnownAlert[]): readonly Resolved[] => resolve(alerts)

/** What matters of a notice at a glance: `1@XA001 2 in-force: first a, update b`. */
export const glance = (notices: readonly Resolved[]): readonly string[] =>
  notices
    .map(({ shown, state, messages, hold }) => {
      const kind = shown.kind.map(({ code }) => code).join('+')
      const area = shown.codes.map(({ code }) => code).join('+')
      const said = messages.map(({ role, triple }) => `${role} ${triple.identifier}`).join(', ')
      return `${kind}@${area} ${shown.level?.code ?? '-'} ${state}${hold === undefined ? '' : ` (${hold})`}: ${said}`
    })
    .sort()
