export * from './errors.ts'
export { type BackupHeader, type VerifiedBackup, verifyBackup } from './file.ts'
export { type RestoreOptions, type RestoreSummary, readBackup } from './read-backup.ts'
export { type BackupOptions, type BackupSummary, type Progress, writeBackup } from './write-backup.ts'
