import assert from 'node:assert/strict'

import type { StartedConnector } from '../support/start-connector.ts'
import { data } from '../support/start-connector.ts'

/** Asserts that the windows of a list, one after the other and one beyond its end, are those of these ids. */
export async function assertWindows(
  connector: StartedConnector,
  type: string,
  ids: readonly string[],
  limit: number,
  filter: object = {}
): Promise<void> {
  for (let offset = 0; offset < ids.length + limit; offset += limit) {
    const answer = data(await connector.load(type, { ...filter, limit, offset }))
    const found = answer.objectData.map(({ externalId }) => externalId)
    assert.deepEqual(found, ids.slice(offset, offset + limit), `${limit} from ${offset}`)
    assert.equal(answer.hasMoreResults, offset + limit < ids.length, `${limit} from ${offset}`)
  }
}
