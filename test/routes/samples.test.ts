import assert from 'node:assert/strict'
import test from 'node:test'

import { startApp } from '../support/start-app.ts'

const files: { readonly [path: string]: string } = {
  'petstore.yaml': 'openapi: 3.0.3\n',
  'overlays/petstore.json': '{}',
  '.secret.yaml': 'no',
  '../package.json': 'no'
}

async function readSampleFile(path: string): Promise<Uint8Array | undefined> {
  const content = files[path]
  return content === undefined ? undefined : Buffer.from(content)
}

test('a sample is served as YAML or JSON, with its entity tag', async t => {
  const { url } = await startApp(t, { readSampleFile })
  const yaml = await fetch(`${url}/samples/petstore.yaml`)
  assert.equal(yaml.status, 200)
  assert.equal(yaml.headers.get('content-type'), 'application/yaml')
  assert.equal(await yaml.text(), 'openapi: 3.0.3\n')
  const json = await fetch(`${url}/samples/overlays/petstore.json`)
  assert.equal(json.headers.get('content-type'), 'application/json; charset=utf-8')
  assert.notEqual(json.headers.get('etag'), yaml.headers.get('etag'))
})

test('a sample that the caller has already is 304', async t => {
  const { url } = await startApp(t, { readSampleFile })
  const path = `${url}/samples/petstore.yaml`
  const tag = (await fetch(path)).headers.get('etag')
  for (const known of [`${tag}`, `"other", W/${tag}`]) {
    const again = await fetch(path, { headers: { 'if-none-match': known } })
    assert.equal(again.status, 304)
    assert.equal(again.headers.get('etag'), tag)
    assert.equal(await again.text(), '')
  }
  const changed = await fetch(path, { headers: { 'if-none-match': '"other"' } })
  assert.equal(changed.status, 200)
})

test('nothing outside the samples, and nothing hidden, is ever asked for', async t => {
  const { url } = await startApp(t, { readSampleFile })
  const paths = [
    '..%2Fpackage.json',
    '%2e%2e/package.json',
    '.secret.yaml',
    'a/.secret.yaml',
    'none.yaml',
    'petstore',
    ''
  ]
  for (const path of paths) {
    const response = await fetch(`${url}/samples/${path}`)
    assert.equal(response.status, 404, path)
    assert.equal(response.headers.get('x-manywho-service-problem-kind'), 'service')
  }
})
