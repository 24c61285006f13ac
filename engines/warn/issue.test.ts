/** Against a real store and the real runtime of reactors. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { readCap } from '../formats/index.ts'
import {
  actual,
  createRegistry,
  exercise,
  type Held,
  plusMs,
  type Realm,
  type RecordId,
  SettableClock,
  testRealm,
} from '../record/index.ts'
import { openStore, settle } from '../store/index.ts'
import { aProposal, aRule, eventId, hour, origin, someSettings, start } from './builders.ts'
import type { ProposalBody, WarningRule } from './contract.ts'
import { decide, issueWarning } from './decide.ts'
import { issueReactor } from './issue.ts'
import type { IssueSettings } from './order.ts'
import { proposeReactor } from './propose.ts'
import { type WarningBody, warnRecords } from './records.ts'

type Water = {
  readonly reached: readonly { readonly country: string; readonly level: number }[]
  readonly isFalse?: boolean
}

const waterRule: WarningRule<Water> = {
  name: 'test.flood',
  version: '1',
  reads: 'test.water',
  withdrawn: ({ record }) => record.body.isFalse === true,
  propose: ({ record }) =>
    record.body.reached.map(({ country, level }) => ({
      ...(level < 2 && { onlyKeeps: true }),
      valid: { from: start, until: plusMs(start, 24 * hour) },
      body: aProposal({
        country,
        severity: level > 4 ? 'Extreme' : 'Severe',
        material: [{ name: 'level', value: level, tolerance: 0.3 }],
        args: { ...aProposal().args, level },
      }),
    })),
}

const person = { kind: 'person', name: 'Duty Officer One', role: 'duty officer', authority: 'AL' } as const

async function aNode(settings: Partial<IssueSettings> = {}, realm: Realm = actual) {
  const database = await testDatabase()
  const clock = new SettableClock(start)
  const registry = createRegistry([...warnRecords])
  const store = await openStore({ url: database.url, node: origin, clock, registry, connections: 3 })
  const reactors = [
    proposeReactor(waterRule),
    issueReactor(someSettings({ identity: store.identity, ...settings })),
  ]
  const failures: unknown[] = []
  const run = () =>
    settle({ store, reactors, realm, retryAfterMs: [], onFailure: ({ error }) => failures.push(error) })
  const water = async (minutes: number, body: Water) => {
    clock.set(plusMs(start, minutes * 60_000))
    const producer = { kind: 'method', name: 'test', version: '1' } as const
    await store.append([{ type: 'test.water', key: 'drin', realm, producer, valid: { from: start }, body }])
    await run()
  }
  const warnings = async () =>
    (await store.read({ types: ['warn.warning'], realm, versions: 'all' })) as readonly Held<WarningBody>[]
  const said = async () => (await warnings()).map(({ record: { body } }) => `${body.country} ${body.msgType}`)
  const proposals = async () =>
    (await store.read({ types: ['warn.proposal'], realm })) as readonly Held<ProposalBody>[]
  const dispose = async () => {
    await store[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  }
  return { [Symbol.asyncDispose]: dispose, store, clock, run, water, warnings, said, proposals, failures }
}

const albania = (level: number): Water => ({ reached: [{ country: 'AL', level }] })

async function firstOf<T>(all: Promise<readonly T[]>): Promise<T> {
  const [first] = await all
  if (first === undefined) throw new Error('nothing was found')
  return first
}

describe('a node with the mandate of a country', () => {
  it('warns, is silent about small revisions, updates on large ones, cancels what was false, and starts anew', async () => {
    await using node = await aNode()
    await node.water(0, albania(3.2))
    await node.water(1, albania(3.4))
    await node.water(2, albania(3.9))
    await node.water(3, albania(4.5))
    await node.water(4, { ...albania(4.5), isFalse: true })
    await node.water(5, albania(3.2))
    expect(await node.said()).toEqual(['AL Alert', 'AL Update', 'AL Update', 'AL Cancel', 'AL Alert'])
    const issued = await node.warnings()
    expect(issued.map(({ record }) => record.body.references.length)).toEqual([0, 1, 2, 3, 0])
    expect(issued.every(({ record }) => record.version === 1)).toBe(true)
    expect(issued[3]?.record.body.infos[0]?.description).toContain('Nuk ishte e vërtetë.')
    expect(issued[2]?.record.body.infos[1]?.description).toContain('Replaces the earlier message.')
    expect(node.failures).toEqual([])
  })

  it('ends the warning of a country that is no longer reached, and of no other', async () => {
    await using node = await aNode({
      rules: [aRule({ mandate: { kind: 'authority', of: '*', text: 'all' } })],
    })
    await node.water(0, {
      reached: [
        { country: 'AL', level: 3 },
        { country: 'ME', level: 3 },
      ],
    })
    await node.water(1, albania(3))
    expect(await node.said()).toEqual(['AL Alert', 'ME Alert', 'ME Cancel'])
    expect((await node.warnings())[2]?.record.body.infos[0]?.description).toContain('It is over.')
  })

  it('neither starts nor ends a warning on figures that tremble about the threshold', async () => {
    await using node = await aNode()
    await node.water(0, albania(1.9))
    expect(await node.said()).toEqual([])
    await node.water(1, albania(2.0))
    await node.water(2, albania(1.9))
    expect(await node.said()).toEqual(['AL Alert'])
    await node.water(3, { reached: [] })
    expect(await node.said()).toEqual(['AL Alert', 'AL Cancel'])
  })

  it('writes every official language and English with the same codes, and says what nobody reviewed', async () => {
    await using node = await aNode()
    await node.water(0, albania(3.2))
    const { body } = (await firstOf(node.warnings())).record
    const verdict = readCap(body.xml)
    expect(verdict.verdict).toBe('clean')
    expect(body.infos.map(({ language }) => language)).toEqual(['sq', 'en'])
    const [albanian, english] = body.infos
    expect(albanian?.headline).toBe('Shqipëria: përmbytje, ujë i lartë')
    expect(albanian?.description).toContain('Ky përkthim nuk është rishikuar.')
    expect(english?.description).not.toContain('has not been reviewed')
    expect(body.reviewed).toEqual({ sq: false, en: true })
    expect(albanian?.parameter).toEqual(english?.parameter)
    expect(albanian?.parameter).toContainEqual({ valueName: 'mosaic:languages-unreviewed', value: 'sq' })
    expect(albanian?.area[0]?.polygon).toEqual(english?.area[0]?.polygon)
    expect(body).toMatchObject({ status: 'Actual', scope: 'Public', authority: 'authority', sent: start })
    expect(verdict.alert?.sent).toBe('2019-11-26T02:54:12-00:00')
  })

  it('does not start below its severity, nor in another realm, nor when the time is already up', async () => {
    await using strict = await aNode({ rules: [aRule({ minSeverity: 'Extreme' })] })
    await strict.water(0, albania(3.2))
    expect(await strict.said()).toEqual([])
    await strict.water(1, albania(4.2))
    await strict.water(2, albania(3.2))
    expect(await strict.said()).toEqual(['AL Alert', 'AL Update'])

    await using other = await aNode({}, testRealm)
    await other.water(0, albania(3.2))
    expect(await other.said()).toEqual([])

    await using late = await aNode()
    await late.water(25 * 60, albania(3.2))
    expect(await late.said()).toEqual([])
    expect(await late.proposals()).toHaveLength(1)
  })

  it('issues an Alert anew when everything before has expired', async () => {
    await using node = await aNode()
    await node.water(0, albania(3.2))
    node.clock.set(plusMs(start, 25 * hour))
    await node.store.append([
      {
        type: 'warn.proposal',
        key: `${eventId}:AL`,
        realm: actual,
        producer: { kind: 'method', name: 'test', version: '1' },
        valid: { from: start },
        body: aProposal({ expires: plusMs(start, 48 * hour) }),
      },
    ])
    await node.run()
    expect(await node.said()).toEqual(['AL Alert', 'AL Alert'])
  })

  it('says the same after a crash that lost every checkpoint', async () => {
    await using node = await aNode()
    for (const [minute, level] of [3.2, 3.9, 4.5, 3.0].entries()) await node.water(minute, albania(level))
    await node.water(9, { reached: [] })
    const before = await node.store.read({ versions: 'all' })
    for (const { reactor } of await node.store.checkpoints.all())
      await node.store.checkpoints.set(reactor, -1)
    await node.run()
    expect(await node.store.read({ versions: 'all' })).toEqual(before)
  })
})

describe('a node without the mandate', () => {
  it('gives private advice to the authority and no public warning', async () => {
    await using node = await aNode({ rules: [aRule({ mandate: { kind: 'advice' } })] })
    await node.water(0, albania(3.2))
    const { body } = (await firstOf(node.warnings())).record
    expect(body).toMatchObject({
      authority: 'advice',
      scope: 'Private',
      addresses: ['warning-authority:AL'],
      mandate: '',
    })
    expect(body.note).toContain('which alone may warn its public')
    expect(body.infos[1]?.headline).toBe('For the authority, Albania: flood')
    expect(body.infos[1]?.description).toContain('no public warning')
    expect(readCap(body.xml).verdict).toBe('clean')
  })

  it('issues nothing for a country that its rules do not name', async () => {
    await using node = await aNode()
    await node.water(0, { reached: [{ country: 'ME', level: 3 }] })
    expect(await node.said()).toEqual([])
    expect(await node.proposals()).toHaveLength(1)
  })
})

describe('an exercise', () => {
  it('carries status Exercise, the word before every text, and the note', async () => {
    await using node = await aNode({ rules: [aRule({ realm: 'exercise:*' })] }, exercise('drin-2019'))
    await node.water(0, albania(3.2))
    const { body } = (await firstOf(node.warnings())).record
    expect(body.status).toBe('Exercise')
    expect(body.note).toContain('Exercise drin-2019.')
    for (const [at, word] of ['STËRVITJE: ', 'EXERCISE: '].entries()) {
      const info = body.infos[at]
      for (const text of [info?.event, info?.headline, info?.description])
        expect(text?.startsWith(word)).toBe(true)
    }
  })
})

describe('a person', () => {
  it('issues what waits, in their own name, once; nothing follows by itself; and ends it', async () => {
    await using node = await aNode({ rules: [aRule({ issues: 'by-person' })] })
    await node.water(0, albania(3.2))
    expect(await node.said()).toEqual([])
    const { id } = (await firstOf(node.proposals())).record
    await issueWarning(node.store, id, person)
    await issueWarning(node.store, id, person)
    await node.run()
    expect(await node.said()).toEqual(['AL Alert'])
    expect((await firstOf(node.warnings())).record.producer).toEqual(person)
    await node.water(5, albania(4.5))
    expect(await node.said()).toEqual(['AL Alert'])
    await decide(node.store, { proposal: id, decision: 'end', by: person, because: 'the gauge was broken' })
    await node.run()
    expect(await node.said()).toEqual(['AL Alert', 'AL Cancel'])
    expect(node.failures).toEqual([])
  })

  it('is not overruled by the machine after calling a warning off', async () => {
    await using node = await aNode()
    await node.water(0, albania(3.2))
    const { id } = (await firstOf(node.proposals())).record
    await decide(node.store, { proposal: id, decision: 'end', by: person, because: 'the gauge was broken' })
    await node.run()
    await node.water(5, albania(4.5))
    expect(await node.said()).toEqual(['AL Alert', 'AL Cancel'])
    await issueWarning(node.store, id, person)
    await node.run()
    expect(await node.said()).toEqual(['AL Alert', 'AL Cancel', 'AL Alert'])
  })

  it('is told when there is no such proposal', async () => {
    await using node = await aNode()
    await expect(issueWarning(node.store, 'f'.repeat(40) as RecordId, person)).rejects.toThrow(/no proposal/)
  })
})

describe('a message that would not be sound', () => {
  it('is not issued: the input is quarantined with the reason', async () => {
    await using node = await aNode({ rules: [aRule({ sender: 'not, a sender' })] })
    await node.water(0, albania(3.2))
    expect(await node.said()).toEqual([])
    expect(node.failures).toHaveLength(1)
    expect(await node.store.quarantine.count()).toBe(1)
  })
})
