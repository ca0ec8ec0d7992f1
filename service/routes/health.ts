import type { App } from '../plugins/typebox.ts'
import type { RedisState } from '../store/redis-health.ts'

/** Served without credentials, never queued. */
const CONFIG = { isPublic: true, isFlow: false }

/**
 * `GET /health` and `/health/live`: an empty 200. `GET /health/ready`: 200, or 503 once the service is
 * shutting down; with Redis configured the body is `{redis: {state, since, reason}}`. Losing Redis does not
 * make the service unready.
 */
export function addHealthRoutes(
  app: App,
  redisState: () => RedisState | null,
  isStopping = (): boolean => false
): void {
  for (const path of ['/health', '/health/live']) {
    app.get(path, { config: CONFIG }, (_, reply) => {
      reply.send()
    })
  }
  app.get('/health/ready', { config: CONFIG }, (_, reply) => {
    if (isStopping()) reply.code(503)
    const redis = redisState()
    if (redis === null) return reply.send()
    return reply.send({ redis: { ...redis, since: new Date(redis.since).toISOString() } })
  })
}
