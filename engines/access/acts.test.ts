import { describe, expect, test } from 'vitest'
import { aPerson } from './access.test-support.ts'
import { acts, actTable, mayAct, sayRefusedAct } from './acts.ts'
import { roles } from './contract.ts'
import { thePublic } from './principals.ts'

const kind = (role: (typeof roles)[number], act: (typeof acts)[number], first?: string) =>
  mayAct(aPerson({ roles: [role] }), act, first).kind

describe('duties', () => {
  test('the public reads and does nothing else', () => {
    expect(acts.filter((act) => mayAct(thePublic, act, 'somebody').kind === 'allowed')).toEqual([
      'read-records',
    ])
  })

  test('who runs the node decides nothing in the matter', () => {
    for (const act of [
      'decide-warning',
      'approve-warning',
      'release-record',
      'recall-record',
      'break-glass',
    ] as const)
      expect([act, kind('administrator', act, 'somebody')]).toEqual([act, 'refused'])
  })

  test('who oversees reads trails and figures, and changes nothing', () => {
    const allowed = acts.filter((act) => kind('oversight', act, 'somebody') === 'allowed')

    expect(allowed).toEqual([
      'read-records',
      'make-own-token',
      'see-recalls',
      'review-broken-glass',
      'read-audit-trail',
      'read-audit-figures',
      'see-who-looked',
      'see-peers',
    ])
  })

  test('nobody approves or reviews what they did themselves', () => {
    const approver = aPerson({ roles: ['approver', 'duty-officer', 'oversight'] })

    for (const act of ['approve-warning', 'review-broken-glass', 'recover-keys'] as const) {
      expect(mayAct(approver, act, approver.id).kind).toBe('refused')
      expect(mayAct(approver, act).kind).toBe('refused')
      expect(mayAct(approver, act, 'person:besa@durres.example').kind).toBe('allowed')
    }
  })

  test('a token never does what asks for a person, and a peer node acts by no role', () => {
    const token = aPerson({ kind: 'token', id: 'token:7', roles: ['duty-officer'] })

    expect(mayAct(token, 'decide-warning')).toMatchObject({
      kind: 'refused',
      because: { code: 'access/person-needed' },
    })
    expect(mayAct(token, 'decide-fusion').kind).toBe('allowed')
    for (const act of acts)
      expect(mayAct(aPerson({ kind: 'node', roles: [...roles] }), act, 'somebody').kind).toBe('refused')
  })

  test('every act can be done by somebody, and every refusal says what to do', () => {
    for (const act of acts) {
      expect(roles.some((role) => kind(role, act, 'somebody') === 'allowed')).toBe(true)
      const refused = mayAct(aPerson({ kind: 'node', roles: [] }), act)
      if (refused.kind === 'refused')
        expect(sayRefusedAct(act, refused.because)).toContain(actTable[act].says)
    }
  })
})
