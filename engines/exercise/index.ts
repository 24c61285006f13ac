export type { PlayerSetting, PlayerState } from './player.ts'
export { playAtOnce, ScenarioPlayer, SourceUnknown, SpeedRefused } from './player.ts'
export type { Scenario, ScenarioStep } from './scenario.ts'
export { loadScenario, ScenarioInvalid } from './scenario.ts'
