/**
 * Warnings of others: CAP messages read, judged and resolved, against the aim of 2 000 a second on one core.
 *
 * Measured, each over the same made messages, one after the other in one thread: `read` (XML to an alert, every rule,
 * the schema), `draft` (the same and the record's body, digest, links), `resolve` (all messages of a day to notices, as one
 * set), and the three together. The messages are of the region's two kinds: of one area in two languages, a fifth of them
 * Updates and a twentieth Cancels; and bulletins of 15 warnings in two languages, 40 kB each, which stand as figures of
 * their own, because one of them is the work of fifteen.
 *
 * Rates are by the second of processor time that the process took, its collector and its compiler included, because the
 * machine may do other work; what the clock says stands beside.
 *
 * How it could mislead: nothing is stored, so a node that takes messages in does this work and the database's beside; the
 * words of the messages repeat, so caches of the processor are warm. Medians of rounds; the first compiles and is left out.
 */
import {
  type CapAlert,
  type CapInfo,
  type CapTriple,
  capTriple,
  readCapBy,
  writeCap,
} from '../engines/formats/index.ts'
import {
  type AlertBody,
  alertDraft,
  type KnownAlert,
  type Register,
  resolverFor,
} from '../engines/warn/index.ts'
import { type BenchRun, runBench } from './bench-run.ts'
import { type Figure, figure, median, type Report } from './figures.ts'
import { randomFrom } from './shocks.ts'

const seed = 20260911
const aim = 2_000
const register: Register = {
  authorities: [
    {
      id: 'bench',
      names: { en: 'Bench' },
      senders: [],
      hosts: ['weather.example'],
      country: 'XA',
      policy: { signature: 'verify' },
      mandate: 'none: a bench',
    },
  ],
  profile: {
    kindParameter: 'awareness_type',
    levelParameter: 'awareness_level',
    noWarning: '1',
    areaSchemes: ['EMMA_ID'],
    misnamed: [],
  },
}
const policyOf = () => ({ signature: 'verify' }) as const

async function measure({ isQuick, signal }: BenchRun): Promise<Report> {
  const rounds = isQuick ? 2 : 8
  const count = isQuick ? 100 : 2_000
  const small = messages(count)
  const large = Array.from({ length: Math.ceil(count / 20) }, (_, n) => bulletin(n))
  const figures: Figure[] = []
  for (const [name, texts] of [
    ['one area', small],
    ['bulletin of 15', large],
  ] as const) {
    if (signal.aborted) break
    figures.push(...figuresOf(name, texts, rounds))
  }
  return {
    bench: 'cap',
    run: `${rounds - 1} rounds of ${small.length} messages of one area and ${large.length} bulletins, seed ${seed}`,
    figures,
  }
}

function figuresOf(name: string, texts: readonly Uint8Array[], rounds: number): readonly Figure[] {
  const resolve = resolverFor(register)
  const known = texts.map(drafted)
  const read = perSecond(rounds, texts.length, () => {
    for (const text of texts) readCapBy(text, { policyOf })
  })
  const draft = perSecond(rounds, texts.length, () => {
    for (const text of texts) drafted(text)
  })
  const resolved = perSecond(rounds, texts.length, () => resolve(known))
  const all = perSecond(rounds, texts.length, () => resolve(texts.map(drafted)))
  const aimed = name === 'one area' ? { atLeast: aim } : undefined
  return [
    figure(`${name}: read and judged`, read.ofProcessor, 'messages/s'),
    figure(`${name}: read, judged, made a record`, draft.ofProcessor, 'messages/s'),
    figure(`${name}: resolved`, resolved.ofProcessor, 'messages/s'),
    figure(`${name}: all three`, all.ofProcessor, 'messages/s', aimed),
    figure(`${name}: all three, by the clock`, all.ofClock, 'messages/s'),
  ]
}

function drafted(text: Uint8Array): KnownAlert {
  const read = alertDraft(readCapBy(text, { policyOf }), register.profile)
  if (!read.ok) throw new Error(`A made message was withheld: ${JSON.stringify(read.issues[0])}`)
  const { alert, digest } = read.observed.body as AlertBody
  const triple = capTriple(alert) as CapTriple // a message that was read has one
  const { key } = read.observed
  return { key, alert, triple, digest, recordedMs: 0, isForged: false, isOwn: true, handling: '' }
}

type Rate = { readonly ofProcessor: number; readonly ofClock: number }

function perSecond(rounds: number, count: number, work: () => void): Rate {
  const each = Array.from({ length: rounds }, () => {
    const [startedAt, before] = [performance.now(), process.cpuUsage()]
    work()
    const { user, system } = process.cpuUsage(before)
    return {
      ofProcessor: (count * 1e6) / (user + system),
      ofClock: (count * 1000) / (performance.now() - startedAt),
    }
  }).slice(1)
  return {
    ofProcessor: median(each.map(({ ofProcessor }) => ofProcessor)),
    ofClock: median(each.map(({ ofClock }) => ofClock)),
  }
}

function messages(count: number): readonly Uint8Array[] {
  const random = randomFrom(seed)
  const sent: CapAlert[] = []
  return Array.from({ length: count }, (_, n) => {
    const share = random()
    const earlier = sent[Math.floor(random() * sent.length)]
    const msgType = earlier === undefined || share < 0.75 ? 'Alert' : share < 0.95 ? 'Update' : 'Cancel'
    const area =
      earlier && msgType !== 'Alert'
        ? areaOf(earlier)
        : `XA${String(Math.floor(random() * 400)).padStart(3, '0')}`
    const alert = aMessage({ n, msgType, earlier, infos: infosFor(1 + (n % 4), area, 1 + (n % 12)) })
    sent.push(alert)
    return new TextEncoder().encode(writeCap(alert))
  })
}

const areaOf = (alert: CapAlert): string => alert.info[0]?.area[0]?.geocode[0]?.value ?? 'XA000'

function bulletin(n: number): Uint8Array {
  const infos = Array.from({ length: 15 }, (_, at) =>
    infosFor(1 + (at % 4), `XB${String(at).padStart(3, '0')}`, 1 + (at % 6)),
  )
  return new TextEncoder().encode(
    writeCap(aMessage({ n: 50_000 + n, msgType: 'Alert', earlier: undefined, infos: infos.flat() })),
  )
}

type Made = {
  readonly n: number
  readonly msgType: 'Alert' | 'Update' | 'Cancel'
  readonly earlier: CapAlert | undefined
  readonly infos: readonly CapInfo[]
}

const at = (minutes: number): string =>
  `${new Date(Date.UTC(2026, 8, 11) + minutes * 60_000).toISOString().slice(0, 19)}-00:00`

function aMessage({ n, msgType, earlier, infos }: Made): CapAlert {
  const refers = msgType !== 'Alert' && earlier !== undefined
  return {
    version: '1.2',
    identifier: `2.49.0.1.0.0.XA.${n}`,
    sender: 'https://weather.example',
    sent: at((n % 10_000) / 60),
    status: 'Actual',
    msgType,
    scope: 'Public',
    addresses: [],
    code: [],
    references: refers
      ? [{ sender: earlier.sender, identifier: earlier.identifier, sent: earlier.sent }]
      : [],
    incidents: [],
    info: infos,
    signatures: 0,
  }
}

/** About as long as the region's services write. */
function infosFor(level: number, area: string, kind: number): readonly CapInfo[] {
  const severity = (['Minor', 'Moderate', 'Severe', 'Extreme'] as const)[level - 1] ?? 'Moderate'
  const words = [
    'Strong gusts in places, up to 85 km/h, at sea 45 knots.',
    'Mjestimice jaki udari vjetra do 85 km/h.',
  ]
  return ['en-GB', 'hr-HR'].map((language, nth) => ({
    language,
    category: ['Met'],
    event: `${language} warning of kind ${kind}`,
    responseType: ['Monitor'],
    urgency: 'Future',
    severity,
    certainty: 'Likely',
    eventCode: [],
    onset: at(400),
    expires: at(1_400 + kind),
    senderName: 'Weather service of the bench',
    headline: `${language} headline of kind ${kind}`,
    description: `${language}: ${Array(3).fill(words[nth]).join(' ')}`,
    instruction: `${language}: be aware of debris carried by the wind. ${Array(4).fill('Stay away from the shore.').join(' ')}`,
    web: 'https://weather.example/warnings',
    parameter: [
      { valueName: 'awareness_level', value: `${level}; colour; ${severity}` },
      { valueName: 'awareness_type', value: `${kind}; kind` },
    ],
    resource: [],
    area: [
      {
        areaDesc: `${language} ${area}`,
        polygon: [],
        circle: [],
        geocode: [{ valueName: 'EMMA_ID', value: area }],
      },
    ],
  }))
}

await runBench('cap', measure)
