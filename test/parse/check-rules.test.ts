import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { checkRules } from '../../service/parse/check-rules.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startUpstream } from '../support/start-upstream.ts'

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

test('J06 a document that is too large for the rules is not tried, and a diagnostic says so', async t => {
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
  assert.match(out, /:1:1 info RULES_UNCHECKED the document was not checked against the rules/)
})

/** A valid document of a few kilobytes whose references fan out, ten at each of thirty levels. */
const FAN_OUT = `openapi: 3.0.3
info: {title: Test, version: '1'}
paths: {/a: {get: {responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/F0'}}}}}}}}
components:
  schemas:
${Array.from({ length: 31 }, (_, level) => {
  const next = level < 30 ? `{$ref: '#/components/schemas/F${level + 1}'}` : '{type: string}'
  const properties = Array.from({ length: 10 }, (_, index) => `p${index}: ${next}`)
  return `    F${level}: {type: object, properties: {${properties.join(', ')}}}`
}).join('\n')}
`

test('B5 rules that never end on a small valid document are given up, and their thread with them', async () => {
  assert.ok(FAN_OUT.length < 14_000)
  const document = parseDocument(FAN_OUT, '', 'https://docs.example.com/openapi.yaml')
  const before = process.threadCpuUsage()
  assert.equal(await checkRules(document, 3_000), null)
  const { user, system } = process.threadCpuUsage(before)
  // This thread was free all the time.
  assert.ok(user + system < 1_000_000, `${user + system} µs`)
})

test('B5 forty schemas that refer to all forty, a chain of five thousand and circles end the rules or are given up', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `C${index}`)
  const all = names.map(name => `{$ref: '#/components/schemas/${name}'}`).join(', ')
  const chain = Array.from(
    { length: 5_000 },
    (_, index) => `    S${index}: {$ref: '#/components/schemas/S${index + 1}'}`
  )
  const head =
    "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
  for (const schemas of [
    names.map(name => `    ${name}: {allOf: [${all}]}`).join('\n'),
    `${chain.join('\n')}\n    S5000: {type: string}`,
    "    Self: {$ref: '#/components/schemas/Self'}"
  ]) {
    const rules = await checkRules(parseDocument(head + schemas, '', 'https://a.example'), 3_000)
    for (const { message } of rules ?? []) assert.match(message, /^[^\n]+$/)
  }
})

test('B8 rules that follow a reference to a prototype do so in their own thread', async () => {
  const text = `openapi: 3.0.3
info: {title: Test, version: '1'}
paths: {}
components:
  schemas:
    A: {$ref: '#/__proto__'}
    B: {$ref: '#/info/constructor/prototype'}
    C: {$ref: '#/components/toString'}
`
  const members = Reflect.ownKeys(Object.prototype)
  await checkRules(parseDocument(text, '', 'https://docs.example.com/openapi.yaml'))
  assert.deepEqual(Reflect.ownKeys(Object.prototype), members)
  assert.deepEqual(Object.keys(Object.prototype), [])
})

test('B1 B2 the rules fetch and open nothing that a document refers to', async t => {
  let calls = 0
  const base = await startUpstream(t, (_, response) => {
    calls++
    response.end('{}')
  })
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const canary = join(directory, 'canary.yaml')
  writeFileSync(canary, 'A: {planted: 1}')
  const text = `openapi: 3.0.3
info: {title: Test, version: '1'}
paths: {}
components:
  schemas:
    A: {$ref: '${base}/a.yaml#/A'}
    B: {$ref: '${pathToFileURL(canary).href}#/A'}
    C: {$ref: '${canary}#/A'}
`
  const rules = await checkRules(parseDocument(text, '', 'https://docs.example.com/openapi.yaml'))
  assert.equal(calls, 0)
  assert.ok(!JSON.stringify(rules).includes('planted'))
})

test('B4 what aliases unfold to counts for the bound on the rules', async () => {
  const long = 'x'.repeat(3 * 1024 * 1024)
  const text = `openapi: 3.0.3
info: {title: Test, version: '1', description: &d "${long}"}
paths: {}
x-again: [*d, *d, *d, *d, *d, *d]
`
  assert.equal(await broken(text), null)
})
