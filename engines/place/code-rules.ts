/**
 * How codes of areas are read, as the region's data says it: which names mean one list, which code of one list names the
 * area of another's, and to which country a code belongs. A code is compared whole, never a piece of it, and never by the
 * name of the place: "Porto" would hit "Porto Santo".
 */
import type { AreaCode } from '../record/index.ts'

export type Code = Pick<AreaCode, 'scheme' | 'code'>

export type AreaRules = {
  /** Names under which one list of codes is written: feeds say `NUTS3`, the list is published as `NUTS`. */
  readonly sameList: readonly (readonly string[])[]
  /** A code of one list that names the same area as a code of another. */
  readonly aliases: readonly { readonly of: Code; readonly means: Code }[]
  /** The longest prefix that fits says whose a code is. */
  readonly countries: readonly {
    readonly scheme: string
    readonly prefix: string
    readonly country: string
  }[]
}

export type CodeReader = {
  /** What to look for in the register, best first; the code itself leads. */
  readonly meanings: (code: Code) => readonly Code[]
  /** Every code that is read as this one; the code itself leads. */
  readonly writtenAs: (code: Code) => readonly Code[]
  readonly countryOf: (code: Code) => string | undefined
}

export const noAreaRules: AreaRules = { sameList: [], aliases: [], countries: [] }

/** `EMMA_ID:RS001`, to compare by. */
export const codeText = ({ scheme, code }: Code): string => `${scheme}:${code}`

export function codeReader({ sameList, aliases, countries }: AreaRules): CodeReader {
  const listOf = new Map(sameList.flatMap((list) => list.map((scheme) => [scheme, list] as const)))
  const inAllNames = ({ scheme, code }: Code): readonly Code[] => [
    { scheme, code },
    ...(listOf.get(scheme) ?? []).filter((name) => name !== scheme).map((name) => ({ scheme: name, code })),
  ]
  const meant = Map.groupBy(
    aliases.flatMap(({ of, means }) => inAllNames(of).map((written) => ({ written, means }))),
    ({ written }) => codeText(written),
  )
  const written = Map.groupBy(
    aliases.flatMap(({ of, means }) => inAllNames(means).map((one) => ({ of, means: one }))),
    ({ means }) => codeText(means),
  )
  const byPrefix = [...countries].sort((a, b) => b.prefix.length - a.prefix.length)
  return {
    meanings: (code) =>
      distinct([
        ...inAllNames(code),
        ...(meant.get(codeText(code)) ?? []).flatMap(({ means }) => inAllNames(means)),
      ]),
    writtenAs: (code) =>
      distinct([
        ...inAllNames(code),
        ...(written.get(codeText(code)) ?? []).flatMap(({ of }) => inAllNames(of)),
      ]),
    countryOf: (code) => {
      const names = new Set(inAllNames(code).map(({ scheme }) => scheme))
      return byPrefix.find(({ scheme, prefix }) => names.has(scheme) && code.code.startsWith(prefix))?.country
    },
  }
}

const distinct = (codes: readonly Code[]): readonly Code[] => [
  ...new Map(codes.map((code) => [codeText(code), code])).values(),
]
