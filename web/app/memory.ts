/** What this browser remembers of its reader: language and colours, nothing else, and only here. */
export function remember(name: 'language' | 'theme', value: string): void {
  try {
    localStorage.setItem(`mosaic.${name}`, value)
  } catch {
    // Storage may be forbidden (private window); the choice then lasts as long as the page, which is right.
  }
}

export function recall(name: 'language' | 'theme'): string | undefined {
  try {
    return localStorage.getItem(`mosaic.${name}`) ?? undefined
  } catch {
    return undefined // as above
  }
}
