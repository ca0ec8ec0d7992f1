import assert from 'node:assert/strict'
import { test } from 'node:test'

import { prismRefusals } from '../../bench/judge-by-prism.ts'

const NOTHING = new Uint8Array()

function violation(location: string[], severity = 'Error'): string {
  return JSON.stringify([{ location, severity, code: 'required', message: 'must be there' }])
}

test('a mock refuses a request by violations of the request alone', () => {
  const refusals = (violations: string): string[] =>
    prismRefusals({ headers: { 'sl-violations': violations }, body: NOTHING })
  assert.deepEqual(refusals(violation(['request', 'query', 'limit'])), [
    'query.limit: must be there'
  ])
  assert.deepEqual(refusals(violation(['response', 'body'])), [])
  assert.deepEqual(refusals(violation(['request', 'query'], 'Warning')), [])
  assert.deepEqual(prismRefusals({ headers: {}, body: NOTHING }), [])
})

test('a mock refuses a request by its own problems that are the fault of the request', () => {
  const refusals = (type: string): string[] => {
    const problem = { type: `https://stoplight.io/prism/errors#${type}`, detail: 'no such path' }
    const body = new TextEncoder().encode(JSON.stringify(problem))
    return prismRefusals({ headers: { 'content-type': 'application/problem+json' }, body })
  }
  const validation = JSON.parse(violation(['body']))
  const problem = { type: 'https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY', validation }
  const body = new TextEncoder().encode(JSON.stringify(problem))
  const headers = { 'content-type': 'application/problem+json' }
  assert.deepEqual(prismRefusals({ headers, body }), ['body: must be there'])
  assert.deepEqual(refusals('NO_PATH_MATCHED_ERROR'), ['no such path'])
  assert.deepEqual(refusals('UNAUTHORIZED'), ['no such path'])
  assert.deepEqual(refusals('NO_RESPONSE_DEFINED'), [])
})
