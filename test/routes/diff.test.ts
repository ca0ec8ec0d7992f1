import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RequestListener } from 'node:http'

import { Value } from 'typebox/value'

import { DiffResponse } from '../../service/protocol/schemas.ts'
import type { FlowAnswer } from '../support/start-connector.ts'
import { refusal, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

const OLD = `openapi: 3.0.3
info: { title: Notes, version: '1' }
paths: {}
components:
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      properties: { id: { type: integer }, text: { type: string } }
`
const NEW = OLD.replace(', text: { type: string }', '')

function codes(answer: FlowAnswer): string[] {
  assert.equal(answer.status, 200, answer.text)
  assert.ok(Value.Check(DiffResponse, answer.body), answer.text)
  const { changes, breaking, others } = answer.body
  assert.equal(changes.length, breaking + others)
  return changes.map(({ code }) => code)
}

test('J16 POST /diff tells what a new version breaks, in any way to name the two', async t => {
  const { url } = await startFiles(t, { '/old.yaml': OLD, '/new.yaml': NEW })
  const [old, now] = [`${url}/old.yaml`, `${url}/new.yaml`]
  const connector = await startConnector(t, { 'Schema URL': old })
  const values = (contentValue: string) => [{ developerName: 'Schema URL', contentValue }]
  for (const body of [{ new: now }, { old, new: now }, { old: values(old), new: values(now) }]) {
    assert.deepEqual(codes(await connector.send('POST', '/diff', body)), ['PROPERTY_REMOVED'])
  }
  assert.deepEqual(codes(await connector.send('POST', '/diff', { old: now, new: old })), [
    'PROPERTY_ADDED'
  ])
  assert.deepEqual(codes(await connector.send('POST', '/diff', {})), [])
})

test('J16 A09 a text that is being edited is compared with the hosted document', async t => {
  const { url } = await startFiles(t, { '/old.yaml': OLD })
  const connector = await startConnector(t, { 'Schema URL': `${url}/old.yaml` })
  const kept = await fetch(`${connector.url}/kept`, { method: 'POST', body: NEW })
  const answer = await connector.send('POST', '/diff', { new: await kept.text() })
  assert.deepEqual(codes(answer), ['PROPERTY_REMOVED'])
})

test('J16 the common Schema Token is not sent for a version at another origin', async t => {
  const tokens: (string | undefined)[] = []
  const guarded: RequestListener = ({ headers }, response) => {
    tokens.push(headers.authorization)
    response.writeHead(200).end(OLD)
  }
  const [own, other] = [
    await startFiles(t, { '/a.yaml': guarded, '/b.yaml': guarded }),
    await startFiles(t, { '/a.yaml': guarded })
  ]
  const document = `${own.url}/a.yaml`
  const connector = await startConnector(t, { 'Schema URL': document, 'Schema Token': 'planted' })
  const token = (contentValue: string) => ({ developerName: 'Schema Token', contentValue })
  const at = (contentValue: string) => ({ developerName: 'schema url', contentValue })
  for (const [old, sent] of [
    [`${own.url}/b.yaml`, 'Bearer planted'],
    [`${other.url}/a.yaml`, undefined],
    [[at(`${other.url}/a.yaml`)], undefined],
    [[at(`${other.url}/a.yaml`), token('its-own')], 'Bearer its-own']
  ] as const) {
    tokens.length = 0
    await connector.send('POST', '/diff', { old })
    assert.deepEqual(tokens.toSorted(), ['Bearer planted', sent].toSorted(), String(old))
  }
})

test('J16 versions that cannot be read or named are refused with their codes', async t => {
  const { url } = await startFiles(t, { '/old.yaml': OLD, '/broken.yaml': 'a: [' })
  const connector = await startConnector(t, {})
  const send = async (body: object): Promise<[string, number]> =>
    refusal(await connector.send('POST', '/diff', body))
  const old = `${url}/old.yaml`
  assert.deepEqual(await send({}), ['CONFIG_REQUIRED', 400])
  assert.deepEqual(await send({ old }), ['CONFIG_REQUIRED', 400])
  assert.deepEqual(await send({ old, new: `${url}/broken.yaml` }), ['DOCUMENT_NOT_PARSED', 422])
  assert.deepEqual(await send({ old, new: 'ftp://example.com' }), ['URL_INVALID', 400])
  assert.deepEqual(await send({ old: 5, new: old }), ['BODY_INVALID', 400])
  assert.deepEqual(await send({ old, new: [{ developerName: 5 }] }), ['BODY_INVALID', 400])
  const many = Array.from({ length: 101 }, () => ({ developerName: 'A', contentValue: 'b' }))
  assert.deepEqual(await send({ old, new: many }), ['BODY_INVALID', 400])
  const long = [{ developerName: 'Schema URL', contentValue: 'x'.repeat(70_000) }]
  assert.deepEqual(await send({ old: long, new: old }), ['CONFIG_TOO_LARGE', 400])
})
