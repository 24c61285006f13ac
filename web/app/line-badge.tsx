/** Does the page still follow the node? Said in words, with a mark that differs in shape and not only in colour. */
import { dateTime } from '../text/format.ts'
import { T } from '../text/use-text.tsx'
import { useLine } from './line.tsx'

export function LineBadge() {
  const line = useLine()
  const time = (since: number): string => dateTime(since).slice(11, 19)
  return (
    <output className="line" data-state={line.kind} data-testid="line">
      <span className="line-mark" aria-hidden="true" />
      {line.kind === 'live' && <T k="line.live" />}
      {line.kind === 'connecting' && <T k="line.connecting" />}
      {line.kind === 'reconnecting' && <T k="line.reconnecting" time={time(line.since)} />}
      {line.kind === 'offline' && <T k="line.offline" time={time(line.since)} />}
    </output>
  )
}
