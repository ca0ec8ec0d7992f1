import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import type { ConnectorParts } from '../../service/connector.ts'
import { makeKey } from '../../service/store/sealer.ts'
import type { Configuration, StartedConnector } from './start-connector.ts'
import { startConnector } from './start-connector.ts'

/** Connectors with one Redis and one key, as replicas behind a balancer. */
export type Replicas = readonly [StartedConnector, StartedConnector, StartedConnector]

/** Starts three replicas, without waiting for Redis. `parts` are those of `startConnector`. */
export async function startReplicas(
  t: TestContext,
  redisUrl: string,
  configuration: Configuration,
  parts: ConnectorParts = {}
): Promise<Replicas> {
  const environment = replicaEnvironment(redisUrl)
  const start = (): Promise<StartedConnector> =>
    startConnector(t, configuration, environment, parts)
  return Promise.all([start(), start(), start()])
}

/** Settings that replicas share, with a new key. */
export function replicaEnvironment(redisUrl: string) {
  const key = Buffer.from(makeKey()).toString('base64')
  // On a busy machine Redis takes its time, which says nothing of it.
  return { REDIS_URL: redisUrl, STORE_KEY: key, REDIS_TIMEOUT_MS: '1000' }
}

/** What `/health/ready` says of Redis, with the status of the answer. */
export async function redisState({
  url
}: Pick<StartedConnector, 'url'>): Promise<[string, number]> {
  const response = await fetch(`${url}/health/ready`)
  const body: { readonly redis: { readonly state: string } } = JSON.parse(await response.text())
  return [body.redis.state, response.status]
}

/** Waits until all replicas report a state of Redis. */
export async function untilRedis(
  state: 'ok' | 'away' | 'full',
  replicas: readonly Pick<StartedConnector, 'url'>[]
): Promise<void> {
  for (const replica of replicas) {
    while ((await redisState(replica))[0] !== state) await wait(10)
  }
}
