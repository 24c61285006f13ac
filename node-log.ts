/** Where a node says what happens to it: facts for machines, a sentence for people; never a secret, a person, a body. */
export type NodeLog = {
  readonly info: (facts: object, message: string) => void
  readonly warn: (facts: object, message: string) => void
  readonly error: (facts: object, message: string) => void
}
