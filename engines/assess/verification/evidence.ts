/**
 * The evidence of the day: what a warning rested on when it was given, by walking `derivedFrom` from the warning on. Those
 * links name versions and a record's versions are never edited, so the walk finds today what was known then, whatever
 * came since. Members of events stand in their bodies' links of the same kind.
 */
import type { Held, RecordId } from '../../record/index.ts'
import type { ReactorView } from '../../store/index.ts'
import { refOf } from './score.ts'

/** Beyond it the nearest are named: the rest follows from them. */
const mostEvidence = 200

export async function evidenceOf(
  warning: Held,
  view: Pick<ReactorView, 'get'>,
): Promise<readonly ReturnType<typeof refOf>[]> {
  const found = new Map<string, Held>()
  let ring: readonly Held[] = [warning]
  while (ring.length > 0 && found.size < mostEvidence) {
    const next: Held[] = []
    for (const { id, version } of ring.flatMap(inputsOf)) {
      const name = `${id}@${version}`
      if (found.has(name) || found.size >= mostEvidence) continue
      const held = await view.get(id, version)
      if (held === undefined) continue
      found.set(name, held)
      next.push(held)
    }
    ring = next
  }
  return [...found.values()].map(refOf)
}

const inputsOf = ({ record }: Held): readonly { readonly id: RecordId; readonly version: number }[] =>
  record.links.flatMap(({ type, id, version }) =>
    (type === 'derivedFrom' || type === 'evidenceFor') && version !== undefined ? [{ id, version }] : [],
  )
