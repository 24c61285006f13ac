export * from './fire-weather-index.ts'
export { moistureConstant } from './fuel-moisture.ts'
export * from './station-days.ts'
