/** Disjoint sets with path halving (Tarjan and van Leeuwen 1984): which things belong together, however they were told. */
export class Union<Thing> {
  readonly #parent = new Map<Thing, Thing>()

  join(a: Thing, b: Thing): void {
    const [x, y] = [this.root(a), this.root(b)]
    if (x !== y) this.#parent.set(y, x)
  }

  root(of: Thing): Thing {
    let at = of
    for (;;) {
      const up = this.#parent.get(at)
      if (up === undefined) return at
      const above = this.#parent.get(up)
      if (above !== undefined) this.#parent.set(at, above)
      at = up
    }
  }

  groups(all: readonly Thing[]): readonly (readonly Thing[])[] {
    const byRoot = new Map<Thing, Thing[]>()
    for (const thing of all) {
      const root = this.root(thing)
      const group = byRoot.get(root)
      if (group === undefined) byRoot.set(root, [thing])
      else group.push(thing)
    }
    return [...byRoot.values()]
  }
}
