import type { App } from '../plugins/typebox.ts'
import type { RedisState } from '../store/redis-health.ts'

/** Open to everybody, and never waiting for a turn. */
const CONFIG = { isPublic: true, isFlow: false }

/**
 * `GET /health` and `/health/live`: an empty 200 (protocol 1.1). `GET /health/ready`: 200 too, and
 * with Redis `{redis: {state, since, reason}}`: without it flow requests are served all the same. 503 once
 * the service is about to end.
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
