/** What the desk refuses, with the reason as data. */
import { MosaicError, unreachable } from '../../record/index.ts'
import type { Finding } from './contract.ts'
import { type MoveRefusal, sayRefusal } from './life.ts'

export type DeskRefusal = MoveRefusal | 'findings-left'

export class DeskRefused extends MosaicError {
  override readonly name = 'DeskRefused'
  override readonly code: `warn/draft-${DeskRefusal}`
  readonly because: DeskRefusal
  /** What has to be mended first. */
  readonly findings: readonly Finding[]

  constructor(because: DeskRefusal, findings: readonly Finding[] = []) {
    super(because === 'findings-left' ? sayFindings(findings) : sayRefusal(because))
    this.because = because
    this.code = `warn/draft-${because}`
    this.findings = findings
  }
}

const sayFindings = (findings: readonly Finding[]): string =>
  `The checks found ${findings.length} thing${findings.length === 1 ? '' : 's'} to mend first: ${findings
    .slice(0, 5)
    .map(({ place, message, rule }) => `${place} ${message} (${rule})`)
    .join(' ')}`

/** 403 for who may not at all, 409 for what is not possible now. */
export function isForbidden(because: DeskRefusal): boolean {
  switch (because) {
    case 'role-missing':
    case 'second-person-needed':
      return true
    case 'changed-since':
    case 'frozen':
    case 'submitted-already':
    case 'not-submitted':
    case 'not-approved':
    case 'returned-unchanged':
    case 'approved-already':
    case 'reason-needed':
    case 'findings-left':
      return false
    default:
      return unreachable(because)
  }
}
