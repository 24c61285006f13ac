import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeId } from '../record/index.ts'
import { askWitness, type Fetch } from './ask-witness.ts'
import { utf8 } from './bytes.ts'
import { checkpointText } from './checkpoint.ts'
import type { SignedCheckpoint } from './contract.ts'
import { verifyCosignatures, witnessVerifier } from './cosignature.ts'
import { ed25519Type, formatNote, keyIdOf, parseNote } from './note.ts'
import { aLog, type TestLog } from './tlog.test-support.ts'
import { type Fork, isFork, openWitness, type Witness } from './witness.ts'
import { formatAddCheckpoint, parseAddCheckpoint } from './witness-request.ts'

const tirana = nodeId('tirana.example')

/** A log with 700 leaves, and a witness on another database that knows it. */
async function aWitnessedLog() {
  const log = await aLog()
  const witness = await aLog({ node: tirana })
  const forks: Fork[] = []
  const keysOf = async (origin: string) => (origin === log.log.origin ? await log.keys.all() : undefined)
  const { sql: database, clock, keys } = witness
  const open = (): Witness =>
    openWitness({ database, clock, keys, keysOf, onFork: async (fork) => void forks.push(fork) })
  return {
    log,
    witness: open(),
    witnessLog: witness,
    known: [witnessVerifier(keys.current())],
    forks,
    async [Symbol.asyncDispose]() {
      await log[Symbol.asyncDispose]()
      await witness[Symbol.asyncDispose]()
    },
  }
}

const grown = async (log: TestLog, count: number): Promise<SignedCheckpoint> => {
  await log.fill(count)
  return log.log.integrate()
}

const request = async (log: TestLog, old: number, checkpoint: SignedCheckpoint) => {
  const proof = old === 0 || old > checkpoint.size ? [] : await log.log.consistency(old, checkpoint.size)
  return utf8(formatAddCheckpoint({ old, proof, note: checkpoint.note }))
}

/** Signed by the log, and of a tree that it never had. */
const falseCheckpoint = (log: TestLog, size: number, fill = 1): SignedCheckpoint => {
  const text = checkpointText({ origin: log.log.origin, size, root: new Uint8Array(32).fill(fill) })
  const { keyId, key } = log.keys.current()
  expect(keyIdOf(log.log.origin, ed25519Type, Buffer.from(key, 'base64'))).toBe(keyId)
  const note = formatNote({
    text,
    signatures: [{ name: log.log.origin, keyId, signature: log.keys.sign(utf8(text)) }],
  })
  return {
    origin: log.log.origin,
    size,
    root: new Uint8Array(32).fill(fill),
    note,
    signedAt: log.clock.now(),
  }
}

const fetchOf =
  (witness: Witness): Fetch =>
  async (_, { body }) => {
    const {
      status,
      type,
      body: text,
    } = await witness.addCheckpoint(new Uint8Array(body as Uint8Array<ArrayBuffer>))
    return new Response(text, { status, headers: { 'content-type': type } })
  }

describe('a witness', () => {
  test('cosigns the first checkpoint, and every one that extends the last', async () => {
    await using region = await aWitnessedLog()
    const { log, witness, known } = region
    const first = await grown(log, 300)
    const second = await grown(log, 400)

    const answers = [
      await witness.addCheckpoint(await request(log, 0, first)),
      await witness.addCheckpoint(await request(log, 300, second)),
      await witness.addCheckpoint(await request(log, 700, second)),
    ]

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    for (const [at, { body }] of answers.entries()) {
      const note = parseNote(`${(at === 0 ? first : second).note}${body}`)
      if (note.kind === 'malformed') throw new Error(note.says)
      expect(verifyCosignatures(note, known).kind).toBe('verified')
    }
    expect((await witness.seen(log.log.origin))?.size).toBe(700)
  })

  test('answers each fault with its own status', async () => {
    await using region = await aWitnessedLog()
    const { log, witness, witnessLog } = region
    const first = await grown(log, 300)
    await witness.addCheckpoint(await request(log, 0, first))
    const second = await grown(log, 400)
    const sound = await request(log, 300, second)
    const stranger = await witnessLog.log.integrate()
    const unsigned = second.note.replace(
      /— .*\n/,
      `— ${log.log.origin} ${Buffer.alloc(68, 1).toString('base64')}\n`,
    )
    const statusOf = async (body: Uint8Array) => {
      const { status, type, body: text } = await witness.addCheckpoint(body)
      return status === 409 ? `409 ${type} ${text}` : status
    }

    expect(await statusOf(utf8('nonsense'))).toBe(400)
    expect(await statusOf(utf8(`old 300\n\n${second.note.slice(0, -3)}`))).toBe(400)
    expect(await statusOf(utf8(formatAddCheckpoint({ old: 701, proof: [], note: second.note })))).toBe(400)
    expect(await statusOf(utf8(formatAddCheckpoint({ old: 0, proof: [], note: stranger.note })))).toBe(404)
    expect(await statusOf(utf8(formatAddCheckpoint({ old: 300, proof: [], note: unsigned })))).toBe(403)
    expect(await statusOf(await request(log, 0, second))).toBe('409 text/x.tlog.size 300\n')
    expect(await statusOf(await request(log, 299, second))).toBe('409 text/x.tlog.size 300\n')
    expect(await statusOf(utf8(formatAddCheckpoint({ old: 300, proof: [], note: second.note })))).toBe(422)
    expect(await statusOf(sound)).toBe(200)
    expect(await statusOf(sound)).toBe('409 text/x.tlog.size 700\n')
  })

  test('refuses a tree that the proof does not lead to', async () => {
    await using region = await aWitnessedLog()
    const { log, witness, forks } = region
    const first = await grown(log, 300)
    await witness.addCheckpoint(await request(log, 0, first))
    await grown(log, 400)
    const proof = await log.log.consistency(300, 700)

    const body = formatAddCheckpoint({ old: 300, proof, note: falseCheckpoint(log, 700).note })

    expect((await witness.addCheckpoint(utf8(body))).status).toBe(422)
    expect((await witness.seen(log.log.origin))?.size).toBe(300)
    expect(forks).toEqual([])
  })

  test('keeps both notes of a fork, once, and cosigns neither again', async () => {
    await using region = await aWitnessedLog()
    const { log, witness, forks } = region
    const first = await grown(log, 300)
    await witness.addCheckpoint(await request(log, 0, first))
    const other = falseCheckpoint(log, 300)

    const answers = [
      await witness.addCheckpoint(utf8(formatAddCheckpoint({ old: 300, proof: [], note: other.note }))),
      await witness.addCheckpoint(utf8(formatAddCheckpoint({ old: 0, proof: [], note: other.note }))),
    ]

    expect(answers.map(({ status }) => status)).toEqual([409, 409])
    expect(forks).toMatchObject([
      { origin: 'durres.example/log', size: 300, note: first.note, otherNote: other.note },
    ])
    expect(await witness.forks()).toEqual(forks)
    expect(isFork(first.note, other.note, await log.keys.all())).toBe(true)
    expect(isFork(first.note, first.note, await log.keys.all())).toBe(false)
    expect(isFork(first.note, other.note, [])).toBe(false)
  })

  test.each([
    1, 2, 3,
  ])('of checkpoints that fork the log and come at once exactly one is cosigned (%i)', async () => {
    await using region = await aWitnessedLog()
    const { log, witness, forks } = region
    const forked = [1, 2, 3, 4].map((fill) => falseCheckpoint(log, 300, fill))
    const bodies = forked.map(({ note }) => utf8(formatAddCheckpoint({ old: 0, proof: [], note })))

    const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body)))

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409])
    const kept = (await witness.seen(log.log.origin))?.note
    expect(kept).toBe(forked[answers.findIndex(({ status }) => status === 200)]?.note)
    expect(forks).toHaveLength(3)
  })

  test('is never rolled back by a smaller checkpoint that came at the same time', async () => {
    await using region = await aWitnessedLog()
    const { log, witness } = region
    await witness.addCheckpoint(await request(log, 0, await grown(log, 100)))
    const checkpoints: SignedCheckpoint[] = []
    for (let n = 0; n < 4; n++) checkpoints.push(await grown(log, 50))
    const bodies = await Promise.all(checkpoints.map((one) => request(log, 100, one)))

    const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const winner = answers.findIndex(({ status }) => status === 200)
    expect((await witness.seen(log.log.origin))?.size).toBe(checkpoints[winner]?.size)
  })

  test('stays standing whatever comes', async () => {
    await using region = await aWitnessedLog()
    const { log, witness } = region
    const sound = await request(log, 0, await grown(log, 3))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sound.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.uint8Array(),
        async (at, change, junk) => {
          const touched = sound.slice()
          touched[at] = (touched[at] ?? 0) ^ change
          expect((await witness.addCheckpoint(touched)).status).not.toBe(200)
          expect((await witness.addCheckpoint(junk)).status).toBe(400)
        },
      ),
      { numRuns: 150 },
    )
  })
})

test('a request is read in one spelling only, and is bounded', () => {
  const note = 'o\n0\nAAAA\n\n— o AAAAAAAA\n'
  const hash = Buffer.alloc(32).toString('base64')
  const bodies = [
    `old 00\n\n${note}`,
    `old -1\n\n${note}`,
    `old  1\n\n${note}`,
    `Old 1\n\n${note}`,
    `old 1\n${hash.slice(4)}\n\n${note}`,
    `old 1\n${`${hash}\n`.repeat(64)}\n${note}`,
    `old 9999999999999999\n\n${note}`,
    'old 1\n',
  ]

  expect(bodies.map((body) => parseAddCheckpoint(utf8(body)))).toEqual(bodies.map(() => undefined))
  expect(parseAddCheckpoint(utf8(`old 1\n${`${hash}\n`.repeat(63)}\n${note}`))?.proof).toHaveLength(63)
  expect(parseAddCheckpoint(new Uint8Array(400_000).fill(0x6f))).toBeUndefined()
})

describe('asking a witness', () => {
  const ask = (
    { log, witness, known }: Awaited<ReturnType<typeof aWitnessedLog>>,
    checkpoint: SignedCheckpoint,
    old: number,
  ) =>
    askWitness({
      fetch: fetchOf(witness),
      url: 'https://tirana.example/log',
      checkpoint,
      old,
      consistency: log.log.consistency,
      witness: known,
    })

  test('gives lines for the checkpoint, also when we were wrong about where it stood', async () => {
    await using region = await aWitnessedLog()
    const { log, known } = region
    const first = await grown(log, 300)
    const second = await grown(log, 400)

    const outcomes = [
      await ask(region, first, 0),
      await ask(region, second, 0),
      await ask(region, second, 12),
    ]

    expect(outcomes.map(({ kind }) => kind)).toEqual(['cosigned', 'cosigned', 'cosigned'])
    const [, last] = outcomes
    if (last?.kind !== 'cosigned') throw new Error(last?.kind)
    await log.log.cosign(700, last.lines)
    const note = parseNote((await log.log.checkpoint())?.note ?? '')
    expect(note.kind === 'note' && verifyCosignatures(note, known).kind).toBe('verified')
  })

  test('a witness that has seen more of our log than we hold says so', async () => {
    await using region = await aWitnessedLog()
    const first = await grown(region.log, 300)
    await ask(region, await grown(region.log, 400), 0)

    expect(await ask(region, first, 0)).toEqual({ kind: 'ahead', size: 700 })
  })

  test('a witness that has seen another tree of that size says so', async () => {
    await using region = await aWitnessedLog()
    const first = await grown(region.log, 300)
    await ask(region, first, 0)

    expect(await ask(region, falseCheckpoint(region.log, 300), 300)).toEqual({ kind: 'forked', size: 300 })
  })

  test.each([
    [
      'a signature that is not its own',
      200,
      'text/plain',
      `— tirana.example/witness ${Buffer.alloc(76, 1).toString('base64')}\n`,
      'unfit',
    ],
    ['nothing', 200, 'text/plain', '', 'unfit'],
    ['a conflict without a size', 409, 'text/x.tlog.size', 'many\n', 'unfit'],
    ['a conflict of another type', 409, 'text/html', '3\n', 'unfit'],
    ['an answer without end', 200, 'text/plain', 'x'.repeat(100_000), 'unfit'],
    ['a refusal', 404, 'text/plain', 'unknown\n', 'refused'],
  ])('%s is told apart', async (_, status, type, body, kind) => {
    await using region = await aWitnessedLog()
    const checkpoint = await grown(region.log, 3)
    const fetch: Fetch = async () => new Response(body, { status, headers: { 'content-type': type } })

    const outcome = await askWitness({
      fetch,
      url: 'https://tirana.example/log/',
      checkpoint,
      old: 0,
      consistency: region.log.log.consistency,
      witness: region.known,
    })

    expect(outcome.kind).toBe(kind)
  })
})
