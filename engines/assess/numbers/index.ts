export * from './beta.ts'
export * from './gamma.ts'
export * from './minimise.ts'
export * from './normal.ts'
