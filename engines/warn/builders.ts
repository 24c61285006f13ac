/** What the tests of warn do not care about: a sound proposal, two small catalogues, a rule, a log in memory. */
import { isDeepStrictEqual } from 'node:util'
import {
  type Draft,
  type Held,
  type Instant,
  instant,
  type MosaicRecord,
  nodeId,
  plusMs,
  type Realm,
  type RecordId,
  recordId,
} from '../record/index.ts'
import type { Query, Reactor, ReactorView } from '../store/index.ts'
import type { Catalogue, ProposalBody } from './contract.ts'
import type { IssueRule } from './mandate.ts'
import type { IssueSettings } from './order.ts'
import { proposalRecord } from './records.ts'

export const origin = nodeId('durres.example')
export const start = instant('2019-11-26T02:54:12Z')
export const hour = 3_600_000
export const eventId = 'e'.repeat(40) as RecordId

export const aProposal = (parts: Partial<ProposalBody> = {}): ProposalBody => ({
  country: 'AL',
  event: eventId,
  state: 'warn',
  hazard: 'flood',
  category: ['Met'],
  responseType: ['Prepare'],
  urgency: 'Immediate',
  severity: 'Severe',
  certainty: 'Likely',
  eventCode: [{ valueName: 'GLIDE', value: 'FL' }],
  onset: start,
  expires: plusMs(start, 24 * hour),
  texts: {
    event: 'flood.event',
    headline: 'flood.headline',
    description: 'flood.description',
    instruction: 'flood.instruction',
    area: 'flood.area',
    revised: 'flood.revised',
    advice: { headline: 'flood.advice', instruction: 'flood.instruction' },
    ending: { headline: 'flood.over', description: 'flood.over.why', instruction: 'flood.instruction' },
  },
  args: { level: 3.2, time: start, towns: ['Shkodër', 'Lezhë'], grade: '@flood.grade.high' },
  material: [{ name: 'level', value: 3.2, tolerance: 0.3 }],
  parameter: [{ valueName: 'mosaic:level', value: '3.2' }],
  areas: [
    {
      desc: {},
      polygons: [
        [
          [41, 19],
          [41, 20],
          [42, 20],
          [41, 19],
        ],
      ],
      circles: [],
      geocodes: [],
    },
  ],
  because: [{ name: 'level', value: 3.2, threshold: 2 }],
  ...parts,
})

const texts = (language: string, messages: Readonly<Record<string, string>>): Catalogue => ({
  language,
  messages: Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, { text }])),
})

const reviewedEnglish = (catalogue: Catalogue): Catalogue => ({
  ...catalogue,
  messages: Object.fromEntries(
    Object.entries(catalogue.messages).map(([key, { text }]) => [
      key,
      { text, reviewed: { by: 'Reviewer One', on: '2019-01-01' } },
    ]),
  ),
})

export const catalogues = {
  en: reviewedEnglish(
    texts('en', {
      'common.exercise': 'EXERCISE',
      'common.exercise.note': 'This is an exercise.',
      'common.test': 'TEST',
      'common.test.note': 'This is a test.',
      'common.unreviewed': 'This text has not been reviewed.',
      'common.advice': 'Advice to the authority, no public warning.',
      'flood.event': 'Flood',
      'flood.headline': '{country}: flood, {grade}',
      'flood.description':
        'Water at {level, number, ::.0} m, {time, date, ::yMMMMdHHmm} ({timeOffset}). Towns: {towns}.',
      'flood.instruction': 'Go to higher ground.',
      'flood.area': '{country}: {towns}',
      'flood.revised': 'Replaces the earlier message.',
      'flood.advice': 'For the authority, {country}: flood',
      'flood.over': '{country}: over',
      'flood.over.why': '{reason, select, withdrawn {It was false.} other {It is over.}}',
      'flood.grade.high': 'high water',
    }),
  ),
  sq: texts('sq', {
    'common.exercise': 'STËRVITJE',
    'common.exercise.note': 'Kjo është stërvitje.',
    'common.test': 'TEST',
    'common.test.note': 'Ky është test.',
    'common.unreviewed': 'Ky përkthim nuk është rishikuar.',
    'common.advice': 'Këshillë për autoritetin.',
    'flood.event': 'Përmbytje',
    'flood.headline': '{country}: përmbytje, {grade}',
    'flood.description':
      'Uji {level, number, ::.0} m, {time, date, ::yMMMMdHHmm} ({timeOffset}). Qytetet: {towns}.',
    'flood.instruction': 'Shkoni në vend më të lartë.',
    'flood.area': '{country}: {towns}',
    'flood.revised': 'Zëvendëson mesazhin e mëparshëm.',
    'flood.advice': 'Për autoritetin, {country}: përmbytje',
    'flood.over': '{country}: përfundoi',
    'flood.over.why': '{reason, select, withdrawn {Nuk ishte e vërtetë.} other {Ka përfunduar.}}',
    'flood.grade.high': 'ujë i lartë',
  }),
} satisfies Readonly<Record<string, Catalogue>>

export const aRule = (parts: Partial<IssueRule> = {}): IssueRule => ({
  id: 'albania-warns',
  realm: 'actual',
  countries: '*',
  mandate: { kind: 'authority', of: ['AL'], text: 'Law 45/2019 on civil protection' },
  sender: 'warnings@durres.example',
  senderName: { en: 'Civil protection', sq: 'Mbrojtja civile' },
  ...parts,
})

export const someSettings = (parts: Partial<IssueSettings> = {}): IssueSettings => ({
  rules: [aRule()],
  catalogues,
  countries: (code) =>
    code === 'AL'
      ? {
          languages: ['sq'],
          timeZone: 'Europe/Tirane',
          name: (language) => (language === 'sq' ? 'Shqipëria' : 'Albania'),
        }
      : undefined,
  identity: { node: origin, incarnation: 'i1' },
  ...parts,
})

/** A log with the store's rules that matter here: same content is no new version, reads give the newest version. */
export class MemoryLog {
  readonly #held: Held[] = []
  now: Instant = start

  all(type: string): readonly Held[] {
    return this.#held.filter(({ record }) => record.type === type)
  }

  append(draft: Draft): Held {
    const id = recordId(origin, draft.type, draft.key, draft.realm)
    const versions = this.#held.filter(({ record }) => record.id === id)
    const newest = versions.at(-1)
    if (
      newest &&
      isDeepStrictEqual([newest.record.body, newest.record.links], [draft.body, draft.links ?? []])
    )
      return newest
    const record: MosaicRecord = {
      ...draft,
      id,
      version: versions.length + 1,
      schemaVersion: 1,
      origin,
      recordedAt: this.now,
      attribution: draft.attribution ?? [],
      handling: { tlp: 'TLP:CLEAR' },
      links: draft.links ?? [],
    }
    const held: Held = { record, receivedAt: this.now, index: this.#held.length }
    this.#held.push(held)
    return held
  }

  propose(body: ProposalBody, realm = 'actual' as Realm): Held {
    return this.append({
      type: proposalRecord.type,
      key: `${body.event}:${body.country}`,
      realm,
      producer: { kind: 'method', name: 'test', version: '1' },
      valid: { from: body.onset, until: body.expires },
      body,
    })
  }

  async run(reactor: Reactor, input: Held): Promise<readonly Held[]> {
    const drafts = await reactor.react(input, this.#view(reactor, input.index))
    return drafts.map((draft) => this.append(draft))
  }

  #view({ writes }: Reactor, index: number): ReactorView {
    const seen = (held: Held) => writes.includes(held.record.type) || held.index <= index
    const fits = (held: Held, { types, linkedTo, linkType }: Omit<Query, 'realm' | 'upTo'>) =>
      (types?.includes(held.record.type) ?? true) &&
      (!linkedTo ||
        held.record.links.some(
          ({ id, type }) => linkedTo.includes(id) && (linkType === undefined || type === linkType),
        ))
    const isNewest = (held: Held) =>
      !this.#held.some(({ record, index: other }) => record.id === held.record.id && other > held.index)
    return {
      read: async (query) => this.#held.filter((held) => seen(held) && isNewest(held) && fits(held, query)),
      get: async (id, version) =>
        this.#held.findLast(
          (held) =>
            held.record.id === id && seen(held) && (version === undefined || held.record.version === version),
        ),
    }
  }
}
