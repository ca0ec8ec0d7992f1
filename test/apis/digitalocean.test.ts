import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf, loginOf, loginUrlOf, TENANT } from '../support/login.ts'
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
import { DIGITALOCEAN, fakeDigitalOcean } from './fake-digitalocean.ts'
import { startFakeApi } from './start-fake-api.ts'

async function start(t: TestContext, values: { readonly [name: string]: string } = {}) {
  const api = await startFakeApi(t, fakeDigitalOcean)
  const configuration = {
    'Schema URL': api.documentUrl,
    'Bearer Token': DIGITALOCEAN.token,
    ...values
  }
  return { api, connector: await startConnector(t, configuration) }
}

test('M18 DigitalOcean installs Droplets, projects, domains and records', async t => {
  const { connector } = await start(t)
  await assertInstalls(connector, [
    'Droplet',
    'Droplet:region',
    'Droplet:tags',
    'Project',
    'Domain',
    'Domain record'
  ])
})

test('M18 every window over several pages of Droplets is that of DigitalOcean, by page number', async t => {
  const { api, connector } = await start(t)
  const all = Array.from({ length: 130 }, (_, i) => String(3164401 + i))
  for (const [limit, offset] of [
    [10, 0],
    [50, 0],
    [51, 0],
    [60, 45],
    [20, 110],
    [21, 110],
    [10, 129],
    [10, 130],
    [10, 300]
  ] as const) {
    await assertWindow(connector, 'Droplet', all, { limit, offset })
  }
  api.takeCalls()
  await connector.load('Droplet', { limit: 10, offset: 100 })
  assert.deepEqual(api.takeCalls(), ['GET /v2/droplets?per_page=50&page=3 -> 200'])
})

test('M18 DigitalOcean filters by tag, and everything else is evaluated here', async t => {
  const { api, connector } = await start(t)
  const where = [condition('tag', 'staging')]
  const tagged = data(await connector.load('Droplet', { where, limit: 10, offset: 10 }))
  assert.equal(tagged.objectData.length, 3)
  assert.equal(tagged.hasMoreResults, false)
  assert.ok(api.takeCalls().every(call => call.includes('tag_name=staging')))
  const named = found(
    await connector.load('Droplet', {
      where: [condition('name', 'web-12', 'STARTS_WITH'), condition('tag', 'web')],
      orderBy: [{ columnName: 'name', direction: 'DESC' }],
      limit: 3
    })
  )
  assert.deepEqual(
    named.map(({ name }) => name),
    ['web-129', 'web-128', 'web-127']
  )
  assert.deepEqual(
    api.takeCalls(),
    Array.from(
      { length: 3 },
      (_, i) => `GET /v2/droplets?per_page=50&page=${i + 1}&tag_name=web -> 200`
    )
  )
})

test('M18 a Droplet has nested objects and lists, and an unknown one is not found', async t => {
  const { connector } = await start(t)
  const [droplet] = found(await connector.load('Droplet', { id: '3164410' }))
  assert.ok(droplet !== undefined)
  const { region, tags, networks, created_at: created } = droplet
  assert.deepEqual(region, [{ externalId: 'nyc3', slug: 'nyc3', name: 'New York 3' }])
  assert.ok(Array.isArray(tags) && Array.isArray(networks))
  assert.deepEqual(
    tags.map(({ Value }) => Value),
    ['web', 'staging']
  )
  assert.match(JSON.stringify(networks), /203\.0\.113\.10/)
  assert.equal(created, '2024-03-04T09:12:00Z')
  assert.deepEqual(found(await connector.load('Droplet', { id: '1' })), [])
})

test('S9 a new Droplet is sent the slugs of its region, size and image, and its 202 has its id', async t => {
  const { api, connector } = await start(t)
  const [made] = found(
    await connector.save(
      'Droplet',
      flowObject(null, {
        name: 'db-01',
        region: [flowObject(null, { slug: 'ams3' })],
        size: [flowObject(null, { slug: 's-2vcpu-4gb' })],
        image: [flowObject(null, { slug: 'ubuntu-24-04-x64' })],
        tags: [flowObject(null, { Value: 'db' })]
      })
    )
  )
  assert.deepEqual(api.takeCalls(), [
    'POST /v2/droplets {"name":"db-01","region":"ams3","image":"ubuntu-24-04-x64","size":"s-2vcpu-4gb","tags":["db"]} -> 202'
  ])
  assert.equal(made?.externalId, '3164531')
  assert.equal(made?.status, 'new')
  const [loaded] = found(await connector.load('Droplet', { id: '3164531' }))
  assert.equal(loaded?.name, 'db-01')
  data(await connector.remove('Droplet', flowObject('3164531')))
  assert.deepEqual(found(await connector.load('Droplet', { id: '3164531' })), [])
})

test('M18 an update of a project sends only what has changed, and clears nothing else', async t => {
  const { api, connector } = await start(t)
  const id = '4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679'
  data(await connector.save('Project', flowObject(id, { environment: 'Staging' })))
  assert.deepEqual(api.takeCalls(), [`PATCH /v2/projects/${id} {"environment":"Staging"} -> 200`])
  const [project] = found(await connector.load('Project', { id }))
  assert.deepEqual(
    [project?.name, project?.description, project?.environment],
    ['web-shop', 'What customers see', 'Staging']
  )
  data(await connector.remove('Project', flowObject(id)))
  assert.deepEqual(found(await connector.load('Project')), [])
})

test('M15 a record is known by its domain and number, from the list to its removal', async t => {
  const { api, connector } = await start(t)
  const where = [condition('domain', 'example.com'), condition('type', 'MX')]
  const [listed] = found(await connector.load('Domain record', { where }))
  assert.deepEqual([listed?.domain, listed?.id], ['example.com', '28448431'])
  const id = String(listed?.externalId)
  const [loaded] = found(await connector.load('Domain record', { id }))
  assert.deepEqual([loaded?.domain, loaded?.priority], ['example.com', '10'])
  api.takeCalls()
  data(await connector.save('Domain record', flowObject(id, { priority: '20' })))
  data(await connector.remove('Domain record', flowObject(id)))
  assert.deepEqual(api.takeCalls(), [
    'PATCH /v2/domains/example.com/records/28448431 {"priority":20} -> 200',
    'DELETE /v2/domains/example.com/records/28448431 -> 204'
  ])
  const made = { domain: 'example.org', type: 'TXT', name: '@', data: 'v=spf1 -all' }
  const [saved] = found(await connector.save('Domain record', flowObject(null, made)))
  const [again] = found(await connector.load('Domain record', { id: String(saved?.externalId) }))
  assert.deepEqual([again?.domain, again?.data], ['example.org', 'v=spf1 -all'])
})

test('W11 what DigitalOcean refuses is a problem with its own words', async t => {
  const { connector } = await start(t)
  const draft = flowObject(null, { name: 'not a host' })
  const refused = await connector.save('Droplet', draft)
  assert.equal(problem(refused).statusCode, 422)
  assert.match(problem(refused).message, /Only valid hostname characters are allowed/)
  const taken = flowObject(null, { name: 'web-shop', purpose: 'Web Application' })
  assert.match(problem(await connector.save('Project', taken)).message, /name is already in use/)
})

test('M18 a token that DigitalOcean does not know is a 401 with its words', async t => {
  const { connector } = await start(t, { 'Bearer Token': 'dop_v1_wrong' })
  const refused = problem(await connector.load('Droplet'))
  assert.equal(refused.statusCode, 401)
  assert.match(refused.message, /Unable to authenticate you/)
})

test('P13 a 429 of DigitalOcean with retry-after is waited for, by reads and writes alike', async t => {
  const { api, connector } = await start(t)
  const limit = {
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': '1', 'ratelimit-remaining': '0' },
    body: { id: 'too_many_requests', message: 'API Rate limit exceeded.' }
  }
  api.refuseNext(limit)
  assert.equal(found(await connector.load('Domain')).length, 2)
  api.refuseNext(limit)
  const draft = { name: 'internal', purpose: 'Operational / Developer tooling' }
  const [made] = found(await connector.save('Project', flowObject(null, draft)))
  assert.equal(made?.name, 'internal')
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['429', '200', '429', '201']
  )
})

test('M18 a failure of DigitalOcean is repeated for a read and not for a create', async t => {
  const { api, connector } = await start(t)
  const failure = { status: 503, body: { id: 'server_error', message: 'Server Error' } }
  api.refuseNext(failure)
  assert.equal(found(await connector.load('Domain')).length, 2)
  api.refuseNext(failure)
  const draft = { name: 'internal', purpose: 'Web Application' }
  const refused = await connector.save('Project', flowObject(null, draft))
  assert.deepEqual(refusal(refused), ['API_ERROR', 503])
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['503', '200', '503']
  )
})

test('M18 a flow user logs in at DigitalOcean, and calls carry the token of the user', async t => {
  const { api, connector } = await start(t, {
    'OAuth2/OIDC: Client Id': DIGITALOCEAN.client.id,
    'OAuth2/OIDC: Client Secret': DIGITALOCEAN.client.secret
  })
  const loginUrl = new URL(await loginUrlOf(connector))
  assert.equal(loginUrl.pathname, '/v1/oauth/authorize')
  assert.equal(loginUrl.searchParams.get('scope'), 'read write')
  const body = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const login = loginOf(
    await connector.send('POST', '/authentication', { ...body, code: DIGITALOCEAN.code })
  )
  assert.equal(login.status, 'AUTHENTICATED')
  assert.equal(login.userId, 'b6fr89dbf6d9156cace5f3c78dc9851d957381ef')
  assert.equal(login.email, 'ops@example.com')
  const asUser = connector.as({ headers: headerOf(login) })
  assert.equal(found(await asUser.load('Domain')).length, 2)
  assert.deepEqual(
    api.takeCalls().map(call => call.split('?', 1)[0]?.split(' ', 2).join(' ')),
    ['POST /v1/oauth/token', 'GET /v2/account', 'GET /v2/domains']
  )
})
