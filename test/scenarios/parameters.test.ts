import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  flowObject,
  found,
  problem,
  refusal,
  startConnector,
  userHeader
} from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Parameters, version: '1' }
servers: [{ url: /v1 }]
paths:
  /places/{country}/rooms:
    get:
      parameters:
        - { name: country, in: path, required: true, schema: { type: string, enum: ['NO', GB] } }
        - { name: since, in: query, schema: { type: string } }
        - { name: view, in: query, schema: { type: string, default: compact } }
        - { name: page_size, in: query, required: true, schema: { type: integer, default: 50 } }
        - { name: floors, in: query, schema: { type: array, items: { type: integer } } }
        - { name: kind, in: query, schema: { type: string, enum: [small, large] } }
        - { name: X-Client, in: header, schema: { type: string } }
        - { name: session, in: cookie, schema: { type: string } }
      responses: { '200': { $ref: '#/components/responses/Rooms' } }
  /users/{user}/rooms:
    get:
      parameters:
        - { name: user, in: path, required: true, schema: { type: string } }
        - { name: tenant, in: query, required: true, schema: { type: string } }
      responses: { '200': { $ref: '#/components/responses/Rooms' } }
  /rooms/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: One } } }
    delete:
      requestBody: { content: { application/json: { schema: { type: object, properties: { why: { type: string } } } } } }
      responses: { '204': { description: Gone } }
  /booths/{id}: { delete: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { '204': { description: Gone } } } }
  /booths: { get: { responses: { '200': { $ref: '#/components/responses/Rooms' } } } }
components:
  responses:
    Rooms:
      description: Some
      content: { application/json: { schema: { type: array, items: { type: object } } } }
  schemas:
    Room:
      type: object
      properties:
        id: { type: string }
        country: { type: string }
        kind: { type: string }
        floor: { type: integer }
        since: { type: string, format: date }
      x-flow-type: { name: Room, customProperties: { why: string } }
      x-flow-query:
        path: /places/{country}/rooms
        parameters:
          country: { from: country, default: GB }
          since: { from: $Var.SINCE, default: '2020-01-01' }
          api-version: { default: 3 }
          beta: { default: true }
          session: { default: 'a b;c' }
          where:
            kind: kind
            floor: { EQUAL: { parameter: floors, any: true } }
        headers:
          x-client: { default: flow }
          X-Trace: $User.Email
      x-flow-delete: { path: '/rooms/{id}', operation: delete, parameters: { id: externalId } }
    Own:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Own Room }
      x-flow-query:
        path: /users/{user}/rooms
        parameters: { user: $uSeR.USERid, tenant: $Var.TENANT }
    Booth:
      type: object
      properties: { id: { type: string }, size: { type: string } }
      x-flow-type: { name: Booth }
      x-flow-query: { path: /booths }
      x-flow-delete: { path: '/booths/{id}', operation: DELETE, parameters: { id: externalId } }
`

const DEFAULTS = 'since=2020-01-01&view=compact&page_size=50&api-version=3&beta=true'

test('C15 C16 C18 C19 constants, static headers and the defaults of the document are sent', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] })
  await connector.load('Room')
  assert.deepEqual(api.takeCalls(), [`GET /v1/places/GB/rooms?${DEFAULTS}`])
  const headers = api.calls[0]?.headers ?? {}
  assert.equal(headers['x-client'], 'flow')
  assert.equal(headers['x-trace'], undefined)
})

test('D05 D06 path, query, header and cookie parameters go to their places, encoded for them', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const ana = connector.as({ headers: userHeader({ UserId: 'u', Email: 'ana@acme.example' }) })
  api.answer({ json: [] })
  await ana.load('Room', { where: [condition('country', 'NO'), condition('kind', 'large')] })
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/places/NO/rooms?since=2020-01-01&view=compact&page_size=50&kind=large&api-version=3&beta=true'
  ])
  assert.equal(api.calls[0]?.headers.cookie, 'session=a%20b%3Bc')
  assert.equal(api.calls[0]?.headers['x-trace'], 'ana@acme.example')
})

test('D07 several values of an array parameter are written in its style', async t => {
  const api = await startApi(t, DOCUMENT)
  const styled = (style: string) =>
    DOCUMENT.replace('{ name: floors, in: query,', `{ name: floors, in: query, ${style},`)
  for (const [style, query] of [
    ['description: default', 'floors=1&floors=2'],
    ['explode: false', 'floors=1,2'],
    ['style: pipeDelimited', 'floors=1%7C2'],
    ['style: spaceDelimited', 'floors=1%202']
  ] as const) {
    api.publish(styled(style))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    api.answer({ json: [] })
    const where = [condition('floor', '1'), condition('floor', '2')]
    await connector.load('Room', { comparisonType: 'OR', where })
    assert.ok(api.takeCalls()[0]?.includes(`&${query}&`), style)
  }
})

test('C13 the fields of the user are known in any letter case, out of the user header', async t => {
  const api = await startApi(t, DOCUMENT)
  const fields = {
    UserID: 'UserId',
    Email: 'Email',
    FirstName: 'FirstName',
    LastName: 'LastName',
    DirectoryId: 'DirectoryId',
    DirectoryName: 'DirectoryName',
    PrimaryGroupId: 'PrimaryGroupId',
    PrimaryGroupName: 'PrimaryGroupName',
    RoleId: 'RoleId',
    RoleName: 'RoleName'
  }
  const headers = userHeader(
    Object.fromEntries(Object.values(fields).map(key => [key, `the ${key}+1`]))
  )
  for (const [word, key] of Object.entries(fields)) {
    const spelled = word.replace(/./g, (letter, at: number) =>
      at % 2 ? letter.toUpperCase() : letter.toLowerCase()
    )
    api.publish(DOCUMENT.replace('$uSeR.USERid', `$USER.${spelled}`))
    const configuration = { 'Schema URL': `${api.documentUrl}?${word}`, Variables: 'TENANT=a' }
    const connector = await startConnector(t, configuration)
    api.answer({ json: [] })
    await connector.as({ headers }).load('Own Room')
    const text = encodeURIComponent(`the ${key}+1`)
    assert.deepEqual(api.takeCalls(), [`GET /v1/users/${text}/rooms?tenant=a`])
  }
})

test('D08 a required parameter that nothing fills is named, with what fills it, and no call is made', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const nobody = problem(await connector.load('Own Room'))
  assert.deepEqual([nobody.code, nobody.statusCode], ['PARAMETER_REQUIRED', 400])
  assert.ok(nobody.message.includes('"user" of GET /users/{user}/rooms'), nobody.message)
  assert.ok(nobody.remedy.includes("the flow user's UserID"), nobody.remedy)

  const ana = connector.as({ headers: userHeader({ UserId: 'ana' }) })
  const unset = problem(await ana.load('Own Room'))
  assert.equal(unset.code, 'PARAMETER_REQUIRED')
  assert.ok(unset.message.includes('"tenant"'), unset.message)
  assert.ok(unset.remedy.includes('"TENANT" in configuration value "Variables"'), unset.remedy)
  const publicUser = connector.as({ headers: userHeader({ UserId: 'PUBLIC_USER' }) })
  assert.deepEqual(refusal(await publicUser.load('Own Room')), ['PARAMETER_REQUIRED', 400])
  assert.deepEqual(api.calls, [])
})

test('C14 $Var takes a value from Variables, {from, default} its constant without one', async t => {
  const api = await startApi(t, DOCUMENT)
  const url = { 'Schema URL': api.documentUrl }
  const connector = await startConnector(t, url)
  const variables = { ...url, Variables: 'OTHER=1\r\n SINCE = 2021-05-06=x \n\n' }
  api.answer({ json: [] }, { json: [] })
  await connector.as({ configuration: variables }).load('Room')
  await connector.load('Room')
  assert.deepEqual(
    api.takeCalls().map(call => /since=([^&]*)/.exec(call)?.[1]),
    ['2021-05-06%3Dx', '2020-01-01']
  )
})

test('M16 a filter by a value that the parameter does not allow is evaluated here', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const rooms = [
    { id: 'r1', kind: 'huge' },
    { id: 'r2', kind: 'small' }
  ]
  api.answer({ json: rooms }, { json: [rooms[1]] })
  const huge = await connector.load('Room', { where: [condition('kind', 'huge')] })
  assert.deepEqual(
    found(huge).map(({ externalId }) => externalId),
    ['r1']
  )
  await connector.load('Room', { where: [condition('kind', 'SMALL')] })
  assert.deepEqual(
    api.takeCalls().map(call => /kind=([^&]*)/.exec(call)?.[1]),
    [undefined, 'small']
  )
})

test('C24 GET and DELETE carry a body only where the operation declares one', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 204 }, { status: 204 }, { json: [] })
  await connector.remove('Booth', flowObject('b1', { size: 'small' }))
  await connector.remove('Room', flowObject('r1', { why: 'full', kind: 'small' }))
  await connector.load('Booth')
  assert.deepEqual(api.takeCalls(), [
    'DELETE /v1/booths/b1',
    'DELETE /v1/rooms/r1 {}',
    'GET /v1/booths'
  ])
  const [bare, withBody, get] = api.calls.map(({ headers }) => headers['content-type'])
  assert.deepEqual([bare, withBody, get], [undefined, 'application/json', undefined])
})
