/** The view and the filters live in the address, so that what one sees can be sent to a colleague. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { EventFilter } from '../api/events.ts'
import type { View } from '../api/view.ts'

export type Search = {
  readonly realm?: string
  /** Look back: what this node knew at this instant. */
  readonly at?: string
  readonly level?: string
  readonly country?: string
  readonly q?: string
  /** Kind of hazard. */
  readonly kind?: string
}

const names = ['realm', 'at', 'level', 'country', 'q', 'kind'] as const

/** Keeps what we know and is a string; a mistyped instant is dropped rather than sent. */
export function readSearch(raw: Readonly<Record<string, unknown>>): Search {
  const kept = names.flatMap((name) => {
    const value = raw[name]
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : []
  })
  const { at, ...rest } = Object.fromEntries(kept) as Search
  return at !== undefined && !Number.isNaN(Date.parse(at))
    ? { ...rest, at: new Date(at).toISOString() }
    : rest
}

export function useView(): View {
  const { realm, at } = useSearch({ strict: false }) as Search
  return useMemo(
    () => ({ ...(realm === undefined ? {} : { realm }), ...(at === undefined ? {} : { knownAt: at }) }),
    [realm, at],
  )
}

export function useEventFilter(): EventFilter {
  const { level, country, q, kind } = useSearch({ strict: false }) as Search
  return useMemo(
    () => ({
      ...(level === undefined ? {} : { level }),
      ...(country === undefined ? {} : { country }),
      ...(q === undefined ? {} : { q }),
      ...(kind === undefined ? {} : { kind }),
    }),
    [level, country, q, kind],
  )
}

/** Changes the address's search part; undefined or empty removes a name. */
export function useChangeSearch(): (
  change: { readonly [name in keyof Search]?: string | undefined },
) => void {
  const navigate = useNavigate()
  return (change) => {
    void navigate({
      to: '.',
      replace: true,
      // A removed name stays as undefined: the router keeps names that are merely absent (see `routes.tsx`).
      search: (before: Search) => ({
        ...before,
        ...Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || undefined])),
      }),
    } as Parameters<typeof navigate>[0])
  }
}
