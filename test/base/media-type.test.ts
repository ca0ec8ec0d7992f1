import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isRefusedHeader } from '../../service/base/header-names.ts'
import { isJsonMediaType, mediaEssence, takesJson } from '../../service/base/media-type.ts'

test('B31 A05 every +json media type is JSON, whatever its case and its parameters', () => {
  for (const type of [
    'application/json',
    'Application/JSON; charset=utf-8',
    'text/json',
    'application/problem+json',
    'application/vnd.oai.openapi+json;version=3.1',
    ' application/vnd.api+JSON ;a=b'
  ]) {
    assert.ok(isJsonMediaType(type), type)
    assert.ok(takesJson(type), type)
  }
  for (const type of ['application/xml', 'text/plain; a=+json', 'application/jsonp', '', 'json']) {
    assert.ok(!isJsonMediaType(type), type)
    assert.ok(!takesJson(type), type)
  }
})

test('a range over JSON takes it, and is no media type itself', () => {
  for (const range of ['*/*', 'application/*', '*/*; q=0.5']) {
    assert.ok(takesJson(range), range)
    assert.ok(!isJsonMediaType(range), range)
  }
  assert.ok(!takesJson('text/*'))
})

test('the essence of a media type is without parameters, in lower case', () => {
  assert.equal(mediaEssence('Text/HTML; charset=x'), 'text/html')
  assert.equal(mediaEssence(''), '')
})

test('headers that frame a message or belong to a connection are refused in any case', () => {
  for (const name of ['Host', 'content-LENGTH', 'TE', 'Proxy-Authorization', 'X-Forwarded-For']) {
    assert.ok(isRefusedHeader(name), name)
  }
  for (const name of ['Accept', 'Authorization', 'X-Host', 'Content-Type']) {
    assert.ok(!isRefusedHeader(name), name)
  }
})
