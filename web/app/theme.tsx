/** Light or dark: as the device says, unless the reader chose. */
import { useSyncExternalStore } from 'react'
import { useText } from '../text/use-text.tsx'
import { recall, remember } from './memory.ts'

const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
const changed = new EventTarget()
const dark = matchMedia('(prefers-color-scheme: dark)')
dark.addEventListener('change', () => changed.dispatchEvent(new Event('change')))

export const storedTheme = (): Theme => themes.find((theme) => theme === recall('theme')) ?? 'system'

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  changed.dispatchEvent(new Event('change'))
}

const currentTheme = (): Theme =>
  themes.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system'
const isDark = (): boolean => currentTheme() === 'dark' || (currentTheme() === 'system' && dark.matches)
const listen = (onChange: () => void): (() => void) => {
  changed.addEventListener('change', onChange)
  return () => changed.removeEventListener('change', onChange)
}

export const useIsDark = (): boolean => useSyncExternalStore(listen, isDark)

export function ThemeChoice() {
  const { say } = useText()
  const theme = useSyncExternalStore(listen, currentTheme)
  return (
    <select
      aria-label={say('app.theme')}
      data-testid="theme"
      value={theme}
      onChange={({ target }) => {
        const chosen = themes.find((name) => name === target.value) ?? 'system'
        remember('theme', chosen)
        applyTheme(chosen)
      }}
    >
      {themes.map((name) => (
        <option key={name} value={name}>
          {say(`app.theme.${name}`)}
        </option>
      ))}
    </select>
  )
}
