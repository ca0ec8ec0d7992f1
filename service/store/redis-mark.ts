import { orWhenUnavailable } from './entry.ts'
import type { RedisLink } from './redis-link.ts'
import { redisNames } from './redis-store.ts'
import type { Sealer } from './sealer.ts'

/** Tells a Redis that remembers everything from one that has lost its values. */
export type SharedMark = {
  /**
   * Since when Redis has kept what was put there (ms since 1970): now, if it holds no mark of ours. Null while it
   * cannot be asked.
   */
  since(): Promise<number | null>
}

const KEY = 'remembers since'

/**
 * Keeps the mark in Redis, sealed and without expiry. Whoever finds none sets it.
 *
 * @param now Milliseconds since 1970.
 */
export function createRedisMark(link: RedisLink, sealer: Sealer, now: () => number): SharedMark {
  const [name, ...olderNames] = redisNames(sealer, KEY)
  const read = (sealed: string | null): number | undefined => {
    const text = sealed === null ? undefined : sealer.open(sealed, KEY)
    return text === undefined ? undefined : Number(text)
  }
  const seal = (since: number): string => sealer.seal(String(since), KEY)
  const readOrSet = async (): Promise<number> => {
    for (const each of [name, ...olderNames]) {
      const since = read(await link.read(redis => redis.get(each)))
      if (since === undefined) continue
      // The newest key names it from now on.
      if (each !== name) await link.write(redis => redis.set(name, seal(since), 'NX'))
      return since
    }
    const fresh = now()
    const other = await link.write(redis => redis.set(name, seal(fresh), 'NX', 'GET'))
    const since = read(other)
    if (since !== undefined) return since
    // It does not open: no one of us has set it.
    if (other !== null) await link.write(redis => redis.set(name, seal(fresh)))
    return fresh
  }
  return { since: () => orWhenUnavailable(readOrSet(), null) }
}
