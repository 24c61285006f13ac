/** Times: their one allowed form, and the order they must have among themselves (CAP 1.2 §3.3.2, §3.2.2). */
import { type CapNode, eachNode, field, isEmpty, textOf } from '../node.ts'
import { type CapTimeFault, capMillis, readCapTime } from '../time.ts'
import { at, type CapMessage, type CapRule, type Finding } from './rule.ts'

const form = 'CAP 1.2 §3.3.2'

export const timeRules: readonly CapRule[] = [
  {
    rule: 'cap/time-unreadable',
    clause: form,
    says: 'This is not a time of the form YYYY-MM-DDThh:mm:ss±hh:mm. It was not read.',
    *check({ root }) {
      for (const node of timed(root)) {
        const read = readCapTime(node.value)
        if (!read.ok && read.reason === 'not-a-time') yield { ...at(node), withhold: node.name === 'sent' }
      }
    },
  },
  {
    rule: 'cap/time-without-zone',
    clause: form,
    says: 'The time does not say in which zone, so nobody knows when it is. It was not read.',
    *check({ root }) {
      for (const node of timed(root)) {
        const read = readCapTime(node.value)
        if (!read.ok && read.reason === 'no-zone') yield { ...at(node), withhold: node.name === 'sent' }
      }
    },
  },
  fault('cap/time-letter-zone', 'zulu', 'Letters for the zone are forbidden; write UTC as -00:00.'),
  fault('cap/time-fraction', 'fraction', 'Parts of a second are not allowed.'),
  fault('cap/time-utc-plus', 'plus-zero', 'UTC is written -00:00, not +00:00.'),
  order(
    'cap/expires-before-effective',
    'expires',
    ['effective'],
    'The information expires before it takes effect.',
  ),
  order('cap/expires-before-onset', 'expires', ['onset'], 'The information expires before the event begins.'),
  {
    rule: 'cap/effective-before-sent',
    clause: 'CAP 1.2 §3.2.2 effective',
    says: 'The information claims to be in effect before the message was sent.',
    *check({ root, infos }) {
      const sent = capMillis(textOf(root, 'sent'))
      for (const info of infos) {
        const effective = field(info, 'effective')
        const ms = capMillis(effective?.value)
        if (effective !== undefined && ms !== undefined && sent !== undefined && ms < sent)
          yield at(effective)
      }
    },
  },
  {
    rule: 'cap/expired-when-sent',
    clause: 'CAP 1.2 §3.2.2 expires',
    says: 'A new alert is over before it is sent.',
    *check({ root, infos, alert }) {
      const sent = capMillis(textOf(root, 'sent'))
      if (alert?.msgType !== 'Alert' || sent === undefined) return
      for (const info of infos) {
        const expires = field(info, 'expires')
        const ms = capMillis(expires?.value)
        if (expires !== undefined && ms !== undefined && ms <= sent) yield at(expires)
      }
    },
  },
]

function fault(rule: string, kind: CapTimeFault, says: string): CapRule {
  return {
    rule,
    clause: form,
    says,
    *check({ root }) {
      for (const node of timed(root)) {
        const read = readCapTime(node.value)
        if (read.ok && read.faults.includes(kind)) yield at(node)
      }
    },
  }
}

/** `name` must not lie before any of `others`, in the same info block. */
function order(rule: string, name: string, others: readonly string[], says: string): CapRule {
  return {
    rule,
    clause: `CAP 1.2 §3.2.2 ${name}`,
    says,
    *check({ infos }: CapMessage): Generator<Finding> {
      for (const info of infos) {
        const node = field(info, name)
        const ms = capMillis(node?.value)
        if (node === undefined || ms === undefined) continue
        if (others.some((other) => (capMillis(textOf(info, other)) ?? ms) > ms)) yield at(node)
      }
    },
  }
}

function* timed(root: CapNode): Generator<CapNode> {
  for (const node of eachNode(root)) if (node.rule?.holds === 'time' && !isEmpty(node)) yield node
}
