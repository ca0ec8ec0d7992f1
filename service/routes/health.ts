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
    const summary = 'Answers while the connector can be reached.'
    app.get(path, { config: { ...CONFIG, summary } }, (_, reply) => {
      reply.send()
    })
  }
  const summary = 'Tells whether the connector takes requests, and whether Redis is in use.'
  const config = { ...CONFIG, summary, produces: 'application/json' }
  app.get('/health/ready', { config }, (_, reply) => {
    if (isStopping()) reply.code(503)
    const redis = redisState()
    if (redis === null) return reply.send()
    return reply.send({ redis: { ...redis, since: new Date(redis.since).toISOString() } })
  })
}
