import assert from 'node:assert/strict'
import { test } from 'node:test'

import { indentJson } from '../../service/console/views/try/indent-json.js'

test('J14 JSON is shown with a line for each member, and what is no JSON as it is', () => {
  assert.equal(indentJson('{"a":[1.0,{}]}'), '{\n  "a": [\n    1.0,\n    {}\n  ]\n}')
  assert.equal(indentJson('a=1'), 'a=1')
})

test('J14 the deepest body that is shown is no longer than can be drawn', () => {
  const deep = '['.repeat(65_536)
  assert.ok(indentJson(deep).length < 40 * deep.length)
})
