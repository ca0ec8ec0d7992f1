import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import test from 'node:test'

import { Value } from 'typebox/value'

import { ConnectorError } from '../../service/errors.ts'
import { clientProblem } from '../../service/plugins/client-error.ts'
import { Problem } from '../../service/protocol/schemas.ts'
import { assertProblemFitsPlatform } from '../support/fits-platform-schema.ts'
import { json, startApp } from '../support/start-app.ts'

const load = { objectDataType: { developerName: 'Asset' } }

function checkProblem(body: string, kind: string | null): Problem {
  const problem: unknown = JSON.parse(body)
  assert.ok(Value.Check(Problem, problem), body)
  assertProblemFitsPlatform(JSON.parse(body))
  assert.equal(kind, problem.kind)
  assert.ok(problem.message.endsWith(` [${problem.code}]`), problem.message)
  return problem
}

async function problemOf(response: Response): Promise<Problem> {
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
  const kind = response.headers.get('x-manywho-service-problem-kind')
  const problem = checkProblem(await response.text(), kind)
  assert.equal(problem.statusCode, response.status)
  return problem
}

const post = (body: string, type: string | null = 'application/json') => ({
  method: 'POST',
  headers: type === null ? {} : { 'content-type': type },
  body: Buffer.from(body)
})

const refusals: {
  name: string
  path?: string
  init?: RequestInit
  status: number
  code: string
}[] = [
  { name: 'bad JSON', init: post('{"a":'), status: 400, code: 'BODY_NOT_JSON' },
  { name: 'text', init: post('hello', 'text/plain'), status: 400, code: 'BODY_NOT_JSON' },
  { name: 'JSON called text', init: post('{}', 'text/plain'), status: 400, code: 'BODY_NOT_JSON' },
  { name: 'no media type', init: post('{}', 'nonsense'), status: 400, code: 'BODY_NOT_JSON' },
  { name: 'no type and no JSON', init: post('hello', null), status: 400, code: 'BODY_NOT_JSON' },
  { name: 'no body', init: { method: 'POST' }, status: 400, code: 'BODY_INVALID' },
  { name: 'a list as body', init: post('[]'), status: 400, code: 'BODY_INVALID' },
  { name: 'no type name', init: post('{}'), status: 400, code: 'BODY_INVALID' },
  {
    name: 'an oversize body',
    init: post(`"${'x'.repeat(5000)}"`),
    status: 413,
    code: 'BODY_TOO_LARGE'
  },
  {
    name: 'a deep body',
    init: post('['.repeat(31) + ']'.repeat(31)),
    status: 400,
    code: 'BODY_TOO_DEEP'
  },
  {
    name: 'a criterion that is none',
    init: json('POST', {
      ...load,
      listFilter: { where: [{ columnName: 'A', criteriaType: 'LIKE' }] }
    }),
    status: 400,
    code: 'CRITERION_UNKNOWN'
  },
  { name: 'an unknown route', path: '/nothing?secret=1', status: 404, code: 'ROUTE_UNKNOWN' },
  { name: 'another method', init: json('PATCH', {}), status: 404, code: 'ROUTE_UNKNOWN' },
  {
    name: 'a method of no route',
    init: { method: 'PROPFIND' },
    status: 404,
    code: 'ROUTE_UNKNOWN'
  },
  {
    name: 'an unknown route with any body',
    path: '/nothing',
    init: post('<a/>', 'text/xml'),
    status: 404,
    code: 'ROUTE_UNKNOWN'
  },
  {
    name: 'an unknown route with no media type',
    path: '/nothing',
    init: post('x', 'x'),
    status: 404,
    code: 'ROUTE_UNKNOWN'
  },
  {
    name: 'a path that cannot be decoded',
    path: '/samples/%zz',
    status: 404,
    code: 'ROUTE_UNKNOWN'
  },
  {
    name: 'a very long path',
    path: `/samples/${'a'.repeat(5000)}`,
    status: 404,
    code: 'ROUTE_UNKNOWN'
  }
]
for (const { name, path, init, status, code } of refusals) {
  test(`vector 14: ${name} is the problem ${code}`, async t => {
    const { url } = await startApp(t, {
      environment: { REQUEST_MAX_BYTES: '4096', REQUEST_MAX_DEPTH: '30' }
    })
    const problem = await problemOf(await fetch(url + (path ?? '/data'), init ?? {}))
    assert.equal(problem.code, code)
    assert.equal(problem.statusCode, status)
    assert.ok(!problem.uri.includes('secret') && !problem.message.includes('secret'))
  })
}

const failures = [
  {
    name: 'a thrown error',
    error: new TypeError('password is hunter2'),
    expected: { statusCode: 500, code: 'INTERNAL', kind: 'service', responseBody: null }
  },
  {
    name: 'a problem of the catalogue',
    error: new ConnectorError('TYPE_UNKNOWN', { type: 'Asset', suggestion: '' }),
    expected: { statusCode: 404, code: 'TYPE_UNKNOWN', kind: 'service', responseBody: null }
  },
  {
    name: 'an upstream error',
    error: new ConnectorError(
      'API_ERROR',
      { message: 'too many', credential: '' },
      {
        status: 500,
        upstream: { url: 'https://api.example/a', status: 500, headers: { 'x-a': 'b' }, body: 'no' }
      }
    ),
    expected: {
      statusCode: 500,
      code: 'API_ERROR',
      kind: 'api',
      uri: 'https://api.example/a',
      responseBody: 'no',
      responseHeaders: { 'x-a': ['b'] }
    }
  }
]
for (const { name, error, expected } of failures) {
  test(`vector 14: ${name} is a problem on every route`, async t => {
    const fail = () => Promise.reject(error)
    const { url } = await startApp(t, {
      operations: {
        ...{ describe: fail, preview: fail, catalog: fail },
        ...{ load: fail, save: fail, remove: fail }
      },
      readSampleFile: fail
    })
    const body = { ...load, objectData: [{ externalId: 'A-7' }] }
    const calls: [path: string, init: RequestInit, action: string | null][] = [
      ['/metadata', {}, null],
      ['/metadata', json('POST', {}), null],
      ['/metadata/install', json('POST', {}), null],
      ['/preview', json('POST', {}), null],
      ['/catalog', json('POST', {}), null],
      ['/data', json('POST', body), 'LOAD'],
      ['/data', json('PUT', body), 'SAVE'],
      ['/data/delete', json('POST', body), 'DELETE'],
      ['/samples/a.yaml', {}, null]
    ]
    for (const [path, init, action] of calls) {
      const problem = await problemOf(await fetch(`${url}${path}?q=secret`, init))
      assert.partialDeepStrictEqual(problem, { uri: path, action, ...expected })
      assert.ok(!JSON.stringify(problem).includes('hunter2'))
    }
  })
}

const rawRequests = [
  {
    name: 'headers that are too large',
    bytes: `GET /health HTTP/1.1\r\nHost: x\r\nX-Big: ${'b'.repeat(200_000)}\r\n\r\n`,
    status: 431,
    code: 'HEADERS_TOO_LARGE'
  },
  {
    name: 'what is no HTTP',
    bytes: 'hello\r\n\r\n',
    status: 400,
    code: 'REQUEST_MALFORMED'
  },
  {
    name: 'a body with a broken length',
    bytes: 'POST /data HTTP/1.1\r\nHost: x\r\nContent-Length: two\r\n\r\n{}',
    status: 400,
    code: 'REQUEST_MALFORMED'
  }
]
for (const { name, bytes, status, code } of rawRequests) {
  test(`vector 14: ${name} is the problem ${code}`, async t => {
    const { url } = await startApp(t)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(bytes)
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
    const kind = /^X-ManyWho-Service-Problem-Kind: (.*)$/m.exec(head)?.[1]?.trim() ?? null
    assert.equal(checkProblem(body, kind).code, code)
  })
}

test('vector 14: a request that never arrives whole is REQUEST_TIMEOUT', () => {
  assert.equal(clientProblem('ERR_HTTP_REQUEST_TIMEOUT', 1).code, 'REQUEST_TIMEOUT')
})

test('a log line names what happened, and holds no body, query, header or text of an error', async t => {
  const { url, log } = await startApp(t, {
    operations: { load: () => Promise.reject(new SyntaxError('cannot read hunter2')) }
  })
  const configurationValues = [{ developerName: 'API Key', contentValue: 'hunter2' }]
  const headers = { authorization: 'Basic hunter2' }
  const body = { ...load, configurationValues }
  const problem = await problemOf(
    await fetch(`${url}/data?key=hunter2`, json('POST', body, headers))
  )
  await problemOf(await fetch(`${url}/hunter2`))
  await t.waitFor(() => assert.equal(log.length, 4))
  assert.ok(!log.join('').includes('hunter2'), log.join(''))
  const [, failed, answered, unknown] = log.map(line => JSON.parse(line))
  assert.equal(failed.requestId, problem.requestId)
  assert.match(failed.err.stack, /failures\.test\.ts/)
  assert.partialDeepStrictEqual(answered, {
    requestId: problem.requestId,
    method: 'POST',
    route: '/data',
    status: 500,
    code: 'INTERNAL'
  })
  assert.partialDeepStrictEqual(unknown, { route: null, status: 404, code: 'ROUTE_UNKNOWN' })
})

test('a caller that hangs up while it sends is no failure of ours', async t => {
  const { app, url, log } = await startApp(t)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const arrived = once(app.server, 'request')
  socket.write('POST /data HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{')
  const [request] = await arrived
  const closed = once(request, 'close')
  socket.destroy()
  await assert.rejects(closed, { code: 'ECONNRESET' })
  assert.deepEqual(
    log.map(line => JSON.parse(line)).filter(({ level }) => level > 30),
    []
  )
})
