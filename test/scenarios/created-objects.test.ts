import assert from 'node:assert/strict'
import test from 'node:test'

import { isGeneratedId, isSavedId } from '../../service/objects/external-id.ts'
import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { FlowAnswer } from '../support/start-connector.ts'
import { data, flowObject, found, problem, startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Library, version: '1' }
servers: [{ url: /api/v2 }]
paths:
  /members:
    get: { responses: { '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Member' } } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Member' } } } }
      responses: { '201': { description: Made } }
  /members/{memberNo}/:
    parameters: [{ name: memberNo, in: path, required: true, schema: { type: integer } }]
    get: { responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Member' } } } } } }
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Member' } } } }
      responses: { '204': { description: Changed } }
  /Loans:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Loan' } } } }
      responses: { '201': { description: Made } }
  "/Loans(branch='{branch}',number={number})":
    parameters:
      - { name: branch, in: path, required: true, schema: { type: string } }
      - { name: number, in: path, required: true, schema: { type: integer } }
    delete: { responses: { '204': { description: Gone } } }
  /notes:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '201': { description: Made } }
  /notes/{slug}:
    parameters: [{ name: slug, in: path, required: true, style: matrix, schema: { type: string } }]
    delete: { responses: { '204': { description: Gone } } }
components:
  schemas:
    Member:
      type: object
      x-flow-type: { name: Member }
      x-flow-query: { path: /members }
      x-flow-load: { path: '/members/{memberNo}/', parameters: { memberNo: id } }
      x-flow-save: { path: /members }
      x-flow-update: { path: '/members/{memberNo}/', operation: patch, parameters: { memberNo: externalId } }
      properties: { id: { type: integer, readOnly: true }, name: { type: string } }
    Loan:
      type: object
      x-flow-type: { name: Loan, id: [branch, number] }
      x-flow-save: { path: /Loans }
      x-flow-delete: { path: "/Loans(branch='{branch}',number={number})", parameters: { branch: id.branch, number: id.number } }
      properties: { branch: { type: string }, number: { type: integer }, title: { type: string } }
    Note:
      type: object
      x-flow-type: { name: Note, id: slug }
      x-flow-save: { path: /notes }
      x-flow-delete: { path: '/notes/{slug}', parameters: { slug: slug } }
      properties: { slug: { type: string }, text: { type: string } }
`

async function start(t: Parameters<typeof startApi>[0], configuration = {}) {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, ...configuration })
  const create = async (type: string, answer: ApiAnswer, values = {}): Promise<string> => {
    api.answer(answer)
    const [made] = data(await connector.save(type, flowObject(null, values))).objectData
    return made?.externalId ?? ''
  }
  return { api, connector, create }
}

function made(location: string, status = 201): ApiAnswer {
  return { status, headers: { location } }
}

test('W8 Location counts where its path is that of a load, update or delete below the server', async t => {
  const { api, create } = await start(t)
  for (const location of [
    '/api/v2/members/17',
    '/api/v2/members/17/?expand=all#top',
    'members/17',
    `${api.url}/api/v2/members/17`,
    'https://inside.example:8443/api/v2/members/17/',
    '/api/v2/members/17;jsessionid=8F0A.node1',
    '/api/v2/loans/../members/1%37'
  ]) {
    for (const status of [200, 201, 204]) {
      assert.equal(await create('Member', made(location, status)), '17', location)
    }
  }
  for (const location of [
    '/',
    '/api/v2',
    '/api/v2/members',
    '/api/v2/members/',
    '/api/v2/members//',
    '/members/17',
    '/api/v2/members/new',
    '/api/v2/members/17/photo',
    '/api/v2/members?id=17',
    '/api/v2/jobs/17',
    '/api/v2/members/%E0%A4%A',
    'http://[::1/api/v2/members/17',
    ''
  ]) {
    const id = await create('Member', made(location))
    assert.ok(isSavedId(id), `${location} gave ${id}`)
  }
})

test('W8 a Server URL of the configuration is the server that a Location is relative to', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'Server URL': `${api.url}/gateway`
  })
  api.answer(made('/gateway/members/17'), made('/api/v2/members/17'))
  const [first] = found(await connector.save('Member', flowObject(null, { name: 'Ida' })))
  const [second] = found(await connector.save('Member', flowObject(null, { name: 'Ida' })))
  assert.deepEqual([first?.externalId, first?.id], ['17', '17'])
  assert.deepEqual([isSavedId(String(second?.externalId)), second?.id], [true, null])
})

test('W8 a composite key is read from the whole path, its missing part from what was sent', async t => {
  const { api, connector } = await start(t)
  api.answer(made("/api/v2/Loans(branch='North',number=7)"), {}, made('/api/v2/Loans(5)'))
  const [loan] = data(await connector.save('Loan', flowObject(null, { title: 'a' }))).objectData
  const values = loan?.properties.map(({ contentValue }) => contentValue)
  assert.deepEqual(values, ['North', '7', 'a'])
  assert.equal((await connector.remove('Loan', loan ?? {})).status, 200)
  assert.deepEqual(api.takeCalls().slice(1), ["DELETE /api/v2/Loans(branch='North',number=7)"])
  const [lost] = data(await connector.save('Loan', flowObject(null, { title: 'b' }))).objectData
  assert.ok(isSavedId(lost?.externalId ?? ''))
})

test('W8 a key that was sent wins over Location; one that only the API sets does not', async t => {
  const { create } = await start(t)
  const key = await create('Note', made('/api/v2/notes/;slug=n-4711'), { slug: 'home', text: 'x' })
  assert.equal(key, 'home')
  assert.equal(await create('Note', made('/api/v2/notes/;slug=n-4711'), { text: 'x' }), 'n-4711')
  // The object is a copy of member 5; the body has no id.
  assert.equal(await create('Member', made('/api/v2/members/17'), { id: '5', name: 'Ida' }), '17')
  const loan = { branch: 'North', number: '7', title: 'a' }
  const composite = await create('Loan', made("/api/v2/Loans(branch='South',number=8)"), loan)
  assert.equal(Buffer.from(composite, 'base64url').toString(), '["North","7"]')
})

test('W8 an id in the answer wins over Location', async t => {
  const { create } = await start(t)
  const answer = { status: 201, headers: { location: '/api/v2/members/99' }, json: { id: 17 } }
  assert.equal(await create('Member', answer), '17')
})

test('W8 202 creates nothing yet: what was sent comes back without an id, and the log says so', async t => {
  const { connector, create } = await start(t)
  for (const json of [undefined, { id: 991, status: 'queued' }, [{ id: 991 }]]) {
    const answer = { status: 202, headers: { location: '/api/v2/members/991' }, json }
    assert.ok(isSavedId(await create('Member', answer, { name: 'Ida' })), JSON.stringify(json))
  }
  assert.equal(connector.log.filter(line => line.includes('has not created them yet')).length, 3)
  assert.equal(await create('Note', { status: 202 }, { slug: 'home' }), 'home')
})

test('W8 a create without an id cannot be saved again where the type has an update', async t => {
  const { api, connector, create } = await start(t)
  const id = await create('Member', { status: 201 }, { name: 'Ida' })
  assert.ok(isSavedId(id) && isGeneratedId(id))
  api.takeCalls()
  const again = problem(await connector.save('Member', flowObject(id, { name: 'Ida B.' })))
  assert.deepEqual([again.code, again.statusCode, api.takeCalls()], ['ID_UNTOLD', 400, []])
  // Next to others it is refused before anything is sent.
  const two = [flowObject(null, { name: 'Kim' }), flowObject(id, { name: 'Ida B.' })]
  assert.match(
    problem(await connector.save('Member', ...two)).message,
    /^object 1 of type "Member"/
  )
  assert.deepEqual(api.takeCalls(), [])
})

test('W8 without an update a save creates again; two that are equal have two ids', async t => {
  const { api, connector, create } = await start(t)
  const id = await create('Note', { status: 201 }, { text: 'x' })
  assert.ok(isSavedId(id))
  api.takeCalls()
  api.answer({ status: 201 }, { status: 201, json: {} }, { status: 201, json: {} })
  const [again] = found(await connector.save('Note', flowObject(id, { text: 'y' })))
  assert.equal(again?.externalId, id)
  assert.deepEqual(api.takeCalls(), ['POST /api/v2/notes {"text":"y"}'])
  const twins = await connector.save('Note', flowObject(null, {}), flowObject(null, {}))
  assert.equal(new Set(found(twins).map(({ externalId }) => externalId)).size, 2)
})

test('W8 an object of a list without ids is created by a save, and found again in the list', async t => {
  const { api, connector } = await start(t)
  api.answer({ json: [{ name: 'Ida' }] })
  const [loaded] = data(await connector.load('Member')).objectData
  assert.ok(!isSavedId(loaded?.externalId ?? ''))
  api.answer({ status: 201, json: { name: 'Ida' } }, { json: [{ name: 'Kim' }, { name: 'Ida' }] })
  const [saved] = data(await connector.save('Member', loaded ?? {})).objectData
  const id = saved?.externalId ?? ''
  assert.ok(isSavedId(id))
  const [again] = found(await connector.load('Member', { id }))
  assert.deepEqual(again, { externalId: id, id: null, name: 'Ida' })
})

test('W10 after a 303 the object is loaded from its address, with the credentials of the load', async t => {
  const { api, connector } = await start(t)
  api.answer(made('/api/v2/members/17/?view=full', 303), { json: { id: 17, name: 'IDA' } })
  assert.deepEqual(found(await connector.save('Member', flowObject(null, { name: 'Ida' }))), [
    { externalId: '17', id: '17', name: 'IDA' }
  ])
  assert.deepEqual(api.takeCalls(), [
    'POST /api/v2/members {"name":"Ida"}',
    'GET /api/v2/members/17/?view=full'
  ])
})

test('W10 a 303 is written whatever happens to its address', async t => {
  const { api, connector } = await start(t)
  for (const [answer, id] of [
    [{ status: 404, json: { message: 'not yet' } }, '17'],
    [{ status: 200, text: '<html>' }, '17'],
    [{ status: 303, headers: { location: 'https://elsewhere.example/' } }, '17'],
    [{ status: 204 }, '17']
  ] as const) {
    api.answer(made('/api/v2/members/17', 303), answer)
    const [saved] = found(await connector.save('Member', flowObject(null, { name: 'Ida' })))
    assert.deepEqual(saved, { externalId: id, id, name: 'Ida' }, JSON.stringify(answer))
    assert.equal(api.takeCalls().length, 2)
  }
  assert.equal(connector.log.filter(line => line.includes('address of a 303')).length, 3)
})

test('W10 the address of a 303 is not called where it is no object of the type, or another origin', async t => {
  const { api, connector } = await start(t)
  let reached = 0
  const other = await startUpstream(t, (_, response) => {
    reached++
    response.end('{"id":1}')
  })
  const save = (): Promise<FlowAnswer> =>
    connector.save('Member', flowObject(null, { name: 'Ida' }))
  api.answer(made(`${other}/api/v2/members/17`, 303))
  assert.equal(data(await save()).objectData[0]?.externalId, '17')
  for (const location of ['/api/v2/members', '/login', '/', 'unix:/x']) {
    api.answer(made(location, 303))
    assert.ok(isSavedId(data(await save()).objectData[0]?.externalId ?? ''))
  }
  api.answer({ status: 303 })
  assert.equal((await save()).status, 200)
  assert.deepEqual([reached, api.takeCalls().length], [0, 6])
})

test('W10 303 ends updates and deletes too; 302 of a save, and 303 of a load, to another origin are redirects', async t => {
  const { api, connector } = await start(t)
  const member = flowObject('17', { name: 'Ida' })
  api.answer(made('/api/v2/members/17', 303), { json: { id: 17, name: 'IDA' } })
  assert.deepEqual(found(await connector.save('Member', member)), [
    { externalId: '17', id: '17', name: 'IDA' }
  ])
  api.answer(made('/api/v2/members/18', 303), { json: { id: 18, name: 'other' } })
  assert.deepEqual(found(await connector.save('Member', member)), [
    { externalId: '17', id: '17', name: 'Ida' }
  ])
  api.answer(made('/api/v2/notes', 303))
  assert.equal((await connector.remove('Note', flowObject('home', { slug: 'home' }))).status, 200)
  for (const status of [300, 301, 302, 304, 307]) {
    api.answer(made('https://elsewhere.example/', status))
    assert.equal(problem(await connector.save('Member', member)).code, 'UPSTREAM_REDIRECT')
  }
  api.answer(made('https://elsewhere.example/', 303))
  assert.equal(problem(await connector.load('Member')).code, 'UPSTREAM_REDIRECT')
})
