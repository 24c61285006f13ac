/** The map stays while the panel beside it changes. The map is a chunk of its own: the list is there first. */
import { Outlet, useParams } from '@tanstack/react-router'
import { Component, lazy, type ReactNode, Suspense } from 'react'
import { T, useText } from '../text/use-text.tsx'
import { Footnotes } from './footnotes.tsx'

const MapView = lazy(async () => ({ default: (await import('../map/map-view.tsx')).MapView }))

export function MapAndPanel() {
  const { say } = useText()
  const { id, warningId, noticeId } = useParams({ strict: false }) as {
    readonly id?: string
    readonly warningId?: string
    readonly noticeId?: string
  }
  return (
    <div className="beside" data-detail={id || warningId || noticeId ? true : undefined}>
      <section className="map" aria-label={say('map.title')} data-testid="map">
        <WithoutMap>
          <Suspense fallback={null}>
            <MapView eventId={id} warningId={warningId} noticeId={noticeId} />
          </Suspense>
        </WithoutMap>
      </section>
      <div className="panel">
        <Outlet />
        <Footnotes />
      </div>
    </div>
  )
}

/** A browser without WebGL, or a chunk that could not be fetched, loses the map and nothing else. */
class WithoutMap extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <p className="state" data-testid="map-failed">
        <T k="map.failed" />
      </p>
    )
  }
}
