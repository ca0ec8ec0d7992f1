import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'

import { renderErrors } from '../docs/render-errors.ts'
import { ConnectorError, DIAGNOSTICS, PROBLEMS } from '../service/errors.ts'

test('docs/errors.md is what the catalogue says', () => {
  assert.equal(readFileSync('docs/errors.md', 'utf8'), renderErrors())
})

test('every code of the catalogue is used, and no code is used that it does not have', async () => {
  const files = await Array.fromAsync(glob('service/**/*.ts'))
  const sources = files
    .filter(file => file !== 'service/errors.ts')
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
