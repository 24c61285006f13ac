export * from './errors.ts'
export { type EmbeddedLogger, type EmbeddedOptions, type EmbeddedPostgres, openEmbedded } from './open.ts'
