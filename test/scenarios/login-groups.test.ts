import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf, loginOf, TENANT, verdictOf } from '../support/login.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

type Answers = { readonly [path: string]: (api: string, elsewhere: string) => unknown }

/** An API with OAuth 2.0 whose `/me` and further paths answer as a test says. */
async function setUp(t: TestContext, groups: string, answers: Answers) {
  const asked: string[] = []
  const foreign: string[] = []
  const elsewhere = await startUpstream(t, (request, response) => {
    foreign.push(request.headers.authorization ?? '')
    response.end('{"groups":["elsewhere"]}')
  })
  const api = await startUpstream(t, (request, response) => {
    const path = request.url ?? ''
    if (path === '/openapi.yaml') return void response.end(document)
    asked.push(`${path} ${request.headers.authorization ?? ''}`)
    const token = { access_token: 'at', token_type: 'Bearer' }
    const said = path === '/token' ? token : answers[path]?.(api, elsewhere)
    response.writeHead(said === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(said ?? {}))
  })
  const document = `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: '${api}'}]
paths: {}
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: {authorizationCode: {authorizationUrl: /authorize, tokenUrl: /token, scopes: {}}}
      x-flow-identity: {me: {userInfoUrl: /me, groups: '${groups}'}}
`
  const connector = await startConnector(t, {
    'Schema URL': `${api}/openapi.yaml`,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 's'
  })
  const logIn = () => connector.send('POST', '/authentication', { code: 'c', tenantId: TENANT })
  const line = (): string => connector.log.find(text => text.includes('groups of a user')) ?? ''
  return { asked, foreign, connector, logIn, line }
}

async function admits(
  connector: StartedConnector,
  login: { readonly [name: string]: string },
  group: string
): Promise<boolean> {
  const groups = [{ authenticationId: group, attribute: 'users' }]
  const rule = { globalAuthenticationType: 'SPECIFIED', users: [], groups }
  const asUser = connector.as({ headers: headerOf(login) })
  const verdict = await asUser.send('POST', '/authorization', { authorization: rule })
  return verdictOf(verdict).Status === '200'
}

test('I15 the rest of a list of groups is read from links at the same origin, page by page', async t => {
  const { asked, connector, logIn, line } = await setUp(t, 'memberships.items', {
    '/me': api => ({ id: 1, memberships: { items: ['a'], next: `${api}/me/groups?page=2` } }),
    '/me/groups?page=2': () => ({
      memberships: { items: [{ name: 'b' }], next: '/me/groups?page=3' }
    }),
    '/me/groups?page=3': () => ({ value: ['c'] })
  })
  const login = loginOf(await logIn())
  for (const group of ['a', 'b', 'c']) assert.ok(await admits(connector, login, group), group)
  assert.equal(await admits(connector, login, 'd'), false)
  assert.deepEqual(asked.slice(1), [
    '/me Bearer at',
    '/me/groups?page=2 Bearer at',
    '/me/groups?page=3 Bearer at'
  ])
  assert.equal(line(), '')
})

for (const [what, answers, said] of [
  ['at another origin', { '/me': (_, far) => ({ id: 1, groups: ['a'], next: far }) }, /origin/],
  ['nowhere', { '/me': () => ({ id: 1, groups: ['a'], has_more: true }) }, /no address/],
  [
    'at an address that fails',
    { '/me': () => ({ id: 1, groups: ['a'], next: '/gone' }) },
    /answered 404/
  ],
  [
    'at an address that leads to itself',
    {
      '/me': () => ({ id: 1, groups: ['a'], next: '/more' }),
      '/more': () => ({ groups: ['b'], next: '/more' })
    },
    /does not end/
  ],
  [
    'left to a source with a token of its own elsewhere',
    {
      '/me': (_, far) => ({
        id: 1,
        groups: ['a'],
        _claim_names: { groups: 's' },
        _claim_sources: { s: { endpoint: far, access_token: 'other' } }
      })
    },
    /origin/
  ]
] as const satisfies readonly (readonly [string, Answers, RegExp])[]) {
  test(`I15 a list of groups whose rest is ${what} counts as far as it goes, and the log says so`, async t => {
    const { foreign, connector, logIn, line } = await setUp(t, 'groups', answers)
    const login = loginOf(await logIn())
    assert.ok(await admits(connector, login, 'a'))
    assert.equal(await admits(connector, login, 'elsewhere'), false)
    assert.match(line(), said)
    assert.deepEqual(foreign, [])
  })
}

test('I15 a list of groups that never ends is given up', async t => {
  const pages = Array.from({ length: 40 }, (_, page): [string, Answers[string]] => [
    `/groups/${page}`,
    () => ({ groups: [`g${page}`], next: `/groups/${page + 1}` })
  ])
  const { asked, connector, logIn, line } = await setUp(t, 'groups', {
    '/me': () => ({ id: 1, groups: ['a'], next: '/groups/0' }),
    ...Object.fromEntries(pages)
  })
  const login = loginOf(await logIn())
  assert.ok(await admits(connector, login, 'g19'))
  assert.equal(asked.length, 22)
  assert.match(line(), /does not end/)
})

test('I15 a user in 3,000 groups is in the last one', async t => {
  const groups = Array.from({ length: 3_000 }, (_, index) => `group-${index}`)
  const { connector, logIn, line } = await setUp(t, 'groups', { '/me': () => ({ id: 1, groups }) })
  const login = loginOf(await logIn())
  assert.ok(await admits(connector, login, 'group-2999'))
  assert.equal(line(), '')
})
