/** What a reader must know of a notice before its words: level, whether it holds, and what is wrong with it. */
import type { NoticeSummary } from '../../server/schemas/index.ts'
import { Shape } from '../events/level.tsx'
import { levelOfSeverity } from '../events/severity-level.ts'
import { T } from '../text/use-text.tsx'
import { SeverityTag } from '../warnings/severity.tsx'

type NoticeProps = { readonly notice: NoticeSummary }

/** The authority's own level, where it has one, beside CAP's word for it. */
export function NoticeLevel({ notice: { severity, ownLevel } }: NoticeProps) {
  return (
    <>
      <Shape level={levelOfSeverity(severity) ?? 'none'} />
      <SeverityTag severity={severity} />
      {ownLevel !== undefined && <small>{ownLevel}</small>}
    </>
  )
}

export function NoticeMarks({ notice }: NoticeProps) {
  return (
    <>
      {notice.status !== 'Actual' && (
        <span className="tag tag-exercise" lang="en">
          {notice.status}
        </span>
      )}
      {!notice.authority.isKnown && (
        <span className="tag">
          <T k="notice.unknownAuthority" />
        </span>
      )}
      {notice.expiresAssumed && (
        <span className="tag">
          <T k="notice.expiresAssumed" />
        </span>
      )}
      {notice.holds && (
        <span className="tag" data-severity="Moderate">
          <T k="notice.held" />
        </span>
      )}
      {notice.hasConflict && (
        <span className="tag" data-severity="Severe">
          <T k="notice.conflict" />
        </span>
      )}
    </>
  )
}

export function NoticeState({ notice: { inForce, state } }: NoticeProps) {
  return (
    <T k={inForce ? 'warning.inForce' : state === 'superseded' ? 'notice.superseded' : 'warning.ended'} />
  )
}
