import { setTimeout as wait } from 'node:timers/promises'

import type { RedisLink } from './redis-link.ts'
import { createRedisLink, USUAL_TIMES } from './redis-link.ts'
import type { Sealer } from './sealer.ts'
import type { SharedRateLimit } from './shared-rate-limit.ts'
import { createSharedRateLimit } from './shared-rate-limit.ts'

/** Permits are taken so long before their moment (ms): one that Redis has given and lost is used by then. */
const AHEAD_MS = 50

/** Longest time between two requests of a permit (ms). */
const ASK_MS = 500

/** How long to wait for Redis before it is asked again (ms). */
const AWAY_MS = 100

/** When the server of a connection began. */
type Server = { readonly connection: number; readonly since: number }

/**
 * A shared rate limit that is kept whatever becomes of Redis, for calls that have time. Without Redis no permit is given. A
 * server that has just begun may have lost the permits of the latest windows, and gives none until these are over.
 *
 * @param now A monotonic clock (ms).
 */
export function createStrictRateLimit(
  shared: SharedRateLimit,
  link: RedisLink,
  now: () => number
): SharedRateLimit {
  let server: Server | null = null
  const currentServer = async (): Promise<Server | null> => {
    const connection = link.connection()
    if (server?.connection === connection) return server
    const facts = await link.read(redis => redis.info('server')).catch(() => '')
    const uptime = /^uptime_in_seconds:(\d+)/m.exec(facts)?.[1]
    if (uptime === undefined || connection !== link.connection()) return null
    server = { connection, since: now() - Number(uptime) * 1000 }
    return server
  }
  return {
    async take(key, request) {
      const asked = now()
      const window = request.windows.reduce((longest, { ms }) => Math.max(longest, ms), 0)
      let { instead } = request
      for (;;) {
        const current = await currentServer()
        const sent = now()
        const heldMs = sent - asked
        const withinMs = request.withinMs - heldMs
        const permit =
          current === null
            ? null
            : await shared.take(key, {
                ...{ windows: request.windows, allowance: request.allowance, instead },
                afterMs: Math.max(
                  ...[0, request.afterMs - heldMs],
                  current.since + window + AHEAD_MS - sent
                ),
                withinMs: Math.min(withinMs, AHEAD_MS)
              })
        if (permit === null) {
          await wait(AWAY_MS)
          continue
        }
        instead = null
        // Another server may know nothing of the permits before.
        if (current?.connection !== link.connection()) continue
        if (permit.isGranted || permit.waitMs > withinMs) return { ...permit, heldMs }
        await wait(Math.min(ASK_MS, Math.max(1, permit.waitMs - AHEAD_MS / 2)))
      }
    }
  }
}

/** How long Redis may take for one command (ms): nobody waits who cannot. */
const COMMAND_MS = 2_000

/** Opens the strict rate limits of the Redis of `REDIS_URL`. */
export function openStrictRateLimit(
  url: string,
  sealer: Sealer
): { readonly rateLimit: SharedRateLimit; readonly close: () => Promise<void> } {
  const now = (): number => performance.now()
  const link = createRedisLink({
    ...{ url, ports: { now, date: Date.now, random: Math.random } },
    ...{ log: { warn: () => {}, info: () => {} }, times: { ...USUAL_TIMES, commandMs: COMMAND_MS } }
  })
  const shared = createSharedRateLimit(link, sealer)
  return { rateLimit: createStrictRateLimit(shared, link, now), close: link.close }
}
