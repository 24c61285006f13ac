import { isRealm, type Realm } from '../engines/record/index.ts'
import { Misused, type Option, text, type Values } from './command.ts'

export const realmOption: Option = {
  type: 'string',
  value: 'REALM',
  help: 'actual (default), test, or exercise:NAME',
}

export function realmOf(values: Values): Realm {
  const named = text(values, 'realm') ?? 'actual'
  if (!isRealm(named)) {
    throw new Misused(`--realm takes actual, test, or exercise:NAME, not "${named}".`)
  }
  return named
}
