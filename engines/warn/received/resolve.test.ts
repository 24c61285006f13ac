import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CapAlert } from '../../formats/index.ts'
import {
  aCancel,
  anAlert,
  anUpdate,
  aRegister,
  at,
  glance,
  known,
  resolved,
  resolvedKnown,
} from './alerts.test-support.ts'
import { noticeBody } from './notice-draft.ts'

describe('one message', () => {
  test('a bulletin of several warnings in two languages is one notice for each kind and area, in both languages', () => {
    const notices = resolved(anAlert({ id: 'a', says: [{ kind: 1 }, { kind: 3, area: 'XA002', level: 3 }] }))

    expect(glance(notices)).toEqual(['1@XA001 2 in-force: first a', '3@XA002 3 in-force: first a'])
    expect(notices.map((each) => noticeBody(each, undefined).texts.event)).toEqual([
      { hr: 'Warning 1 (hr)', en: 'Warning 1 (en)' },
      { hr: 'Warning 3 (hr)', en: 'Warning 3 (en)' },
    ])
  })

  test('blocks of the two languages are paired by what they say, in whatever order they stand', () => {
    const alert = anAlert({ id: 'a', says: [{ kind: 1 }, { kind: 3 }, { kind: 3, from: 700, until: 900 }] })
    const turned = { ...alert, info: alert.info.toReversed() }

    expect(glance(resolved(turned))).toEqual(glance(resolved(alert)))
    expect(resolved(turned)).toHaveLength(3)
  })

  test('without expires 24 hours after it was sent are assumed, and said to be', () => {
    const [notice] = resolved(anAlert({ id: 'a', sent: 30, says: [{ until: 'unsaid' }] }))

    expect(notice && noticeBody(notice, undefined)).toMatchObject({
      expires: '2026-09-12T06:30:00.000Z',
      expiresAssumed: true,
    })
  })

  test('the letter case and the word of a level and a kind do not matter, the number does', () => {
    const parameter = [
      { valueName: 'Awareness_Level', value: '2; Yellow; moderate' },
      { valueName: 'AWARENESS_TYPE', value: '1; WIND' },
    ]

    expect(
      glance(resolved(anAlert({ id: 'a' }), anAlert({ id: 'b', sent: 1, says: [{ parts: { parameter } }] }))),
    ).toEqual(['1@XA001 2 in-force: first a, re-issue b'])
  })

  test('a code under the wrong name of its scheme is the code it means', () => {
    const area = [
      { areaDesc: 'x', polygon: [], circle: [], geocode: [{ valueName: 'NUTS3', value: 'XC001' }] },
    ]
    const [notice] = resolved(anAlert({ id: 'a', says: [{ parts: { area } }] }))

    expect(notice?.shown.codes).toEqual([{ scheme: 'EMMA_ID', code: 'XC001' }])
  })

  test('two fires in one province on one morning are two notices: a province is no place', () => {
    const fire = (lat: number) => ({
      area: [
        {
          areaDesc: 'fire',
          polygon: [],
          circle: [{ center: [lat, 20] as const, radiusKm: 1 }],
          geocode: [{ valueName: 'ISO 3166-2', value: 'XA-02' }],
        },
      ],
    })

    expect(
      resolved(
        anAlert({ id: 'a', says: [{ parts: fire(44) }] }),
        anAlert({ id: 'b', sent: 5, says: [{ parts: fire(45) }] }),
      ),
    ).toHaveLength(2)
  })
})

describe('one fact told twice', () => {
  const bulletin = anAlert({ id: 'bulletin', says: [{}, { area: 'XA002' }] })
  const copy = anAlert({ id: 'copy-XA001', sender: 'warnings@exchange.example', sent: 2 })

  test('a national file and its copy in an exchange, one message for each area, are one notice', () => {
    expect(glance(resolved(bulletin, copy))).toEqual([
      '1@XA001 2 in-force: first bulletin, copy copy-XA001',
      '1@XA002 2 in-force: first bulletin',
    ])
  })

  test('a Cancel of the one ends the other', () => {
    expect(glance(resolved(bulletin, copy, aCancel('c', 10, copy)))).toEqual(
      ['1@XA001 2 ended: first bulletin, copy copy-XA001', '1@XA002 2 in-force: first bulletin'].map(
        (line) => (line.includes('XA001') ? `${line}, cancel c` : line),
      ),
    )
  })

  test('what another authority says of the same area and hour stays its own', () => {
    expect(resolved(bulletin, anAlert({ id: 'una', sender: 'una@other.example' }))).toHaveLength(3)
  })

  test('the languages of both are shown, none of them twice', () => {
    const bosnian = anAlert({ id: 'b', sent: 3, says: [{ languages: ['bs', 'en-GB'] }] })
    const [notice] = resolved(anAlert({ id: 'a', says: [{ languages: ['en'] }] }), bosnian)

    expect(Object.keys(notice ? noticeBody(notice, undefined).texts.event : {}).sort()).toEqual([
      'bs',
      'en-GB',
    ])
  })
})

describe('Update, Cancel and all-clear', () => {
  const first = anAlert({ id: 'a' })
  const orange = anUpdate({ id: 'b', sent: 20, names: [first], says: [{ level: 3, until: 700 }] })

  test('an Update replaces what it names and goes on under the same notice', () => {
    const [before] = resolved(first)
    const notices = resolved(first, orange)

    expect(glance(notices)).toEqual(['1@XA001 3 in-force: first a, update b'])
    expect(notices[0]?.key).toBe(before?.key)
  })

  test('an area that an Update leaves out is superseded', () => {
    const wide = anAlert({ id: 'a', says: [{}, { area: 'XA002' }] })

    expect(glance(resolved(wide, anUpdate({ id: 'b', sent: 20, names: [wide] })))).toEqual([
      '1@XA001 2 in-force: first a, update b',
      '1@XA002 2 superseded: first a, update b',
    ])
  })

  test('morning and evening of one kind in one area stay two warnings through an Update', () => {
    const says = [
      { from: 60, until: 240 },
      { from: 600, until: 800, level: 3 as const },
    ]
    const day = anAlert({ id: 'a', says })
    const later = anUpdate({
      id: 'b',
      sent: 20,
      names: [day],
      says: [{ from: 60, until: 260 }, says[1] ?? {}],
    })

    expect(glance(resolved(day, later))).toEqual([
      '1@XA001 2 in-force: first a, update b',
      '1@XA001 3 in-force: first a, update b',
    ])
  })

  test('an Update that names all that is in force, two tellings of it too, leaves one', () => {
    const second = anAlert({ id: 'a2', sent: 5, says: [{ level: 3, until: 900 }] })
    const update = anUpdate({ id: 'b', sent: 20, names: [first, second], says: [{ level: 4 }] })

    expect(glance(resolved(first, second, update)).filter((line) => line.includes('in-force'))).toHaveLength(
      1,
    )
  })

  test('a Cancel ends every message that it names, and so the notice', () => {
    expect(glance(resolved(first, orange, aCancel('c', 30, first, orange)))).toEqual([
      '1@XA001 3 ended: first a, update b, cancel c',
    ])
  })

  test('a Cancel that names only the replaced message leaves the one that replaced it', () => {
    expect(glance(resolved(first, orange, aCancel('c', 30, first)))).toEqual([
      '1@XA001 3 in-force: first a, update b, cancel c',
    ])
  })

  test('an Alert after the Cancel starts again, as another notice', () => {
    const again = anAlert({ id: 'd', sent: 60 })

    expect(glance(resolved(first, aCancel('c', 30, first), again))).toEqual([
      '1@XA001 2 ended: first a, cancel c',
      '1@XA001 2 in-force: first d',
    ])
  })

  test('an Update of what was cancelled starts nothing again, and is held for a person', () => {
    const late = anUpdate({ id: 'b', sent: 40, names: [first], says: [{ level: 3 }] })

    expect(glance(resolved(first, aCancel('c', 30, first), late))).toEqual([
      '1@XA001 3 ended (update-after-cancel): first a, cancel c, update b',
    ])
  })

  test('nobody ends or changes the warning of another authority', () => {
    const foreign = anAlert({
      id: 'x',
      sent: 10,
      sender: 'una@other.example',
      msgType: 'Cancel',
      names: [first],
      says: [],
    })

    expect(glance(resolved(first, foreign))).toEqual(['1@XA001 2 in-force: first a'])
  })

  test('an all-clear ends its kind in its area, and lets the other areas of the message stand', () => {
    const wide = anAlert({ id: 'a', says: [{}, { area: 'XA002' }, { kind: 3 }] })
    const clear = anUpdate({
      id: 'b',
      sent: 50,
      names: [wide],
      says: [{ parts: { responseType: ['AllClear'], urgency: 'Past' } }],
    })

    expect(glance(resolved(wide, clear))).toEqual([
      '1@XA001 2 ended: first a, all-clear b',
      '1@XA002 2 in-force: first a',
      '3@XA001 2 in-force: first a',
    ])
  })

  test('"no warning" in green ends what it names; without a name, what it speaks of', () => {
    const green = anUpdate({ id: 'b', sent: 50, names: [first], says: [{ level: 1 }] })
    const unnamed = anUpdate({ id: 'b', sent: 50, says: [{ level: 1, parts: { urgency: 'Past' } }] })

    expect(glance(resolved(first, green))).toEqual(['1@XA001 2 ended: first a, all-clear b'])
    expect(glance(resolved(first, unnamed))).toEqual(['1@XA001 2 ended: first a, all-clear b'])
  })

  test('green in a new Alert about tomorrow ends nothing today', () => {
    const tomorrow = anAlert({ id: 'b', sent: 50, says: [{ level: 1, from: 1500, until: 2900 }] })

    expect(glance(resolved(first, tomorrow))).toContain('1@XA001 2 in-force: first a')
  })
})

describe('references that do not hold', () => {
  const first = anAlert({ id: 'a' })

  test('an Update whose references are not here stands, and names what is missing', () => {
    const [notice] = resolved(anUpdate({ id: 'b', sent: 20, names: [first] }))

    expect(notice).toMatchObject({ state: 'in-force', dangling: [`duty@weather.example,a,${at(0)}`] })
  })

  test('a Cancel of what is not here makes no notice, and ends it when it comes', () => {
    const cancel = aCancel('c', 30, first)

    expect(resolved(cancel)).toEqual([])
    expect(glance(resolved(cancel, first))).toEqual(['1@XA001 2 ended: first a, cancel c'])
  })

  test('a message that names itself, or a later one, changes nothing by it', () => {
    const itself = { sender: 'duty@weather.example', identifier: 'a', sent: at(0) }
    const later = anAlert({ id: 'b', sent: 20, says: [{ kind: 3 }] })
    const strange = anUpdate({ id: 'a', names: [later], parts: { references: [itself] } })

    expect(glance(resolved(strange, later))).toEqual([
      '1@XA001 2 in-force: update a',
      '3@XA001 2 in-force: first b',
    ])
  })

  test('two Updates that name each other leave one in force, never none', () => {
    const a = anUpdate({ id: 'a', names: [anAlert({ id: 'b' })] })
    const b = anUpdate({ id: 'b', names: [a], says: [{ level: 3 }] })
    const c = anUpdate({ id: 'c', names: [b], says: [{ level: 3 }] })
    const loop = [anUpdate({ id: 'a', names: [c] }), b, c]

    expect(resolved(a, b).filter(({ state }) => state === 'in-force')).toHaveLength(1)
    expect(resolved(...loop).filter(({ state }) => state === 'in-force').length).toBeGreaterThan(0)
  })

  test('an Update that says nothing replaces nothing', () => {
    expect(glance(resolved(first, anUpdate({ id: 'b', sent: 20, names: [first], says: [] })))).toEqual([
      '1@XA001 2 in-force: first a',
    ])
  })

  test('`sent` is compared as an instant: the same time in another zone names the same message', () => {
    const zoned = { sender: first.sender, identifier: 'a', sent: '2026-09-11T08:00:00+02:00' }
    const update = anUpdate({ id: 'b', sent: 20, says: [{ level: 3 }], parts: { references: [zoned] } })

    expect(glance(resolved(first, update))).toEqual(['1@XA001 3 in-force: first a, update b'])
  })
})

describe('what came twice', () => {
  const first = anAlert({ id: 'a' })

  test('an Alert again the next day, with a new name and the same words, is a re-issue of one notice', () => {
    const tomorrow = anAlert({ id: 'a-again', sent: 1440, says: [{ until: 2000 }] })

    expect(glance(resolved(anAlert({ id: 'a', says: [{ until: 2000 }] }), tomorrow))).toEqual([
      '1@XA001 2 in-force: first a, re-issue a-again',
    ])
  })

  test('an Alert within the hour with times a little other is held as a suspected re-issue, and the graver is shown', () => {
    const milder = anAlert({ id: 'b', sent: 40, says: [{ from: 90, until: 630 }] })
    const [notice] = resolved(anAlert({ id: 'a', says: [{ level: 3 }] }), milder)

    expect(notice).toMatchObject({ hold: 'suspected-re-issue', shown: { level: { code: '3' } } })
    expect(resolved(first, anAlert({ id: 'b', sent: 70, says: [{ until: 630 }] }))).toHaveLength(2)
  })

  test('other content under one name: the first copy counts, the other is a conflict of the sender', () => {
    const other = anAlert({ id: 'a', says: [{ level: 4 }] })
    const late = known(other, { recordedMs: Date.parse('2026-09-11T07:00:00Z') })

    expect(glance(resolvedKnown(late, known(first)))).toEqual(['1@XA001 2 in-force: first a, conflict a'])
  })

  test("a peer's copy, and one whose signature fails, never come before our own", () => {
    const early = { recordedMs: 0 }
    const other = anAlert({ id: 'a', says: [{ level: 4 }] })

    for (const parts of [{ isOwn: false }, { isForged: true }]) {
      const notices = resolvedKnown(known(other, { ...early, ...parts }), known(first))
      expect(glance(notices)).toEqual(['1@XA001 2 in-force: first a, conflict a'])
    }
  })

  test('a Cancel that only a peer holds ends nothing that came to this node itself', () => {
    const cancel = aCancel('c', 30, first)

    expect(resolvedKnown(known(first), known(cancel, { isOwn: false }))[0]?.state).toBe('in-force')
    expect(resolvedKnown(known(first, { isOwn: false }), known(cancel, { isOwn: false }))[0]?.state).toBe(
      'ended',
    )
  })

  test('a comma in a name makes no other name of it', () => {
    const strange = anAlert({ id: 'weather.example,a', sender: 'duty' })
    const plain = anAlert({ id: 'a', sender: 'duty,weather.example' })

    expect(
      resolved(strange, plain).flatMap(({ messages }) => messages.map(({ role }) => role)),
    ).not.toContain('conflict')
  })

  test('a test, or a word in confidence, neither ends nor changes what is public', () => {
    const cancel = aCancel('c', 30, first)

    expect(resolved(first, { ...cancel, status: 'Test' })[0]?.state).toBe('in-force')
    expect(resolvedKnown(known(first), known(cancel, { handling: 'TLP:RED' }))[0]?.state).toBe('in-force')
  })
})

/** Worlds small enough that everything meets everything: three areas, two kinds, four senders, loops and gaps. */
const worlds = fc
  .array(
    fc.record({
      sent: fc.integer({ min: 0, max: 120 }),
      sender: fc.constantFrom('duty@weather.example', 'warnings@exchange.example', 'una@other.example'),
      msgType: fc.constantFrom('Alert' as const, 'Alert' as const, 'Update' as const, 'Cancel' as const),
      names: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
      says: fc.array(
        fc.record({
          kind: fc.constantFrom(1, 3),
          area: fc.constantFrom('XA001', 'XA002'),
          level: fc.constantFrom(1 as const, 2 as const, 3 as const),
          from: fc.constantFrom(60, 90, 300),
          until: fc.constantFrom(600, 640, 'unsaid' as const),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((messages): readonly CapAlert[] => {
    const bare = messages.map((message, nth) => anAlert({ ...message, names: [], id: `m${nth}` }))
    return messages.map((message, nth) => {
      const names = message.names.map((each) => bare[each] ?? anAlert({ id: 'elsewhere' }))
      return anAlert({ ...message, names, id: `m${nth}` })
    })
  })

describe('laws', () => {
  test('any order of arrival gives the same notices', () => {
    fc.assert(
      fc.property(
        worlds.chain((alerts) =>
          fc.tuple(fc.constant(alerts), fc.shuffledSubarray([...alerts], { minLength: alerts.length })),
        ),
        ([alerts, shuffled]) => {
          expect(resolved(...shuffled)).toEqual(resolved(...alerts))
        },
      ),
      { numRuns: 400 },
    )
  })

  test('a message heard again changes nothing but that it was', () => {
    fc.assert(
      fc.property(worlds, (alerts) => {
        const states = (all: readonly CapAlert[]) => resolved(...all).map(({ key, state }) => [key, state])
        expect(states([...alerts, ...alerts])).toEqual(states(alerts))
      }),
    )
  })

  test('every warning of every message stands in a notice, and no notice is without a message', () => {
    fc.assert(
      fc.property(worlds, (alerts) => {
        const notices = resolved(...alerts)
        const named = new Set(
          notices.flatMap(({ messages }) => messages.map(({ triple }) => triple.identifier)),
        )
        for (const { msgType, identifier } of alerts)
          if (msgType !== 'Cancel') expect(named).toContain(identifier)
        expect(new Set(notices.map(({ key }) => key)).size).toBe(notices.length)
      }),
    )
  })

  test('without a Cancel or an all-clear something of every authority that warned is in force', () => {
    fc.assert(
      fc.property(worlds, (alerts) => {
        const warnings = alerts.filter(
          ({ msgType, info }) => msgType !== 'Cancel' && info.every(({ severity }) => severity !== 'Minor'),
        )
        const notices = resolved(...warnings)
        const warned = new Set(notices.map(({ authority }) => authority))
        const stands = new Set(
          notices.filter(({ state }) => state === 'in-force').map(({ authority }) => authority),
        )
        expect(stands).toEqual(warned)
      }),
    )
  })
})

test('a sender that nobody registered is its own authority, and says so', () => {
  const [notice] = resolved(anAlert({ id: 'a', sender: 'someone@unheard.example' }))

  expect(notice && noticeBody(notice, undefined).authority).toEqual({
    id: 'sender:someone@unheard.example',
    isKnown: false,
    names: {},
  })
  expect(aRegister.authorities.some(({ id }) => id === notice?.authority)).toBe(false)
})
