import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Draft, exercise, openParcel } from '../engines/record/index.ts'
import { leafHash, parseCheckpointText, parseNote, verifyInclusion } from '../engines/tlog/index.ts'
import { buildApp } from './app.ts'
import { aPlayedNode, type Json, type PlayedNode, silent } from './builders.ts'
import { contextOf } from './index.ts'

const realm = exercise('durres-2019')
let played: PlayedNode
const ids: Record<string, string> = {}

const aSighting = (key: string, parts: Partial<Draft> = {}): Draft => ({
  type: 'crime.sighting',
  key,
  realm,
  producer: { kind: 'person', name: 'Vera Hoxha' },
  valid: { from: '2019-11-26T02:10:00.000Z' as never },
  place: { areas: [{ scheme: 'ISO3166-1', code: 'AL' }] },
  body: { what: 'A boat without lights', reporter: { name: 'Besnik Leka', role: 'fisher' } },
  ...parts,
})

beforeAll(async () => {
  played = await aPlayedNode()
  for (const [name, draft] of Object.entries({
    open: aSighting('open'),
    marked: aSighting('marked', {
      handling: {
        tlp: 'TLP:CLEAR',
        fieldMarks: { '/body/reporter/name': 'TLP:AMBER', '/place': 'TLP:GREEN' },
      },
    }),
    restricted: aSighting('restricted', { handling: { tlp: 'TLP:AMBER' } }),
  })) {
    const [outcome] = await played.node.store.append([draft])
    if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
    ids[name] = outcome.record.id
  }
})
afterAll(() => played[Symbol.asyncDispose]())

describe('any record', () => {
  test('of a type that nobody here knows is shown plainly', async () => {
    expect(await played.ask(`/records/${ids['open']}`)).toMatchObject({
      type: 'crime.sighting',
      isKnownType: false,
      label: 'TLP:CLEAR',
      isTightened: false,
      body: { reporter: { name: 'Besnik Leka' } },
      versions: [{ version: 1 }],
    })
  })

  test('is shown without the fields that are marked higher, and says which', async () => {
    const shown = await played.ask(`/records/${ids['marked']}`)

    expect(shown.withheld).toEqual(['/body/reporter/name', '/place'])
    expect(shown.body).toEqual({ what: 'A boat without lights', reporter: { role: 'fisher' } })
    expect(shown).not.toHaveProperty('place')
  })

  test('that is restricted is answered like one that is not there', async () => {
    const nobody = 'f'.repeat(40)
    for (const path of ['', '/proof', '?version=1']) {
      const hidden = await played.app.inject(`/api/v1/records/${ids['restricted']}${path}`)
      const missing = await played.app.inject(`/api/v1/records/${nobody}${path}`)
      expect(hidden.statusCode).toBe(missing.statusCode)
      expect(hidden.body.replaceAll(String(ids['restricted']), nobody)).toBe(missing.body)
    }
  })
})

describe('the list of records', () => {
  test('finds by type, area and words, and never by what is withheld', async () => {
    const found = async (query: string): Promise<readonly string[]> =>
      (await played.ask(`/records?type=crime.sighting${query}`)).items.map(({ key }: Json) => key).sort()

    expect(await found('')).toEqual(['marked', 'open'])
    expect(await found('&q=boat')).toEqual(['marked', 'open'])
    expect(await found('&q=besnik')).toEqual(['open'])
    expect(await found('&area=ISO3166-1:AL')).toEqual(['open'])
    expect(await found('&area=ISO3166-1:GR')).toEqual([])
  })

  test('is counted by type and label under the same condition', async () => {
    const counts = await played.ask('/records/counts')
    const all = await played.node.store.count({ realm })

    expect(counts.total).toBe(all - 1)
    expect(counts.types).toContainEqual({ type: '*', count: 2 })
    expect(counts.types.reduce((sum: number, { count }: Json) => sum + count, 0)).toBe(counts.total)
    expect(counts.labels).toEqual([{ label: 'TLP:CLEAR', count: counts.total }])
    expect(await played.ask('/records/counts?type=crime.sighting&area=ISO3166-1:AL')).toMatchObject({
      total: 1,
    })
  })

  test.each([
    ['area=AL', 'server/no-area'],
    ['label=TLP:WHITE', 'server/no-label'],
    ['linkedTo=42', 'server/no-id'],
  ])('refuses %s with its reason', async (query, code) => {
    expect(await played.ask(`/records?${query}`)).toMatchObject({ status: 400, code })
  })
})

describe('the proof of a record', () => {
  test('is not there where the node keeps no log', async () => {
    expect(await played.ask(`/records/${ids['open']}/proof`)).toMatchObject({ code: 'server/no-log' })
  })

  test('proves to the reader what he sees, withheld fields and all, and discloses none of them', async () => {
    const { log, keys } = await played.node.trust()
    await log.integrate()
    const parts = { node: played.node, host: '127.0.0.1', log: silent, transparencyLog: { log, keys } }
    const app = await buildApp(await contextOf(parts, new AbortController().signal))

    for (const name of ['open', 'marked']) {
      const answer = await app.inject(`/api/v1/records/${ids[name]}/proof`)
      const { parcel, proof, leaf } = answer.json<Json>()
      const opened = openParcel(parcel)
      expect(opened).toMatchObject({ kind: 'opened', leaf, record: { id: ids[name] } })
      const note = parseNote(proof.checkpoint)
      const checkpoint = note.kind === 'malformed' ? undefined : parseCheckpointText(note.text)
      const isIn = verifyInclusion({
        index: proof.index,
        size: proof.treeSize,
        leafHash: leafHash(Buffer.from(leaf, 'hex')),
        proof: proof.hashes.map((hash: string) => new Uint8Array(Buffer.from(hash, 'base64'))),
        root: checkpoint?.root ?? new Uint8Array(),
      })
      expect([name, checkpoint?.size, isIn]).toEqual([name, proof.treeSize, true])
      if (name === 'marked') expect(answer.body).not.toContain('Besnik')
    }
    await app.close()
  })
})
