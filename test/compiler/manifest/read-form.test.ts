import assert from 'node:assert/strict'
import { test } from 'node:test'

import { InputForm, OutputForm } from '../../../service/vocabulary/manifest-forms.ts'
import { readForm } from '../../../service/compiler/manifest/read-form.ts'
import { parsePart } from '../../../service/parse/parse-document.ts'

/** An input as its form reads it, without the members that every input has. */
function read(members: string, form: typeof InputForm | typeof OutputForm = InputForm): unknown {
  return JSON.parse(JSON.stringify(readForm(form, parsePart(members, '', 'test'))))
}

for (const [members, expected] of [
  [
    '{url: u, auth: null, schema: ~, rate_limit: , response: {root_key: null}}',
    { url: 'u', response: {} }
  ],
  ['{headers: {A: null, B: 1, C: true, D: 1.5}}', { headers: { A: null, B: 1, C: true, D: 1.5 } }],
  [
    '{params: {n: null, big: 12345678901234567890, list: [1, x, 12345678901234567890]}}',
    { params: { n: null, big: '12345678901234567890', list: [1, 'x', '12345678901234567890'] } }
  ],
  ['{method: get, format: REST_API}', { method: 'get', format: 'REST_API' }],
  [
    '{auth: {type: Bearer, token: 12345678901234567890}}',
    { auth: { type: 'bearer', token: '12345678901234567890' } }
  ],
  [
    '{auth: {type: " API_KEY ", header: X, key: 0042}}',
    { auth: { type: 'api_key', header: 'X', key: '0042' } }
  ],
  [
    '{auth: {type: basic, username: 7, password: true}}',
    { auth: { type: 'basic', username: '7', password: 'true' } }
  ],
  [
    '{pagination: {type: OFFSET, page_size: "100", max_pages: "5", first_page: "0"}}',
    { pagination: { type: 'offset', page_size: 100, max_pages: 5, first_page: 0 } }
  ],
  [
    '{pagination: {type: offset, page_size: 1e2}}',
    { pagination: { type: 'offset', page_size: 100 } }
  ],
  ['{pagination: none}', { pagination: { type: 'none' } }],
  ['{pagination: Offset}', { pagination: { type: 'offset' } }],
  [
    '{rate_limit: {requests_per_second: "0.5", retry_on: 429, max_retries: "0"}}',
    { rate_limit: { requests_per_second: 0.5, retry_on: [429], max_retries: 0 } }
  ],
  ['{rate_limit: {retry_on: ["429", 503]}}', { rate_limit: { retry_on: [429, 503] } }],
  ['{schema: [{name: 1, type: String}]}', { schema: [{ name: '1', type: 'String' }] }],
  ['{response: {root_key: 0}}', { response: { root_key: '0' } }],
  // What no spelling mends stays for the check.
  ['{pagination: {page_size: many}}', { pagination: { page_size: 'many' } }],
  ['{pagination: {page_size: "-1"}}', { pagination: { page_size: -1 } }],
  ['{pagination: sideways}', { pagination: 'sideways' }],
  ['{headers: [A, B]}', { headers: ['A', 'B'] }],
  ['{url: [u]}', { url: ['u'] }],
  ['{unknown: null, other: "1"}', { unknown: null, other: '1' }],
  ['{__proto__: 1, constructor: null}', JSON.parse('{"__proto__": 1, "constructor": null}')]
] as const) {
  test(`the input ${members} is read in the spelling of its form`, () => {
    assert.deepEqual(read(members), expected)
  })
}

test('an output is read alike', () => {
  assert.deepEqual(read('{method: put, batch_size: "20"}', OutputForm), {
    method: 'put',
    batch_size: 20
  })
})
