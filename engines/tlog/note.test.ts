import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import malformedNotes from '../../fixtures/tlog/malformed-notes.json' with { type: 'json' }
import notes from '../../fixtures/tlog/notes.json' with { type: 'json' }
import { nodeId } from '../record/index.ts'
import { utf8 } from './bytes.ts'
import { checkpointText, openCheckpoint, parseCheckpointText } from './checkpoint.ts'
import { cosignatureLine, cosignedAt, verifyCosignatures, witnessVerifier } from './cosignature.ts'
import { signingKey } from './ed25519.ts'
import {
  ed25519Type,
  formatNote,
  formatVkey,
  type Note,
  parseNote,
  parseSignatureLine,
  parseVkey,
  type Verifier,
  verifierOf,
  verifyNote,
} from './note.ts'

const note = (text: string): Note => {
  const parsed = parseNote(text)
  if (parsed.kind === 'malformed') throw new Error(parsed.says)
  return parsed
}
const verifiers = (vkeys: readonly string[]) => vkeys.map((vkey) => parseVkey(vkey) as Verifier)

describe('notes that others published', () => {
  test.each(notes)('verify: $shows', ({ note: text, signers, witnesses }) => {
    const known = verifiers(signers)

    expect(verifyNote(note(text), known)).toEqual({ kind: 'verified', by: expect.arrayContaining(known) })
    expect(formatNote(note(text))).toBe(text)
    const cosigners = verifiers(witnesses)
    if (witnesses.length > 0)
      expect(verifyCosignatures(note(text), cosigners)).toEqual({
        kind: 'verified',
        by: expect.arrayContaining(cosigners),
      })
  })

  test.each(notes)('are of nobody we know without their keys, and forged when touched: $shows', (one) => {
    const stranger = verifiers(['EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'])
    const touched = { ...note(one.note), text: `${note(one.note).text}x\n` }

    if (!one.signers.includes(formatVkey(stranger[0] as Verifier)))
      expect(verifyNote(note(one.note), stranger).kind).toBe('unknown-signer')
    expect(verifyNote(touched, verifiers(one.signers)).kind).toBe('forged')
    if (one.witnesses.length > 0)
      expect(verifyCosignatures(touched, verifiers(one.witnesses)).kind).toBe('forged')
  })

  test.each(notes.filter(({ checkpoint }) => checkpoint))('are read as checkpoints: $shows', (one) => {
    const opened = openCheckpoint(one.note, verifiers(one.signers))

    expect(opened).toMatchObject({ kind: 'verified', checkpoint: { ...one.checkpoint, extensions: [] } })
  })

  test('the signer of the Go example signs it again, byte for byte', () => {
    const key = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
    const seed = Buffer.from(key.slice(key.indexOf('+AYEK') + 1), 'base64').subarray(1)
    const signer = signingKey(seed)
    const { text, signatures } = note(notes[0]?.note ?? '')
    const { keyId } = verifierOf('PeterNeumann', ed25519Type, signer.publicKey)

    const line = { name: 'PeterNeumann', keyId, signature: signer.sign(utf8(text)) }

    expect(line).toEqual(signatures[0])
  })
})

test.each(malformedNotes)('a note is refused: $shows', ({ note: text }) => {
  expect(parseNote(text).kind).toBe('malformed')
})

test('a note that is not UTF-8, or longer than any, is refused', () => {
  const sound = utf8(notes[0]?.note ?? '')

  expect(parseNote(sound).kind).toBe('note')
  expect(parseNote(`te\ud800xt${notes[0]?.note}`).kind).toBe('malformed')
  expect(parseNote(Buffer.concat([Uint8Array.of(0xc0, 0x80), sound])).kind).toBe('malformed')
  expect(parseNote(Buffer.concat([Buffer.alloc(200_000, 'x'), sound])).kind).toBe('malformed')
})

test('what is read as a note is spelled in one way only', () => {
  const pieces = fc.constantFrom(
    '\n',
    '\n\n',
    '— ',
    'name',
    ' ',
    'AAAAAAAAAA==',
    '\n— a AAAAAAAAAA==\n',
    'ž',
    '+',
    '\t',
    '=',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const parsed = parseNote(parts.join(''))
      if (parsed.kind === 'note') expect(formatNote(parsed)).toBe(parts.join(''))
    }),
    { numRuns: 2000 },
  )
})

test('a byte changed anywhere in a signed note makes it malformed, forged, or of nobody we know', () => {
  const bytes = utf8(notes[1]?.note ?? '')
  const known = verifiers(notes[1]?.signers ?? [])
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const touched = bytes.slice()
      touched[at] = (touched[at] ?? 0) ^ change
      expect(openCheckpoint(touched, known).kind).not.toBe('verified')
    }),
    { numRuns: 1000 },
  )
})

test('a key is read only when its name, its id and its bytes belong together', () => {
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'

  expect(formatVkey(parseVkey(vkey) as Verifier)).toBe(vkey)
  for (let at = 0; at < vkey.length; at++) {
    expect(parseVkey(vkey.slice(0, at))).toBeUndefined()
    expect(parseVkey(vkey.slice(at + 1))).toBeUndefined()
    const other = String.fromCharCode(vkey.charCodeAt(at) + 1)
    expect(parseVkey(vkey.slice(0, at) + other + vkey.slice(at + 1))).toBeUndefined()
  }
})

describe('checkpoint texts', () => {
  const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='

  test('extension lines are kept', () => {
    const read = parseCheckpointText(`durres.example/log\n7\n${root}\nnote one\ntwo\n`)

    expect(read).toMatchObject({ size: 7, extensions: ['note one', 'two'] })
  })

  test.each([
    ['no origin', `\n7\n${root}\n`],
    ['a leading zero', `a\n07\n${root}\n`],
    ['a sign', `a\n+7\n${root}\n`],
    ['no size', `a\n\n${root}\n`],
    ['a size beyond counting', `a\n9007199254740993\n${root}\n`],
    ['a root that is too short', 'a\n7\nCsUYapGGPo4=\n'],
    ['no root', 'a\n7\n'],
    ['no last newline', `a\n7\n${root}`],
    ['an empty extension line', `a\n7\n${root}\n\nx\n`],
    ['a space after the size', `a\n7 \n${root}\n`],
  ])('%s is refused', (_, text) => {
    expect(parseCheckpointText(text)).toBeUndefined()
  })

  test('what is written is read', () => {
    const made = { origin: 'durres.example/log', size: 0, root: new Uint8Array(32) }

    expect(parseCheckpointText(checkpointText(made))).toEqual({ ...made, extensions: [] })
  })
})

test("a node's cosignature verifies with the time it was given, and at no other text or time", () => {
  const tirana = nodeId('tirana.example')
  const key = signingKey(new Uint8Array(32).fill(7))
  const text = checkpointText({ origin: 'durres.example/log', size: 3, root: new Uint8Array(32) })
  const line = cosignatureLine(text, 1_574_736_852, { node: tirana, ...key })
  const one = parseSignatureLine(line)
  const known = [witnessVerifier({ node: tirana, key: Buffer.from(key.publicKey).toString('base64') })]
  if (!one) throw new Error('no line')

  expect(cosignedAt(one)).toBe(1_574_736_852n)
  expect(verifyCosignatures({ text, signatures: [one] }, known).kind).toBe('verified')
  expect(verifyCosignatures({ text: `${text}x\n`, signatures: [one] }, known).kind).toBe('forged')
  const later = { ...one, signature: one.signature.with(7, 0) }
  expect(verifyCosignatures({ text, signatures: [later] }, known).kind).toBe('forged')
  const short = { ...one, signature: one.signature.slice(8) }
  expect(verifyCosignatures({ text, signatures: [short] }, known).kind).toBe('forged')
})
