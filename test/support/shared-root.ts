/** Where the shared data stands, when it does: beside the checkout, or where `MOSAIC_SHARED_DATA` says. */
import { fileURLToPath } from 'node:url'

export const sharedRoot =
  process.env.MOSAIC_SHARED_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
