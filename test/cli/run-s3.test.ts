import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { parquetReadObjects } from 'hyparquet'

import { numbered, startLongList } from '../support/long-list.ts'
import { CUSTOMER_SYNC } from '../support/rest-api-examples.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startApi } from '../support/start-api.ts'
import { startS3 } from '../support/start-s3.ts'
import { startFolder } from '../support/start-folder.ts'

const LOG = 'datalake/crm/customers/_delta_log/'

/** The customer sync pipeline of the manual, its API, and an S3 service. */
async function startSync(t: TestContext, manifest = CUSTOMER_SYNC) {
  const [api, s3] = await Promise.all([startApi(t, ''), startS3(t)])
  const text = manifest.replaceAll('https://crm.example.com', api.url)
  const directory = startFolder(t, { 'm.yaml': text })
  const customer = (id: number): object => ({ id, name: `Customer ${id}` })
  const second = `${api.url}/api/v2/customers?page=2`
  const answers = [
    { json: { results: [customer(1), customer(2)], next: second } },
    { json: { results: [customer(3)], next: null } }
  ]
  const environment = { ...s3.environment, CRM_TOKEN: 't0ken' }
  const run = () => {
    api.answer(...answers)
    return runInTerminal(['run', 'm.yaml'], { directory, environment })
  }
  const commit = (version: number): { [name: string]: { [name: string]: unknown } }[] =>
    String(s3.objects.get(`${LOG}${String(version).padStart(20, '0')}.json`))
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
  return { api, s3, run, commit, directory }
}

test('C31 the customer sync pipeline runs whole, delta on s3:// included', async t => {
  const { api, s3, run, commit, directory } = await startSync(t)
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.deepEqual(api.takeCalls(), ['GET /api/v2/customers', 'GET /api/v2/customers?page=2'])
  assert.equal(api.calls[0]?.headers.authorization, 'Bearer t0ken')
  assert.deepEqual(
    commit(0).map(action => Object.keys(action)[0]),
    ['commitInfo', 'protocol', 'metaData', 'add']
  )
  const { path, size } = commit(0).at(-1)?.add ?? {}
  const object = s3.objects.get(`datalake/crm/customers/${String(path)}`) ?? Buffer.alloc(0)
  const { files, version, rows } = JSON.parse(out).outputs[0]
  assert.deepEqual([version, rows, size], [0, 3, object.length])
  assert.deepEqual(files, [
    {
      path: `s3://datalake/crm/customers/${String(path)}`,
      bytes: object.length,
      sha256: createHash('sha256').update(object).digest('hex')
    }
  ])
  assert.deepEqual(await parquetReadObjects({ file: Uint8Array.from(object).buffer }), [
    { id: 1, name: 'Customer 1' },
    { id: 2, name: 'Customer 2' },
    { id: 3, name: 'Customer 3' }
  ])
  assert.deepEqual([s3.uploads.size, readdirSync(directory)], [0, ['m.yaml']])
  assert.doesNotMatch(out + err, /secret|t0ken/)
})

test('C31 each further run overwrites the table in one commit, however long its log is', async t => {
  const { run, commit } = await startSync(t)
  for (let version = 0; version < 4; version++) {
    const { code, err } = await run()
    assert.equal(code, 0, err)
  }
  const [, removed, added, ...rest] = commit(3)
  assert.deepEqual(rest, [])
  assert.equal(removed?.remove?.path, commit(2).at(-1)?.add?.path)
  assert.notEqual(added?.add?.path, removed?.remove?.path)
})

test('C31 a commit of somebody else is not replaced, and the new file is removed', async t => {
  const { s3, run } = await startSync(t)
  const name = `${LOG}${'0'.repeat(20)}.json`
  s3.instead = call => {
    if (call.startsWith('PUT /datalake/crm/customers/_delta_log/')) {
      s3.objects.set(name, Buffer.from('theirs\n'))
    }
    return undefined
  }
  const { code, err } = await run()
  assert.match(err, /^"s3:\/\/datalake\/crm\/customers" was changed by somebody else/m)
  assert.deepEqual([code, [...s3.objects.keys()]], [1, [name]])
})

for (const status of [503, 400, 'closed'] as const) {
  test(`C31 where answers that say what was done are replaced by ${status}, all is told as it is`, async t => {
    const { s3, run, commit } = await startSync(t)
    const lost = new Set<string>()
    s3.lost = call => {
      const isLast = /^PUT .*_delta_log|^POST .*uploadId/.test(call)
      if (!isLast || lost.has(call)) return undefined
      lost.add(call)
      return status
    }
    const { code, err, out } = await run()
    assert.equal(code, 0, err)
    assert.deepEqual([lost.size, JSON.parse(out).outputs[0].version], [2, 0])
    const { path } = commit(0).at(-1)?.add ?? {}
    assert.ok(s3.objects.has(`datalake/crm/customers/${String(path)}`))
  })
}

test('C31 a file stays where it is not known whether its commit is written', async t => {
  const { s3, run } = await startSync(t)
  s3.lost = call => (call.includes('_delta_log/0') ? 400 : undefined)
  const { code, err } = await run()
  assert.equal(code, 1, err)
  assert.equal(s3.objects.size, 2)
})

test('C31 a commit that is refused for a moment is written once', async t => {
  const { s3, run } = await startSync(t)
  let isLost = true
  s3.instead = call => {
    const isCommit = call.startsWith('PUT /datalake/crm/customers/_delta_log/')
    if (!isCommit || !isLost) return undefined
    isLost = false
    return 503
  }
  const { code, err, out } = await run()
  assert.equal(code, 0, err)
  assert.equal(JSON.parse(out).outputs[0].version, 0)
})

test('C31 a bucket that refuses ends the run before the first call, with its words', async t => {
  const { api, s3, run } = await startSync(t)
  s3.instead = () => 403
  const { code, err } = await run()
  assert.equal(err, '"s3://datalake/" cannot be read: S3 answered 403, AccessDenied\n')
  assert.deepEqual([code, api.takeCalls()], [2, []])
})

test('C31 without an access key nothing is called', async t => {
  const { api, directory } = await startSync(t)
  const { code, err } = await runInTerminal(['run', 'm.yaml'], {
    directory,
    environment: { CRM_TOKEN: 't', AWS_ENDPOINT_URL_S3: api.url }
  })
  assert.match(err, /\[AWS_KEYS_MISSING\]/)
  assert.deepEqual([code, api.takeCalls()], [2, []])
})

/** A pipeline to one object. */
async function startObject(t: TestContext, format: string, more = '') {
  const [list, s3] = await Promise.all([startLongList(t, 'offset', numbered(250)), startS3(t)])
  const directory = startFolder(t, {
    'm.yaml': `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: offset }
      response: { root_key: data }
      schema: [{ name: id, type: long }]
  outputs: { lake: { format: ${format}, path: "s3://lake/a b/things"${more} } }
`
  })
  const run = (more: { readonly [name: string]: string } = {}) =>
    runInTerminal(['run', 'm.yaml'], { directory, environment: { ...s3.environment, ...more } })
  return { list, s3, run }
}

for (const format of ['json', 'csv', 'parquet']) {
  test(`C31 ${format} is written to an object, also where S3 asks to slow down`, async t => {
    const { s3, run } = await startObject(t, format)
    let calls = 0
    s3.instead = () => (++calls % 2 === 1 ? 503 : undefined)
    const { code, out, err } = await run()
    assert.equal(code, 0, err)
    const object = s3.objects.get('lake/a b/things') ?? Buffer.alloc(0)
    const [{ bytes, sha256 }] = JSON.parse(out).outputs[0].files
    assert.equal(bytes, object.length)
    assert.equal(sha256, createHash('sha256').update(object).digest('hex'))
    if (format !== 'parquet')
      assert.equal(object.toString().match(/\n/g)?.length, format === 'csv' ? 251 : 250)
    assert.equal(s3.uploads.size, 0)
  })
}

test('C31 a connection that is lost is no failure, whatever was being done', async t => {
  const { s3, run } = await startObject(t, 'csv')
  const lost = new Set<string>()
  s3.lost = call => {
    if (lost.has(call)) return undefined
    lost.add(call)
    return 'closed'
  }
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  const object = s3.objects.get('lake/a b/things') ?? Buffer.alloc(0)
  assert.equal(object.length, JSON.parse(out).outputs[0].files[0].bytes)
  assert.ok(lost.size >= 3)
})

test('C31 a part of an upload takes as long as it takes, not as long as an API may', async t => {
  const { s3, run } = await startObject(t, 'csv')
  s3.hold = call => (call.startsWith('PUT ') ? wait(900) : undefined)
  const { code, err } = await run({ UPSTREAM_TIMEOUT_MS: '400' })
  assert.equal(code, 0, err)
})

test('C31 a conflict of two writes at once is not taken for a commit of somebody else', async t => {
  const { s3, run, commit } = await startSync(t)
  let conflicts = 2
  s3.instead = call =>
    call.startsWith('PUT /datalake/crm/customers/_delta_log/') && conflicts-- > 0 ? 409 : undefined
  const { code, err } = await run()
  assert.equal(code, 0, err)
  assert.equal(Object.keys(commit(0)[0] ?? {})[0], 'commitInfo')
})

test('C31 a conflict that does not pass is told as it is', async t => {
  const { s3, run } = await startSync(t)
  s3.instead = call =>
    call.startsWith('PUT /datalake/crm/customers/_delta_log/') ? 409 : undefined
  const { code, err } = await run()
  assert.match(err, /0\.json" cannot be written: S3 answered 409/)
  assert.doesNotMatch(err, /somebody else/)
  assert.equal(code, 1)
})

test('C31 a log that cannot be read is told as it is, not as one that is no log', async t => {
  const { api, s3, run } = await startSync(t)
  assert.equal((await run()).code, 0)
  api.takeCalls()
  s3.instead = call => (/^GET .*0\.json/.test(call) ? 403 : undefined)
  const { code, err } = await run()
  assert.equal(
    err,
    `"s3://${LOG}${'0'.repeat(20)}.json" cannot be read: S3 answered 403, AccessDenied\n`
  )
  assert.deepEqual([code, api.takeCalls()], [2, []])
})

test('C31 a log is listed without what is below it, and without the object of its directory', async t => {
  const { s3, run, commit } = await startSync(t)
  s3.objects.set(LOG, Buffer.alloc(0))
  s3.objects.set(`${LOG}_sidecars/${'0'.repeat(20)}.json`, Buffer.from('no commit'))
  for (const version of [0, 1]) {
    const { code, err } = await run()
    assert.equal(code, 0, err)
    assert.ok(commit(version).length > 1)
  }
  assert.ok(s3.calls.every(call => !call.includes('list-type') || call.includes('delimiter=%2F')))
})

test('C31 parts are found in a directory of S3 whatever its name, and it is called for nothing else', async t => {
  const [list, s3] = await Promise.all([startLongList(t, 'offset', numbered(25)), startS3(t)])
  const directory = startFolder(t, {
    'm.yaml': `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: offset, page_size: 10 }
      response: { root_key: data }
      partition: { by: page, to: 3, count: 3 }
  outputs: { lake: { format: json, path: things.ndjson } }
`
  })
  const run = (...options: string[]) =>
    runInTerminal(['run', 'm.yaml', '--dir', `s3://lake/R&D's <"runs">/é`, ...options], {
      directory,
      environment: s3.environment
    })
  for (const part of ['0/2', '1/2']) {
    const { code, err } = await run('--part', part)
    assert.equal(code, 0, err)
  }
  const { code, err } = await run('--commit')
  assert.equal(code, 0, err)
  assert.deepEqual(
    [...s3.objects.keys()].filter(key => key.includes('/part-')),
    []
  )
  assert.ok([...s3.objects.keys()].some(key => key.endsWith('/run.json')))
})

test('C31 an object of a run that fails does not appear, and its upload is aborted', async t => {
  const { list, s3, run } = await startObject(t, 'json')
  list.instead = (call, response) => {
    if (call === 2) response.writeHead(403).end()
    return call === 2
  }
  const { code, err } = await run()
  assert.equal(code, 1, err)
  assert.deepEqual([s3.objects.size, s3.uploads.size], [0, 0])
})

test('C31 an object that is refused leaves everything as it was', async t => {
  const { s3, run } = await startObject(t, 'csv')
  s3.instead = () => 403
  const { code, err } = await run()
  assert.match(
    err,
    /^"s3:\/\/lake\/a b\/things" cannot be written: S3 answered 403, AccessDenied$/m
  )
  assert.match(err, /^No output was changed\.$/m)
  assert.equal(code, 1)
})

test('C31 nothing is appended to an object, which is said before the first call', async t => {
  const { list, s3, run } = await startObject(t, 'csv', ', mode: append')
  const { code, err } = await run()
  assert.match(err, /nothing can be appended to an object in S3/)
  assert.deepEqual([code, list.calls, s3.calls], [2, [], []])
})
