import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { Configuration } from '../support/start-connector.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'

/** A document with two types, whose `/open` has an empty `security`. */
const documentOf = (security = '', components = ''): string => `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: / }]
${security}
paths:
  /notes: { get: { responses: { '200': { description: Some } } } }
  /open: { get: { security: [], responses: { '200': { description: Some } } } }
components:
  ${components}
  schemas:
    Note: { type: object, x-flow-type: { name: Note }, x-flow-query: { path: /notes }, properties: { id: { type: string } } }
    Open: { type: object, x-flow-type: { name: Open }, x-flow-query: { path: /open }, properties: { id: { type: string } } }
`

const KEY = { 'API Key': 'k-s3cret' }
const TOKEN = { 'Bearer Token': 't-s3cret' }
const LOGIN = { 'Basic: Username': 'ana', 'Basic: Password': 'p-s3cret' }
const BASIC = `Basic ${Buffer.from('ana:p-s3cret').toString('base64')}`

async function start(t: test.TestContext, document: string) {
  const api = await startApi(t, document)
  const connector = await startConnector(t, {})
  const as = (values: Configuration) =>
    connector.as({ configuration: { 'Schema URL': api.documentUrl, ...values } })
  /** What a load sends as `Authorization`. */
  const sent = async (values: Configuration, type = 'Note') => {
    api.answer({ json: [{ id: '1' }] })
    assert.equal(found(await as(values).load(type)).length, 1)
    return api.calls.at(-1)?.headers.authorization
  }
  /** What the preview says of the credentials. */
  const told = async (values: Configuration) =>
    (await as(values).preview()).diagnostics
      .filter(({ code }) => code.startsWith('CREDENTIAL_'))
      .map(({ severity, code, message }) => `${severity} ${code} ${/"[^"]+"/.exec(message)}`)
  /** The remedy of a load that is refused with 401. */
  const remedy = async (values: Configuration, type = 'Note') => {
    api.answer({ status: 401, json: { message: 'who?' } })
    return problem(await as(values).load(type)).remedy
  }
  return { api, sent, told, remedy }
}

test('S17 without any word on security, a token and a login go as their names say, and preview says so', async t => {
  const { api, sent, told, remedy } = await start(t, documentOf())
  assert.equal(await sent(TOKEN), 'Bearer t-s3cret')
  assert.equal(await sent(LOGIN), BASIC)
  assert.equal(await sent({ ...LOGIN, ...TOKEN, ...KEY }), 'Bearer t-s3cret')
  assert.equal(await sent(KEY), undefined)
  assert.equal(await sent(TOKEN, 'Open'), undefined)
  assert.ok(!JSON.stringify(api.calls).includes('k-s3cret'))

  assert.deepEqual(await told({}), [])
  assert.deepEqual(await told(TOKEN), ['info CREDENTIAL_WITHOUT_SCHEME "Bearer Token"'])
  assert.deepEqual(await told({ ...KEY, ...TOKEN, ...LOGIN }), [
    'warning CREDENTIAL_UNUSED "API Key"',
    'info CREDENTIAL_WITHOUT_SCHEME "Bearer Token"',
    'warning CREDENTIAL_UNUSED "Basic: Username"'
  ])
  assert.match(await remedy(KEY), /"API Key" is not sent, because `security`/)
  assert.doesNotMatch(await remedy(TOKEN), /not sent|missing/)
  assert.match(await remedy(TOKEN, 'Open'), /"Bearer Token" is not sent/)
})

test('S17 F04 a document that says something about security gets only what it asks for', async t => {
  const key = 'securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }'
  for (const document of [
    documentOf('', key),
    documentOf('security: []'),
    documentOf('security: [{ key: [] }]', key)
  ]) {
    const { sent, told, remedy } = await start(t, document)
    assert.equal(await sent(TOKEN), undefined)
    assert.deepEqual(await told(TOKEN), ['warning CREDENTIAL_UNUSED "Bearer Token"'])
    assert.match(await remedy(TOKEN), /"Bearer Token" is not sent/)
  }
  const { told, remedy } = await start(t, documentOf('security: [{ key: [] }]', key))
  assert.deepEqual(await told(KEY), [])
  assert.match(
    await remedy(TOKEN),
    /"API Key" is missing\. Configuration value "Bearer Token" is not/
  )
})
