import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'

import { renderErrors } from '../docs/render-errors.ts'
import { createReport } from '../service/compiler/report.ts'
import { DIAGNOSTICS } from '../service/diagnostics.ts'
import { ConnectorError } from '../service/errors.ts'
import { PROBLEMS } from '../service/problems.ts'
import { documentDiagnostic } from '../service/model/diagnostic.ts'

test('docs/errors.md is what the catalogue says', () => {
  assert.equal(readFileSync('docs/errors.md', 'utf8'), renderErrors())
})

test('every code of the catalogue is used, and no code is used that it does not have', async () => {
  const files = await Array.fromAsync(glob('service/**/*.ts'))
  const sources = files
    .filter(file => !/^service\/(problems|diagnostics)\.ts$/.test(file))
    .map(file => readFileSync(file, 'utf8'))
    .join('\n')
  const codes = [...Object.keys(PROBLEMS), ...Object.keys(DIAGNOSTICS)]
  assert.deepEqual(
    codes.filter(code => !sources.includes(code)),
    []
  )
  assert.equal(new Set(codes).size, codes.length)
})

test('a problem fills the holes of its texts and keeps the status of an API', () => {
  const error = new ConnectorError(
    'API_ERROR',
    { message: 'no such ticket', credential: '' },
    {
      status: 404,
      upstream: { url: 'https://api.example.com/tickets/1', status: 404, headers: {}, body: '' }
    }
  )
  assert.equal(error.message, 'no such ticket')
  assert.equal(error.status, 404)
  assert.equal(error.kind, 'api')
})

test('a copy of a problem has the same code, texts and wait', () => {
  const error = new ConnectorError(
    'TENANT_RATE_LIMITED',
    { limit: 5, seconds: 2 },
    { retryAfterSeconds: 2 }
  )
  const { code, holes, retryAfterSeconds } = error
  const copy = new ConnectorError(JSON.parse(JSON.stringify({ code, holes, retryAfterSeconds })))
  assert.deepEqual({ ...copy, message: copy.message }, { ...error, message: error.message })
  assert.match(copy.remedy, /\b2 s\b/)
})

// These are tests of types: `tsc -p .` fails when one of the marked lines compiles.
test('a problem whose holes are missing, misspelled or not in its texts does not compile', () => {
  new ConnectorError('CONFIG_REQUIRED', { name: 'Schema URL' })
  new ConnectorError('DOOR_CLOSED')
  new ConnectorError('INTERNAL', {}, { cause: null })
  // @ts-expect-error no holes
  new ConnectorError('CONFIG_REQUIRED')
  // @ts-expect-error `limit` is missing
  new ConnectorError('UPSTREAM_TIMEOUT', { host: 'a' })
  // @ts-expect-error `nmae` is misspelled
  new ConnectorError('CONFIG_REQUIRED', { nmae: 'Schema URL' })
  // @ts-expect-error `url` is not in the texts
  new ConnectorError('CONFIG_REQUIRED', { name: 'Schema URL', url: '' })
  // @ts-expect-error its texts have no holes
  new ConnectorError('DOOR_CLOSED', { name: 'x' })
  // @ts-expect-error a hole that may be blank is given as ''
  new ConnectorError('TYPE_UNKNOWN', { type: 'Ticket', suggestion: undefined })
  // @ts-expect-error `allowed` is only in the remedy, and missing
  new ConnectorError('CONFIG_INVALID', { name: 'Login', reason: 'it is blank' })
})

test('a problem of one of several codes has the holes of all of them', () => {
  const codes = ['UPSTREAM_RESET', 'UPSTREAM_TIMEOUT'] as const
  for (const code of codes) {
    const { message } = new ConnectorError(code, { host: 'api.example', limit: 5 })
    assert.match(message, /api\.example/)
    // @ts-expect-error `limit` is missing
    new ConnectorError(code, { host: 'api.example' })
  }
})

test('a diagnostic whose holes are missing, misspelled or not in its texts does not compile', () => {
  const { add } = createReport()
  add('REF_CYCLE', '/a', { ref: '#/a' })
  add('REF_NOT_ALLOWED', '')
  // @ts-expect-error no holes
  add('REF_CYCLE', '/a')
  // @ts-expect-error `ref` is misspelled
  add('REF_CYCLE', '/a', { reff: '#/a' })
  // @ts-expect-error `count` is not in the texts
  add('REF_CYCLE', '/a', { ref: '#/a', count: 1 })
  // @ts-expect-error its texts have no holes
  add('REF_NOT_ALLOWED', '', { count: 1 })
  // @ts-expect-error `seconds` is missing
  documentDiagnostic('DOCUMENT_STALE', { reason: 'gone' }, 'openapi.yaml')
  // @ts-expect-error `reason` is misspelled
  documentDiagnostic('DOCUMENT_STALE', { raeson: 'gone', seconds: 1 }, 'openapi.yaml')
})
