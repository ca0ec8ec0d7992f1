import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'

/** One type for each operation, named after its `security`. */
const SECURITY = {
  Root: '',
  Query: '[{ inQuery: [] }]',
  Header: '[{ inHeader: [] }]',
  Cookie: '[{ inCookie: [] }]',
  Bearer: '[{ bearer: [] }]',
  Basic: '[{ basic: [] }]',
  None: '[]',
  Either: '[{ basic: [], inHeader: [] }, { bearer: [] }, {}]',
  Both: '[{ inQuery: [], inCookie: [], basic: [] }]',
  OAuth: '[{ oauth: [read] }]',
  Mutual: '[{ mutual: [] }, { inHeader: [] }]'
}

const DOCUMENT = `
openapi: 3.0.3
info: { title: Doors, version: '1' }
servers: [{ url: / }]
security: [{ inHeader: [] }]
paths:
${Object.entries(SECURITY)
  .map(
    ([name, security]) => `
  /${name}:
    get:
      ${security === '' ? '' : `security: ${security}`}
      responses:
        '200':
          description: Some
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  properties: { id: { type: string } }
                  x-flow-type: { name: ${name} }
                  x-flow-query: { path: /${name} }`
  )
  .join('')}
components:
  securitySchemes:
    inQuery: { type: apiKey, in: query, name: api key }
    inHeader: { type: apiKey, in: header, name: X-Api-Key }
    inCookie: { type: apiKey, in: cookie, name: sid }
    bearer: { type: http, scheme: Bearer }
    basic: { type: http, scheme: basic }
    oauth:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: https://login.example.com, scopes: { read: '' } } }
    mutual: { type: mutualTLS }
`

const ALL = {
  'API Key': 'k&1 =',
  'Bearer Token': 'b-1',
  'Basic: Username': 'ana',
  'Basic: Password': 'pä:ss',
  'Schema Token': 's-1'
}
const BASIC = `Basic ${Buffer.from('ana:pä:ss').toString('base64')}`

/** What an operation of the document is sent under some configuration. */
async function startDoors(t: test.TestContext) {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {})
  return async (type: string, configuration: { readonly [name: string]: string }) => {
    const values = { 'Schema URL': api.documentUrl, ...configuration }
    api.answer({ json: [{ id: '1' }] })
    const answer = await connector.as({ configuration: values }).load(type)
    assert.deepEqual(found(answer), [{ externalId: '1', id: '1' }])
    const call = api.calls.at(-1)
    const { authorization, cookie, 'x-api-key': key } = call?.headers ?? {}
    return { url: call?.url, key, authorization, cookie }
  }
}

const BARE = { key: undefined, authorization: undefined, cookie: undefined }

test('F01 F02 F03 an API key goes where its scheme says, under the name that the scheme gives', async t => {
  const sent = await startDoors(t)
  assert.deepEqual(await sent('Query', ALL), { ...BARE, url: '/Query?api%20key=k%261%20%3D' })
  assert.deepEqual(await sent('Header', ALL), { ...BARE, url: '/Header', key: 'k&1 =' })
  assert.deepEqual(await sent('Cookie', ALL), { ...BARE, url: '/Cookie', cookie: 'sid=k&1%20=' })
})

test('F04 F05 a key goes out only where security names it, of the root too, and only if configured', async t => {
  const sent = await startDoors(t)
  assert.deepEqual(await sent('Root', ALL), { ...BARE, url: '/Root', key: 'k&1 =' })
  assert.deepEqual(await sent('Bearer', { 'API Key': 'k' }), { ...BARE, url: '/Bearer' })
  assert.deepEqual(await sent('Root', { 'api key': ' ' }), { ...BARE, url: '/Root' })
  assert.deepEqual(await sent('Root', { 'api key': 'k' }), { ...BARE, url: '/Root', key: 'k' })
  const lines = { 'API Key': 'other=1\ninCookie = c2\ninHeader=h2' }
  assert.deepEqual(await sent('Root', lines), { ...BARE, url: '/Root', key: 'h2' })
  assert.deepEqual(await sent('Cookie', lines), { ...BARE, url: '/Cookie', cookie: 'sid=c2' })
  assert.deepEqual(await sent('Query', lines), { ...BARE, url: '/Query?api%20key=other%3D1' })
})

test('F12 F13 a static bearer token and a static basic login are sent', async t => {
  const sent = await startDoors(t)
  const bearer = { ...BARE, authorization: 'Bearer b-1' }
  assert.deepEqual(await sent('Bearer', ALL), { ...bearer, url: '/Bearer' })
  assert.deepEqual(await sent('OAuth', ALL), { ...bearer, url: '/OAuth' })
  assert.deepEqual(await sent('Basic', ALL), { ...BARE, url: '/Basic', authorization: BASIC })
})

test('F21 F22 security [] sends nothing; else the first alternative that can be met, all of it', async t => {
  const sent = await startDoors(t)
  assert.deepEqual(await sent('None', ALL), { ...BARE, url: '/None' })
  assert.deepEqual(await sent('Both', ALL), {
    url: '/Both?api%20key=k%261%20%3D',
    key: undefined,
    authorization: BASIC,
    cookie: 'sid=k&1%20='
  })
  const either = { ...BARE, url: '/Either' }
  assert.deepEqual(await sent('Either', ALL), { ...either, key: 'k&1 =', authorization: BASIC })
  const tokens = { 'API Key': 'k', 'Bearer Token': 'b' }
  assert.deepEqual(await sent('Either', tokens), { ...either, authorization: 'Bearer b' })
  assert.deepEqual(await sent('Either', {}), either)
  assert.deepEqual(await sent('Mutual', ALL), { ...BARE, url: '/Mutual', key: 'k&1 =' })
})

test('F22 where nothing can be met the call goes out without, and a 401 names the missing value', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [type, name] of [
    ['Header', 'API Key'],
    ['Bearer', 'Bearer Token'],
    ['Basic', 'Basic: Username']
  ] as const) {
    api.answer({ status: 401, json: { message: 'who are you?' } })
    const { code, statusCode, remedy } = problem(await connector.load(type))
    assert.deepEqual([code, statusCode], ['API_ERROR', 401])
    assert.ok(remedy.includes(`"${name}" is missing`), remedy)
  }
  assert.ok(api.calls.every(({ headers }) => headers.authorization === undefined))
})

test('A10 the Schema Token fetches the document, and never goes to the API', async t => {
  const api = await startApi(t, (request, response) => {
    const isKnown = request.headers.authorization === 'Bearer s-1'
    response.writeHead(isKnown ? 200 : 401).end(isKnown ? DOCUMENT : 'no')
  })
  const connector = await startConnector(t, {})
  const base = { 'Schema URL': api.documentUrl, 'API Key': 'k' }
  const configured = connector.as({ configuration: { ...base, 'Schema Token': 's-1' } })
  assert.ok((await configured.install()).typeElements.length > 0)
  for (const type of Object.keys(SECURITY)) {
    api.answer({ json: [] })
    await configured.load(type)
  }
  assert.equal(api.calls.length, Object.keys(SECURITY).length)
  assert.ok(!JSON.stringify(api.calls).includes('s-1'))
  assert.equal(api.fetches.length, 1)
  assert.equal(api.fetches[0]?.headers.authorization, 'Bearer s-1')
  assert.equal(api.fetches[0]?.headers['x-api-key'], undefined)

  const other = problem(await connector.as({ configuration: base }).load('None'))
  assert.deepEqual([other.code, other.statusCode], ['DOCUMENT_STATUS', 502])
  assert.ok(other.remedy.includes('Schema Token'), other.remedy)
})

test('K02 tenants of one service are served at once, each with its own document and credentials', async t => {
  const connector = await startConnector(t, {})
  const tenants = await Promise.all(
    ['one', 'two', 'three'].map(async key => {
      const api = await startApi(t, DOCUMENT)
      const configuration = { 'Schema URL': api.documentUrl, 'API Key': key }
      const headers = { manywhotenant: key }
      return { key, api, tenant: connector.as({ configuration, headers }) }
    })
  )
  for (const { key, api } of tenants) {
    api.answer(...Array.from({ length: 5 }, () => ({ json: [{ id: key }] })))
  }
  const answers = await Promise.all(
    tenants.flatMap(({ key, tenant }) =>
      Array.from({ length: 5 }, async () => [key, found(await tenant.load('Header'))] as const)
    )
  )
  for (const [key, objects] of answers) assert.deepEqual(objects, [{ externalId: key, id: key }])
  for (const { key, api } of tenants) {
    assert.deepEqual(
      api.calls.map(({ headers }) => headers['x-api-key']),
      [key, key, key, key, key]
    )
  }
})
