/**
 * One bar for time: the replay's controls when a scenario plays, and a slider that looks back ("what this node knew at").
 * Looking back changes the address, so it can be sent; "Back to now" is always one press away.
 */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useState } from 'react'
import type { Replay, ReplayCommand } from '../../server/schemas/index.ts'
import { useRunsNode } from '../access/runs-node.ts'
import { commandReplay, replayQuery } from '../api/replay.ts'
import { utcDateTime } from '../text/format.ts'
import { Multilingual, T, useText } from '../text/use-text.tsx'
import { useNow, useRealm } from './clock.tsx'
import { Icon } from './icon.tsx'
import { useChangeSearch, useView } from './view.ts'

const dayMs = 86_400_000
const speeds = [1, 10, 60, 300, 1800, 3600]

export function TimeBar() {
  const replay = useQuery(replayQuery).data ?? undefined
  const realm = useRealm()
  const shown = replay && replay.realm === realm ? replay : undefined
  return (
    <section className="time-bar" data-testid="time-bar">
      {shown && <ReplayControls replay={shown} />}
      <LookBack replay={shown} />
    </section>
  )
}

function ReplayControls({ replay }: { readonly replay: Replay }) {
  const { say } = useText()
  const client = useQueryClient()
  const command = useMutation({
    mutationFn: (asked: ReplayCommand) => commandReplay(asked),
    onSuccess: (answer) => client.setQueryData(replayQuery.queryKey, answer),
  })
  const maySteer = useRunsNode()
  const isPlaying = replay.state === 'playing'
  return (
    <fieldset className="replay" aria-label={say('replay.title')} data-testid="replay">
      <span className="replay-title">
        <span className="prefix">
          <T k="replay.title" />:{' '}
        </span>
        <Multilingual text={replay.title} />
      </span>
      {replay.state === 'done' || replay.state === 'failed' ? (
        <span data-testid="replay-state">
          {replay.state === 'done' ? (
            <T k="replay.done" />
          ) : (
            <T k="replay.failed" reason={replay.reason ?? ''} />
          )}
        </span>
      ) : maySteer ? (
        <>
          <button
            type="button"
            className="primary"
            data-testid="replay-toggle"
            onClick={() => command.mutate({ action: isPlaying ? 'pause' : 'play' })}
          >
            <Icon name={isPlaying ? 'pause' : 'play'} /> <T k={isPlaying ? 'replay.pause' : 'replay.play'} />
          </button>
          <button type="button" data-testid="replay-skip" onClick={() => command.mutate({ action: 'skip' })}>
            <Icon name="skip" />{' '}
            <span className="roomy">
              <T k="replay.skip" />
            </span>
          </button>
          <label>
            <span className="roomy">
              <T k="replay.speed" />{' '}
            </span>
            <select
              aria-label={say('replay.speed')}
              data-testid="replay-speed"
              value={replay.speed}
              onChange={({ target }) => command.mutate({ action: 'speed', speed: Number(target.value) })}
            >
              {[...new Set([...speeds, replay.speed])]
                .sort((a, b) => a - b)
                .map((speed) => (
                  <option key={speed} value={speed}>
                    {speed}×
                  </option>
                ))}
            </select>
          </label>
        </>
      ) : null}
      <span className="replay-progress">
        <progress max={replay.steps} value={replay.step} aria-label={say('replay.title')} />
        <T k="replay.progress" step={replay.step} steps={replay.steps} />
      </span>
    </fieldset>
  )
}

function LookBack({ replay }: { readonly replay: Replay | undefined }) {
  const { say } = useText()
  const { knownAt } = useView()
  const change = useChangeSearch()
  const now = useNow()
  const end = replay ? Date.parse(replay.time) : Math.max(now, Date.now())
  const start = replay ? Math.min(Date.parse(replay.from), end - 1000) : end - 3 * dayMs
  const [dragged, setDragged] = useState<number>()
  const at = useDeferredValue(dragged)

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a moved slider changes the address
  useEffect(() => {
    if (at === undefined) return
    const timer = setTimeout(() => change({ at: new Date(at).toISOString() }), 150)
    return () => clearTimeout(timer)
  }, [at])
  useEffect(() => {
    if (!knownAt) setDragged(undefined)
  }, [knownAt])

  const value = dragged ?? (knownAt ? Date.parse(knownAt) : end)
  const text = say('look.at', { time: utcDateTime(value) })
  return (
    <div className="look" data-past={knownAt ? true : undefined}>
      <time className="look-now" dateTime={new Date(value).toISOString()} data-testid="node-time">
        {utcDateTime(knownAt ? value : now)}
      </time>
      <input
        type="range"
        aria-label={say('look.slider')}
        aria-valuetext={text}
        data-testid="look-back"
        min={start}
        max={end}
        step={1000}
        value={Math.min(end, Math.max(start, value))}
        onChange={({ target }) => setDragged(Number(target.value))}
      />
      {knownAt && (
        <>
          <strong data-testid="look-back-note">{text}</strong>
          <button
            type="button"
            className="primary"
            data-testid="live"
            onClick={() => change({ at: undefined })}
          >
            <T k="look.live" />
          </button>
        </>
      )}
    </div>
  )
}
