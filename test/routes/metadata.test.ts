import assert from 'node:assert/strict'
import test from 'node:test'

import { Value } from 'typebox/value'

import type {
  Caller,
  ConnectorDescription,
  ConnectorPreview
} from '../../service/operations/types.ts'
import {
  DescribeServiceResponse,
  InstallResponse,
  PreviewResponse
} from '../../service/protocol/schemas.ts'
import { describeTypes } from '../../service/protocol/describe.ts'
import { propertyRecord, typeRecord } from '../support/describe-records.ts'
import { assertDescriptionFitsPlatform } from '../support/fits-platform-schema.ts'
import { json, startApp } from '../support/start-app.ts'

const configurationValues: ConnectorDescription['configurationValues'] = [
  { name: 'Schema URL', content: 'ContentString', required: true, default: null },
  { name: 'API Key', content: 'ContentPassword', required: false, default: null }
]

/** Types appear once the Schema URL is configured. */
async function describe({ configuration }: Caller): Promise<ConnectorDescription> {
  const types =
    configuration['schema url'] === undefined
      ? []
      : [
          typeRecord('Person', [propertyRecord('Name')]),
          typeRecord(
            'Asset',
            [
              propertyRecord('ID'),
              propertyRecord('Keeper', {
                content: 'ContentObject',
                value: { form: 'object', type: 'Person' }
              })
            ],
            { mappings: { query: 'query:Asset' } }
          )
        ]
  return {
    configurationValues,
    types: Buffer.from(describeTypes(types)),
    diagnostics: [],
    providesIdentity: true
  }
}

const configured = {
  configurationValues: [
    { developerName: 'schema URL', contentValue: 'https://a.example/openapi.yaml', extra: 1 }
  ]
}

const unconfigured = [
  { name: 'an empty object', init: json('POST', {}) },
  { name: 'null values', init: json('POST', { configurationValues: null }) },
  { name: 'no values', init: json('POST', { configurationValues: [] }) },
  { name: 'an empty list', init: json('POST', []) },
  { name: 'no body', init: { method: 'POST' } },
  {
    name: 'no body of type JSON',
    init: { method: 'POST', headers: { 'content-type': 'application/json' } }
  },
  { name: 'GET', init: {} }
]
for (const { name, init } of unconfigured) {
  test(`J02 vector 1: describe with ${name} answers the configuration values`, async t => {
    const { url } = await startApp(t, { operations: { describe } })
    const response = await fetch(`${url}/metadata`, init)
    const answer = await response.json()
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    assert.ok(Value.Check(DescribeServiceResponse, answer))
    assertDescriptionFitsPlatform(JSON.parse(JSON.stringify(answer)))
    assert.deepEqual(
      answer.configurationValues.map(value => value.developerName),
      ['Schema URL', 'API Key']
    )
    assert.deepEqual(answer.install, { typeElements: [] })
  })
}

test('vector 2: describe and install give the same types, byte for byte, again and again', async t => {
  const { url } = await startApp(t, { operations: { describe } })
  const paths = ['/metadata', '/metadata', '/metadata/install', '/metadata/install']
  const texts = await Promise.all(
    paths.map(async path => (await fetch(url + path, json('POST', configured))).text())
  )
  const install: unknown = JSON.parse(texts[3] ?? '')
  assert.ok(Value.Check(InstallResponse, install))
  assertDescriptionFitsPlatform(JSON.parse(texts[3] ?? ''))
  const types = JSON.stringify(install.install)
  assert.equal(install.install.typeElements.length, 2)
  assert.ok(texts.every(text => text.includes(`"install":${types}`)))
  assert.equal(texts[0], texts[1])
  assert.equal(texts[2], texts[3])
})

test('J01 a preview answers types, mappings and diagnostics', async t => {
  const preview = async (caller: Caller): Promise<ConnectorPreview> => ({
    ...(await describe(caller)),
    mappings: [
      {
        key: 'query:Asset',
        type: 'Asset',
        verb: 'query',
        method: 'GET',
        path: '/assets',
        origin: { from: 'inferred', score: 0.8, reasons: ['it answers a list'] }
      }
    ]
  })
  const { url } = await startApp(t, { operations: { preview } })
  const response = await fetch(`${url}/preview`, json('POST', configured))
  const answer = await response.json()
  assert.equal(response.status, 200)
  assert.ok(Value.Check(PreviewResponse, answer))
  assert.equal(answer.types.length, 2)
  assert.equal(answer.mappings[0]?.origin.from, 'inferred')
})

test('J02 describe with a header that cannot be read still answers', async t => {
  const { url } = await startApp(t, { operations: { describe } })
  const headers = { authorization: 'UserId%3D%zz', accept: 'application/x-unknown' }
  assert.equal((await fetch(`${url}/metadata`, json('POST', {}, headers))).status, 200)
})
