import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { BodyRules } from '../../service/identity/login-proof.ts'
import { judgeProof } from '../../service/identity/login-proof.ts'

function faultOf(
  body: string,
  headers: { readonly [name: string]: string } = {},
  failure: BodyRules['failure'] = 'guessed'
): string | null {
  const isUser: BodyRules['isUser'] = ({ id }) => id !== undefined
  return judgeProof({ headers, body: Buffer.from(body) }, { failure, isUser }).fault
}

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const PLAIN = { 'content-type': 'text/plain' }
const JSON_TYPE = { 'content-type': 'application/json' }

test('I6 a page is no proof of a password, whatever its content type', () => {
  for (const [body, headers] of [
    ['<form action="/login"></form>', HTML],
    ['Please log in', HTML],
    ['<p>Welcome</p>', { 'content-type': 'application/xhtml+xml' }],
    ['<!DOCTYPE html><title>Log in</title>', PLAIN],
    ['\ufeff\n <HTML lang=en>', JSON_TYPE],
    ['<!-- gateway -->\n<html>', {}],
    ['<?xml version="1.0"?>\n<!DOCTYPE html>', { 'content-type': 'application/xml' }],
    ['<script>location="/login"</script>', PLAIN],
    ['<meta http-equiv="refresh" content="0;url=/login">', {}]
  ] as const) {
    assert.equal(faultOf(body, headers), 'it is an HTML page', body)
  }
})

test('I6 a header that sends browsers on, or names nobody, is no proof', () => {
  for (const headers of [
    { refresh: '0; url=/login' },
    { refresh: '5' },
    { ...JSON_TYPE, refresh: '0;URL=https://sso.example/' }
  ]) {
    assert.equal(faultOf('{"id": 1}', headers), 'it sends browsers to another page')
  }
  for (const headers of [
    { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
    { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
    { 'x-seraph-loginreason': 'OK', 'x-ausername': 'anonymous' },
    { 'x-ausername': 'Anonymous ' }
  ]) {
    assert.equal(faultOf('{}', headers), 'its headers say that nobody is logged in')
  }
})

test('I6 a body that says failed is no proof', () => {
  for (const body of [
    { ok: false },
    { success: false, message: 'bad credentials' },
    { success: 'false' },
    { Success: false },
    { status: 'error' },
    { status: 401, message: 'Unauthorized' },
    { status: 'failed' },
    { error: 'invalid_auth' },
    { error: { code: 7 } },
    { errors: [{ message: 'log in first' }] },
    { authenticated: false },
    { isLoggedIn: false, id: 1 },
    { logged_in: 'false' },
    { is_anonymous: true, id: 0 },
    { id: 1, ok: false }
  ]) {
    assert.equal(
      faultOf(JSON.stringify(body)),
      'it says that the login failed',
      JSON.stringify(body)
    )
  }
})

test('I6 what an API answers to a user is proof', () => {
  for (const [body, headers] of [
    ['', {}],
    ['', HTML],
    ['OK', PLAIN],
    ['{}', JSON_TYPE],
    ['[]', HTML],
    ['{"id": 1}', HTML],
    ['{"ok": true, "error": null, "errors": []}', JSON_TYPE],
    ['{"id": 1, "status": "error"}', JSON_TYPE],
    ['{"authenticated": true, "anonymous": false}', JSON_TYPE],
    ['<?xml version="1.0"?><user id="1"/>', { 'content-type': 'application/xml' }],
    ['<user/>', { 'content-type': 'text/xml' }],
    ['{}', { 'x-seraph-loginreason': 'OK', 'x-ausername': 'ana' }]
  ] as const) {
    assert.equal(faultOf(body, headers), null, body)
  }
})

test('I6 a declared x-flow-failure says what no proof is', () => {
  const failure = { flag: 'meta.state', failed: ['refused', -1], message: null }
  for (const [body, isProof] of [
    [{ meta: { state: 'refused' }, id: 1 }, false],
    [{ meta: { state: -1 } }, false],
    [{ meta: { state: '-1' } }, false],
    [{ meta: { state: 'fine' }, success: false }, true],
    [{ success: false }, false],
    [{ id: 1 }, true]
  ] as const) {
    assert.equal(faultOf(JSON.stringify(body), JSON_TYPE, failure) === null, isProof)
  }
  assert.equal(faultOf('{"success": false, "error": "none"}', JSON_TYPE, 'never'), null)
  assert.equal(faultOf('<html>', HTML, 'never'), 'it is an HTML page')
})
