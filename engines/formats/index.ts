export * from './cap/alert.ts'
