import assert from 'node:assert/strict'
import { request } from 'node:http'
import test from 'node:test'

import { json, startApp } from '../support/start-app.ts'

const operations = {
  describe: async () => ({
    configurationValues: [],
    types: Buffer.from('[]'),
    diagnostics: [],
    providesIdentity: true
  }),
  load: async () => ({ objects: [], hasMoreResults: false })
}

/** Sends the path exactly as it is written. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { path }, response => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

test('vector 15: duplicate slashes and one at the end lead to the same route', async t => {
  const { url } = await startApp(t, { operations })
  const paths = [
    '/metadata',
    '//metadata',
    '/metadata/',
    '///metadata//',
    '/metadata?a=//b',
    `${url}//metadata`
  ]
  for (const path of paths) assert.equal(await statusOf(url, path), 200, path)
  const install = await fetch(`${url}//metadata//install/`, json('POST', {}))
  assert.equal(install.status, 200)
})

test('vector 15: unknown members, a charset, no content type and any Accept are taken', async t => {
  const { url } = await startApp(t, { operations })
  const body = { unknown: { deep: [1] }, objectDataType: { developerName: 'Asset', unknown: 1 } }
  const types = [
    'application/json',
    'application/json; charset=utf-16',
    'Application/JSON;charset="UTF-8"',
    'application/json; charset=',
    'application/problem+json'
  ]
  for (const type of types) {
    const headers = { 'content-type': type, accept: 'image/png' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    assert.equal((await fetch(`${url}/data`, init)).status, 200, type)
  }
  const untyped = { method: 'POST', body: Buffer.from(`\uFEFF${JSON.stringify(body)}`) }
  assert.equal((await fetch(`${url}/data`, untyped)).status, 200)
})

test('every route stands below BASE_PATH', async t => {
  const { url } = await startApp(t, { operations, environment: { BASE_PATH: '/flow/a' } })
  for (const path of ['/flow/a/metadata', '/flow//a//metadata/', '/flow/a/health']) {
    assert.equal(await statusOf(url, path), 200, path)
  }
  assert.equal(await statusOf(url, '/metadata'), 404)
})

test('health answers an empty 200, without any configuration', async t => {
  const { url } = await startApp(t)
  for (const path of ['/health', '/health/live', '/health/ready', '/health/']) {
    const response = await fetch(url + path)
    assert.equal(response.status, 200, path)
    assert.equal(await response.text(), '')
  }
})

test('H17 64 KiB of request headers are accepted', async t => {
  const { url } = await startApp(t, { operations })
  const groups = encodeURIComponent(`UserId=u-1&PrimaryGroupName=${'g'.repeat(32 * 1024)}`)
  const headers = { authorization: groups, 'x-other': 'o'.repeat(32 * 1024) }
  const body = { objectDataType: { developerName: 'Asset' } }
  assert.equal((await fetch(`${url}/data`, json('POST', body, headers))).status, 200)
})
