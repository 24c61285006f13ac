export {
  type AttachmentRef,
  attachmentRefSchema,
  attachmentsOf,
  maxAttachmentBytes,
} from './attachment-refs.ts'
export * from './backup/index.ts'
export * from './condition.ts'
export { type Asked, holds, type Predicate, predicateOf } from './condition-predicate.ts'
export { sqlOf } from './condition-sql.ts'
export { connect, isTransient, type Sql } from './connect.ts'
export * from './contract.ts'
export * from './embedded/index.ts'
export * from './errors.ts'
export { nodeNamedIn, randomIncarnation, renewIncarnation } from './identity.ts'
export { migrate, type SqlMigration, sqlMigrations } from './migrate.ts'
export { type OpenStore, openStore, type StoreOptions } from './open-store.ts'
export {
  orderRelease,
  planRelease,
  type Released,
  type ReleaseOrder,
  type ReleaseRefusal,
} from './order-release.ts'
export { previewAppend } from './preview.ts'
export * from './reactor.ts'
export { bindingHandling, type Reach, reachOf, restrictedRoots } from './roots.ts'
export type { Salts } from './rows.ts'
export * from './run-reactors.ts'
export * from './timers.ts'
export { waited } from './waited.ts'
export { createWakeups, type Wakeups } from './wakeups.ts'
export { whenBack } from './when-back.ts'
