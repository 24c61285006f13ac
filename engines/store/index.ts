export * from './contract.ts'
export * from './reactor.ts'
