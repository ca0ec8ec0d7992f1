import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'

import { ConnectorError } from '../../service/errors.ts'
import { fetchMetrics, labelled } from '../support/read-metrics.ts'
import { json, startApp } from '../support/start-app.ts'

const TOKEN = 'planted-token_0~A'
const LOAD = json('POST', { objectDataType: { developerName: 'Asset' } })

const load = async () => ({ objects: [], hasMoreResults: false })

/** Status and code of an answer. */
async function answerOf(response: Response): Promise<[status: number, code: unknown]> {
  const text = await response.text()
  const isProblem = response.headers.has('X-ManyWho-Service-Problem-Kind')
  return [response.status, isProblem ? JSON.parse(text).code : null]
}

/** Sends the path exactly as it is written. */
function send(url: string, method: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { method, path, agent: false }, response => {
      response.resume().on('end', resolve)
    })
      .on('error', reject)
      .end()
  })
}

test('requests are counted by the pattern of their route, and what is no route under one name', async t => {
  const { url } = await startApp(t, {
    operations: {
      load,
      describe: () => Promise.reject(new ConnectorError('OVERLOADED', { reason: 'it is busy' }))
    },
    readSampleFile: async () => undefined
  })
  for (let count = 0; count < 3; count++) await fetch(`${url}/data?planted=1`, LOAD)
  await fetch(`${url}//data/`, LOAD)
  await fetch(`${url}/metadata`)
  await fetch(`${url}/data`, { ...LOAD, body: '{' })
  await fetch(`${url}/health`)
  await send(url, 'GET', '/samples/planted.yaml')
  await send(url, 'GET', '/samples/%zz')
  for (const path of ['/planted', '/planted/again', '/k/planted/data', '*']) {
    await send(url, 'GET', path)
  }
  await send(url, 'PROPFIND', '/planted')
  const samples = await fetchMetrics(url)
  assert.deepEqual(labelled(samples, 'openapi_flow_requests_total'), {
    '/data POST 200': 4,
    '/metadata GET 503': 1,
    '/data POST 400': 1,
    '/health GET 200': 1,
    '/samples/* GET 404': 1,
    'unknown GET 404': 5,
    'unknown PROPFIND 404': 1
  })
  assert.deepEqual(labelled(samples, 'openapi_flow_request_duration_seconds_count'), {
    '/data': 5,
    '/metadata': 1,
    '/health': 1,
    '/samples/*': 1,
    unknown: 6
  })
  assert.deepEqual(labelled(samples, 'openapi_flow_problems_total'), {
    OVERLOADED: 1,
    BODY_NOT_JSON: 1,
    ROUTE_UNKNOWN: 7
  })
  assert.ok(![...samples.keys()].some(series => series.includes('planted')))
})

test('a request is in flight until its answer is sent, or its caller hangs up', async t => {
  const came = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const { url } = await startApp(t, {
    operations: {
      load: async () => {
        came.resolve()
        await answer.promise
        return load()
      }
    }
  })
  const inFlight = async () => (await fetchMetrics(url)).get('openapi_flow_requests_in_flight')
  assert.equal(await inFlight(), 1)
  const platform = new AbortController()
  const left = fetch(`${url}/data`, { ...LOAD, signal: platform.signal })
  const stays = fetch(`${url}/data`, LOAD)
  await came.promise
  while ((await inFlight()) !== 3) await new Promise(setImmediate)
  platform.abort()
  await assert.rejects(left, { name: 'AbortError' })
  while ((await inFlight()) !== 2) await new Promise(setImmediate)
  answer.resolve()
  assert.equal((await stays).status, 200)
  assert.equal(await inFlight(), 1)
  const totals = labelled(await fetchMetrics(url), 'openapi_flow_requests_total')
  const { '/data POST hung up': hungUp, '/data POST 200': answered } = totals
  assert.deepEqual([hungUp, answered], [1, 1])
})

test('a duration is counted in seconds, in the buckets that it fits in', async t => {
  const { url } = await startApp(t, {
    operations: {
      load: async () => {
        await new Promise(resolve => setTimeout(resolve, 60))
        return load()
      }
    }
  })
  await fetch(`${url}/data`, LOAD)
  const samples = await fetchMetrics(url)
  const name = 'openapi_flow_request_duration_seconds'
  assert.equal(samples.get(`${name}_bucket{le="0.05",route="/data"}`), 0)
  assert.equal(samples.get(`${name}_bucket{le="60",route="/data"}`), 1)
  const sum = samples.get(`${name}_sum{route="/data"}`) ?? 0
  assert.ok(sum >= 0.05 && sum < 30, String(sum))
})

test('services in one process share no count', async t => {
  const [one, other] = [await startApp(t), await startApp(t)]
  await fetch(`${one.url}/health`)
  const totals = async (url: string) =>
    labelled(await fetchMetrics(url), 'openapi_flow_requests_total')
  assert.deepEqual(await totals(one.url), { '/health GET 200': 1 })
  assert.deepEqual(await totals(other.url), {})
})

test('without Redis nothing is said of it', async t => {
  const { url } = await startApp(t)
  const series = [...(await fetchMetrics(url)).keys()]
  assert.ok(series.length > 5)
  assert.ok(!series.some(name => name.includes('redis')))
})

test('METRICS=on: they are behind the door, as everything else', async t => {
  const { url } = await startApp(t, { environment: { CONNECTOR_TOKENS: TOKEN } })
  assert.deepEqual(await answerOf(await fetch(`${url}/metrics`)), [401, 'DOOR_CLOSED'])
  const samples = await fetchMetrics(`${url}/k/${TOKEN}`)
  assert.deepEqual(labelled(samples, 'openapi_flow_requests_total'), { '/metrics GET 401': 1 })
})

test('METRICS=on: a basic login opens them', async t => {
  const login = { CONNECTOR_USERNAME: 'platform', CONNECTOR_PASSWORD: 'secret' }
  const { url } = await startApp(t, { environment: login })
  assert.equal((await fetch(`${url}/metrics`)).status, 401)
  const authorization = `Basic ${Buffer.from('platform:secret').toString('base64')}`
  await fetchMetrics(url, { headers: { authorization } })
})

test('METRICS=open: everybody may have them, and nothing else', async t => {
  const { url } = await startApp(t, {
    environment: { CONNECTOR_TOKENS: TOKEN, METRICS: 'open' }
  })
  assert.equal((await fetch(`${url}/data`, LOAD)).status, 401)
  const samples = await fetchMetrics(url)
  assert.deepEqual(labelled(samples, 'openapi_flow_problems_total'), { DOOR_CLOSED: 1 })
})

test('METRICS=off: they are as unknown as any route that does not exist', async t => {
  const open = await startApp(t, { environment: { METRICS: 'off' } })
  assert.deepEqual(await answerOf(await fetch(`${open.url}/metrics`)), [404, 'ROUTE_UNKNOWN'])
  const closed = await startApp(t, { environment: { METRICS: 'off', CONNECTOR_TOKENS: TOKEN } })
  assert.deepEqual(await answerOf(await fetch(`${closed.url}/metrics`)), [401, 'DOOR_CLOSED'])
})

test('they stand below BASE_PATH, and wait for no turn', async t => {
  const came = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const { url } = await startApp(t, {
    environment: { BASE_PATH: '/flow', MAX_IN_FLIGHT: '1' },
    operations: {
      load: async () => {
        came.resolve()
        await answer.promise
        return load()
      }
    }
  })
  const running = fetch(`${url}/flow/data`, LOAD)
  await came.promise
  const waiting = fetch(`${url}/flow/data`, LOAD)
  const head = await fetch(`${url}/flow/metrics`, { method: 'HEAD' })
  assert.equal(head.status, 200)
  await fetchMetrics(`${url}/flow`)
  answer.resolve()
  assert.deepEqual([(await running).status, (await waiting).status], [200, 200])
})
