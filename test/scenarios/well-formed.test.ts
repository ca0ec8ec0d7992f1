import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FlowAnswer } from '../support/start-connector.ts'
import { startApi } from '../support/start-api.ts'
import { condition, data, flowObject, refusal, startConnector } from '../support/start-connector.ts'

/** Texts that one part of a request or another cannot hold. */
const ODD = [
  '\ud800',
  'a\udfffb',
  '\udc00\ud800',
  'Ā',
  '漢字🔑é',
  '\0',
  'a\r\nx-more: 1',
  '\u2028\u0085\ufeff',
  '%',
  '%zz%ff',
  '..',
  '',
  '"\\',
  'x'.repeat(20_000)
]

/** Parameters that a property fills, by the name of the type. */
const PARAMETERS: { readonly [type: string]: readonly [name: string, parameter: string] } = {
  Query: ['v', '{name: v, in: query, schema: {type: string}}'],
  Reserved: ['v', '{name: v, in: query, allowReserved: true, schema: {type: string}}'],
  Deep: [
    'v',
    '{name: v, in: query, style: deepObject, schema: {type: object, additionalProperties: {type: string}}}'
  ],
  Header: ['X-V', '{name: X-V, in: header, schema: {type: string}}'],
  Odd: ['X-Ā', '{name: X-Ā, in: header, schema: {type: string}}'],
  Cookie: ['v', '{name: v, in: cookie, schema: {type: string}}'],
  Once: ['Idempotency-Key', '{name: Idempotency-Key, in: header, schema: {type: string}}'],
  Match: ['If-Match', '{name: If-Match, in: header, schema: {type: string}}']
}

/** Media types of bodies, by the name of the type. */
const BODIES: { readonly [type: string]: string } = {
  Json: 'application/json',
  Form: 'application/x-www-form-urlencoded',
  Multi: 'multipart/form-data'
}

/** Names of media types that no header can hold. */
const NO_MEDIA_TYPES = [
  '"application/vnd.Ā+json"',
  '"application/json; charset=漢"',
  '"application/json; x=\\r\\ny"',
  '"application/x\\0+json"',
  '"application/json; x=\\ud800"',
  '"multipart/form-data; boundary=é"'
]

function schemaOf(type: string, mappings: string): string {
  return `
    ${type}:
      type: object
      required: [id]
      properties: {id: {type: string}, name: {type: string}, labels: {type: object, additionalProperties: {type: string}}, file: {type: string, format: binary}}
      x-flow-type: {name: ${type}}${mappings}`
}

function pathsOf(type: string, mediaType: string, parameters: string, encoding = ''): string {
  const schema = `{$ref: '#/components/schemas/${type}'}`
  const answers = (body: string): string =>
    `responses: {'200': {description: ok, content: {application/json: {schema: ${body}}}}}`
  const body = `requestBody: {content: {${mediaType}: {schema: ${schema}${encoding}}}}, ${answers(schema)}`
  return `
  /${type}: {parameters: [${parameters}], get: {${answers(`{type: array, items: ${schema}}`)}}, post: {${body}}}
  /${type}/{id}: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], get: {${answers(schema)}}, put: {${body}}, delete: {responses: {'204': {description: gone}}}}`
}

function mappingsOf(type: string, parameters: string): string {
  const id = `path: '/${type}/{id}', parameters: {id: externalId}`
  return `
      x-flow-query: {path: /${type}, parameters: {${parameters}}}
      x-flow-load: {${id}}
      x-flow-save: {path: /${type}, parameters: {${parameters}}}
      x-flow-update: {${id}, method: put}
      x-flow-delete: {${id}}`
}

function document(paths: readonly string[], schemas: readonly string[]): string {
  return `openapi: 3.0.3
info: {title: Odd, version: '1'}
servers: [{url: /v1}]
paths:${paths.join('')}
components:
  schemas:${schemas.join('')}
`
}

const ENCODING =
  ', encoding: {name: {allowReserved: true}, labels: {style: deepObject, allowReserved: true}}'

const DOCUMENT = document(
  [
    ...Object.entries(PARAMETERS).map(([type, [, parameter]]) =>
      pathsOf(type, 'application/json', parameter)
    ),
    ...Object.entries(BODIES).map(([type, mediaType]) =>
      pathsOf(type, mediaType, '', type === 'Form' ? ENCODING : '')
    )
  ],
  [
    ...Object.entries(PARAMETERS).map(([type, [name]]) =>
      schemaOf(type, mappingsOf(type, `${name}: {from: ${type === 'Deep' ? 'labels' : 'name'}}`))
    ),
    ...Object.keys(BODIES).map(type => schemaOf(type, mappingsOf(type, '')))
  ]
)

/** A call is answered, or refused by a problem that says why. */
function assertNoFailure(answer: FlowAnswer, what: string): void {
  if (answer.status === 200) data(answer)
  else assert.notEqual(refusal(answer)[0], 'INTERNAL', what)
}

for (const type of [...Object.keys(PARAMETERS), ...Object.keys(BODIES)]) {
  test(`H18 no text that a flow or an API has makes a call of ${type} fail inside`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    for (const odd of ODD) {
      const what = JSON.stringify(odd).slice(0, 40)
      const stored = { id: odd, name: odd, labels: { [odd]: odd } }
      const headers = { etag: '"\xe9\xff"' }
      const label = flowObject(
        null,
        { Key: odd, Value: odd },
        { developerName: `${type}:labels:Entry` }
      )
      const changed = { name: odd, file: odd, labels: [label] }
      const calls = [
        [[stored], () => connector.load(type, { where: [condition('name', odd)], limit: 2 })],
        [[stored], () => connector.load(type, { search: odd, offsetToken: odd, limit: 2 })],
        [stored, () => connector.load(type, { id: odd })],
        [stored, () => connector.save(type, flowObject(null, changed))],
        [stored, () => connector.save(type, flowObject(odd, changed))],
        [stored, () => connector.remove(type, flowObject(odd))]
      ] as const
      for (const [json, call] of calls) {
        api.answer({ headers, json }, { headers, json })
        assertNoFailure(await call(), what)
      }
    }
  })
}

test('H18 a cursor that is not well-formed is sent well-formed, or refused', async t => {
  const list = (type: string, parameters: string): string => `
  /${type}: {get: {${parameters} responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/${type}'}}, next: {type: string}}}}}}}}}`
  const paged = (type: string, pagination: string): string =>
    schemaOf(type, `\n      x-flow-query: {path: /${type}, pagination: ${pagination}}`)
  const cursor = '{type: cursor, cursorField: next, cursorParam:'
  const api = await startApi(
    t,
    document(
      [
        list('Undeclared', ''),
        list('Declared', 'parameters: [{name: after, in: query, schema: {type: string}}],'),
        list('Head', 'parameters: [{name: X-After, in: header, schema: {type: string}}],'),
        list('Linked', '')
      ],
      [
        paged('Undeclared', `${cursor} "after Ā"}`),
        paged('Declared', `${cursor} after}`),
        paged('Head', `${cursor} X-After}`),
        paged('Linked', '{type: nextLink, nextField: next}')
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { data: [{ id: '1' }], next: 'a\ud800' } }, { json: { data: [{ id: '2' }] } })
  assert.equal(data(await connector.load('Undeclared', { limit: 9 })).objectData.length, 2)
  assert.equal(api.takeCalls()[1], 'GET /v1/Undeclared?after%20%C4%80=a%EF%BF%BD')
  for (const type of ['Undeclared', 'Declared', 'Head', 'Linked']) {
    for (const next of ODD) {
      api.answer(
        { json: { data: [{ id: '1' }], next } },
        { json: { data: [] } },
        { json: { data: [] } }
      )
      assertNoFailure(await connector.load(type, { limit: 9 }), `${type} ${JSON.stringify(next)}`)
      api.takeCalls()
    }
  }
})

test('H18 a body whose media type no header can hold is a problem before any call', async t => {
  for (const mediaType of NO_MEDIA_TYPES) {
    const api = await startApi(
      t,
      document([pathsOf('Thing', mediaType, '')], [schemaOf('Thing', mappingsOf('Thing', ''))])
    )
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    for (const id of [null, '7']) {
      const answer = await connector.save('Thing', flowObject(id, { name: 'a' }))
      assert.deepEqual(refusal(answer), ['BODY_UNSUPPORTED', 400], mediaType)
    }
    assert.deepEqual(api.calls, [])
    const { diagnostics } = await connector.preview()
    assert.ok(
      diagnostics.some(({ code }) => code === 'MEDIA_TYPE_UNSUPPORTED'),
      mediaType
    )
  }
})

test('H18 an access token that no header can hold is a problem', async t => {
  const security = `
  securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}}`
  for (const token of ['Ā', '\ud800', 'a\r\nb', 'a\0', '漢字']) {
    const text = document(
      [pathsOf('Thing', 'application/json', '')],
      [schemaOf('Thing', mappingsOf('Thing', ''))]
    )
    const api = await startApi(
      t,
      text
        .replace('paths:', 'security: [{o: []}]\npaths:')
        .replace('components:', `components:${security}`)
    )
    const client = { 'OAuth2/OIDC: Client Id': 'client', 'OAuth2/OIDC: Client Secret': 'secret' }
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl, ...client })
    api.answer({ json: { access_token: token, token_type: 'Bearer' } }, { json: [] })
    const answer = await connector.load('Thing')
    assert.notEqual(answer.status, 200)
    assertNoFailure(answer, JSON.stringify(token))
  }
})

test('H18 no configuration value fails inside', async t => {
  const api = await startApi(t, DOCUMENT)
  const { documentUrl } = api
  const connector = await startConnector(t, { 'Schema URL': documentUrl })
  const names = [
    'Schema Token',
    'Server URL',
    'Server Variables',
    'Variables',
    'Allowed Hosts',
    'Login'
  ]
  const secrets = ['API Key', 'Bearer Token', 'Basic: Username', 'OAuth2/OIDC: Client Id']
  for (const odd of ODD) {
    const given = [
      ...['#', '?', '/'].map(sign => ['Schema URL', `${documentUrl}${sign}${odd}`]),
      ...['http://', 'sample:', ''].map(start => ['Schema URL', `${start}${odd}`]),
      ...[...names, ...secrets].flatMap(name => [
        [name, odd],
        [name, `a=${odd}`]
      ])
    ]
    for (const [name = '', value = ''] of given) {
      const configuration = { 'Schema URL': documentUrl, [name]: value }
      api.answer({ json: [] })
      const answer = await connector.as({ configuration }).load('Query', { limit: 1 })
      assertNoFailure(answer, `${name} ${JSON.stringify(value).slice(0, 60)}`)
    }
  }
})
