/** Starts the page: language first, so that nothing flickers through English; then the routes. */
import { I18nProvider } from '@lingui/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { CallFailed } from './api/call.ts'
import { applyLanguage, firstLanguage } from './app/language.tsx'
import { makeRouter } from './app/routes.tsx'
import { applyTheme, storedTheme } from './app/theme.tsx'
import './style/base.css'
import './style/shell.css'
import './style/parts.css'
import './style/event.css'
import './style/access.css'
import './style/desk.css'
import { i18n } from './text/catalogue.ts'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => !(error instanceof CallFailed && error.status >= 400) && failures < 3,
    },
  },
})

applyTheme(storedTheme())
await applyLanguage(firstLanguage())
const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root to draw in.')
createRoot(place).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
)
