import type { Lifetime } from './lifetime.ts'
import type { StartedConnector } from './start-connector.ts'
import { startConnector } from './start-connector.ts'

let started: Promise<StartedConnector> | undefined

/** Starts the connector whose page is looked at, or returns the one that a file before has started in this process. */
export function startWorkbench(t: Lifetime): Promise<StartedConnector> {
  started ??= startConnector(t, {})
  return started
}
