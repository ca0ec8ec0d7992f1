import assert from 'node:assert/strict'
import { test } from 'node:test'

import { bombs } from '../support/bombs.ts'
import { problem, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

/** Many times what the slowest takes on a busy machine: a guard against one that never ends. */
const GUARD_MS = 240_000

/** What is bounded is the work, which a busy machine does slowly. */
const PATIENT = { COMPILE_TIMEOUT_MS: '200000', FLOW_TIMEOUT_MS: '220000' }

// Whoever writes to the prototype of all objects fails here, in strict code and aloud (row B8).
Object.freeze(Object.prototype)

for (const { name, text, problem: code, types = [], codes = [] } of bombs) {
  const outcome = code === undefined ? 'is taken' : `is refused as ${code}`
  test(`${name} ${outcome}, and the service goes on`, { timeout: GUARD_MS }, async t => {
    assert.ok(text.length < 1_000_000)
    const files = await startFiles(t, { '/bomb': text })
    const connector = await startConnector(t, { 'Schema URL': `${files.url}/bomb` }, PATIENT)
    if (code === undefined) {
      const preview = await connector.preview()
      const names = preview.types.map(({ developerName }) => developerName)
      assert.deepEqual(
        ['Good', ...types].filter(type => !names.includes(type)),
        []
      )
      const found = new Set(preview.diagnostics.map(diagnostic => diagnostic.code))
      assert.deepEqual(
        codes.filter(wanted => !found.has(wanted)),
        []
      )
    } else {
      const refused = await connector.send('POST', '/preview')
      assert.deepEqual([problem(refused).code, refused.status], [code, 422])
    }
    assert.equal((await fetch(`${connector.url}/health`)).status, 200)
  })
}
