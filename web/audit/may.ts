/** Which pages are for whom, as far as the page knows: what leads nowhere is not offered. The node itself decides. */
type Roles = readonly string[]

const anyOf =
  (...wanted: readonly string[]) =>
  (roles: Roles): boolean =>
    roles.some((role) => wanted.includes(role))

export const mayBreakGlass = anyOf('analyst', 'duty-officer', 'liaison')
export const mayReviewGlass = anyOf('oversight', 'approver')
export const maySeeRecalls = anyOf('liaison', 'approver', 'duty-officer', 'oversight')
export const maySeePeers = anyOf('liaison', 'administrator', 'oversight')
export const maySeeAudit = anyOf('oversight', 'administrator')
export const mayDesk = anyOf('duty-officer', 'approver')
export const mayWrite = anyOf('analyst', 'duty-officer', 'liaison')
