import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { denialOf, headerOf, loginOf, loginUrlOf, TENANT } from '../support/login.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { REDIRECT_URI } from '../support/start-provider.ts'
import { assertInstalls } from './assert-installs.ts'
import { assertWindow } from './assert-windows.ts'
import { BOX, fakeBox } from './fake-box.ts'
import { startFakeApi } from './start-fake-api.ts'

async function start(t: TestContext, values: { readonly [name: string]: string } = {}) {
  const api = await startFakeApi(t, fakeBox)
  const configuration = { 'Schema URL': api.documentUrl, 'Bearer Token': BOX.token, ...values }
  return { api, connector: await startConnector(t, configuration) }
}

test('M18 Box installs items, folders, files and users', async t => {
  const { connector } = await start(t)
  await assertInstalls(connector, [
    'Item',
    'Folder',
    'Folder:path_collection:entries',
    'File',
    'File:tags',
    'User'
  ])
})

test('M18 every window of what is in a folder is that of Box, by offset', async t => {
  const { api, connector } = await start(t)
  const all = Array.from(
    { length: 130 },
    (_, i) => `Contract ${String(i + 1).padStart(3, '0')}.pdf`
  )
  const where = [condition('folder', '100')]
  for (const [limit, offset] of [
    [10, 0],
    [60, 45],
    [30, 100],
    [29, 100],
    [10, 129],
    [10, 130],
    [10, 500]
  ] as const) {
    await assertWindow(connector, 'Item', all, { where, limit, offset }, 'name')
  }
  api.takeCalls()
  const root = found(await connector.load('Item', { limit: 5 }))
  assert.deepEqual(
    root.map(({ type, name, folder }) => [type, name, folder]),
    [
      ['folder', 'Archive', null],
      ['folder', 'Contracts', null]
    ]
  )
  assert.deepEqual(api.takeCalls(), [
    'GET /2.0/folders/0/items?fields=name,size,modified_at&offset=0&limit=6 -> 200'
  ])
})

test('D10 Box sorts folders first, so an order is made here', async t => {
  const { connector } = await start(t)
  const objects = found(
    await connector.load('Item', {
      where: [condition('folder', '100'), condition('size', '3000', 'LESS_THAN_OR_EQUAL')],
      orderBy: [{ columnName: 'size', direction: 'ASC' }],
      limit: 5
    })
  )
  assert.deepEqual(
    objects.map(({ size }) => size),
    ['1000', '2000', '3000']
  )
})

test('D12 D13 files are searched, narrowed to a folder and ordered by Box, over pages of 200', async t => {
  const { api, connector } = await start(t)
  const filter = {
    search: 'Contract',
    where: [condition('within', '100')],
    orderBy: [{ columnName: 'modified_at', direction: 'ASC' }]
  }
  const answer = data(await connector.load('File', { ...filter, limit: 40, offset: 100 }))
  assert.equal(answer.objectData.length, 30)
  assert.equal(answer.hasMoreResults, false)
  const [call = ''] = api.takeCalls()
  const { searchParams } = new URL(call.split(' ')[1] ?? '', 'http://x')
  assert.deepEqual(
    ['query', 'type', 'ancestor_folder_ids', 'sort', 'direction'].map(name =>
      searchParams.get(name)
    ),
    ['Contract', 'file', '100', 'modified_at', 'ASC']
  )
  const refused = problem(await connector.load('File'))
  assert.match(refused.message, /^Missing required parameter 'query'/)
})

test('M18 a file has its folder, its tags and its dates, and an unknown one is not found', async t => {
  const { connector } = await start(t)
  const [file] = found(await connector.load('File', { id: '12001' }))
  assert.deepEqual(
    [file?.etag, file?.modified_at, file?.tags],
    ['3', '2024-05-02T10:00:00-08:00', []]
  )
  const [parent] = Array.isArray(file?.parent) ? file.parent : []
  assert.deepEqual([parent?.id, parent?.name], ['100', 'Contracts'])
  assert.deepEqual(found(await connector.load('File', { id: '1' })), [])
})

test('S8 a file is uploaded to the server for uploads, its attributes before its bytes', async t => {
  const { api, connector } = await start(t)
  const content = Buffer.from('%PDF-1.7 ünïcode').toString('base64')
  const draft = { name: 'New.pdf', parent: [flowObject(null, { id: '101' })], content }
  const [made] = found(await connector.save('File', flowObject(null, draft)))
  assert.equal(made?.externalId, '12131')
  assert.match(api.takeCalls()[0] ?? '', /^POST \/api\/2\.0\/files\/content --/)
  const row = api.store.prepare('SELECT name, parent, content FROM items WHERE id = 12131').get()
  assert.deepEqual({ ...row }, { name: 'New.pdf', parent: 101, content: '%PDF-1.7 ünïcode' })
  const [loaded] = found(await connector.load('File', { id: '12131' }))
  assert.equal(loaded?.name, 'New.pdf')
  const taken = problem(await connector.save('File', flowObject(null, draft)))
  assert.equal(taken.statusCode, 409)
  assert.match(taken.message, /^Item with the same name already exists/)
})

test('C30 an update of a file sends what changed with the version that was loaded, and keeps the rest', async t => {
  const { api, connector } = await start(t)
  data(
    await connector.save(
      'File',
      flowObject('12001', { tags: [flowObject(null, { Value: 'signed' })] })
    )
  )
  const [loaded] = data(await connector.load('File', { id: '12001' })).objectData
  const name = { developerName: 'name', contentValue: 'Final.pdf', objectData: null }
  const rest = loaded?.properties.filter(({ developerName }) => developerName !== 'name') ?? []
  api.takeCalls()
  const [saved] = found(await connector.save('File', { ...loaded, properties: [name, ...rest] }))
  assert.deepEqual([saved?.name, saved?.etag], ['Final.pdf', '5'])
  const [file] = found(await connector.load('File', { id: '12001' }))
  const tags = Array.isArray(file?.tags) ? file.tags.map(({ Value }) => Value) : []
  assert.deepEqual([file?.name, tags], ['Final.pdf', ['signed']])
})

test('M18 a file that somebody else has changed is not overwritten or deleted', async t => {
  const { api, connector } = await start(t)
  const [seen] = data(await connector.load('File', { id: '12001' })).objectData
  assert.ok(seen !== undefined)
  api.store.exec("UPDATE items SET etag = 4, name = 'Theirs.pdf' WHERE id = 12001")
  assert.deepEqual(refusal(await connector.save('File', seen)), ['OBJECT_CHANGED', 412])
  assert.deepEqual(refusal(await connector.remove('File', seen)), ['OBJECT_CHANGED', 412])
  const [now] = found(await connector.load('File', { id: '12001' }))
  assert.equal(now?.name, 'Theirs.pdf')
  data(await connector.remove('File', flowObject('12001', { etag: '4' })))
  assert.deepEqual(found(await connector.load('File', { id: '12001' })), [])
})

test('M18 a folder is created, moved and deleted, unless it is not empty', async t => {
  const { api, connector } = await start(t)
  const draft = { name: 'Drafts', parent: [flowObject(null, { id: '0' })] }
  const [made] = found(await connector.save('Folder', flowObject(null, draft)))
  const id = String(made?.externalId)
  const parent = [flowObject('101', { id: '101' })]
  data(await connector.save('Folder', flowObject(id, { parent })))
  const [loaded] = found(await connector.load('Folder', { id }))
  const [above] = Array.isArray(loaded?.parent) ? loaded.parent : []
  assert.deepEqual([loaded?.name, above?.name], ['Drafts', 'Archive'])
  const calls = api.takeCalls().map(call => call.replace(/\?\S+/, ''))
  assert.deepEqual(calls.slice(0, 2), [
    'POST /2.0/folders {"name":"Drafts","parent":{"id":"0"}} -> 201',
    `PUT /2.0/folders/${id} {"parent":{"id":"101"}} -> 200`
  ])
  const full = problem(await connector.remove('Folder', flowObject('101')))
  assert.match(full.message, /^Cannot delete - folder not empty/)
  data(await connector.remove('Folder', flowObject(id)))
  assert.deepEqual(found(await connector.load('Folder', { id })), [])
})

test('D12 users are searched by the beginning of their name', async t => {
  const { api, connector } = await start(t)
  const people = found(await connector.load('User', { search: 'ben', limit: 10 }))
  assert.deepEqual(
    people.map(({ login }) => login),
    ['ben@example.com']
  )
  assert.match(api.takeCalls()[0] ?? '', /filter_term=ben/)
})

test('M18 a token that Box does not know is a 401 with the reason of its header', async t => {
  const { connector } = await start(t, { 'Bearer Token': 'wrong' })
  const refused = problem(await connector.load('User'))
  assert.equal(refused.statusCode, 401)
  assert.match(refused.message, /The access token provided is invalid/)
})

test('P13 a 429 of Box is waited for, and a 503 is repeated for reads and not for a new folder', async t => {
  const { api, connector } = await start(t)
  const body = {
    type: 'error',
    status: 429,
    code: 'rate_limit_exceeded',
    message: 'Request rate limit exceeded, please try again later'
  }
  api.refuseNext({ status: 429, headers: { 'retry-after': '1' }, body })
  assert.equal(found(await connector.load('User')).length, 2)
  const failure = {
    status: 503,
    body: { type: 'error', status: 503, code: 'unavailable', message: 'Unavailable' }
  }
  api.refuseNext(failure)
  assert.equal(found(await connector.load('User')).length, 2)
  api.refuseNext(failure)
  const draft = flowObject(null, { name: 'Once', parent: [flowObject(null, { id: '0' })] })
  assert.deepEqual(refusal(await connector.save('Folder', draft)), ['API_ERROR', 503])
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['429', '200', '503', '200', '503']
  )
})

test('M18 a flow user logs in at Box, and the token is sent to both of its servers', async t => {
  const { api, connector } = await start(t, {
    'OAuth2/OIDC: Client Id': BOX.client.id,
    'OAuth2/OIDC: Client Secret': BOX.client.secret,
    'Bearer Token': 'not-this-one'
  })
  assert.equal(new URL(await loginUrlOf(connector)).pathname, '/api/oauth2/authorize')
  const body = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const logIn = (code: string) => connector.send('POST', '/authentication', { ...body, code })
  denialOf(await logIn('used-code'))
  const login = loginOf(await logIn(BOX.code))
  assert.deepEqual(
    [login.status, login.userId, login.email],
    ['AUTHENTICATED', '11446498', 'mia@example.com']
  )
  api.takeCalls()
  const asUser = connector.as({ headers: headerOf(login) })
  const content = Buffer.from('x').toString('base64')
  const draft = { name: 'Mine.txt', parent: [flowObject(null, { id: '0' })], content }
  const [made] = found(await asUser.save('File', flowObject(null, draft)))
  assert.equal(made?.name, 'Mine.txt')
  assert.equal(found(await asUser.load('User')).length, 2)
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['201', '200']
  )
})
