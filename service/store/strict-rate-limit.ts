import { setTimeout as wait } from 'node:timers/promises'

import { StoreUnavailable } from './entry.ts'
import { isRefusedUser } from './redis-error.ts'
import type { RedisLink } from './redis-link.ts'
import { createRedisLink, USUAL_TIMES } from './redis-link.ts'
import type { Sealer } from './sealer.ts'
import type { Permits, SharedRateLimit } from './shared-rate-limit.ts'
import { createPermits } from './shared-rate-limit.ts'

/** Permits are taken so long before their moment (ms): one that Redis has given and lost is used by then. */
const AHEAD_MS = 50

/** Longest time between two requests of a permit (ms). */
const ASK_MS = 500

/** How long to wait for Redis before it is asked again (ms). */
const AWAY_MS = 100

/** When the server of a connection began. */
type Server = { readonly connection: number; readonly since: number }

/** What strict rate limits are made of. */
export type StrictLimitOptions = {
  readonly permits: Permits
  readonly link: RedisLink
  /** A monotonic clock (ms). */
  readonly now: () => number
  /** Tells the user, once for each reason, why calls wait. */
  readonly warn: (message: string) => void
}

/** Redis does not let this user take permits, which no wait mends. The message is for the user. */
export class RateLimitRefused extends Error {
  override readonly name = 'RateLimitRefused'
  readonly code: string

  /** @param code The first word of the error of Redis. */
  constructor(code: string) {
    super(
      `the Redis of REDIS_URL refuses what a rate limit needs (${code}): its user has to be allowed EVAL and INFO, and all keys that begin with "openapi-flow:"`
    )
    this.code = code
  }
}

/**
 * A shared rate limit that is kept whatever becomes of Redis, for calls that have time. Without Redis no permit is given. A
 * server that has just begun may have lost the permits of the latest windows, and gives none until these are over. `take`
 * rejects with RateLimitRefused.
 */
export function createStrictRateLimit({
  permits,
  link,
  now,
  warn
}: StrictLimitOptions): SharedRateLimit {
  let server: Server | null = null
  let told: string | null = null
  const currentServer = async (): Promise<Server> => {
    const connection = link.connection()
    if (server?.connection === connection) return server
    const facts = await link.read(redis => redis.info('server'))
    const uptime = /^uptime_in_seconds:(\d+)/m.exec(facts)?.[1]
    if (uptime === undefined || connection !== link.connection()) throw new StoreUnavailable('away')
    server = { connection, since: now() - Number(uptime) * 1000 }
    return server
  }
  /** @throws RateLimitRefused for a refusal that does not pass by itself. */
  const tell = ({ message }: StoreUnavailable): void => {
    // Commands that are not sent say nothing of the reason.
    const isSkipped = message === 'away' || message === 'skipped'
    const code = isSkipped ? link.state().reason : message
    // The first connection is being made.
    if (code === null) return
    if (isRefusedUser(code) || (!isSkipped && LASTING.has(code))) throw new RateLimitRefused(code)
    if (told === code) return
    told = code
    warn(
      `calls wait for a permit: Redis is ${link.state().state === 'full' ? 'full' : 'away'} (${code})`
    )
  }
  return {
    async take(key, request) {
      const asked = now()
      const window = request.windows.reduce((longest, { ms }) => Math.max(longest, ms), 0)
      const { allowance } = request
      let { instead } = request
      let knownTo: number | null = null
      for (;;) {
        try {
          const current = await currentServer()
          const sent = now()
          const heldMs = sent - asked
          const withinMs = request.withinMs - heldMs
          const forMs = (allowance?.forMs ?? 0) - heldMs
          const isKnown = allowance === null || forMs <= 0 || current.connection === knownTo
          const permit = await permits.take(key, {
            windows: request.windows,
            allowance: isKnown ? null : { ...allowance, forMs },
            instead,
            afterMs: Math.max(
              ...[0, request.afterMs - heldMs],
              current.since + window + AHEAD_MS - sent
            ),
            withinMs: Math.min(withinMs, AHEAD_MS)
          })
          told = null
          instead = null
          // Another server may know nothing of the permits before, nor of what the API told.
          if (current.connection !== link.connection()) continue
          knownTo = current.connection
          if (permit.isGranted || permit.waitMs > withinMs) return { ...permit, heldMs }
          await wait(Math.min(ASK_MS, Math.max(1, permit.waitMs - AHEAD_MS / 2)))
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error
          tell(error)
          await wait(AWAY_MS)
        }
      }
    }
  }
}

/** Replies of Redis to a command that another one like it gets, too. */
const LASTING: ReadonlySet<string> = new Set(['ERR', 'WRONGTYPE'])

/** How long Redis may take for one command (ms): nobody waits who cannot. */
const COMMAND_MS = 2_000

/**
 * Opens the strict rate limits of the Redis of `REDIS_URL`.
 *
 * @param warn As in `StrictLimitOptions`.
 */
export function openStrictRateLimit(
  url: string,
  sealer: Sealer,
  warn: StrictLimitOptions['warn']
): { readonly rateLimit: SharedRateLimit; readonly close: () => Promise<void> } {
  const now = (): number => performance.now()
  const link = createRedisLink({
    ...{ url, ports: { now, date: Date.now, random: Math.random } },
    ...{ log: { warn: () => {}, info: () => {} }, times: { ...USUAL_TIMES, commandMs: COMMAND_MS } }
  })
  const permits = createPermits(link, sealer)
  return { rateLimit: createStrictRateLimit({ permits, link, now, warn }), close: link.close }
}
