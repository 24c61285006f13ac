/** Branded scalars: an identifier or a unit that the compiler will not let pass for another. */
declare const brand: unique symbol
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

/** Kilometres. */
export type Km = Brand<number, 'km'>
export const km = (value: number): Km => value as Km

/** Whole or fractional persons; figures shown to people are rounded where they are shown. */
export type People = Brand<number, 'people'>
export const people = (value: number): People => value as People

/** The answer to a `switch` that has named every case of a union: a new case will not compile until it is answered. */
export function unreachable(value: never): never {
  throw new Error(`a case was not answered: ${JSON.stringify(value)}`)
}
