import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkRules } from '../../service/parse/check-rules.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'

async function rulesOf(rest: string): Promise<string[] | undefined> {
  const text = `openapi: 3.2.0\ninfo: { title: t, version: '1' }\n${rest}`
  const rules = await checkRules(parseDocument(text, '', 'https://docs.example.com/openapi.yaml'))
  return rules?.map(({ message, pointer }) => `${pointer} ${message}`)
}

test('M6 what OpenAPI 3.2 adds is right', async () => {
  const broken = await rulesOf(`$self: https://docs.example.com/openapi.yaml
servers: [{ url: 'https://api.example.com', name: live }]
tags: [{ name: a, summary: A, kind: nav }, { name: b, parent: a }]
paths:
  /x:
    query:
      parameters:
        - { name: q, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object } } } }
        - { name: c, in: cookie, schema: { type: string }, style: cookie }
      responses:
        '200':
          summary: Some
          content:
            application/jsonl:
              itemSchema: { type: object }
              examples: { A: { dataValue: [{ id: 1 }], serializedValue: '{"id":1}' } }
            multipart/mixed: { schema: { type: array }, prefixEncoding: [{ contentType: text/plain }], itemEncoding: {} }
            application/json: { $ref: '#/components/mediaTypes/J' }
    additionalOperations: { COPY: { responses: { '204': {} } } }
components:
  mediaTypes: { J: { schema: { type: object } } }
  schemas:
    P: { oneOf: [{}], discriminator: { propertyName: kind, defaultMapping: P } }
  securitySchemes:
    o:
      type: oauth2
      deprecated: true
      oauth2MetadataUrl: https://id.example.com/.well-known/x
      flows: { deviceAuthorization: { deviceAuthorizationUrl: https://id.example.com/d, tokenUrl: https://id.example.com/t, scopes: {} } }
`)
  assert.deepEqual(broken, [])
})

test('M6 what no version has is a finding in OpenAPI 3.2', async () => {
  for (const [rest, at] of [
    ['paths: { /x: { get: { respones: {} } } }', '/paths/~1x/get'],
    ['paths: { /x: { get: { parameters: [{ name: a, in: body, schema: {} }] } } }', '/in'],
    ['paths: { /x: { additionalOperations: { GET: {} } } }', 'additionalOperations'],
    ['components: { mediaTypes: { "a b": {} } }', 'mediaTypes']
  ] as const) {
    const broken = await rulesOf(rest)
    assert.ok(
      broken?.some(line => line.includes(at)),
      `${rest}: ${broken?.join()}`
    )
  }
})
