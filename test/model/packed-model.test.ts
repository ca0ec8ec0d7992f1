import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'

import { openModel } from '../support/open-model.ts'
import { packModel, unpackModel } from '../../service/model/packed-model.ts'
import { compile, compileSchemas } from '../support/compile.ts'

const SAMPLES = readdirSync('openapi-samples').filter(name => name.endsWith('.yaml'))

test('a model that was packed has every record that it had, and its description', () => {
  for (const name of SAMPLES) {
    const model = compile(readFileSync(`openapi-samples/${name}`, 'utf8'))
    const before = openModel(model)
    const after = unpackModel(packModel(model, '["é"]'))
    assert.equal(JSON.stringify(after.index), JSON.stringify(before.index), name)
    for (const kind of ['types', 'endpoints', 'mappings', 'examples'] as const) {
      assert.deepEqual([...after[kind].keys()], [...before[kind].keys()], name)
      for (const key of before[kind].keys()) {
        const [record, packed] = [before[kind].get(key), after[kind].get(key)]
        assert.equal(JSON.stringify(packed), JSON.stringify(record), `${name} ${key}`)
      }
    }
    assert.equal(JSON.stringify(after.diagnostics()), JSON.stringify(before.diagnostics()), name)
    const description = gunzipSync(after.description.gzip).toString()
    assert.deepEqual([description, after.description.length], ['["é"]', 6])
  }
})

test('a record is read once, is frozen, and is nothing under a name that the model does not have', () => {
  const model = compileSchemas('A: {x-flow-type: {name: A}, properties: {id: {type: string}}}')
  const { types } = unpackModel(packModel(model, '["é"]'))
  const type = types.get('A')
  assert.ok(type)
  assert.equal(types.get('A'), type)
  assert.ok(Object.isFrozen(type.properties[0]))
  for (const name of ['B', 'constructor', '__proto__']) assert.equal(types.get(name), undefined)
})

test('B8 a type may be named as the members of every object are', () => {
  const model = compileSchemas(
    '__proto__: {type: object, x-flow-type: {name: __proto__}, properties: {constructor: {type: string}}}'
  )
  const { types } = unpackModel(packModel(model, '["é"]'))
  assert.equal(types.get('__proto__')?.properties[0]?.name, 'constructor')
})

test('numbers of an example keep every digit', () => {
  const model = compile(`
openapi: 3.0.3
info: { title: Test, version: '1' }
paths:
  /things:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              example: [{ id: 12345678901234567890.123456789 }]
components:
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things, example: true }
      properties: { id: { type: number } }
`)
  const { examples } = unpackModel(packModel(model, '["é"]'))
  const body = examples.get('GET /things')?.answers['200']?.body
  assert.equal(JSON.stringify(body), '[{"id":12345678901234567890.123456789}]')
})
