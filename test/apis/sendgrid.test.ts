import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { API_KEY, sendgrid } from './fake-sendgrid.ts'
import { startFakeApi } from './start-fake-api.ts'

/** SendGrid with as many templates and bounces as asked for. Every third template is of the old kind. */
async function startSendGrid(t: TestContext, { templates = 0, bounces = 0 } = {}) {
  const api = await startFakeApi(t, sendgrid)
  const template = api.store.prepare('insert into templates values (?, ?, ?, ?)')
  for (let number = 1; number <= templates; number++) {
    template.run(
      `t${number}`,
      `template ${number}`,
      number % 3 === 0 ? 'legacy' : 'dynamic',
      '2024-06-03 09:12:45'
    )
  }
  const bounce = api.store.prepare('insert into bounces values (?, ?, ?, ?)')
  for (let number = 1; number <= bounces; number++) {
    bounce.run(`a+${number}@example.com`, 1_717_399_000 + number, '550 5.1.1 no such user', '5.1.1')
  }
  const configuration = { 'Schema URL': api.documentUrl, 'Bearer Token': API_KEY }
  const connector = await startConnector(t, configuration)
  return { api, connector, configuration }
}

const calls = (api: { takeCalls(): string[] }): string[] =>
  api.takeCalls().map(call => decodeURIComponent(call.replace('/v3/', '/')))

const mail = (more: { readonly [property: string]: string | readonly object[] } = {}) =>
  flowObject(null, {
    personalizations: [
      flowObject(null, {
        to: [flowObject(null, { email: 'mira@example.com', name: 'Mira' })],
        dynamic_template_data: '{"total":12.50}'
      })
    ],
    from: [flowObject(null, { email: 'shop@example.com' })],
    subject: 'Your order',
    content: [flowObject(null, { type: 'text/plain', value: 'It is on its way.' })],
    categories: [flowObject(null, { Value: 'orders' })],
    ...more
  })

test('M18 SendGrid has templates, groups, bounces and mail with recipients inside of lists', async t => {
  const { connector } = await startSendGrid(t)
  const { typeElements } = await connector.install()
  const bound = typeElements.filter(({ bindings }) => bindings.length > 0)
  assert.deepEqual(
    bound.map(({ developerName }) => developerName).filter(name => !name.endsWith('values')),
    ['Bounce', 'Mail', 'Template', 'Unsubscribe Group']
  )
  const one = typeElements.find(({ developerName }) => developerName === 'Mail:personalizations')
  assert.deepEqual(
    one?.properties.map(({ developerName, contentType }) => [developerName, contentType]),
    [
      ['to', 'ContentList'],
      ['cc', 'ContentList'],
      ['dynamic_template_data', 'ContentString']
    ]
  )
})

test('E23 windows of templates are exact over pages of two hundred that a link leads to', async t => {
  const { api, connector } = await startSendGrid(t, { templates: 450 })
  let offsetToken: string | null | undefined
  for (const [offset, limit, count, more] of [
    [0, 30, 30, true],
    [30, 250, 250, true],
    [280, 200, 170, false],
    [450, 10, 0, false]
  ] as const) {
    const answer = data(await connector.load('Template', { offset, limit, offsetToken }))
    assert.deepEqual(
      answer.objectData.map(({ externalId }) => externalId),
      Array.from({ length: count }, (_, at) => `t${offset + at + 1}`),
      String(offset)
    )
    assert.equal(answer.hasMoreResults, more, String(offset))
    offsetToken = answer.offsetToken
  }
  const made = calls(api)
  assert.ok(
    made.every(call => call.includes('generations=legacy,dynamic') && call.endsWith('-> 200')),
    made.join('\n')
  )
})

test('E23 windows of bounces are exact by their offsets, and narrowed by the times that SendGrid takes', async t => {
  const { api, connector } = await startSendGrid(t, { bounces: 700 })
  const emails = async (filter: object) => {
    const answer = data(await connector.load('Bounce', filter))
    return [answer.objectData.map(({ externalId }) => externalId), answer.hasMoreResults] as const
  }
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => `a+${from + at}@example.com`)
  assert.deepEqual(await emails({ limit: 20 }), [range(1, 20), true])
  assert.deepEqual(await emails({ offset: 95, limit: 600 }), [range(96, 695), true])
  assert.deepEqual(await emails({ offset: 690, limit: 20 }), [range(691, 700), false])
  assert.deepEqual(await emails({ offset: 700, limit: 20 }), [[], false])
  calls(api)
  const between = [
    condition('created', '1717399010', 'GREATER_THAN_OR_EQUAL'),
    condition('created', '1717399012', 'LESS_THAN_OR_EQUAL')
  ]
  assert.deepEqual(await emails({ where: between, limit: 10 }), [range(10, 12), false])
  assert.match(calls(api).join(), /start_time=1717399010&end_time=1717399012/)
  const status = { where: [...between, condition('email', 'a+11@example.com')] }
  assert.deepEqual(await emails(status), [range(11, 11), false])
})

test('C02 a bounce is loaded and deleted by its address', async t => {
  const { api, connector } = await startSendGrid(t, { bounces: 2 })
  const [bounce] = found(await connector.load('Bounce', { id: 'a+2@example.com' }))
  assert.deepEqual([bounce?.created, bounce?.status], ['1717399002', '5.1.1'])
  assert.deepEqual(found(await connector.load('Bounce', { id: 'b@example.com' })), [])
  api.takeCalls()
  data(await connector.remove('Bounce', flowObject('a+2@example.com')))
  data(await connector.remove('Bounce', flowObject('a+2@example.com')))
  assert.deepEqual(calls(api), [
    'DELETE /suppression/bounces/a+2@example.com -> 204',
    'DELETE /suppression/bounces/a+2@example.com -> 404'
  ])
})

test('C02 a template and a group are created, loaded, changed in part and deleted', async t => {
  const { api, connector } = await startSendGrid(t)
  const dynamic = flowObject(null, { name: 'Receipt', generation: 'dynamic' })
  const [template] = found(await connector.save('Template', dynamic))
  assert.match(String(template?.externalId), /^d-a+0$/)
  const id = String(template?.externalId)
  const [loaded] = found(await connector.load('Template', { id }))
  assert.deepEqual([loaded?.name, loaded?.updated_at], ['Receipt', '2024-07-01T08:00:00Z'])
  const given = { name: 'Events', description: 'What is on' }
  const [group] = found(await connector.save('Unsubscribe Group', flowObject(null, given)))
  assert.deepEqual([group?.externalId, group?.is_default], ['4104', 'false'])
  api.takeCalls()
  data(await connector.save('Template', flowObject(id, { name: 'Receipts' })))
  data(await connector.save('Unsubscribe Group', flowObject('4104', { description: 'All of it' })))
  data(await connector.remove('Unsubscribe Group', flowObject('4103')))
  data(await connector.remove('Template', flowObject(id)))
  assert.deepEqual(calls(api), [
    `PATCH /templates/${id} {"name":"Receipts"} -> 200`,
    'PATCH /asm/groups/4104 {"description":"All of it"} -> 201',
    'DELETE /asm/groups/4103 -> 204',
    `DELETE /templates/${id} -> 204`
  ])
  const groups = found(await connector.load('Unsubscribe Group'))
  assert.deepEqual(
    groups.map(({ name, description }) => [name, description]),
    [
      ['Newsletter', 'What is new'],
      ['Events', 'All of it']
    ]
  )
})

test('W8 a mail that is queued is sent once with all that is inside of it, and gets no id of the API', async t => {
  const { api, connector } = await startSendGrid(t)
  const answer = data(await connector.save('Mail', mail()))
  assert.equal(answer.objectData.length, 1)
  assert.doesNotMatch(String(answer.objectData[0]?.externalId), /14c5d75ce93/)
  assert.deepEqual(calls(api), [
    'POST /mail/send {"personalizations":[{"to":[{"email":"mira@example.com","name":"Mira"}],"dynamic_template_data":{"total":12.5}}],"from":{"email":"shop@example.com"},"subject":"Your order","content":[{"type":"text/plain","value":"It is on its way."}],"categories":["orders"]} -> 202'
  ])
})

test('W11 every field that SendGrid refuses is told with its place', async t => {
  const { connector, configuration } = await startSendGrid(t)
  const wrong = mail({ from: [flowObject(null, { email: 'nowhere' })], content: [] })
  const answer = await connector.save('Mail', wrong)
  assert.deepEqual(refusal(answer), ['API_ERROR', 400])
  assert.match(
    problem(answer).message,
    /^from\.email: The from email does not contain a valid address\.; content: Unless a valid/
  )
  const taken = flowObject(null, { name: 'Offers', description: 'again' })
  assert.match(
    problem(await connector.save('Unsubscribe Group', taken)).message,
    /name: group name already exists/
  )
  const as = connector.as({ configuration: { ...configuration, 'Bearer Token': 'SG.old' } })
  const unknown = await as.load('Unsubscribe Group')
  assert.deepEqual(refusal(unknown), ['API_ERROR', 401])
  assert.match(problem(unknown).message, /authorization grant is invalid/)
})

test('H12 the limit is waited for until the time that its header says, and no mail is sent twice', async t => {
  const { api, connector } = await startSendGrid(t)
  const reset = String(Math.ceil(Date.now() / 1000) + 1)
  api.refuseNext({
    status: 429,
    headers: {
      'x-ratelimit-limit': '600',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset
    },
    body: { errors: [{ field: null, message: 'too many requests' }] }
  })
  assert.equal(found(await connector.load('Unsubscribe Group')).length, 2)
  assert.ok(Date.now() / 1000 >= Number(reset) - 1)
  const statuses = () => api.takeCalls().map(call => call.slice(-3))
  assert.deepEqual(statuses(), ['429', '200'])
  api.refuseNext({ status: 503, body: { errors: [{ message: 'try later' }] } })
  assert.match(problem(await connector.save('Mail', mail())).message, /try later/)
  assert.deepEqual(statuses(), ['503'])
})
