import type { TestContext } from 'node:test'

import type { Configuration, StartedConnector } from './start-connector.ts'
import type { StartedServe } from './start-serve.ts'
import { startServe } from './start-serve.ts'

/** A replica in a separate process, which can be killed. */
export type ReplicaProcess = StartedServe & Pick<StartedConnector, 'send'>

/**
 * Starts a replica with the real command, until the test ends.
 *
 * @param configuration What flows call it with.
 * @param environment Settings by their names, as from `replicaEnvironment`.
 */
export async function startReplicaProcess(
  t: TestContext,
  configuration: Configuration,
  environment: { readonly [name: string]: string }
): Promise<ReplicaProcess> {
  const serve = await startServe(t, { LOG_LEVEL: 'warn', ...environment })
  const configurationValues = Object.entries(configuration).map(
    ([developerName, contentValue]) => ({ developerName, contentValue })
  )
  return {
    ...serve,
    async send(method, path, body) {
      const response = await fetch(serve.url + path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify({ configurationValues, ...body })
      })
      const text = await response.text()
      return { status: response.status, text, body: JSON.parse(text) }
    }
  }
}
