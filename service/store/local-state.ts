import { createMemoryStore } from './memory-store.ts'
import type { SharedState, SharedStateOptions } from './shared-state.ts'

/** What requests share in a service without Redis. */
export function createLocalState({ maxBytes, ports }: SharedStateOptions): SharedState {
  const store = createMemoryStore({ maxBytes, now: ports.now })
  return { store, rateLimit: null, redis: null, values: null, broadcast: null, mark: null }
}
