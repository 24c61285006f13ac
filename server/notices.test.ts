import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actual, type Draft, type Handling, instant, nodeId, recordId } from '../engines/record/index.ts'
import { type AlertBody, alertRecord, type NoticeBody, noticeRecord } from '../engines/warn/index.ts'
import { aPlayedNode, type PlayedNode } from './builders.ts'
import type { NoticeDetail, NoticePage } from './schemas/index.ts'

const node = nodeId('durres.example')
const hours = (n: number) => instant(Date.now() + n * 3_600_000)
const triple = { sender: 'https://meteo.example', identifier: 'm-1', sent: hours(-3) }

let played: PlayedNode

beforeAll(async () => {
  played = await aPlayedNode({ isPlayed: false })
})
afterAll(() => played?.[Symbol.asyncDispose]())

const alertKey = (id: string): string => `${triple.sender},${id}#0123456789ab`

const anAlert = (id: string, handling: Handling): Draft => ({
  type: alertRecord.type,
  key: alertKey(id),
  realm: actual,
  producer: { kind: 'source', name: 'test' },
  valid: { from: hours(-3), until: hours(9) },
  handling,
  body: {
    triple: { ...triple, identifier: id },
    digest: '0'.repeat(64),
    alert: {
      ...{ version: '1.2', identifier: id, sender: triple.sender, sent: triple.sent, status: 'Actual' },
      ...{ msgType: 'Alert', scope: 'Public', addresses: [], code: [], references: [], incidents: [] },
      ...{ info: [], signatures: 0 },
    } as AlertBody['alert'],
    verdict: 'defects',
    defects: [{ rule: 'cap/made-up', place: '/alert', value: 'x', message: 'secret defect' }],
    signature: { kind: 'verified', fingerprint: 'ab'.repeat(32), trusted: false, weak: false },
  } satisfies AlertBody,
})

type Parts = {
  readonly id: string
  readonly from?: number
  readonly until?: number
  readonly handling?: Handling
  readonly body?: Partial<NoticeBody>
}

const aNotice = ({ id, from = -2, until = 6, handling = { tlp: 'TLP:CLEAR' }, body = {} }: Parts): Draft => ({
  type: noticeRecord.type,
  key: id,
  realm: actual,
  producer: { kind: 'method', name: 'warn/resolve', version: '1' },
  attribution: [{ source: 'meteo', licence: 'CC BY', credit: 'Meteo' }],
  valid: { from: hours(from), until: hours(until) },
  handling,
  links: [{ type: 'about', id: recordId(node, alertRecord.type, alertKey(id), actual) }],
  body: {
    authority: { id: 'meteo', isKnown: true, country: 'HR', names: { en: 'Meteo' } },
    sender: triple.sender,
    state: 'in-force',
    status: 'Actual',
    kind: [{ scheme: 'awareness_type', code: '12' }],
    level: { severity: 'Severe', urgency: 'Expected', certainty: 'Likely' },
    texts: {
      ...{ event: { hr: 'Poplava' }, headline: {}, description: {}, instruction: {} },
      ...{ senderName: {}, area: { hr: 'Slavonija' }, web: {}, contact: {} },
    },
    expires: hours(until),
    expiresAssumed: false,
    areas: { codes: [{ scheme: 'EMMA_ID', code: 'HR004' }], polygons: [], circles: [] },
    slot: id,
    group: id,
    messages: [
      {
        key: `${node} ${alertKey(id)}`,
        triple: { ...triple, identifier: id },
        role: 'first',
        because: 'earliest-known',
      },
    ],
    areaFallback: [{ scheme: 'EMMA_ID', code: 'HR004', reason: 'place/area-as-country', country: 'HR' }],
    dangling: [],
    holds: false,
    ...body,
  } satisfies NoticeBody,
})

/** The resolver links what it rests on; the link that joins handling is left out where a test hides the message alone. */
async function append(...drafts: readonly Draft[]): Promise<void> {
  for (const outcome of await played.node.store.append(drafts))
    if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome))
}

const listed = async (query: string): Promise<readonly string[]> =>
  (await played.ask<NoticePage>(`/notices?realm=actual${query}`)).items
    .map(({ event }) => event['hr'] ?? '')
    .sort()

describe('warnings of other authorities', () => {
  beforeAll(async () => {
    const named = (hr: string) => ({ texts: { ...aTexts, event: { hr } } })
    const aTexts = (aNotice({ id: 'x' }).body as NoticeBody).texts
    await append(
      anAlert('m-1', { tlp: 'TLP:CLEAR' }),
      aNotice({ id: 'm-1', body: named('now') }),
      aNotice({ id: 'm-2', from: 3, body: named('tomorrow') }),
      aNotice({ id: 'm-3', from: -9, until: -1, body: named('run out') }),
      aNotice({ id: 'm-4', body: { ...named('ended'), state: 'ended', endedAt: hours(-1) } }),
      aNotice({ id: 'm-5', handling: { tlp: 'TLP:AMBER' }, body: named('confidential') }),
      aNotice({
        id: 'm-6',
        body: {
          ...named('wind'),
          authority: { id: 'rs', isKnown: true, country: 'RS', names: {} },
          kind: [{ scheme: 'awareness_type', code: '1' }],
          level: { severity: 'Minor', urgency: 'Future', certainty: 'Likely' },
        },
      }),
    )
  })

  test('are in force until they run out or are ended, also before they begin', async () => {
    expect(await listed('&inForce=true')).toEqual(['now', 'tomorrow', 'wind'])
    expect(await listed('&inForce=false')).toEqual(['ended', 'run out'])
  })

  test('are found by country, by kind, and by severity or worse', async () => {
    expect(await listed('&inForce=true&country=rs')).toEqual(['wind'])
    expect(await listed('&inForce=true&kind=awareness_type:12,awareness_type:13')).toEqual([
      'now',
      'tomorrow',
    ])
    expect(await listed('&inForce=true&severity=Moderate')).toEqual(['now', 'tomorrow'])
  })

  test('a severity that CAP does not have is refused with what to write', async () => {
    const answer = await played.app.inject('/api/v1/notices?severity=huge')

    expect([answer.statusCode, answer.json().code]).toEqual([400, 'server/no-severity'])
  })

  test('what is not for the public is neither listed nor found', async () => {
    const id = recordId(node, noticeRecord.type, 'm-5', actual)

    expect(await listed('')).not.toContain('confidential')
    expect((await played.app.inject(`/api/v1/notices/${id}?realm=actual`)).statusCode).toBe(404)
  })

  test('of a code for which no shape is held it is said what stands for it', async () => {
    const id = recordId(node, noticeRecord.type, 'm-1', actual)
    const detail = await played.ask<NoticeDetail>(`/notices/${id}?realm=actual`)

    expect(detail.codesWithoutShape).toEqual([
      { scheme: 'EMMA_ID', code: 'HR004', reason: 'place/area-as-country', country: 'HR' },
    ])
    expect(detail.attribution).toEqual([{ source: 'meteo', licence: 'CC BY', credit: 'Meteo' }])
  })
})

describe('the messages behind a notice', () => {
  const withMessage = (id: string): Draft => {
    const notice = aNotice({ id })
    const [link] = notice.links ?? []
    return { ...notice, links: link ? [{ type: 'derivedFrom', id: link.id, version: 1 }] : [] } as Draft
  }

  test('are told with what their signature and the checks say', async () => {
    await append(anAlert('m-7', { tlp: 'TLP:CLEAR' }), withMessage('m-7'))
    const id = recordId(node, noticeRecord.type, 'm-7', actual)

    const { messages } = await played.ask<NoticeDetail>(`/notices/${id}?realm=actual`)

    expect(messages).toMatchObject([
      {
        identifier: 'm-7',
        role: 'first',
        msgType: 'Alert',
        signature: { kind: 'verified', trusted: false },
        defects: [{ rule: 'cap/made-up' }],
      },
    ])
  })

  test('of one that the asker may not have, no more than its name', async () => {
    await append(anAlert('m-8', { tlp: 'TLP:AMBER' }), aNotice({ id: 'm-8' }))
    const id = recordId(node, noticeRecord.type, 'm-8', actual)

    const { messages } = await played.ask<NoticeDetail>(`/notices/${id}?realm=actual`)

    expect(messages).toEqual([
      {
        ...triple,
        identifier: 'm-8',
        role: 'first',
        because: 'earliest-known',
        defects: [],
        sent: messages[0]?.sent,
      },
    ])
  })
})
