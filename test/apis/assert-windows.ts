import assert from 'node:assert/strict'

import type { StartedConnector } from '../support/start-connector.ts'
import { data } from '../support/start-connector.ts'

/** A window, and what a list filter has besides. */
type Window = { readonly limit: number; readonly offset: number; readonly where?: object }

/**
 * Asserts that a window of a list is that of these values, and says rightly whether there is more.
 *
 * @param property Whose values they are. Default: the external id.
 */
export async function assertWindow(
  connector: StartedConnector,
  type: string,
  values: readonly string[],
  window: Window,
  property?: string
): Promise<void> {
  const { limit, offset } = window
  const { objectData, hasMoreResults } = data(await connector.load(type, window))
  const found = objectData.map(({ externalId, properties }) =>
    property === undefined
      ? externalId
      : properties.find(({ developerName }) => developerName === property)?.contentValue
  )
  const place = `limit ${limit}, offset ${offset}`
  assert.deepEqual(found, values.slice(offset, offset + limit), place)
  assert.equal(hasMoreResults, offset + limit < values.length, place)
}

/** Asserts that the windows of a list, one after the other and one beyond its end, are those of these ids. */
export async function assertWindows(
  connector: StartedConnector,
  type: string,
  ids: readonly string[],
  limit: number,
  filter: object = {}
): Promise<void> {
  for (let offset = 0; offset < ids.length + limit; offset += limit) {
    await assertWindow(connector, type, ids, { ...filter, limit, offset })
  }
}
