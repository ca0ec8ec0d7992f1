import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { textMember } from '../../service/base/json.ts'
import { headerOf, TENANT } from '../support/login.ts'
import { createProcessClock } from '../support/process-clock.ts'
import { startServe } from '../support/start-serve.ts'
import { startUpstream } from '../support/start-upstream.ts'

const HOUR_S = 3_600
const UPSTREAM_TIMEOUT_MS = 8_000
const CLIENT = { 'OAuth2/OIDC: Client Id': 'c', 'OAuth2/OIDC: Client Secret': 's' }
const ANA = `Basic ${Buffer.from('ana:s3cret').toString('base64')}`

const TYPES = ['notes', 'few', 'own', 'mine', 'held', 'hangs']

const DOCUMENT = `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
  /held: {get: {responses: {'200': {description: ok}}}}
  /hangs: {get: {responses: {'200': {description: ok}}}}
  /few:
    x-flow-rate-limit: {quotas: [{calls: 1, seconds: 3600}]}
    get: {responses: {'200': {description: ok}}}
  /own: {get: {security: [{oauth: []}], responses: {'200': {description: ok}}}}
  /mine: {get: {security: [{basic: []}], responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}
    basic: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /me}}}
  schemas:
${TYPES.map(
  name =>
    `    ${name}: {type: object, properties: {id: {type: string}}, x-flow-type: {name: ${name}}, x-flow-query: {path: /${name}}}`
).join('\n')}
`

/** An API with a document, a login and tokens, of which one path answers later and one never. */
async function startNotes(t: TestContext) {
  const counts = new Map<string, number>()
  const held: ServerResponse[] = []
  const arrived = new Map<string, () => void>()
  const url = await startUpstream(t, (request, response) => {
    const path = request.url ?? ''
    counts.set(path, (counts.get(path) ?? 0) + 1)
    arrived.get(path)?.()
    const { authorization } = request.resume().headers
    response.setHeader('content-type', 'application/json')
    if (path === '/doc.yaml') return response.end(DOCUMENT)
    if (path === '/hangs') return undefined
    if (path === '/held') return void held.push(response)
    if (path === '/token') {
      const token = `t${counts.get(path)}`
      return response.end(
        `{"access_token": "${token}", "token_type": "bearer", "expires_in": 3600}`
      )
    }
    const isUser = path !== '/me' && path !== '/mine' ? true : authorization === ANA
    return response.writeHead(isUser ? 200 : 401).end('[{"id": "1"}]')
  })
  return {
    url,
    held,
    count: (path: string) => counts.get(path) ?? 0,
    /** Resolves when the next call of a path arrives. */
    next: (path: string) => new Promise<void>(resolve => void arrived.set(path, resolve))
  }
}

type Answer = {
  readonly status: number
  readonly body: unknown
  /** By the clock of the service. */
  readonly date: number
}

/** Calls a service as the platform does. */
function createPlatform(url: string, documentUrl: string) {
  const values = Object.entries({ 'Schema URL': documentUrl, ...CLIENT })
  const configurationValues = values.map(([developerName, contentValue]) => ({
    developerName,
    contentValue
  }))
  const send = async (
    path: string,
    body: object,
    headers: Record<string, string> = {}
  ): Promise<Answer> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ configurationValues, ...body })
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    const answer = { status: response.status, body: await response.json(), date }
    // A busy machine makes the event loop late, which is of no clock.
    if (textMember(answer.body, 'code') !== 'OVERLOADED') return answer
    await wait(100)
    return send(path, body, headers)
  }
  return {
    load: (type: string, headers: Record<string, string> = {}) =>
      send('/data', { objectDataType: { developerName: type } }, headers),
    logIn: (username: string, password: string) =>
      send('/authentication', {
        authenticationType: 'USERNAME_PASSWORD',
        tenantId: TENANT,
        username,
        password
      })
  }
}

for (const [name, seconds] of [
  ['forward', HOUR_S],
  ['back', -HOUR_S]
] as const) {
  test(`R27 a clock of the machine that jumps an hour ${name} under load, and back again, breaks no promise`, {
    timeout: 280_000
  }, async t => {
    const clock = createProcessClock(t)
    const api = await startNotes(t)
    const { url } = await startServe(t, {
      ...clock.environment,
      UPSTREAM_TIMEOUT_MS: `${UPSTREAM_TIMEOUT_MS}`
    })
    const { load, logIn } = createPlatform(url, `${api.url}/doc.yaml`)

    assert.equal((await load('few')).status, 200)
    const { body: login } = await logIn('ana', 's3cret')
    assert.equal(textMember(login, 'status'), 'AUTHENTICATED')
    const user = headerOf(Object.fromEntries(Object.entries(Object(login))))
    for (let guess = 0; guess < 5; guess++) await logIn('bob', `guess ${guess}`)
    const guessed = api.count('/me')

    let isOver = false
    const failures: Answer[] = []
    let loads = 0
    const goOn = async (type: string, headers: Record<string, string>): Promise<void> => {
      while (!isOver) {
        const answer = await load(type, headers)
        loads++
        if (answer.status !== 200) failures.push(answer)
      }
    }
    const load1 = [
      ...['a', 'b', 'c'].map(tenant => goOn('notes', { manywhotenant: tenant })),
      goOn('own', {}),
      goOn('mine', user)
    ]

    for (const offset of [seconds, 0]) {
      const holding = api.next('/held')
      const hanging = api.next('/hangs')
      const begun = performance.now()
      const held = load('held')
      const hangs = load('hangs').then(answer => ({ answer, took: performance.now() - begun }))
      await Promise.all([holding, hanging])
      const before = loads
      clock.set(offset)

      api.held.pop()?.end('[{"id": "1"}]')
      assert.equal((await held).status, 200)
      const { answer, took } = await hangs
      assert.deepEqual([textMember(answer.body, 'code'), answer.status], ['UPSTREAM_TIMEOUT', 504])
      assert.ok(took >= UPSTREAM_TIMEOUT_MS - 100, `${took} ms`)
      assert.ok(loads > before, 'there was no load')

      const { body, date } = await load('few')
      assert.equal(textMember(body, 'code'), 'RATE_LIMITED')
      assert.ok(Math.abs(date - Date.now() - offset * 1000) < 60_000, 'the clock has not jumped')
      assert.equal(textMember((await logIn('bob', 'one more')).body, 'status'), 'ACCESS_DENIED')
    }
    isOver = true
    await Promise.all(load1)
    assert.deepEqual(failures, [])
    assert.equal(api.count('/few'), 1)
    assert.equal(api.count('/me'), guessed)
    // A jump makes a token or a document old once.
    assert.ok(api.count('/token') <= 3, `${api.count('/token')} tokens`)
    assert.ok(api.count('/doc.yaml') <= 5, `${api.count('/doc.yaml')} fetches`)
  })
}
