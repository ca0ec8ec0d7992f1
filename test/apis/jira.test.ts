import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf, loginOf, loginUrlOf, TENANT } from '../support/login.ts'
import type { Found } from '../support/start-connector.ts'
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
import { fakeJira, JIRA } from './fake-jira.ts'
import { startFakeApi } from './start-fake-api.ts'

const MIA = '5b10a2844c20165700ede21g'

async function start(t: TestContext, values: { readonly [name: string]: string } = {}) {
  const api = await startFakeApi(t, fakeJira)
  const configuration = {
    'Schema URL': api.documentUrl,
    'Basic: Username': JIRA.email,
    'Basic: Password': JIRA.apiToken,
    ...values
  }
  return { api, connector: await startConnector(t, configuration) }
}

/** The only object of a nested property. */
function inner(object: Found | undefined, name: string): Found {
  const value = object?.[name]
  assert.ok(Array.isArray(value) && value.length === 1, name)
  return value[0]
}

/** A text in the Atlassian Document Format, as JSON. */
function documentOf(text: string): string {
  const paragraph = { type: 'paragraph', content: [{ type: 'text', text }] }
  return JSON.stringify({ type: 'doc', version: 1, content: [paragraph] })
}

test('M18 Jira installs issues, comments, transitions, projects and users', async t => {
  const { connector } = await start(t)
  await assertInstalls(connector, [
    'Issue',
    'Issue:fields',
    'Issue:fields:status',
    'Comment',
    'Transition',
    'Project',
    'User'
  ])
})

test('P1 every window of a list of issues, which has tokens and no total, is that of Jira', async t => {
  const { api, connector } = await start(t)
  const all = Array.from({ length: 130 }, (_, i) => `WEB-${i + 1}`)
  for (const [limit, offset] of [
    [10, 0],
    [50, 45],
    [30, 100],
    [31, 100],
    [10, 129],
    [10, 130]
  ] as const) {
    await assertWindow(connector, 'Issue', all, { limit, offset }, 'key')
  }
  const { offsetToken } = data(await connector.load('Issue', { limit: 40 }))
  api.takeCalls()
  const second = data(await connector.load('Issue', { limit: 40, offset: 40, offsetToken }))
  assert.equal(second.objectData.length, 40)
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/.*(nextPageToken=).*/, '$1')),
    ['nextPageToken=']
  )
})

test('D01 a search in JQL is sent to Jira, and what it refuses is told in its words', async t => {
  const { api, connector } = await start(t)
  const jql = 'status = "In Progress" order by created desc'
  const objects = found(await connector.load('Issue', { where: [condition('jql', jql)], limit: 5 }))
  assert.deepEqual(
    objects.map(({ key }) => key),
    ['WEB-128', 'WEB-124', 'WEB-120', 'WEB-116', 'WEB-112']
  )
  const [call = ''] = api.takeCalls()
  assert.equal(new URL(call.split(' ')[1] ?? '', 'http://x').searchParams.get('jql'), jql)
  const unknown = await connector.load('Issue', { where: [condition('jql', 'colour = red')] })
  assert.match(problem(unknown).message, /^Field 'colour' does not exist/)
  const unbounded = await connector.load('Issue', { where: [condition('jql', 'order by key')] })
  assert.match(problem(unbounded).message, /^Unbounded JQL queries are not allowed here/)
})

test('D10 a condition and an order that JQL does not carry are evaluated here', async t => {
  const { connector } = await start(t)
  const objects = found(
    await connector.load('Issue', {
      where: [condition('key', 'WEB-11', 'STARTS_WITH'), condition('jql', 'project = WEB')],
      orderBy: [{ columnName: 'id', direction: 'DESC' }],
      limit: 3
    })
  )
  assert.deepEqual(
    objects.map(({ key }) => key),
    ['WEB-119', 'WEB-118', 'WEB-117']
  )
})

test('M18 an issue is loaded by number or key, with its people, lists and dates', async t => {
  const { connector } = await start(t)
  const [issue] = found(await connector.load('Issue', { id: 'WEB-7' }))
  assert.deepEqual([issue?.externalId, issue?.key], ['10007', 'WEB-7'])
  const fields = inner(issue, 'fields')
  assert.equal(fields.created, '2024-05-01T10:07:00.000+00:00')
  assert.equal(fields.duedate, '2024-05-26T00:00:00Z')
  assert.equal(inner(fields, 'status').name, 'To Do')
  const { externalId, displayName } = inner(fields, 'assignee')
  assert.deepEqual([externalId, displayName], [MIA, 'Mia Krystof'])
  assert.deepEqual(found(await connector.load('Issue', { id: 'WEB-9999' })), [])
})

test('W6 a new issue has the id and the key that Jira gave it', async t => {
  const { api, connector } = await start(t)
  const fields = flowObject(null, {
    summary: 'The printer is offline',
    description: documentOf('Since Monday.'),
    project: [flowObject(null, { key: 'WEB' })],
    issuetype: [flowObject(null, { id: '10001' })],
    assignee: [flowObject(MIA, { accountId: MIA, displayName: 'Mia Krystof' })],
    labels: [flowObject(null, { Value: 'office' }), flowObject(null, { Value: 'hardware' })],
    customfield_10016: '2.5',
    duedate: '2024-07-01T00:00:00Z'
  })
  const [made] = found(await connector.save('Issue', flowObject(null, { fields: [fields] })))
  assert.deepEqual([made?.externalId, made?.key], ['10131', 'WEB-131'])
  const [call = ''] = api.takeCalls()
  const [, sent = ''] = /^POST \/rest\/api\/3\/issue (.*) -> 201$/.exec(call) ?? []
  assert.deepEqual(JSON.parse(sent), {
    fields: {
      summary: 'The printer is offline',
      description: JSON.parse(documentOf('Since Monday.')),
      project: { key: 'WEB' },
      issuetype: { id: '10001' },
      assignee: { accountId: MIA },
      labels: ['office', 'hardware'],
      customfield_10016: 2.5,
      duedate: '2024-07-01'
    }
  })
  const [loaded] = found(await connector.load('Issue', { id: '10131' }))
  assert.equal(inner(loaded, 'fields').duedate, '2024-07-01T00:00:00Z')
})

test('S5 an issue that was loaded and is saved again keeps what the flow did not change', async t => {
  const { api, connector } = await start(t)
  const [loaded] = data(await connector.load('Issue', { id: 'WEB-10' })).objectData
  assert.ok(loaded !== undefined)
  const changed = structuredClone(loaded)
  const fields = changed.properties.find(({ developerName }) => developerName === 'fields')
  for (const property of fields?.objectData?.[0]?.properties ?? []) {
    if (property.developerName === 'summary') Object.assign(property, { contentValue: 'Changed' })
  }
  api.takeCalls()
  data(await connector.save('Issue', changed))
  const [call = '', ...others] = api.takeCalls()
  assert.match(call, /^PUT \/rest\/api\/3\/issue\/10010 .* -> 204$/)
  assert.deepEqual(others, [])
  const [again] = found(await connector.load('Issue', { id: 'WEB-10' }))
  const now = inner(again, 'fields')
  assert.equal(now.summary, 'Changed')
  assert.equal(inner(now, 'priority').name, 'Medium')
  assert.deepEqual(Array.isArray(now.labels) && now.labels.map(({ Value }) => Value), ['office'])
})

test('C30 an update with one field sends that field only, and a blank one clears', async t => {
  const { api, connector } = await start(t)
  const blank = flowObject(null, { duedate: null })
  data(await connector.save('Issue', flowObject('10007', { fields: [blank] })))
  const summary = flowObject(null, { summary: 'Shorter' })
  data(await connector.save('Issue', flowObject('10007', { fields: [summary] })))
  assert.deepEqual(api.takeCalls(), [
    'PUT /rest/api/3/issue/10007 {"fields":{"duedate":null}} -> 204',
    'PUT /rest/api/3/issue/10007 {"fields":{"summary":"Shorter"}} -> 204'
  ])
  const [issue] = found(await connector.load('Issue', { id: '10007' }))
  assert.deepEqual(
    [inner(issue, 'fields').summary, inner(issue, 'fields').duedate],
    ['Shorter', null]
  )
})

test('M18 an issue is deleted, and then it is not there', async t => {
  const { connector } = await start(t)
  data(await connector.remove('Issue', flowObject('10007')))
  assert.deepEqual(found(await connector.load('Issue', { id: '10007' })), [])
})

test('W11 the fields that Jira refuses are told with its words for each of them', async t => {
  const { connector } = await start(t)
  const fields = flowObject(null, { labels: [flowObject(null, { Value: 'two words' })] })
  const refused = problem(await connector.save('Issue', flowObject(null, { fields: [fields] })))
  assert.equal(refused.statusCode, 400)
  assert.match(refused.message, /project: Specify a valid project ID or key/)
  assert.match(refused.message, /summary: You must specify a summary of the issue/)
})

test('S11 saving a transition does it, and doing it twice is refused by Jira', async t => {
  const { api, connector } = await start(t)
  const where = [condition('issue', 'WEB-1')]
  const open = found(await connector.load('Transition', { where }))
  assert.deepEqual(
    open.map(({ name }) => name),
    ['Start work', 'Done']
  )
  const done = String(open[1]?.externalId)
  api.takeCalls()
  data(await connector.save('Transition', flowObject(done, { name: 'Done' })))
  assert.deepEqual(api.takeCalls(), [
    'POST /rest/api/3/issue/WEB-1/transitions {"transition":{"id":"31"}} -> 204'
  ])
  const [issue] = found(await connector.load('Issue', { id: 'WEB-1' }))
  assert.equal(inner(inner(issue, 'fields'), 'status').name, 'Done')
  const again = problem(await connector.save('Transition', flowObject(done, { name: 'Done' })))
  assert.match(again.message, /not valid for the current state/)
})

test('M15 comments are listed over pages and known by issue and number', async t => {
  const { api, connector } = await start(t)
  const where = [condition('issue', 'WEB-7')]
  const answer = data(await connector.load('Comment', { where, limit: 30, offset: 95 }))
  assert.equal(answer.objectData.length, 25)
  assert.equal(answer.hasMoreResults, false)
  const text = documentOf('A new cable is on its way.')
  const draft = flowObject(null, { issue: 'WEB-7', body: text })
  const [made] = found(await connector.save('Comment', draft))
  const id = String(made?.externalId)
  api.takeCalls()
  const [loaded] = found(await connector.load('Comment', { id }))
  assert.deepEqual(JSON.parse(String(loaded?.body)), JSON.parse(text))
  assert.equal(loaded?.issue, 'WEB-7')
  const other = documentOf('It is there.')
  data(await connector.save('Comment', flowObject(id, { body: other })))
  data(await connector.remove('Comment', flowObject(id)))
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/ \{.*\}/, '')),
    ['GET', 'PUT', 'DELETE'].map(
      method =>
        `${method} /rest/api/3/issue/WEB-7/comment/10621 -> ${method === 'DELETE' ? 204 : 200}`
    )
  )
  const plain = problem(
    await connector.save('Comment', flowObject(null, { issue: 'WEB-7', body: '"x"' }))
  )
  assert.match(plain.message, /Comment body is not valid!/)
})

test('D12 D13 projects are searched, ordered and filtered by Jira, and other orders are made here', async t => {
  const { api, connector } = await start(t)
  const keys = async (filter: object): Promise<unknown> =>
    found(await connector.load('Project', { limit: 10, ...filter })).map(({ key }) => key)
  const byName = [{ columnName: 'name', direction: 'DESC' }]
  assert.deepEqual(await keys({ search: 'e', orderBy: byName }), ['WEB', 'OPS', 'HELP'])
  assert.deepEqual(await keys({ where: [condition('projectTypeKey', 'business')] }), ['OPS'])
  assert.deepEqual(
    api.takeCalls().map(call => call.split('?')[1]),
    [
      'startAt=0&maxResults=11&orderBy=-name&query=e&expand=lead%2Cdescription -> 200',
      'startAt=0&maxResults=11&orderBy=key&typeKey=business&expand=lead%2Cdescription -> 200'
    ]
  )
  const byType = [{ columnName: 'projectTypeKey', direction: 'ASC' }]
  assert.deepEqual(await keys({ orderBy: byType }), ['OPS', 'HELP', 'WEB'])
})

test('S11 a project is created with the id of its lead, changed and deleted', async t => {
  const { api, connector } = await start(t)
  const lead = [flowObject(MIA, { accountId: MIA })]
  const draft = { key: 'EX', name: 'Example', projectTypeKey: 'software', lead }
  const [made] = found(await connector.save('Project', flowObject(null, draft)))
  assert.equal(made?.externalId, '10003')
  const id = String(made?.externalId)
  data(await connector.save('Project', flowObject(id, { description: 'For examples' })))
  const [loaded] = found(await connector.load('Project', { id }))
  assert.deepEqual([loaded?.name, loaded?.description], ['Example', 'For examples'])
  assert.equal(inner(loaded, 'lead').displayName, 'Mia Krystof')
  data(await connector.remove('Project', flowObject(id)))
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/ -> .*/, '')),
    [
      `POST /rest/api/3/project {"key":"EX","name":"Example","projectTypeKey":"software","leadAccountId":"${MIA}"}`,
      'PUT /rest/api/3/project/10003 {"description":"For examples"}',
      'GET /rest/api/3/project/10003',
      'DELETE /rest/api/3/project/10003'
    ]
  )
})

test('M18 users of Jira are a bare list, and one is loaded by a parameter of the query', async t => {
  const { connector } = await start(t)
  assert.equal(found(await connector.load('User')).length, 2)
  const [mia] = found(await connector.load('User', { id: MIA }))
  assert.equal(mia?.emailAddress, 'mia@example.com')
  assert.deepEqual(found(await connector.load('User', { id: 'nobody' })), [])
})

test('M18 an API token that Jira does not know is a 401 with its words', async t => {
  const { connector } = await start(t, { 'Basic: Password': 'wrong' })
  const refused = problem(await connector.load('Project'))
  assert.equal(refused.statusCode, 401)
  assert.match(refused.message, /Client must be authenticated to access this resource/)
})

test('P13 a 429 of Jira is waited for, and a 503 is repeated for reads only', async t => {
  const { api, connector } = await start(t)
  const limited = { status: 429, headers: { 'retry-after': '1', 'x-ratelimit-remaining': '0' } }
  api.refuseNext(limited)
  assert.equal(found(await connector.load('Project')).length, 3)
  const draft = flowObject(null, { issue: 'WEB-7', body: documentOf('x') })
  api.refuseNext({ status: 503, body: 'Service Unavailable' })
  assert.deepEqual(refusal(await connector.save('Comment', draft)), ['API_ERROR', 503])
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['429', '200', '503']
  )
})

test('M18 a flow user logs in at Atlassian, and calls go to the site by its cloud id', async t => {
  const { api, connector } = await start(t)
  const asApp = connector.as({
    configuration: {
      'Schema URL': api.documentUrl,
      'Server URL': `${api.url}/ex/jira/${JIRA.cloudId}`,
      'OAuth2/OIDC: Client Id': JIRA.client.id,
      'OAuth2/OIDC: Client Secret': JIRA.client.secret
    }
  })
  const loginUrl = new URL(await loginUrlOf(asApp))
  assert.equal(loginUrl.pathname, '/authorize')
  assert.equal(loginUrl.searchParams.get('audience'), 'api.atlassian.com')
  const body = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const login = loginOf(await asApp.send('POST', '/authentication', { ...body, code: JIRA.code }))
  assert.deepEqual([login.status, login.userId], ['AUTHENTICATED', MIA])
  api.takeCalls()
  const asUser = asApp.as({ headers: headerOf(login) })
  assert.equal(found(await asUser.load('Project')).length, 3)
  assert.match(
    api.takeCalls()[0] ?? '',
    new RegExp(`^GET /ex/jira/${JIRA.cloudId}/rest/api/3/project/search`)
  )
})
