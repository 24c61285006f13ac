export * from './contract.ts'
export { stateNameOf } from './health.ts'
export { type DryRun, dryRunPayload, type Ingest, ingestPayload, ingestPayloads } from './payload.ts'
export { type OpenWebSocket, type RunSources, runSources, type SourceHappening } from './run.ts'
