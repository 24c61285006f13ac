/** Builds the browser application from `web/` to `web/dist`, which the node serves at its root. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'web',
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The map alone is above the default of 500 kB; it is a chunk of its own, fetched after the list stands.
    chunkSizeWarningLimit: 1300,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8420', '/feeds': 'http://127.0.0.1:8420' } },
})
