import assert from 'node:assert/strict'

import type { StartedConnector } from '../support/start-connector.ts'

/** Asserts that an install has these types among others, and that nothing but information is told of the document. */
export async function assertInstalls(
  connector: StartedConnector,
  types: readonly string[]
): Promise<void> {
  const { typeElements } = await connector.install()
  const names = typeElements.map(({ developerName }) => developerName)
  for (const name of types) assert.ok(names.includes(name), name)
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
}
