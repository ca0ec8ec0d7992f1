import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { checkRules } from '../../service/document/check-rules.ts'
import { parseDocument } from '../../service/document/parse-document.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'

async function broken(text: string): Promise<string[] | null> {
  const rules = await checkRules(parseDocument(text, '', 'https://docs.example.com/openapi.yaml'))
  return rules?.map(({ line, column, pointer }) => `${line}:${column} ${pointer}`) ?? null
}

test('J06 a document that keeps the rules of OpenAPI breaks none', async () => {
  const text = `openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    get:
      responses: {'200': {description: ok}}
`
  assert.deepEqual(await broken(text), [])
})

test('J06 a broken rule is found with its line and column in the hosted text', async () => {
  const text = `# a comment that is not in the tree
openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    get:
      responses: nothing
`
  const rules = await checkRules(parseDocument(text, '', 'https://docs.example.com/openapi.yaml'))
  assert.ok(rules !== null && rules.length > 0)
  assert.ok(
    rules.some(({ line, pointer }) => line === 7 && pointer === '/paths/~1a/get/responses'),
    JSON.stringify(rules)
  )
  for (const { message } of rules) assert.match(message, /^[^\n]+$/)
})

test('J06 x-flow keys and numbers of any length break no rule', async () => {
  const text = `openapi: 3.1.0
info: {title: Test, version: '1'}
paths: {}
components:
  schemas:
    A:
      type: object
      properties: {n: {type: number, examples: [12345678901234567890.12345678901234567890]}}
      x-flow-type: {name: A}
`
  assert.deepEqual(await broken(text), [])
})

test('J06 a document that is too large for the rules is not tried, and a finding says so', async t => {
  const text = `openapi: 3.0.3
info: {title: Test, version: '1', description: "${'x'.repeat(17 * 1024 * 1024)}"}
paths: {}
`
  assert.equal(await broken(text), null)
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'large.yaml'), text)
  const { code, out } = await runInTerminal(['check', 'large.yaml'], { directory })
  assert.equal(code, 0)
  assert.match(out, /:1:1 info RULES_UNCHECKED the rules of the OpenAPI Specification could not/)
})
