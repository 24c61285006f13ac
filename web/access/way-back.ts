/**
 * Where somebody wanted to go before they were asked to sign in: kept for this tab alone and used once. Only an address
 * of this page is ever gone to. The provider sends everybody to the first page, which it cannot be told otherwise.
 */
const name = 'mosaic.wayBack'

export function rememberWay(): void {
  try {
    sessionStorage.setItem(name, location.pathname + location.search)
  } catch {
    // without storage they come to the first page
  }
}

export function wayBack(): string {
  try {
    const kept = sessionStorage.getItem(name)
    sessionStorage.removeItem(name)
    return kept !== null && /^\/(?![/\\])/.test(kept) ? kept : '/'
  } catch {
    return '/'
  }
}
