import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { problem, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: /v1}]
security: [{o: []}]
paths: {/notes: {get: {responses: {'200': {description: ok}}}}}
components:
  securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`

const SECRET = 'planted/secret+4711'

for (const [name, body] of [
  ['its message', { message: `bad secret ${SECRET}` }],
  ['its error', { error: SECRET }],
  ['its error, percent-encoded', { error: encodeURIComponent(SECRET) }],
  ['its error, in base64', { error: Buffer.from(`client:${SECRET}`).toString('base64') }],
  ['the half of it', { error: `no ${SECRET.slice(0, 13)}` }]
] as const) {
  test(`H13 a token endpoint that repeats the client secret in ${name} does not reveal it`, async t => {
    const api = await startApi(t, DOCUMENT)
    const client = { 'OAuth2/OIDC: Client Id': 'client', 'OAuth2/OIDC: Client Secret': SECRET }
    const configuration = { 'Schema URL': api.documentUrl, ...client }
    const connector = await startConnector(t, configuration, { LOG_LEVEL: 'trace' })
    api.answer(...Array.from({ length: 8 }, () => ({ status: 400, json: body })))
    const answer = await connector.load('Note')
    assert.equal(problem(answer).code, 'IDENTITY_CLIENT_REFUSED')
    // Only the code of the error is told.
    if ('error' in body) assert.match(problem(answer).message, /\*\*\*/)
    const told = [answer.text, ...connector.log].join('\n')
    for (const part of ['planted', 'secret+', 'secret%2', 'cGxhbnRlZ', 'secret 4711']) {
      assert.ok(!told.includes(part), `${part} is told`)
    }
  })
}
