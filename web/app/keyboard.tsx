/**
 * Keys: `/` to the search field, arrows along the list, Enter opens (it is a link), Esc back to the list, `?` this help.
 * A key pressed in a field, or with Ctrl, Alt or Meta, is left alone.
 */
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { T, useText } from '../text/use-text.tsx'
import { Icon } from './icon.tsx'

export const searchFieldId = 'search'
export const listItemSelector = '[data-list] a[data-item]'

export function KeyboardHelp() {
  const dialog = useRef<HTMLDialogElement>(null)
  const navigate = useNavigate()
  const { say } = useText()

  useEffect(() => {
    const onKey = (press: KeyboardEvent): void => {
      if (press.ctrlKey || press.altKey || press.metaKey || press.defaultPrevented) return
      const target = press.target instanceof HTMLElement ? press.target : undefined
      if (press.key === 'Escape' && target?.id === searchFieldId) target.blur()
      if (target?.closest('input, select, textarea, [role="tablist"], .maplibregl-canvas, dialog')) return
      switch (press.key) {
        case '/':
          press.preventDefault()
          document.getElementById(searchFieldId)?.focus()
          break
        case '?':
          dialog.current?.showModal()
          break
        case 'Escape':
          void navigate({ to: '/' })
          break
        case 'ArrowDown':
        case 'ArrowUp':
          if (moveInList(press.key === 'ArrowDown' ? 1 : -1)) press.preventDefault()
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate])

  return (
    <dialog ref={dialog} aria-label={say('about.keys')} data-testid="keyboard-help">
      <h2>
        <T k="about.keys" />
      </h2>
      <KeyList />
      <form method="dialog">
        <button type="submit" className="primary">
          OK
        </button>
      </form>
    </dialog>
  )
}

export function KeyList() {
  return (
    <dl className="keys">
      <dt>
        <kbd>/</kbd>
      </dt>
      <dd>
        <T k="keys.search" />
      </dd>
      <dt>
        <kbd>
          <Icon name="up" />
        </kbd>{' '}
        <kbd>
          <Icon name="down" />
        </kbd>
      </dt>
      <dd>
        <T k="keys.move" />
      </dd>
      <dt>
        <kbd>Enter</kbd>
      </dt>
      <dd>
        <T k="keys.open" />
      </dd>
      <dt>
        <kbd>Esc</kbd>
      </dt>
      <dd>
        <T k="keys.close" />
      </dd>
      <dt>
        <kbd>?</kbd>
      </dt>
      <dd>
        <T k="keys.help" />
      </dd>
    </dl>
  )
}

function moveInList(step: 1 | -1): boolean {
  const items = [...document.querySelectorAll<HTMLElement>(listItemSelector)]
  if (items.length === 0) return false
  const at = items.indexOf(document.activeElement as HTMLElement)
  const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))]
  next?.focus()
  return true
}
