import assert from 'node:assert/strict'
import test from 'node:test'

import { Value } from 'typebox/value'

import { ConnectorError } from '../../service/errors.ts'
import { writeProblem } from '../../service/protocol/problem.ts'
import { Problem } from '../../service/protocol/schemas.ts'

const request = { path: '/data', action: 'LOAD', requestId: 'r-1' }

test('a problem says what was wrong, its code and what to do', () => {
  const error = new ConnectorError('CONFIG_REQUIRED', { name: 'API Key' })
  assert.deepEqual(writeProblem(error, request), {
    kind: 'service',
    uri: '/data',
    statusCode: 400,
    message: 'configuration value "API Key" is required [CONFIG_REQUIRED]',
    responseBody: null,
    responseHeaders: {},
    invokeType: null,
    action: 'LOAD',
    code: 'CONFIG_REQUIRED',
    remedy: 'Set "API Key" in the configuration values of the connector.',
    requestId: 'r-1'
  })
})

test("an API's refusal is relayed with its status, body and headers", () => {
  const error = new ConnectorError(
    'API_ERROR',
    { message: 'Label is already used', credential: '' },
    {
      status: 409,
      upstream: {
        url: 'https://api.example/assets',
        status: 409,
        headers: { 'content-type': 'application/json' },
        body: '{"message":"Label is already used"}'
      }
    }
  )
  const problem = writeProblem(error, request)
  assert.equal(problem.kind, 'api')
  assert.equal(problem.uri, 'https://api.example/assets')
  assert.equal(problem.statusCode, 409)
  assert.equal(problem.message, 'Label is already used [API_ERROR]')
  assert.equal(problem.responseBody, '{"message":"Label is already used"}')
  assert.deepEqual(problem.responseHeaders, { 'content-type': ['application/json'] })
  assert.ok(Value.Check(Problem, problem))
})

test('an error that is not ours is INTERNAL and none of its text gets out', () => {
  for (const thrown of [new TypeError('password is hunter2'), 'hunter2', null, { code: 'X' }]) {
    const problem = writeProblem(thrown, request)
    assert.equal(problem.code, 'INTERNAL')
    assert.equal(problem.statusCode, 500)
    assert.equal(problem.message, 'the connector failed [INTERNAL]')
    assert.ok(!JSON.stringify(problem).includes('hunter2'))
  }
})

test('a long message is cut to 500 characters and still ends with its code', () => {
  const error = new ConnectorError('API_ERROR', { message: '🛠'.repeat(400), credential: '' })
  const { message } = writeProblem(error, request)
  assert.ok(message.length <= 500)
  assert.ok(message.endsWith('… [API_ERROR]'))
  assert.ok(message.isWellFormed())
})

test('a message is never blank', () => {
  const { message } = writeProblem(
    new ConnectorError('API_ERROR', { message: '', credential: '' }),
    request
  )
  assert.equal(message, '[API_ERROR]')
})

test('a status that HTTP does not know is 502', () => {
  const error = new ConnectorError('API_ERROR', { message: 'no', credential: '' }, { status: 999 })
  assert.equal(writeProblem(error, request).statusCode, 502)
})
