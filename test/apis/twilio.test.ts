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
  startConnector
} from '../support/start-connector.ts'
import { assertWindows } from './assert-windows.ts'
import { MESSAGES, startTwilio, TWILIO } from './fake-twilio.ts'
import type { FakeApi } from './start-fake-api.ts'

const NEWEST = Array.from({ length: 60 }, (_, index) => `SM${60 - index}`)

function configurationOf(api: FakeApi, token: string): { readonly [name: string]: string } {
  return {
    'Schema URL': api.documentUrl,
    'Basic: Username': TWILIO.sid,
    'Basic: Password': token,
    Variables: `ACCOUNT_SID=${TWILIO.sid}`
  }
}

async function start(t: TestContext): Promise<{ api: FakeApi; connector: StartedConnector }> {
  const api = await startTwilio(t)
  return { api, connector: await startConnector(t, configurationOf(api, TWILIO.token)) }
}

async function sids(connector: StartedConnector, filter: object): Promise<unknown[]> {
  return found(await connector.load('Message', filter)).map(({ externalId }) => externalId)
}

test('M18 Twilio installs its types, and has nothing to tell but what was inferred', async t => {
  const { connector } = await start(t)
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements.map(({ developerName }) => developerName),
    ['Message', 'Message:media_url', 'Message:subresource_uris', 'MessagingService']
  )
  const { diagnostics } = await connector.preview()
  assert.deepEqual([...new Set(diagnostics.map(({ severity }) => severity))], ['info'])
})

test('E05 E18 E23 M18 windows of Twilio follow the relative link of each page', async t => {
  const { api, connector } = await start(t)
  await assertWindows(connector, 'Message', NEWEST, 25)
  api.takeCalls()
  const first = data(await connector.load('Message', { limit: 25, offset: 0 }))
  const { offsetToken } = first
  assert.ok(offsetToken !== undefined)
  const next = data(await connector.load('Message', { limit: 25, offset: 25, offsetToken }))
  assert.deepEqual(
    next.objectData.map(({ externalId }) => externalId),
    NEWEST.slice(25, 50)
  )
  assert.deepEqual(api.takeCalls(), [
    `GET ${MESSAGES}.json?PageSize=25 -> 200`,
    `GET ${MESSAGES}.json?PageSize=25&Page=1&PageToken=PT1 -> 200`
  ])
})

test('D01 D12 M18 Twilio takes numbers and moments; order and bodies are compared here', async t => {
  const { api, connector } = await start(t)
  const rows: readonly (readonly [where: object[], ids: string[], query: string])[] = [
    [[condition('to', '+12025550144')], ['SM59', 'SM57'], 'PageSize=2&To=%2B12025550144'],
    [
      [
        condition('date_sent', '2024-06-02T00:00:00Z', 'LESS_THAN_OR_EQUAL'),
        condition('from', '+12025550100')
      ],
      ['SM24', 'SM23'],
      'PageSize=2&From=%2B12025550100&DateSent%3C=2024-06-02T00%3A00%3A00Z'
    ],
    [[condition('body', 'message 7')], ['SM7'], 'PageSize=1000'],
    [[condition('date_sent', '2024-06-01T02:00:00Z', 'LESS_THAN')], ['SM1'], 'PageSize=1000']
  ]
  for (const [where, expected, query] of rows) {
    assert.deepEqual(await sids(connector, { where, limit: 2 }), expected)
    const names = [
      ...new URLSearchParams(
        api
          .takeCalls()
          .join()
          .replace(/^.*\?| -> 200$/g, '')
      )
    ]
    assert.deepEqual(
      new Set(names.map(String)),
      new Set([...new URLSearchParams(query)].map(String))
    )
  }
  const orderBy = [{ columnName: 'date_sent', direction: 'ASC' }]
  assert.deepEqual(await sids(connector, { orderBy, limit: 3 }), ['SM1', 'SM2', 'SM3'])
  assert.deepEqual(await sids(connector, { search: 'message 4', orderBy, limit: 2 }), [
    'SM4',
    'SM40'
  ])
})

test('S6 C01 M18 a message of Twilio has its dates, its price with all digits and its map', async t => {
  const { connector } = await start(t)
  const [message] = found(await connector.load('Message', { id: 'SM7' }))
  assert.deepEqual(
    [message?.date_sent, message?.price, message?.num_segments, message?.error_code],
    ['2024-06-01T07:00:00+00:00', '-0.00750', '1', null]
  )
  const [uri] = Object(message?.subresource_uris)
  assert.deepEqual([uri.Key, uri.Value], ['media', `${MESSAGES}/SM7/Media.json`])
  assert.deepEqual(found(await connector.load('Message', { id: 'SM700' })), [])
})

test('C03 S2 B32 M18 a new message of Twilio is a form with names of its own, in which lists repeat', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, {
    to: '+12025550143',
    from: '+12025550100',
    body: 'Ready & waiting',
    media_url: [
      flowObject(null, { Value: 'https://files.example.com/a.png' }),
      flowObject(null, { Value: 'https://files.example.com/b.png' })
    ]
  })
  const [made] = found(await connector.save('Message', draft))
  assert.deepEqual([made?.externalId, made?.status, made?.num_media], ['SM61', 'queued', '2'])
  assert.deepEqual(found(await connector.load('Message', { id: 'SM61' })), [made])
  assert.equal(
    api.takeCalls()[0],
    `POST ${MESSAGES}.json To=%2B12025550143&From=%2B12025550100&Body=Ready+%26+waiting&MediaUrl=https%3A%2F%2Ffiles.example.com%2Fa.png&MediaUrl=https%3A%2F%2Ffiles.example.com%2Fb.png -> 201`
  )
})

test('C04 C05 M18 a message of Twilio is canceled, redacted by a blank body, and deleted', async t => {
  const { api, connector } = await start(t)
  const draft = { to: '+12025550143', messaging_service_sid: 'MG1', body: 'Later' }
  data(await connector.save('Message', flowObject(null, draft)))
  api.takeCalls()
  const [canceled] = found(
    await connector.save('Message', flowObject('SM61', { status: 'canceled' }))
  )
  assert.deepEqual([canceled?.status, canceled?.body], ['canceled', 'Later'])
  const [redacted] = found(await connector.save('Message', flowObject('SM61', { body: '' })))
  assert.deepEqual([redacted?.status, redacted?.body], ['canceled', ''])
  for (let count = 0; count < 2; count++)
    data(await connector.remove('Message', flowObject('SM61')))
  assert.deepEqual(api.takeCalls(), [
    `POST ${MESSAGES}/SM61.json Status=canceled -> 200`,
    `POST ${MESSAGES}/SM61.json Body= -> 200`,
    `DELETE ${MESSAGES}/SM61.json -> 204`,
    `DELETE ${MESSAGES}/SM61.json -> 404`
  ])
})

test('A25 E14 M18 messaging services of Twilio are at another host, whose links are absolute', async t => {
  const { api, connector } = await start(t)
  for (const name of ['Two', 'Three']) {
    data(await connector.save('MessagingService', flowObject(null, { friendly_name: name })))
  }
  await assertWindows(connector, 'MessagingService', ['MG1', 'MG2', 'MG3'], 2)
  api.takeCalls()
  const given = flowObject('MG1', { sticky_sender: 'false', validity_period: '600' })
  const [changed] = found(await connector.save('MessagingService', given))
  assert.deepEqual(
    [changed?.friendly_name, changed?.sticky_sender, changed?.validity_period],
    ['Reservations', 'false', '600']
  )
  data(await connector.remove('MessagingService', flowObject('MG1')))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/Services/MG1 StickySender=false&ValidityPeriod=600 -> 200',
    'DELETE /v1/Services/MG1 -> 204'
  ])
  assert.deepEqual(found(await connector.load('MessagingService', { id: 'MG1' })), [])
})

test('W11 M18 what Twilio refuses is told in its words, and a wrong token is refused', async t => {
  const { api, connector } = await start(t)
  const refused = problem(await connector.save('Message', flowObject(null, { body: 'x' })))
  assert.deepEqual([refused.statusCode, refused.code], [400, 'API_ERROR'])
  assert.match(refused.message, /^A 'To' phone number is required\./)
  const sent = problem(await connector.save('Message', flowObject('SM1', { status: 'canceled' })))
  assert.match(sent.message, /^Message is not in a cancelable state/)
  const stranger = connector.as({ configuration: configurationOf(api, 'wr0ngwr0ng') })
  const unknown = problem(await stranger.load('Message', { limit: 1 }))
  assert.equal(unknown.statusCode, 401)
  assert.match(unknown.message, /^Authenticate/)
})

test('R7 P13 M18 a 429 of Twilio is waited for; a message whose fate is unknown is not sent again', async t => {
  const { api, connector } = await start(t)
  const later = { status: 429, body: { code: 20429, message: 'Too Many Requests', status: 429 } }
  api.refuseNext(later)
  assert.deepEqual(await sids(connector, { limit: 1 }), ['SM60'])
  const draft = flowObject(null, { to: '+12025550143', from: '+12025550100', body: 'Once' })
  api.refuseNext(later)
  data(await connector.save('Message', draft))
  api.refuseNext({
    status: 503,
    body: { code: 20503, message: 'Service Unavailable', status: 503 }
  })
  const failed = problem(await connector.save('Message', draft))
  assert.deepEqual([failed.statusCode, failed.code], [503, 'API_ERROR'])
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/ .* -> /, ' -> ')),
    ['GET -> 429', 'GET -> 200', 'POST -> 429', 'POST -> 201', 'POST -> 503']
  )
})
