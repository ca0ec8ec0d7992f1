import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { Agent, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { readAll, startServe, untilRefused } from '../support/start-serve.ts'
import { startUpstream } from '../support/start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: / }]
paths:
  /notes: { get: { responses: { '200': { description: All notes } } } }
  /held: { get: { responses: { '200': { description: All notes, later } } } }
components:
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      properties: { id: { type: integer } }
    Held:
      type: object
      x-flow-type: { name: Held }
      x-flow-query: { path: /held }
      properties: { id: { type: integer } }
`

type NotesApi = {
  readonly documentUrl: string
  /** A call whose answer the test gives. */
  readonly held: Promise<ServerResponse>
}

async function startNotes(t: TestContext): Promise<NotesApi> {
  const { promise: held, resolve } = Promise.withResolvers<ServerResponse>()
  const url = await startUpstream(t, (request, response) => {
    if (request.url === '/openapi.yaml') return response.end(DOCUMENT)
    response.setHeader('content-type', 'application/json')
    if (request.url === '/held') return resolve(response)
    return response.end('[{"id": 7}]')
  })
  return { documentUrl: `${url}/openapi.yaml`, held }
}

type Heard =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly error: unknown; readonly isReused: boolean }

/** A caller that keeps its connection alive. */
type Caller = {
  load(type: string): Promise<Heard>
  ready(): Promise<Heard>
}

function createCaller(t: TestContext, url: string, documentUrl: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const call = (method: string, path: string, body = ''): Promise<Heard> =>
    new Promise(resolve => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length }
      const request = send(url + path, { method, agent, headers })
      const failed = (error: unknown): void => resolve({ error, isReused: request.reusedSocket })
      request.on('error', failed)
      request.on('response', response => {
        const { statusCode: status = 0, headers } = response
        text(response).then(body => resolve({ status, headers, body }), failed)
      })
      request.end(body)
    })
  return {
    load: type => {
      const values = [{ developerName: 'Schema URL', contentValue: documentUrl }]
      const given = { objectDataType: { developerName: type }, configurationValues: values }
      return call('POST', '/data', JSON.stringify(given))
    },
    ready: () => call('GET', '/health/ready')
  }
}

/** What is wrong with an answer to a load; blank for nothing. */
function faultOf(heard: Heard): string {
  if ('error' in heard) return String(heard.error)
  const { status, headers, body } = heard
  if (status === 200 && body.includes('"externalId":"7"')) return ''
  return status === 503 && headers['retry-after'] !== undefined ? '' : `${status} ${body}`
}

const isClosing = (heard: Heard): boolean =>
  'headers' in heard && heard.headers.connection === 'close'

test('R22 SIGTERM under load: not ready first, then no new connection, and nothing is lost', {
  timeout: 120_000
}, async t => {
  const graceMs = 5_000
  const { documentUrl, held } = await startNotes(t)
  const { child, url, ended } = await startServe(t, { SHUTDOWN_GRACE_MS: String(graceMs) })
  const caller = (): Caller => createCaller(t, url, documentUrl)
  assert.equal(faultOf(await caller().load('Note')), '')

  const wrong: string[] = []
  let isReady = true
  let answers = 0
  let late = 0
  /** Goes elsewhere once it has heard that the service is not ready. */
  const heedful = async (own: Caller): Promise<void> => {
    while (isReady) {
      const heard = await own.load('Note')
      answers++
      if (faultOf(heard) !== '') wrong.push(faultOf(heard))
    }
  }
  /** Goes on until nobody listens any more. */
  const heedless = async (own: Caller): Promise<void> => {
    for (;;) {
      const wasReady = isReady
      const heard = await own.load('Note')
      if ('error' in heard && !wasReady && !heard.isReused) {
        assert.match(String(heard.error), /ECONNREFUSED|ECONNRESET|socket hang up/)
        return
      }
      answers++
      if (faultOf(heard) !== '') wrong.push(faultOf(heard))
      if (wasReady) continue
      late++
      if (!isClosing(heard)) wrong.push('an answer that keeps its connection')
    }
  }
  const watcher = caller()
  const watch = async (): Promise<Heard> => {
    for (;;) {
      const heard = await watcher.ready()
      if (!('status' in heard) || heard.status !== 200) return heard
    }
  }
  const watching = watch()
  const flows = [1, 2, 3].flatMap(() => [heedful(caller()), heedless(caller())])
  const holding = caller().load('Held')
  const upstream = await held
  while (answers < 100) assert.equal(faultOf(await caller().load('Note')), '')

  const begun = performance.now()
  child.kill('SIGTERM')
  const first = await watching
  isReady = false
  assert.ok('status' in first)
  assert.deepEqual([first.status, isClosing(first)], [503, true])
  // It is told so while whoever has not heard of it is still served.
  assert.equal(faultOf(await caller().load('Note')), '')
  await untilRefused(url)
  upstream.end('[{"id": 7}]')
  const last = await holding
  assert.equal(faultOf(last), '')
  assert.ok(isClosing(last))
  await Promise.all(flows)
  assert.deepEqual(wrong, [])
  assert.ok(late > 0)
  assert.deepEqual(await ended, { code: 0, signal: null })
  assert.ok(performance.now() - begun < graceMs + 5_000)
})

const S3CRET = 's3cret-message'

/** The same in code, which frames may quote. */
const MESSAGE = "'s3cret' + '-message'"

/** Failures that happen on a signal, outside of any request. */
const FAILURES = {
  TypeError: `throw new TypeError(${MESSAGE})`,
  RangeError: `void Promise.reject(new RangeError(${MESSAGE}))`,
  string: `throw ${MESSAGE}`
}

/** A module that makes the process that loads it fail on SIGUSR2. */
function failing(failure: string): string {
  return `data:text/javascript,process.on('SIGUSR2', () => { ${failure} })`
}

for (const [name, failure] of Object.entries(FAILURES)) {
  test(`R23 a ${name} that nobody catches is logged without its message, and ends the service with 1`, async t => {
    const { documentUrl, held } = await startNotes(t)
    const environment = { LOG_LEVEL: 'fatal', SHUTDOWN_GRACE_MS: '600000' }
    const { child, url, lines, ended } = await startServe(t, environment, [failing(failure)])
    const errors = readAll(child)
    const holding = createCaller(t, url, documentUrl).load('Held')
    const upstream = await held
    const begun = performance.now()
    child.kill('SIGUSR2')
    await untilRefused(url)
    // What was running may still end well, but is not waited for as long as else.
    const endsWell = name !== 'string'
    if (endsWell) upstream.end('[{"id": 7}]')
    assert.equal(faultOf(await holding) === '', endsWell)
    assert.deepEqual(await ended, { code: 1, signal: null })
    assert.ok(performance.now() - begun < 10_000)
    const [{ msg, err }, ...others] = lines.map(line => JSON.parse(line))
    assert.deepEqual([msg, err.type, others], ['uncaught failure, the service stops', name, []])
    if (err.type !== 'string') assert.match(err.stack, /^\s+at \S/)
    assert.ok(!`${lines.join()}${await errors}`.includes(S3CRET))
  })
}

test('R23 a failure while the service stops ends it at once, with 1', async t => {
  const { documentUrl, held } = await startNotes(t)
  const environment = { SHUTDOWN_GRACE_MS: '600000' }
  const preload = [failing(FAILURES.TypeError)]
  const { child, url, ended } = await startServe(t, environment, preload)
  const errors = readAll(child)
  const holding = createCaller(t, url, documentUrl).load('Held')
  await held
  child.kill('SIGINT')
  await untilRefused(url)
  child.kill('SIGUSR2')
  assert.deepEqual(await ended, { code: 1, signal: null })
  assert.notEqual(faultOf(await holding), '')
  assert.match(await errors, /the service failed while it stopped: TypeError\n\s+at \S/)
  assert.ok(!(await errors).includes(S3CRET))
})
