/**
 * Assessment as a reactor: each new version of an event gives one assessment, the next version of the same record.
 * Its key is the assessor's name and the event's id, so a repeat after a crash writes nothing new. An event that can no
 * longer be assessed (it was false, it became part of another, its figures went) takes its assessment back, where the
 * assessor says how; an event that never had one is passed over.
 */
import type { Draft, Held, NodeId } from '../record/index.ts'
import type { Reactor, ReactorView } from '../store/index.ts'
import type { Assessment, Assessor } from './contract.ts'

export function assessReactor<EventFigures, Body, World>(
  assessor: Assessor<EventFigures, Body, World>,
  world: World,
  node: NodeId,
): Reactor {
  return {
    name: `assess/${assessor.name}`,
    version: assessor.version,
    reads: [assessor.reads],
    writes: [assessor.writes],
    react: async (input, view) => {
      if (input.record.origin !== node) return [] // a peer assesses its own events
      const event = input as Held<{ readonly figures?: EventFigures }>
      const assessment = (await assessor.assess(event, world)) ?? (await takenBack(assessor, event, view))
      return assessment === undefined ? [] : [draftOf(assessor, input, assessment)]
    },
  }
}

async function takenBack<EventFigures, Body, World>(
  assessor: Assessor<EventFigures, Body, World>,
  event: Held<{ readonly figures?: EventFigures }>,
  view: ReactorView,
): Promise<Assessment<Body> | undefined> {
  if (assessor.withdraw === undefined) return undefined
  const earlier = await view.read({
    types: [assessor.writes],
    linkedTo: [event.record.id],
    linkType: 'about',
  })
  const own = earlier.findLast(({ record }) => record.key === keyOf(assessor, event))
  return own && assessor.withdraw(own as Held<Body>, event)
}

const keyOf = (assessor: { readonly name: string }, event: Held): string =>
  `${assessor.name}:${event.record.id}`

function draftOf<EventFigures, Body, World>(
  assessor: Assessor<EventFigures, Body, World>,
  event: Held,
  assessment: Assessment<Body>,
): Draft<Body> {
  const { id, version, realm } = event.record
  return {
    type: assessor.writes,
    key: keyOf(assessor, event),
    realm,
    producer: { kind: 'method', name: `assess/${assessor.name}`, version: assessor.version },
    valid: assessment.valid,
    ...(assessment.place && { place: assessment.place }),
    links: [
      { type: 'about', id },
      { type: 'derivedFrom', id, version },
    ],
    body: assessment.body,
  }
}
