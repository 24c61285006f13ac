/**
 * The sequencer of one process: runs `sequence_pending()` once for everybody who waits. Who asks while a run is under
 * way gets the next one, because the present one may have begun before their commit. When `run` resolves, whatever the
 * caller committed before stands in the log, whichever process put it there.
 */
export type Sequencer = { readonly run: () => Promise<void> }

export function createSequencer(sequence: () => Promise<unknown>): Sequencer {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  const run = async (): Promise<void> => {
    next = undefined
    await sequence()
  }
  return {
    run() {
      if (next === undefined) {
        next = running.then(run)
        running = next.catch(() => {}) // told to those who wait on `next`; who asks later tries anew
      }
      return next
    },
  }
}
