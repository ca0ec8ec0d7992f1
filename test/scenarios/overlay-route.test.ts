import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Value } from 'typebox/value'

import { OverlayAnswer } from '../../service/protocol/overlay-schemas.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { problem, refusal, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

async function proposalOf(connector: StartedConnector, body: object = {}): Promise<OverlayAnswer> {
  const { status, text } = await connector.send('POST', '/overlay', body)
  assert.equal(status, 200, text)
  const answer: unknown = JSON.parse(text)
  assert.ok(Value.Check(OverlayAnswer, answer), text)
  return answer
}

test('J08 J09 POST /overlay answers what openapi-flow infer writes', async t => {
  const written: { location: string; asJson: string; text: string }[] = []
  // Before the event loop is watched: a command compiles in its own thread.
  for (const sample of ['no-markup', 'petstore', 'apis/github']) {
    const location = `sample:${sample}`
    const asJson = await runInTerminal(['infer', location, '--json'])
    const text = await runInTerminal(['infer', location])
    written.push({ location, asJson: asJson.out, text: text.out })
  }
  const connector = await startConnector(t, {})
  const proposed = (location: string): Promise<OverlayAnswer> => {
    const configuration = { 'Schema URL': location, Inference: 'off' }
    return proposalOf(connector.as({ configuration }))
  }
  for (const { location, asJson, text } of written) {
    const { overlay, ...proposal } = await proposed(location)
    assert.deepEqual(proposal, JSON.parse(asJson), location)
    assert.equal(overlay, text, location)
  }
  const { overlay: _, ...proposal } = await proposed('sample:manifests/cursor')
  assert.deepEqual(proposal, { resources: [], skipped: [] })
})

test('J11 POST /overlay looks at the chosen operations, those of the configuration among them', async t => {
  const connector = await startConnector(t, { 'Schema URL': 'sample:no-markup' })
  const types = async (body: object, more: object = {}): Promise<string[]> => {
    const configuration = { 'Schema URL': 'sample:no-markup', ...more }
    const { resources } = await proposalOf(connector.as({ configuration }), body)
    return resources.map(({ type }) => type)
  }
  assert.deepEqual(await types({ only: ['tag:orders'] }), ['Order'])
  assert.deepEqual(await types({ exclude: ['tag:orders'] }), ['Customer'])
  assert.deepEqual(await types({ only: null }, { Exclude: 'tag:customers' }), ['Order'])
  assert.deepEqual(await types({ exclude: ['tag:orders'] }, { Include: 'tag:orders' }), [])
})

test('J11 Include and Exclude choose what is cataloged', async t => {
  const configuration = { 'Schema URL': 'sample:no-markup', Exclude: 'tag:customers' }
  const connector = await startConnector(t, configuration)
  const { text } = await connector.send('POST', '/catalog')
  const { endpoints } = JSON.parse(text)
  assert.deepEqual(
    endpoints.map(({ path }: { path: string }) => path),
    ['/customers/{customerId}/orders', '/orders/search']
  )
})

test('POST /overlay of a document with parts reads these', async t => {
  const files = await startFiles(t, {
    '/api.yaml': `openapi: 3.0.3
paths: { /pets: { get: { responses: { "200": { description: ok, content: { application/json: { schema: { $ref: "list.yaml#/Pets" } } } } } } } }
components: { schemas: { Pet: { type: object, properties: { id: { type: string }, name: { type: string } } } } }`,
    '/list.yaml': `Pets: { type: array, items: { $ref: "api.yaml#/components/schemas/Pet" } }`
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/api.yaml` })
  const { resources } = await proposalOf(connector)
  assert.deepEqual(
    resources.map(({ query }) => query?.path),
    ['/pets']
  )
})

for (const { name, body, code, says } of [
  {
    name: 'without a Schema URL',
    body: { configurationValues: [] },
    code: 'CONFIG_REQUIRED',
    says: /Schema URL/
  },
  {
    name: 'with a pattern that cannot be read',
    body: { only: ['/pets', 'tag:(x'] },
    code: 'BODY_INVALID',
    says: /\/only\/1/
  },
  {
    name: 'with patterns that are no texts',
    body: { exclude: [7] },
    code: 'BODY_INVALID',
    says: /\/exclude/
  }
]) {
  test(`POST /overlay ${name} is refused`, async t => {
    const connector = await startConnector(t, { 'Schema URL': 'sample:no-markup' })
    const answer = await connector.send('POST', '/overlay', body)
    assert.deepEqual(refusal(answer), [code, 400])
    assert.match(problem(answer).message, says)
  })
}
