import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { denialOf, headerOf, loginOf, loginUrlOf, TENANT, verdictOf } from '../support/login.ts'
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
import { fakeSlack, SLACK } from './fake-slack.ts'
import { startFakeApi } from './start-fake-api.ts'

const CHANNEL = 'C00000001'

async function start(t: TestContext, values: { readonly [name: string]: string } = {}) {
  const api = await startFakeApi(t, fakeSlack)
  const configuration = { 'Schema URL': api.documentUrl, 'Bearer Token': SLACK.botToken, ...values }
  return { api, connector: await startConnector(t, configuration) }
}

/** The `ts` of the n-th message of the fake. */
function ts(n: number): string {
  return `1709544${String(n).padStart(3, '0')}.000200`
}

test('M18 Slack installs channels, messages and users', async t => {
  const { connector } = await start(t)
  await assertInstalls(connector, [
    'Channel',
    'Channel:topic',
    'Message',
    'Message:reactions',
    'User',
    'User:profile'
  ])
})

test('P1 P9 every window of the messages of a channel is that of Slack, up to its empty cursor', async t => {
  const { connector } = await start(t)
  const all = Array.from({ length: 120 }, (_, i) => ts(120 - i))
  const where = [condition('channel', CHANNEL)]
  for (const [limit, offset] of [
    [10, 0],
    [60, 45],
    [20, 100],
    [21, 100],
    [10, 119],
    [10, 120],
    [150, 0]
  ] as const) {
    await assertWindow(connector, 'Message', all, { where, limit, offset }, 'ts')
  }
})

test('P8 channels that Slack leaves out of its pages make no page the last one', async t => {
  const { api, connector } = await start(t)
  // Group messages are no channels: of pages of six, the third one has nothing.
  api.store.exec("UPDATE channels SET kind = 2 WHERE id BETWEEN 'C00000010' AND 'C00000019'")
  const left = Array.from({ length: 25 }, (_, i) => `C${String(i + 1).padStart(8, '0')}`).filter(
    id => id < 'C00000010' || id > 'C00000019'
  )
  const ids: string[] = []
  for (const offset of [0, 5, 10]) {
    const answer = data(await connector.load('Channel', { limit: 5, offset }))
    ids.push(...answer.objectData.map(({ externalId }) => externalId))
    assert.equal(answer.hasMoreResults, offset < 10)
  }
  assert.deepEqual(ids, left)
  assert.ok(api.takeCalls().every(call => call.includes('types=public_channel,private_channel')))
})

test('D01 times are sent to Slack, and what it has no parameter for is evaluated here', async t => {
  const { api, connector } = await start(t)
  const where = [
    condition('channel', CHANNEL),
    condition('ts', ts(100), 'GREATER_THAN'),
    condition('ts', ts(110), 'LESS_THAN'),
    condition('user', 'U0123MIA')
  ]
  const objects = found(
    await connector.load('Message', {
      where,
      orderBy: [{ columnName: 'ts', direction: 'ASC' }],
      limit: 3
    })
  )
  assert.deepEqual(
    objects.map(({ ts: time }) => time),
    [ts(101), ts(103), ts(105)]
  )
  const [call = '', ...others] = api.takeCalls()
  const { searchParams } = new URL(call.split(' ')[1] ?? '', 'http://x')
  assert.deepEqual(others, [])
  assert.deepEqual(
    ['channel', 'oldest', 'latest'].map(name => searchParams.get(name)),
    [CHANNEL, ts(100), ts(110)]
  )
  const search = { where: [condition('channel', CHANNEL)], search: 'message 77', limit: 5 }
  assert.deepEqual(
    found(await connector.load('Message', search)).map(({ text }) => text),
    ['Message 77']
  )
})

test('M15 a message is known by its channel and its time, from its creation to its end', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, { channel: CHANNEL, text: 'The new printer is here.' })
  const [made] = found(await connector.save('Message', draft))
  assert.equal(made?.ts, '1709550000.000120')
  assert.equal(made?.user, 'U0123BOT')
  const id = String(made?.externalId)
  const [loaded] = found(await connector.load('Message', { id }))
  assert.deepEqual(
    [loaded?.channel, loaded?.ts, loaded?.text],
    [CHANNEL, '1709550000.000120', 'The new printer is here.']
  )
  const [changed] = found(await connector.save('Message', flowObject(id, { text: 'It works.' })))
  assert.deepEqual([changed?.externalId, changed?.text], [id, 'It works.'])
  data(await connector.remove('Message', flowObject(id)))
  assert.deepEqual(found(await connector.load('Message', { id })), [])
  assert.deepEqual(
    api.takeCalls().filter(call => call.startsWith('POST')),
    [
      `POST /api/chat.postMessage {"text":"The new printer is here.","channel":"${CHANNEL}"} -> 200`,
      `POST /api/chat.update {"text":"It works.","channel":"${CHANNEL}","ts":"1709550000.000120"} -> 200`,
      `POST /api/chat.delete {"channel":"${CHANNEL}","ts":"1709550000.000120"} -> 200`
    ]
  )
})

test('C20 an answer in a thread has the time of its first message with all digits', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, { channel: CHANNEL, text: 'Which floor?', thread_ts: ts(7) })
  const [made] = found(await connector.save('Message', draft))
  assert.equal(made?.thread_ts, ts(7))
  assert.match(api.takeCalls()[0] ?? '', /"thread_ts":"1709544007\.000200"/)
})

test('M18 a channel is created, renamed and archived', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, { name: 'office', is_private: 'true' })
  const [made] = found(await connector.save('Channel', draft))
  assert.deepEqual([made?.externalId, made?.is_private], ['C00000026', 'true'])
  const id = String(made?.externalId)
  const [renamed] = found(await connector.save('Channel', flowObject(id, { name: 'office-moves' })))
  assert.equal(renamed?.name, 'office-moves')
  data(await connector.remove('Channel', flowObject(id)))
  const [loaded] = found(await connector.load('Channel', { id }))
  assert.deepEqual([loaded?.name, loaded?.is_archived], ['office-moves', 'true'])
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(' -> 200', '')),
    [
      'POST /api/conversations.create {"name":"office","is_private":true}',
      `POST /api/conversations.rename {"name":"office-moves","channel":"${id}"}`,
      `POST /api/conversations.archive {"channel":"${id}"}`,
      `GET /api/conversations.info?channel=${id}`
    ]
  )
})

test('W1 what Slack refuses in a 200 is a problem with its word, for reads, writes and deletes', async t => {
  const { api, connector } = await start(t)
  const refusals = [
    [await connector.save('Channel', flowObject(null, { name: 'team-01' })), 'name_taken'],
    [
      await connector.save('Channel', flowObject(null, { name: 'With blanks' })),
      'invalid_name_specials'
    ],
    [
      await connector.save('Message', flowObject(null, { channel: 'C0', text: 'x' })),
      'channel_not_found'
    ],
    [await connector.load('Channel', { id: 'C0' }), 'channel_not_found'],
    [await connector.load('User', { id: 'U0' }), 'user_not_found'],
    [await connector.remove('Channel', flowObject('C0')), 'channel_not_found']
  ] as const
  for (const [answer, word] of refusals) {
    assert.deepEqual(refusal(answer), ['API_ERROR', 502])
    assert.match(problem(answer).message, new RegExp(`^${word} `))
  }
  assert.equal(api.takeCalls().length, refusals.length)
})

test('M18 a token that Slack does not know is told with its word', async t => {
  const { connector } = await start(t, { 'Bearer Token': 'xoxb-wrong' })
  assert.match(problem(await connector.load('User')).message, /^invalid_auth /)
})

test('M18 people of Slack have a profile', async t => {
  const { connector } = await start(t)
  assert.equal(found(await connector.load('User')).length, 3)
  const [mia] = found(await connector.load('User', { id: 'U0123MIA' }))
  const [profile] = Array.isArray(mia?.profile) ? mia.profile : []
  assert.equal(profile?.email, 'mia@example.com')
})

test('P13 a 429 of Slack is waited for, by reads and writes alike', async t => {
  const { api, connector } = await start(t)
  const limited = {
    status: 429,
    headers: { 'retry-after': '1' },
    body: { ok: false, error: 'ratelimited' }
  }
  api.refuseNext(limited)
  assert.equal(found(await connector.load('User')).length, 3)
  api.refuseNext(limited)
  const draft = flowObject(null, { channel: CHANNEL, text: 'Once' })
  data(await connector.save('Message', draft))
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['429', '200', '429', '200']
  )
})

test('M18 a failure of Slack is repeated for a read and not for a message', async t => {
  const { api, connector } = await start(t)
  const failure = { status: 503, body: { ok: false, error: 'service_unavailable' } }
  api.refuseNext(failure)
  assert.equal(found(await connector.load('User')).length, 3)
  api.refuseNext(failure)
  const draft = flowObject(null, { channel: CHANNEL, text: 'Once' })
  assert.deepEqual(refusal(await connector.save('Message', draft)), ['API_ERROR', 503])
  assert.equal(api.takeCalls().length, 3)
})

test('M18 a flow user logs in at Slack, writes in their own name, and the workspace is their group', async t => {
  const { connector } = await start(t, {
    'OAuth2/OIDC: Client Id': SLACK.client.id,
    'OAuth2/OIDC: Client Secret': SLACK.client.secret
  })
  const loginUrl = new URL(await loginUrlOf(connector))
  assert.equal(loginUrl.pathname, '/oauth/v2/authorize')
  assert.match(loginUrl.searchParams.get('user_scope') ?? '', /chat:write/)
  const body = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const logIn = (code: string) => connector.send('POST', '/authentication', { ...body, code })
  denialOf(await logIn('used-code'))
  const login = loginOf(await logIn(SLACK.code))
  assert.deepEqual(
    [login.status, login.userId, login.username],
    ['AUTHENTICATED', 'U0123MIA', 'mia']
  )
  const asUser = connector.as({ headers: headerOf(login) })
  const draft = flowObject(null, { channel: CHANNEL, text: 'Good morning' })
  const [made] = found(await asUser.save('Message', draft))
  assert.equal(made?.user, 'U0123MIA')
  const rule = (group: string) => ({
    authorization: {
      globalAuthenticationType: 'SPECIFIED',
      users: [],
      groups: [{ authenticationId: group, attribute: 'users' }],
      runningAuthenticationId: null
    }
  })
  for (const [group, status] of [
    ['T0123ABCD', '200'],
    ['T9', '401']
  ] as const) {
    assert.equal(verdictOf(await asUser.send('POST', '/authorization', rule(group))).Status, status)
  }
})
