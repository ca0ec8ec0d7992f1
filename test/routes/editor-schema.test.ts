import assert from 'node:assert/strict'
import { test } from 'node:test'

import { editorSchemaText } from '../../service/vocabulary/editor-schema.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startApp } from '../support/start-app.ts'

test('J07 GET /schemas/x-flow.json serves the schema, with its entity tag', async t => {
  const { url } = await startApp(t)
  const response = await fetch(`${url}/schemas/x-flow.json`)
  assert.equal(response.headers.get('content-type'), 'application/schema+json')
  assert.equal(await response.text(), editorSchemaText())
  const tag = response.headers.get('etag') ?? ''
  const again = await fetch(`${url}/schemas/x-flow.json`, { headers: { 'if-none-match': tag } })
  assert.equal(again.status, 304)
})

test('J07 openapi-flow schema writes the same', async () => {
  const { code, out, err } = await runInTerminal(['schema'])
  assert.deepEqual([code, err], [0, ''])
  assert.equal(out, `${editorSchemaText()}\n`)
})
