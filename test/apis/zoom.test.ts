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
import { startZoom, ZOOM_CLIENT, ZOOM_CODE, ZOOM_TOKEN } from './fake-zoom.ts'
import type { FakeApi } from './start-fake-api.ts'

const MEETINGS = Array.from({ length: 40 }, (_, index) => String(97763643800 + index))
const [FIRST = ''] = MEETINGS

async function start(t: TestContext): Promise<{ api: FakeApi; connector: StartedConnector }> {
  const api = await startZoom(t)
  const values = { 'Schema URL': api.documentUrl, 'Bearer Token': ZOOM_TOKEN }
  return { api, connector: await startConnector(t, values) }
}

async function ids(connector: StartedConnector, type: string, filter: object): Promise<unknown[]> {
  return found(await connector.load(type, filter)).map(({ externalId }) => externalId)
}

test('M18 Zoom installs its types, and has nothing to tell but what was inferred', async t => {
  const { connector } = await start(t)
  const { typeElements } = await connector.install()
  const names = typeElements.map(({ developerName }) => developerName)
  assert.deepEqual(
    names.filter(name => !name.endsWith(' values')),
    [
      'Meeting',
      'Meeting:settings',
      'Meeting:settings:meeting_invitees',
      'Meeting:tracking_fields',
      'PastMeeting',
      'Registrant',
      'User',
      'User:group_ids'
    ]
  )
  const { diagnostics } = await connector.preview()
  assert.deepEqual([...new Set(diagnostics.map(({ severity }) => severity))], ['info'])
})

test('E04 E11 E23 M18 windows of Zoom continue by the token of each page, and end with an empty one', async t => {
  const { api, connector } = await start(t)
  await assertWindows(connector, 'Meeting', MEETINGS, 15)
  api.takeCalls()
  const first = data(await connector.load('Meeting', { limit: 15, offset: 0 }))
  const { offsetToken } = first
  assert.ok(offsetToken !== undefined)
  const next = data(await connector.load('Meeting', { limit: 15, offset: 15, offsetToken }))
  assert.deepEqual(
    next.objectData.map(({ externalId }) => externalId),
    MEETINGS.slice(15, 30)
  )
  assert.deepEqual(api.takeCalls(), [
    'GET /v2/users/me/meetings?type=scheduled&page_size=15 -> 200',
    'GET /v2/users/me/meetings?type=scheduled&page_size=15&next_page_token=MTU -> 200'
  ])
})

test('D14 P11 M18 Zoom takes the state of users; the kind of a meeting is no state of the list, and is compared here', async t => {
  const { api, connector } = await start(t)
  const where = (column: string, value: string, criterion?: string) => ({
    where: [condition(column, value, criterion)]
  })
  assert.deepEqual(await ids(connector, 'User', where('status', 'inactive')), ['U3'])
  assert.deepEqual(api.takeCalls(), ['GET /v2/users?status=inactive&page_size=300 -> 200'])
  const others = await ids(connector, 'User', where('status', 'active', 'NOT_EQUAL'))
  assert.deepEqual(others, ['U3'])
  const asked = api
    .takeCalls()
    .map(call => new URLSearchParams(call.replace(/^.*\?/, '')).get('status'))
  assert.deepEqual(asked.toSorted(), ['inactive', 'pending'])
  const eights = await ids(connector, 'Meeting', { ...where('type', '8'), limit: 2 })
  assert.deepEqual(eights, [MEETINGS[0], MEETINGS[4]])
  const orderBy = [{ columnName: 'topic', direction: 'DESC' }]
  assert.deepEqual(await ids(connector, 'Meeting', { orderBy, limit: 2 }), [
    MEETINGS[9],
    MEETINGS[8]
  ])
  assert.deepEqual(await ids(connector, 'Meeting', { search: 'meeting 39' }), [MEETINGS[39]])
})

test('S5 C01 C04 M18 an update of Zoom is answered with nothing, and clears nothing that a list did not show', async t => {
  const { api, connector } = await start(t)
  const listed = data(await connector.load('Meeting', { limit: 1 })).objectData[0]
  assert.ok(listed !== undefined)
  const properties = listed.properties.map(property =>
    property.developerName === 'topic' ? { ...property, contentValue: 'Renamed' } : property
  )
  api.takeCalls()
  const [saved] = found(await connector.save('Meeting', { ...listed, properties }))
  assert.deepEqual([saved?.externalId, saved?.topic], [FIRST, 'Renamed'])
  assert.deepEqual(api.takeCalls(), [
    `PATCH /v2/meetings/${FIRST} {"topic":"Renamed","type":8,"start_time":"2024-06-18T08:00:00Z","duration":45,"timezone":"Europe/London"} -> 204`
  ])
  await connector.load('Meeting', { id: FIRST })
  const settings = [flowObject(null, { join_before_host: 'true' })]
  data(await connector.save('Meeting', flowObject(FIRST, { settings, agenda: '' })))
  const [meeting] = found(await connector.load('Meeting', { id: FIRST }))
  const [held] = Object(meeting?.settings)
  assert.deepEqual([meeting?.topic, meeting?.agenda, meeting?.duration], ['Renamed', '', '45'])
  assert.deepEqual([held.join_before_host, held.host_video], ['true', 'true'])
  assert.equal(meeting?.password, null)
})

test('C03 C05 M18 a meeting of Zoom is made with its nested values, and deleted', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, {
    topic: 'New',
    type: '2',
    start_time: '2024-07-01T09:30:00+02:00',
    tracking_fields: [flowObject(null, { field: 'Team', value: 'Sales' })],
    settings: [
      flowObject(null, {
        host_video: 'false',
        meeting_invitees: [flowObject(null, { email: 'noor@example.org' })]
      })
    ]
  })
  const [made] = found(await connector.save('Meeting', draft))
  assert.equal(made?.externalId, '97763643840')
  const [loaded] = found(await connector.load('Meeting', { id: '97763643840' }))
  assert.deepEqual(
    [loaded?.start_time, loaded?.timezone],
    ['2024-07-01T09:30:00+02:00', 'Europe/London']
  )
  assert.equal(Object(loaded?.tracking_fields)[0].value, 'Sales')
  assert.equal(Object(Object(loaded?.settings)[0].meeting_invitees)[0].email, 'noor@example.org')
  for (let count = 0; count < 2; count++)
    data(await connector.remove('Meeting', flowObject('97763643840')))
  assert.deepEqual(await ids(connector, 'Meeting', { id: '97763643840' }), [])
  const [call = ''] = api.takeCalls()
  assert.ok(call.startsWith('POST /v2/users/me/meetings {"topic":"New",'), call)
})

test('W6 M15 M18 registrants of Zoom are below a meeting, and a new one has the id beside that of the meeting', async t => {
  const { api, connector } = await start(t)
  const where = [condition('meeting', FIRST)]
  const registrants = found(await connector.load('Registrant', { where }))
  assert.deepEqual(
    registrants.map(({ id, meeting, email }) => [id, meeting, email]),
    [
      ['R1', FIRST, 'noor@example.org'],
      ['R2', FIRST, 'tim@example.org']
    ]
  )
  const draft = flowObject(null, { meeting: FIRST, email: 'ada@example.org', first_name: 'Ada' })
  const [made] = found(await connector.save('Registrant', draft))
  const all = found(await connector.load('Registrant', { where }))
  assert.deepEqual([made?.externalId, made?.id], [all[2]?.externalId, 'R3'])
  api.takeCalls()
  data(await connector.remove('Registrant', flowObject(String(made?.externalId))))
  assert.deepEqual(api.takeCalls(), [`DELETE /v2/meetings/${FIRST}/registrants/R3 -> 204`])
  assert.equal((await ids(connector, 'Registrant', { where })).length, 2)
})

test('D18 M18 the UUID of a meeting that is over is encoded twice', async t => {
  const { api, connector } = await start(t)
  const [past] = found(await connector.load('PastMeeting', { id: '/aDYlohsHRtCd4ii1uC2hA==' }))
  assert.deepEqual([past?.topic, past?.id], ['Review', '97763643886'])
  assert.deepEqual(api.takeCalls(), [
    'GET /v2/past_meetings/%252FaDYlohsHRtCd4ii1uC2hA%253D%253D -> 200'
  ])
})

test('S2 S11 M18 a new user of Zoom is wrapped beside the action, changed in part, and really deleted', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, { email: 'kit@example.org', first_name: 'Kit', type: '1' })
  const [made] = found(await connector.save('User', draft))
  assert.deepEqual([made?.externalId, made?.status], ['U4', 'pending'])
  data(await connector.save('User', flowObject('U4', { dept: 'Sales' })))
  const [loaded] = found(await connector.load('User', { id: 'U4' }))
  assert.deepEqual([loaded?.first_name, loaded?.dept], ['Kit', 'Sales'])
  data(await connector.remove('User', flowObject('U4')))
  assert.deepEqual(api.takeCalls(), [
    'POST /v2/users {"user_info":{"email":"kit@example.org","first_name":"Kit","type":1},"action":"create"} -> 201',
    'PATCH /v2/users/U4 {"dept":"Sales"} -> 204',
    'GET /v2/users/U4 -> 200',
    'DELETE /v2/users/U4?action=delete -> 204'
  ])
})

test('W11 M18 what Zoom refuses is told with the fields; a wrong token is refused', async t => {
  const { api, connector } = await start(t)
  const long = flowObject(null, { topic: 'x'.repeat(201) })
  const refused = problem(await connector.save('Meeting', long))
  assert.deepEqual([refused.statusCode, refused.code], [400, 'API_ERROR'])
  assert.match(refused.message, /^Validation Failed\. \(topic: The topic is too long\.\)/)
  const known = flowObject(null, { email: 'noor@example.org', type: '1' })
  assert.equal(problem(await connector.save('User', known)).statusCode, 409)
  const stranger = connector.as({
    configuration: { 'Schema URL': api.documentUrl, 'Bearer Token': 'wr0ngwr0ngwr0ng' }
  })
  const unknown = problem(await stranger.load('Meeting', { limit: 1 }))
  assert.equal(unknown.statusCode, 401)
  assert.match(unknown.message, /^Invalid access token\./)
})

test('P13 M18 Zoom says as a date of ISO 8601 when to come back: soon is waited for, tomorrow is a problem', async t => {
  const { api, connector } = await start(t)
  const body = {
    code: 429,
    message: 'You have reached the maximum per-second rate limit for this API.'
  }
  const limited = (at: number) => ({
    status: 429,
    headers: {
      'x-ratelimit-category': 'Light',
      'x-ratelimit-type': at - Date.now() > 60_000 ? 'Daily-limit' : 'QPS',
      'retry-after': new Date(at).toISOString().replace(/\.\d+Z/, 'Z')
    },
    body
  })
  api.refuseNext(limited(Date.now()))
  assert.equal((await ids(connector, 'Meeting', { limit: 1 })).length, 1)
  api.refuseNext(limited(Date.now()))
  data(await connector.save('Meeting', flowObject(null, { topic: 'Later' })))
  api.refuseNext(limited(Date.now() + 86_400_000))
  assert.deepEqual(refusal(await connector.load('Meeting', { limit: 1 })), ['RATE_LIMITED', 429])
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/ .* -> /, ' -> ')),
    ['GET -> 429', 'GET -> 200', 'POST -> 429', 'POST -> 201', 'GET -> 429']
  )
})

test('F08 J15 M18 a user logs in with Zoom, and calls carry the token of the user', async t => {
  const { api, connector } = await start(t)
  const asApp = connector.as({
    configuration: {
      'Schema URL': api.documentUrl,
      'OAuth2/OIDC: Client Id': ZOOM_CLIENT.id,
      'OAuth2/OIDC: Client Secret': ZOOM_CLIENT.secret
    }
  })
  assert.equal(new URL(await loginUrlOf(asApp)).pathname, '/oauth/authorize')
  const request = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const answer = await asApp.send('POST', '/authentication', { ...request, code: ZOOM_CODE })
  const login = loginOf(answer)
  assert.deepEqual(
    [login.userId, login.email, login.firstName],
    ['30R7kT7bTIKSNUFEuH_Qlg', 'ada.marsh@example.com', 'Ada']
  )
  const asUser = asApp.as({ headers: headerOf(login) })
  assert.deepEqual(await ids(asUser, 'Meeting', { limit: 1 }), [FIRST])
  const used = await asApp.send('POST', '/authentication', { ...request, code: 'used' })
  assert.equal(loginOf(used).status, 'ACCESS_DENIED')
})
