/**
 * A CAP 1.2 alert in memory, in the words and the order of the standard (OASIS CAP-v1.2, 1 July 2010, §3.2).
 * Times are kept as the sender wrote them; points are [lat, lon] as in CAP, the opposite of GeoJSON.
 */
export const capStatuses = ['Actual', 'Exercise', 'System', 'Test', 'Draft'] as const
export const capMsgTypes = ['Alert', 'Update', 'Cancel', 'Ack', 'Error'] as const
export const capScopes = ['Public', 'Restricted', 'Private'] as const
export const capCategories = [
  'Geo',
  'Met',
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
  'Infra',
  'CBRNE',
  'Other',
] as const
export const capResponseTypes = [
  'Shelter',
  'Evacuate',
  'Prepare',
  'Execute',
  'Avoid',
  'Monitor',
  'Assess',
  'AllClear',
  'None',
] as const
export const capUrgencies = ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] as const
export const capSeverities = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const
export const capCertainties = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const

export type CapStatus = (typeof capStatuses)[number]
export type CapMsgType = (typeof capMsgTypes)[number]
export type CapScope = (typeof capScopes)[number]
export type CapCategory = (typeof capCategories)[number]
export type CapResponseType = (typeof capResponseTypes)[number]
export type CapUrgency = (typeof capUrgencies)[number]
export type CapSeverity = (typeof capSeverities)[number]
export type CapCertainty = (typeof capCertainties)[number]

export type CapPair = { readonly valueName: string; readonly value: string }
/** [latitude, longitude], degrees, WGS 84. */
export type CapPoint = readonly [lat: number, lon: number]

export type CapArea = {
  readonly areaDesc: string
  readonly polygon: readonly (readonly CapPoint[])[]
  readonly circle: readonly { readonly center: CapPoint; readonly radiusKm: number }[]
  readonly geocode: readonly CapPair[]
  /** Feet above mean sea level. */
  readonly altitude?: number
  readonly ceiling?: number
}

export type CapResource = {
  readonly resourceDesc: string
  readonly mimeType: string
  readonly size?: number
  readonly uri?: string
  readonly derefUri?: string
  readonly digest?: string
}

export type CapInfo = {
  /** Absent means en-US (§3.2.2). */
  readonly language?: string
  readonly category: readonly CapCategory[]
  readonly event: string
  readonly responseType: readonly CapResponseType[]
  readonly urgency: CapUrgency
  readonly severity: CapSeverity
  readonly certainty: CapCertainty
  readonly audience?: string
  readonly eventCode: readonly CapPair[]
  readonly effective?: string
  readonly onset?: string
  readonly expires?: string
  readonly senderName?: string
  readonly headline?: string
  readonly description?: string
  readonly instruction?: string
  readonly web?: string
  readonly contact?: string
  readonly parameter: readonly CapPair[]
  readonly resource: readonly CapResource[]
  readonly area: readonly CapArea[]
}

export type CapReference = { readonly sender: string; readonly identifier: string; readonly sent: string }

export type CapAlert = {
  readonly version: '1.1' | '1.2'
  readonly identifier: string
  readonly sender: string
  /** `YYYY-MM-DDThh:mm:ss±hh:mm`, UTC as `-00:00`. */
  readonly sent: string
  readonly status: CapStatus
  readonly msgType: CapMsgType
  readonly source?: string
  readonly scope: CapScope
  readonly restriction?: string
  readonly addresses: readonly string[]
  readonly code: readonly string[]
  readonly note?: string
  readonly references: readonly CapReference[]
  readonly incidents: readonly string[]
  readonly info: readonly CapInfo[]
  /** How many enveloped XML signatures the message carries. */
  readonly signatures: number
}

/** One thing wrong with a message: the rule, where (an XPath), what stood there, and in words what to do. */
export type CapDefect = {
  readonly rule: string
  readonly place: string
  readonly value: string
  readonly message: string
}

/**
 * Withhold: cannot be read, author unknown, or a required signature fails. Defects: published, with what is wrong.
 * An alert that is withheld may still be partly readable, for the desk that must call its sender.
 */
export type CapVerdict =
  | { readonly verdict: 'clean'; readonly alert: CapAlert; readonly defects: readonly [] }
  | { readonly verdict: 'defects'; readonly alert: CapAlert; readonly defects: readonly CapDefect[] }
  | { readonly verdict: 'withhold'; readonly alert?: CapAlert; readonly defects: readonly CapDefect[] }
