/**
 * The title of the window is the heading of the page, in whatever language it is shown: what a screen reader says first,
 * and what a list of tabs and a history show (WCAG 2.2, 2.4.2).
 */
import { useEffect } from 'react'

const product = 'Mosaic'

export function usePageTitle(): void {
  useEffect(() => {
    const main = document.getElementById('content')
    if (!main) return
    const renew = () => {
      const heading = main.querySelector('h1, [data-testid="not-found"] h2')?.textContent?.trim()
      const title = heading ? `${heading} · ${product}` : product
      if (document.title !== title) document.title = title
    }
    const watching = new MutationObserver(renew)
    watching.observe(main, { childList: true, subtree: true, characterData: true })
    renew()
    return () => watching.disconnect()
  }, [])
}
