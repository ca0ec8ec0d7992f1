import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { startRedis } from '../support/start-redis.ts'
import { startReplicas, untilRedis } from '../support/start-replicas.ts'
import { found, refusal, startConnector } from '../support/start-connector.ts'

const WEATHER = readFileSync('openapi-samples/weather.yaml', 'utf8')

/** Keeps a text. @returns What a builder sets as Schema URL. */
async function keep(url: string, text: string, mediaType = 'application/yaml'): Promise<string> {
  const headers = { 'content-type': mediaType }
  const response = await fetch(`${url}/kept`, { method: 'POST', headers, body: text })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
  const lifeMs = Date.parse(response.headers.get('expires') ?? '') - Date.now()
  assert.ok(lifeMs > 23 * 3_600_000 && lifeMs <= 24 * 3_600_000, `it is kept for ${lifeMs} ms`)
  const location = await response.text()
  assert.match(location, /^kept:[\w-]+$/)
  return location
}

test('A09 a text that was sent serves as a Schema URL, whatever its content type', async t => {
  const connector = await startConnector(t, {})
  for (const mediaType of ['application/yaml', 'text/plain', 'application/json', 'image/png']) {
    const location = await keep(connector.url, WEATHER, mediaType)
    const kept = connector.as({ configuration: { 'Schema URL': location } })
    const sample = connector.as({ configuration: { 'Schema URL': 'sample:weather' } })
    assert.deepEqual((await kept.install()).install, (await sample.install()).install)
    const [type = ''] = (await sample.install()).install.typeElements.map(
      each => each.developerName
    )
    assert.deepEqual(found(await kept.load(type)), found(await sample.load(type)))
  }
})

test('A09 a kept document says that it is for trying, and until when, without giving its location away', async t => {
  const connector = await startConnector(t, {})
  const location = await keep(connector.url, WEATHER.replace('x-flow-query:', 'x-flow-qeury:'))
  const { diagnostics } = await connector
    .as({ configuration: { 'Schema URL': location } })
    .preview()
  assert.deepEqual(
    diagnostics.map(({ code }) => code).filter(code => /KEPT|UNKNOWN/.test(code)),
    ['DOCUMENT_KEPT', 'EXTENSION_UNKNOWN']
  )
  assert.match(diagnostics[0]?.message ?? '', /^the document is kept for trying, until 20\d\d-/)
  const secret = location.slice('kept:'.length)
  for (const text of [...connector.answers, ...connector.log]) assert.ok(!text.includes(secret))
})

test('A09 two versions of a text have locations of their own, and equal texts are kept once', async t => {
  const connector = await startConnector(t, {})
  const [first, again, other] = [
    await keep(connector.url, WEATHER),
    await keep(connector.url, WEATHER),
    await keep(connector.url, WEATHER.replace('name: Forecast', 'name: Outlook'))
  ]
  const typesOf = async (location: string): Promise<string[]> => {
    const { install } = await connector.as({ configuration: { 'Schema URL': location } }).install()
    return install.typeElements.map(({ developerName }) => developerName)
  }
  assert.deepEqual(await typesOf(again), await typesOf(first))
  assert.notDeepEqual(await typesOf(other), await typesOf(first))
})

test('A09 an overlay may be kept, and used where overlays are named', async t => {
  const connector = await startConnector(t, {})
  const overlay = `overlay: 1.0.0
info: { title: Fewer, version: '1' }
actions: [{ target: $.components.schemas.Forecast.x-flow-type, update: { name: Outlook } }]
`
  const configuration = {
    'Schema URL': await keep(connector.url, WEATHER),
    'Overlay URL': await keep(connector.url, overlay)
  }
  const { types, diagnostics } = await connector.as({ configuration }).preview()
  const names = types.map(({ developerName }) => developerName)
  assert.ok(
    names.includes('Outlook') && !names.includes('Forecast'),
    JSON.stringify([names, diagnostics])
  )
})

test('A09 a location that was not given out, or was changed, is refused with its code', async t => {
  const connector = await startConnector(t, {})
  const location = await keep(connector.url, WEATHER)
  const forged = [
    'kept:',
    'kept:abc',
    `${location}A`,
    location.slice(0, -1),
    `kept:${Buffer.from('[]').toString('base64url')}`,
    `kept:${'A'.repeat(20_000)}`
  ]
  for (const given of forged) {
    const answer = await connector
      .as({ configuration: { 'Schema URL': given } })
      .send('POST', '/preview')
    assert.deepEqual(refusal(answer)[1], 400, given)
    assert.ok(['KEPT_UNKNOWN', 'URL_INVALID'].includes(refusal(answer)[0]), answer.text)
  }
})

test('A09 nothing, and more than a body or a document may have, is refused', async t => {
  const connector = await startConnector(
    t,
    {},
    { DOCUMENT_MAX_BYTES: '2048', REQUEST_MAX_BYTES: '4096' }
  )
  const send = async (body: string): Promise<[string, number]> =>
    refusal(await connector.send('POST', '/kept', body))
  assert.deepEqual(await send(''), ['BODY_INVALID', 400])
  assert.deepEqual(await send('x'.repeat(3_000)), ['KEPT_NO_ROOM', 413])
  assert.deepEqual(await send('x'.repeat(5_000)), ['BODY_TOO_LARGE', 413])
})

test('A09 a kept text that is no document is told like one that was fetched', async t => {
  const connector = await startConnector(t, {})
  for (const [text, code] of [
    ['a: [', 'DOCUMENT_NOT_PARSED'],
    ['a: 1', 'DOCUMENT_NOT_OPENAPI'],
    ['\0\x01\x02', 'DOCUMENT_NOT_PARSED']
  ] as const) {
    const location = await keep(connector.url, text)
    const answer = await connector
      .as({ configuration: { 'Schema URL': location } })
      .send('POST', '/preview')
    assert.deepEqual(refusal(answer), [code, 422], text)
    assert.ok(!answer.text.includes(location))
  }
})

test('A09 a text that one instance keeps is read by another', async t => {
  const redis = await startRedis(t)
  const replicas = await startReplicas(t, redis.url, {})
  await untilRedis('ok', replicas)
  const [first, second] = replicas
  const location = await keep(first.url, WEATHER)
  const { install } = await second.as({ configuration: { 'Schema URL': location } }).install()
  assert.ok(install.typeElements.length > 0)
})

test('A09 other routes still refuse what is no JSON', async t => {
  const connector = await startConnector(t, {})
  const headers = { 'content-type': 'application/yaml' }
  const answer = await connector.as({ headers }).send('POST', '/preview', 'a: 1')
  assert.deepEqual(refusal(answer), ['BODY_NOT_JSON', 400])
})
