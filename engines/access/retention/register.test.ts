import { describe, expect, test } from 'vitest'
import { createRegistry, nodeId } from '../../record/index.ts'
import { eraseDue } from './erase.ts'
import { registerOf } from './register.ts'
import { registerMarkdown } from './register-markdown.ts'
import { aNodeThatKeeps, aPassingReport, durres, spring } from './retention.test-support.ts'

const tirana = nodeId('tirana.example')

describe('the register of processing', () => {
  test('says what the node really holds, on what terms, and to whom it is given', async () => {
    await using node = await aNodeThatKeeps()
    await node.store.append([
      aPassingReport('over'),
      aPassingReport('stays', { handling: { tlp: 'TLP:AMBER', purposes: ['health'], police: ['H1'] } }),
      aPassingReport('other', { type: 'crime.case' }),
    ])
    node.clock.set(spring)

    const register = await registerOf({
      database: node.database,
      node: durres,
      now: spring,
      registry: createRegistry(),
      sources: [
        {
          id: 'usgs',
          title: { en: 'Earthquakes' },
          attribution: { source: 'USGS', licence: 'public domain' },
        },
      ],
      recipients: [{ node: tirana, state: 'active', gives: [{ types: ['hazards.*'], upTo: 'TLP:GREEN' }] }],
      keepDays: 1095,
      declared: { controller: 'Durrës | civil protection', legalBasis: { 'crime.case': 'LED Art. 8' } },
    })

    expect(register.activities).toMatchObject([
      { type: 'crime.case', legalBasis: 'LED Art. 8', records: 1, recipients: [] },
      {
        type: 'hazards.observation',
        records: 2,
        own: 2,
        labels: ['TLP:GREEN', 'TLP:AMBER'],
        purposes: ['health'],
        policeCoded: 1,
        retention: { unlimited: 1, earliest: spring, latest: spring },
        recipients: [tirana],
      },
    ])
    expect(register.missing).toEqual([
      'the data protection officer',
      'the legal basis of hazards.observation',
    ])
    const text = registerMarkdown(register)
    expect(text).toContain('Durrës \\| civil protection')
    expect(text.split('\n').filter((line) => line.startsWith('| hazards.observation'))).toHaveLength(1)
  })

  test('counts what was erased, and says None where there is nothing', async () => {
    await using node = await aNodeThatKeeps()
    await node.store.append([aPassingReport('over')])
    node.clock.set('2020-03-02T00:00:00.000Z' as never)
    await eraseDue(node.erasing)

    const register = await registerOf({
      ...{ database: node.database, node: durres, now: node.clock.now(), registry: createRegistry() },
      ...{ sources: [], recipients: [], keepDays: 30 },
    })

    expect(register.activities.find(({ type }) => type === 'hazards.observation')).toMatchObject({
      records: 0,
      erased: 1,
    })
    expect(registerMarkdown(register)).toContain('## Recipients\n\nNone.')
  })
})
