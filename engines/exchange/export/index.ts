export { type CheckedExport, checkExport, isExport } from './check.ts'
export type { ExportAsked, ExportHeader } from './contract.ts'
export { type ExportParts, type ExportPlan, planExport, writeExport } from './write.ts'
