import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import test from 'node:test'

import type { StartedConnector } from '../support/start-connector.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { headerOf, loginOf, loginUrlOf, TENANT } from '../support/login.ts'
import { REDIRECT_URI } from '../support/start-provider.ts'
import { assertWindows } from './assert-windows.ts'
import { GITHUB_CLIENT, GITHUB_CODE, GITHUB_TOKEN, startGitHub } from './fake-github.ts'
import type { FakeApi } from './start-fake-api.ts'

const HERE = [condition('owner', 'example-org'), condition('repo', 'tables')]
const ISSUES = '/repos/example-org/tables/issues'

async function start(t: TestContext): Promise<{ api: FakeApi; connector: StartedConnector }> {
  const api = await startGitHub(t)
  const values = { 'Schema URL': api.documentUrl, 'Bearer Token': GITHUB_TOKEN }
  return { api, connector: await startConnector(t, values) }
}

/** The external ids of the repository's issues, or of other objects of it. */
function idOf(part: number | string): string {
  return Buffer.from(JSON.stringify(['example-org', 'tables', String(part)])).toString('base64url')
}

async function numbers(connector: StartedConnector, filter: object): Promise<unknown[]> {
  return found(await connector.load('Issue', filter)).map(({ number }) => number)
}

test('M18 GitHub installs its types, and has nothing to tell but what was inferred', async t => {
  const { connector } = await start(t)
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements.map(({ developerName }) => developerName),
    [
      'FoundIssue',
      'Issue',
      'Issue:state values',
      'Issue:state_reason values',
      'Label',
      'Milestone',
      'User'
    ]
  )
  const { diagnostics } = await connector.preview()
  assert.deepEqual([...new Set(diagnostics.map(({ severity }) => severity))], ['info'])
})

test('E03 E08 E23 M18 windows of GitHub are those of its pages, the last of which has no next link', async t => {
  const { api, connector } = await start(t)
  const open = Array.from({ length: 70 }, (_, index) => 70 - index).filter(n => n % 3 !== 0)
  await assertWindows(connector, 'Issue', open.map(idOf), 20, { where: HERE })
  const insert = api.store.prepare('INSERT INTO objects (kind, id, members) VALUES (?, ?, ?)')
  for (let number = 71; number <= 300; number++) {
    const members = {
      id: number,
      number,
      state: 'open',
      title: 'More',
      created_at: '2023-01-01T00:00:00Z'
    }
    insert.run('issue', String(number), JSON.stringify(members))
  }
  const all = [...open, ...Array.from({ length: 230 }, (_, index) => 71 + index)]
  api.takeCalls()
  const loaded = found(await connector.load('Issue', { where: HERE })).map(o => o.externalId)
  assert.deepEqual(loaded.toSorted(), all.map(idOf).toSorted())
  assert.deepEqual(
    api.takeCalls(),
    [1, 2, 3].map(
      page =>
        `GET ${ISSUES}?state=open&sort=created&direction=desc&per_page=100&page=${page} -> 200`
    )
  )
})

test('D01 P11 M18 GitHub takes state, author and time; a state that it has no word for is compared over all', async t => {
  const { api, connector } = await start(t)
  const rows: readonly (readonly [where: object[], issues: string[], query: string])[] = [
    [[condition('state', 'closed')], ['69', '66'], 'state=closed'],
    [[condition('state', 'open', 'NOT_EQUAL')], ['69', '66'], 'state=all'],
    [[condition('user.login', 'noor-h')], ['67', '65'], 'state=open&creator=noor-h'],
    [
      [condition('updated_at', '2024-06-03T20:00:00Z', 'GREATER_THAN_OR_EQUAL')],
      ['70', '68'],
      'state=open&since=2024-06-03T20%3A00%3A00Z'
    ],
    [[condition('title', 'issue 6', 'STARTS_WITH')], ['68', '67'], 'state=open']
  ]
  for (const [where, expected, query] of rows) {
    assert.deepEqual(await numbers(connector, { where: [...HERE, ...where], limit: 2 }), expected)
    const rest = 'sort=created&direction=desc&per_page=100&page=1'
    assert.deepEqual(api.takeCalls(), [`GET ${ISSUES}?${query}&${rest} -> 200`])
  }
  assert.deepEqual(refusal(await connector.load('Issue')), ['PARAMETER_REQUIRED', 400])
})

test('D12 P12 M18 GitHub orders by the number of comments; by any other property it is ordered here', async t => {
  const { api, connector } = await start(t)
  for (const [columnName, direction, expected, sent] of [
    ['comments', 'ASC', ['25', '2', '50'], 'sort=comments&direction=asc'],
    ['created_at', 'ASC', ['1', '2', '4'], 'sort=created&direction=desc'],
    ['number', 'DESC', ['70', '68', '67'], 'sort=created&direction=desc']
  ] as const) {
    const filter = { where: HERE, limit: 3, orderBy: [{ columnName, direction }] }
    assert.deepEqual(await numbers(connector, filter), expected)
    const [call = ''] = api.takeCalls()
    assert.ok(call.includes(`?state=open&${sent}&`), call)
  }
})

test('D13 M18 a search of GitHub is its own endpoint, and says how many were found', async t => {
  const { api, connector } = await start(t)
  const search = 'repo:example-org/tables is:open issue'
  const answer = data(await connector.load('FoundIssue', { search, limit: 40, offset: 20 }))
  assert.deepEqual([answer.objectData.length, answer.hasMoreResults], [27, false])
  assert.match(api.takeCalls().join(), /^GET \/search\/issues\?q=repo%3Aexample-org%2Ftables/)
  assert.deepEqual(refusal(await connector.load('FoundIssue')), ['PARAMETER_REQUIRED', 400])
})

test('M15 C01 M18 an issue of GitHub is loaded by all parts of its id; an unknown one is nothing', async t => {
  const { api, connector } = await start(t)
  const [issue] = found(await connector.load('Issue', { id: idOf(70) }))
  assert.deepEqual(
    [issue?.id, issue?.number, issue?.owner, issue?.repo, issue?.created_at, issue?.closed_at],
    ['2411907070', '70', 'example-org', 'tables', '2024-06-03T22:00:00Z', null]
  )
  assert.equal(Object(issue?.user)[0].externalId, 'ada-marsh')
  assert.equal(Object(issue?.labels)[0].name, 'bug')
  assert.deepEqual(found(await connector.load('Issue', { id: idOf(700) })), [])
  assert.deepEqual(api.takeCalls(), [`GET ${ISSUES}/70 -> 200`, `GET ${ISSUES}/700 -> 404`])
})

test('S9 M15 M18 a new issue of GitHub takes labels by name, users by login and a milestone by number', async t => {
  const { api, connector } = await start(t)
  const [, label] = data(await connector.load('Label', { where: HERE })).objectData
  assert.equal(label?.externalId, idOf('good first issue'))
  api.takeCalls()
  const draft = flowObject(null, {
    owner: 'example-org',
    repo: 'tables',
    title: 'New',
    labels: [label, flowObject(null, { name: 'bug' })],
    assignees: [flowObject('tim')],
    milestone: [flowObject(null, { number: '3' })]
  })
  const [made] = found(await connector.save('Issue', draft))
  assert.deepEqual([made?.externalId, made?.owner], [idOf(71), 'example-org'])
  assert.deepEqual(api.takeCalls(), [
    `POST ${ISSUES} {"title":"New","assignees":["tim"],"labels":["good first issue","bug"],"milestone":3} -> 201`
  ])
  assert.deepEqual(found(await connector.load('Issue', { id: idOf(71) })), [made])
})

test('C04 S5 M15 M18 an update of GitHub sends what the flow has, and keeps the id and the repository', async t => {
  const { api, connector } = await start(t)
  const given = flowObject(idOf(70), { state: 'closed', state_reason: 'not_planned' })
  const [closed] = found(await connector.save('Issue', given))
  assert.deepEqual(
    [closed?.externalId, closed?.repo, closed?.state, closed?.title],
    [idOf(70), 'tables', 'closed', 'Issue 70']
  )
  const cleared = flowObject(idOf(70), { labels: [], milestone: [], body: '' })
  const [after] = found(await connector.save('Issue', cleared))
  assert.deepEqual([after?.labels, after?.state], [[], 'closed'])
  assert.deepEqual(api.takeCalls(), [
    `PATCH ${ISSUES}/70 {"state":"closed","state_reason":"not_planned"} -> 200`,
    `PATCH ${ISSUES}/70 {"body":null,"labels":[],"milestone":null} -> 200`
  ])
})

test('C05 M15 M18 a label of GitHub gets another name, and its new id, and is deleted', async t => {
  const { api, connector } = await start(t)
  const [renamed] = found(await connector.save('Label', flowObject(idOf('bug'), { name: 'fault' })))
  assert.deepEqual([renamed?.externalId, renamed?.owner], [idOf('fault'), 'example-org'])
  const draft = { owner: 'example-org', repo: 'tables', name: 'a/b ?', color: 'ffffff' }
  const [made] = found(await connector.save('Label', flowObject(null, draft)))
  assert.equal(made?.externalId, idOf('a/b ?'))
  for (let count = 0; count < 2; count++) {
    data(await connector.remove('Label', flowObject(idOf('a/b ?'))))
  }
  const labels = '/repos/example-org/tables/labels'
  assert.deepEqual(api.takeCalls(), [
    `PATCH ${labels}/bug {"new_name":"fault"} -> 200`,
    `POST ${labels} {"name":"a/b ?","color":"ffffff"} -> 201`,
    `DELETE ${labels}/a%2Fb%20%3F -> 204`,
    `DELETE ${labels}/a%2Fb%20%3F -> 404`
  ])
})

test('W11 M18 what GitHub refuses is told with the fields; a wrong token is refused', async t => {
  const { api, connector } = await start(t)
  const draft = { owner: 'example-org', repo: 'tables' }
  const untitled = problem(await connector.save('Issue', flowObject(null, { ...draft, body: 'x' })))
  assert.match(untitled.message, /^Validation Failed \(title: missing_field\)/)
  const twice = flowObject(null, { ...draft, name: 'bug' })
  const known = problem(await connector.save('Label', twice))
  assert.deepEqual([known.statusCode, known.code], [422, 'API_ERROR'])
  assert.match(known.message, /^Validation Failed \(name: already_exists\)/)
  const stranger = connector.as({
    configuration: { 'Schema URL': api.documentUrl, 'Bearer Token': 'ghp_wrongwrongwrong' }
  })
  const unknown = problem(await stranger.load('Issue', { where: HERE }))
  assert.equal(unknown.statusCode, 401)
  assert.match(unknown.message, /^Bad credentials/)
})

test('P13 M18 a secondary limit of GitHub is a 403 that is waited for, and a spent one stops calls', async t => {
  const { api, connector } = await start(t)
  const body = { message: 'You have exceeded a secondary rate limit.' }
  const later = { status: 403, headers: { 'retry-after': '0' }, body }
  api.refuseNext(later)
  assert.equal(found(await connector.load('Issue', { where: HERE, limit: 1 })).length, 1)
  api.refuseNext(later)
  data(await connector.save('Issue', flowObject(idOf(70), { title: 'Again' })))
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/ .* -> /, ' -> ')),
    ['GET -> 403', 'GET -> 200', 'PATCH -> 403', 'PATCH -> 200']
  )
  const spent = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 1800)
  }
  api.refuseNext({ status: 403, headers: spent, body: { message: 'API rate limit exceeded' } })
  const refused = problem(await connector.load('Issue', { id: idOf(70) }))
  assert.match(refused.message, /^API rate limit exceeded/)
  assert.deepEqual(refusal(await connector.load('Issue', { id: idOf(70) })), ['RATE_LIMITED', 429])
  assert.deepEqual(api.takeCalls(), [`GET ${ISSUES}/70 -> 403`])
})

test('F08 J15 M18 a user logs in with GitHub, and calls carry the token of the user', async t => {
  const { api, connector } = await start(t)
  const asApp = connector.as({
    configuration: {
      'Schema URL': api.documentUrl,
      'OAuth2/OIDC: Client Id': GITHUB_CLIENT.id,
      'OAuth2/OIDC: Client Secret': GITHUB_CLIENT.secret
    }
  })
  const address = new URL(await loginUrlOf(asApp))
  assert.equal(address.pathname, '/login/oauth/authorize')
  assert.equal(address.searchParams.get('scope'), 'repo')
  const request = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const code = { ...request, code: GITHUB_CODE }
  const login = loginOf(await asApp.send('POST', '/authentication', code))
  assert.deepEqual([login.userId, login.username], ['583231', 'ada-marsh'])
  const asUser = asApp.as({ headers: headerOf(login) })
  assert.deepEqual(await numbers(asUser, { id: idOf(7) }), ['7'])
  const again = loginOf(await asApp.send('POST', '/authentication', code))
  assert.equal(again.status, 'ACCESS_DENIED')
  assert.deepEqual(refusal(await asApp.load('Issue', { id: idOf(7) })), ['API_ERROR', 401])
})
