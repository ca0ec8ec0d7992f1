import type { Store } from '../store/types.ts'

/** Does what replicas would do at the same time. */
export type OnceAmongReplicas = <T>(
  /** Names the work, with what kind it is. */
  key: string,
  /** What another has done of it; undefined for nothing. */
  look: () => Promise<T | undefined>,
  work: () => Promise<T>
) => Promise<T>

export type OncePorts = {
  readonly store: Store
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** A text that was never given before. */
  readonly newId: () => string
}

/** A holder that ends without giving its lock back has it no longer than this. */
const LOCK_S = 15

const LOOK_EVERY_MS = 50

/**
 * Lets one replica do the work while the others look for what comes of it.
 *
 * @param waitMs Milliseconds for which the others look; then each does it on its own.
 */
export function createOnceAmongReplicas(
  { store, wait, newId }: OncePorts,
  waitMs: number
): OnceAmongReplicas {
  const looksMax = waitMs / LOOK_EVERY_MS
  return async (key, look, work) => {
    const lock = `lock:${key}`
    const holder = newId()
    for (let looks = 0; !(await store.claim(lock, holder, LOCK_S)); looks++) {
      if (looks >= looksMax) return work()
      await wait(LOOK_EVERY_MS)
      const done = await look()
      if (done !== undefined) return done
    }
    try {
      // The one before may have ended since it was last looked for.
      return (await look()) ?? (await work())
    } finally {
      await store.release(lock, holder)
    }
  }
}
