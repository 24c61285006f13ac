/**
 * The states of the duty screen, as Signal K has them (Signal K specification 1.7, notifications): nominal, normal,
 * alert, warn, alarm, emergency, each shown by sight and by sound; and three things people do, each of which says whether
 * it can be done and whether it has been.
 *
 *   silence       the sound stops, the sight stays. Not for an emergency: that sounds until somebody has acknowledged it.
 *   acknowledge   somebody has seen it: the sound stops; all but an emergency also leave the sight.
 *   clear         it is put away. After it was acknowledged, and never an emergency: that goes only when its cause does.
 *
 * What was done counts for the height that it was done at. A fall leaves it as it is; a rise, and a return to normal with
 * a new rise after it, resets it: nobody has acknowledged what came later.
 */
import { type Instant, unreachable } from '../../record/index.ts'

export const dutyStates = ['nominal', 'normal', 'alert', 'warn', 'alarm', 'emergency'] as const
export type DutyState = (typeof dutyStates)[number]
export const dutyActions = ['silence', 'acknowledge', 'clear'] as const
export type DutyAction = (typeof dutyActions)[number]
export type DutyMethod = 'visual' | 'sound'

export type DutySignal =
  | { readonly kind: 'state'; readonly state: DutyState; readonly at: Instant }
  | { readonly kind: DutyAction; readonly at: Instant; readonly by: string }

export type Duty = {
  readonly state: DutyState
  readonly method: readonly DutyMethod[]
  /** Since when it has been as high as now, or higher. */
  readonly since: Instant
  readonly canSilence: boolean
  readonly hasSilenced: boolean
  readonly canAcknowledge: boolean
  readonly hasAcknowledged: boolean
  readonly canClear: boolean
  readonly hasCleared: boolean
}

type Done = Pick<Duty, 'hasSilenced' | 'hasAcknowledged' | 'hasCleared'>
const nothing: Done = { hasSilenced: false, hasAcknowledged: false, hasCleared: false }
const height = (state: DutyState): number => dutyStates.indexOf(state)
const isRaised = (state: DutyState): boolean => height(state) > height('normal')

export const raised = (state: DutyState, at: Instant): Duty => dutyOf(state, at, nothing)

function dutyOf(state: DutyState, since: Instant, done: Done): Duty {
  const isUp = isRaised(state)
  const isEmergency = state === 'emergency'
  const { hasSilenced, hasAcknowledged, hasCleared } = done
  const isSeen = isUp && !hasCleared && (isEmergency || !hasAcknowledged)
  const isHeard = isUp && !hasCleared && !hasAcknowledged && !hasSilenced && height(state) >= height('warn')
  return {
    ...{ state, since, hasSilenced, hasAcknowledged, hasCleared },
    method: [...(isSeen ? ['visual' as const] : []), ...(isHeard ? ['sound' as const] : [])],
    canSilence: isHeard && !isEmergency,
    canAcknowledge: isUp && !hasAcknowledged && !hasCleared,
    canClear: isUp && !isEmergency && hasAcknowledged && !hasCleared,
  }
}

/** Undefined: the action is not possible now. */
export function acted(duty: Duty, action: DutyAction): Duty | undefined {
  const { state, since, hasSilenced, hasAcknowledged, hasCleared } = duty
  const done = { hasSilenced, hasAcknowledged, hasCleared }
  switch (action) {
    case 'silence':
      return duty.canSilence ? dutyOf(state, since, { ...done, hasSilenced: true }) : undefined
    case 'acknowledge':
      return duty.canAcknowledge ? dutyOf(state, since, { ...done, hasAcknowledged: true }) : undefined
    case 'clear':
      return duty.canClear ? dutyOf(state, since, { ...done, hasCleared: true }) : undefined
    default:
      return unreachable(action)
  }
}

export function changed(duty: Duty, state: DutyState, at: Instant): Duty {
  if (state === duty.state) return duty
  if (!isRaised(state) || height(state) > height(duty.state)) return dutyOf(state, at, nothing)
  return dutyOf(state, duty.since, duty)
}

/** Where the signals lead, in the order of the log; an action that was not possible changes nothing. */
export function dutyAfter(
  first: Extract<DutySignal, { kind: 'state' }>,
  signals: readonly DutySignal[],
): Duty {
  let duty = raised(first.state, first.at)
  for (const signal of signals)
    duty =
      signal.kind === 'state' ? changed(duty, signal.state, signal.at) : (acted(duty, signal.kind) ?? duty)
  return duty
}
