import type { JsonObject, JsonValue } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { MetadataClient } from './metadata-client.ts'

/** A write that a dry run does not make. */
export type DryWrite = { readonly method: string; readonly path: string; readonly body?: JsonValue }

/**
 * Makes a client that reads from the server and writes nothing. A server that cannot be read counts as one that has nothing.
 *
 * @param record Called with each write in its order.
 * @param warn Called once if the server cannot be read.
 */
export function createDryClient(
  client: MetadataClient,
  record: (write: DryWrite) => void,
  warn: (text: string) => void
): MetadataClient {
  let isUnread = false
  const orNothing = (error: unknown): void => {
    if (!(error instanceof ConnectorError)) throw error
    if (!isUnread) warn(`what the server has is not known: ${error.message}`)
    isUnread = true
  }
  return {
    host: client.host,
    async find(path, query) {
      if (isUnread) return undefined
      return client.find(path, query).catch((error: unknown) => {
        orNothing(error)
        return undefined
      })
    },
    async *list(path, query) {
      if (isUnread) return
      const found: JsonObject[] = []
      try {
        for await (const entity of client.list(path, query)) found.push(entity)
      } catch (error) {
        return orNothing(error)
      }
      yield* found
    },
    async put(path, body) {
      record({ method: 'PUT', path, body })
      return { entity: {}, isNew: true }
    },
    async patch(path, operations) {
      record({ method: 'PATCH', path, body: operations })
    },
    async remove(path) {
      record({ method: 'DELETE', path })
    }
  }
}
