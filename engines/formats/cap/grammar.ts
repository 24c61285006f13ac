/**
 * The structure of a CAP message as a table (CAP 1.2 §3.2 and its data dictionary): the elements of each group in
 * their order, how often each may stand, and what it holds. Reader, writer and checks all go by this one table.
 */
import {
  capCategories,
  capCertainties,
  capMsgTypes,
  capResponseTypes,
  capScopes,
  capSeverities,
  capStatuses,
  capUrgencies,
} from './alert.ts'

export type CapGroupName = 'alert' | 'info' | 'resource' | 'area' | 'pair'
export type CapContent =
  | 'text'
  | 'time'
  | 'integer'
  | 'decimal'
  | readonly string[]
  | { readonly group: CapGroupName }

export type CapElementRule = {
  readonly name: string
  readonly required: boolean
  readonly many: boolean
  readonly holds: CapContent
}

const one = (name: string, holds: CapContent = 'text'): CapElementRule => ({
  name,
  required: true,
  many: false,
  holds,
})
const maybe = (name: string, holds: CapContent = 'text'): CapElementRule => ({
  name,
  required: false,
  many: false,
  holds,
})
const any = (name: string, holds: CapContent = 'text'): CapElementRule => ({
  name,
  required: false,
  many: true,
  holds,
})
const pair = { group: 'pair' } as const

export const capGrammar: { readonly [group in CapGroupName]: readonly CapElementRule[] } = {
  alert: [
    one('identifier'),
    one('sender'),
    one('sent', 'time'),
    one('status', capStatuses),
    one('msgType', capMsgTypes),
    maybe('source'),
    one('scope', capScopes),
    maybe('restriction'),
    maybe('addresses'),
    any('code'),
    maybe('note'),
    maybe('references'),
    maybe('incidents'),
    any('info', { group: 'info' }),
  ],
  info: [
    maybe('language'),
    { name: 'category', required: true, many: true, holds: capCategories },
    one('event'),
    any('responseType', capResponseTypes),
    one('urgency', capUrgencies),
    one('severity', capSeverities),
    one('certainty', capCertainties),
    maybe('audience'),
    any('eventCode', pair),
    maybe('effective', 'time'),
    maybe('onset', 'time'),
    maybe('expires', 'time'),
    maybe('senderName'),
    maybe('headline'),
    maybe('description'),
    maybe('instruction'),
    maybe('web'),
    maybe('contact'),
    any('parameter', pair),
    any('resource', { group: 'resource' }),
    any('area', { group: 'area' }),
  ],
  resource: [
    one('resourceDesc'),
    one('mimeType'),
    maybe('size', 'integer'),
    maybe('uri'),
    maybe('derefUri'),
    maybe('digest'),
  ],
  area: [
    one('areaDesc'),
    any('polygon'),
    any('circle'),
    any('geocode', pair),
    maybe('altitude', 'decimal'),
    maybe('ceiling', 'decimal'),
  ],
  pair: [one('valueName'), one('value')],
}

/** What CAP 1.1 does otherwise: mimeType may be left out, and two response types did not exist yet. */
export const cap11 = {
  optional: ['mimeType'],
  laterResponseTypes: ['Avoid', 'AllClear'],
} as const
