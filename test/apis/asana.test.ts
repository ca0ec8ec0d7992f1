import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf } from '../support/login.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { asana } from './fake-asana.ts'
import { logIn } from './log-in.ts'
import { FIRST_TOKEN } from './serve-tokens.ts'
import { startFakeApi } from './start-fake-api.ts'

const PROJECT = '1205550700'
const MIRA = '1205550900'
const inProject = { where: [condition('project', PROJECT)] }

/** Asana with as many tasks of the project as asked for, named by their numbers from 1. */
async function startAsana(t: TestContext, tasks = 0) {
  const api = await startFakeApi(t, asana)
  const insert = api.store.prepare('insert into tasks values (?, ?, ?, ?, ?, ?, ?, ?)')
  for (let number = 1; number <= tasks; number++) {
    const changed = `2024-09-01T10:${String(number % 60).padStart(2, '0')}:00.000Z`
    insert.run(
      ...[gid(number), PROJECT, `task ${number}`, 'as before', number % 2],
      '2024-09-20',
      MIRA,
      changed
    )
  }
  const configuration = {
    'Schema URL': api.documentUrl,
    'Bearer Token': FIRST_TOKEN,
    Variables: 'ASANA_WORKSPACE=1205550600'
  }
  const connector = await startConnector(t, configuration)
  return { api, connector, configuration }
}

function gid(number: number): string {
  return String(1_205_560_000 + number)
}

/** Method, path and the named parameters of a call, and its body. */
function brief(call: string, ...names: readonly string[]): string {
  const [method = '', url = '', ...rest] = call.split(' ')
  const { pathname, searchParams } = new URL(url, 'http://x')
  const shown = names.flatMap(name =>
    searchParams.has(name) ? `${name}=${searchParams.get(name)}` : []
  )
  return [method, pathname.replace('/api/1.0', ''), ...shown, ...rest].join(' ')
}

test('M18 Asana has tasks with an assignee, projects, custom fields and a project of their own', async t => {
  const { connector } = await startAsana(t)
  const { typeElements } = await connector.install()
  const names = typeElements.map(({ developerName }) => developerName)
  assert.deepEqual(names, [
    'Project',
    'Task',
    'Task:custom_fields',
    'Task:projects',
    'Task:tags',
    'User'
  ])
  const task = typeElements.find(({ developerName }) => developerName === 'Task')
  const kinds = Object.fromEntries(
    task?.properties.map(({ developerName, contentType }) => [developerName, contentType]) ?? []
  )
  assert.deepEqual(
    [kinds.due_on, kinds.assignee, kinds.projects, kinds.completed, kinds.num_likes, kinds.project],
    [
      'ContentDateTime',
      'ContentObject',
      'ContentList',
      'ContentBoolean',
      'ContentNumber',
      'ContentString'
    ]
  )
})

test('E23 windows of 230 tasks are exact over pages of a hundred that a token leads to', async t => {
  const { api, connector } = await startAsana(t, 230)
  let offsetToken: string | null | undefined
  for (const [offset, limit, count, more] of [
    [0, 20, 20, true],
    [20, 130, 130, true],
    [150, 100, 80, false],
    [230, 10, 0, false]
  ] as const) {
    const answer = data(await connector.load('Task', { ...inProject, offset, limit, offsetToken }))
    assert.deepEqual(
      answer.objectData.map(({ externalId }) => externalId),
      Array.from({ length: count }, (_, at) => gid(offset + at + 1)),
      `${offset}`
    )
    assert.equal(answer.hasMoreResults, more, `${offset}`)
    offsetToken = answer.offsetToken
  }
  const calls = api.takeCalls()
  assert.ok(
    calls.every(call => call.endsWith('-> 200')),
    calls.join('\n')
  )
  assert.ok(calls.every(call => Number(new URLSearchParams(call).get('limit') ?? 1) <= 100))
})

test('D12 what Asana takes is sent, and everything else is evaluated here', async t => {
  const { api, connector } = await startAsana(t, 120)
  const ids = async (filter: object) =>
    found(await connector.load('Task', filter)).map(({ externalId }) => externalId)
  const where = [...inProject.where]
  const since = condition('modified_at', '2024-09-01T12:58:00+02:00', 'GREATER_THAN')
  assert.deepEqual(await ids({ where: [...where, since] }), [gid(59), gid(119)])
  const [sent = ''] = api.takeCalls()
  assert.equal(
    brief(sent, 'project', 'modified_since'),
    `GET /tasks project=${PROJECT} modified_since=2024-09-01T12:58:00+02:00 -> 200`
  )
  const evaluated = {
    where: [...where, condition('name', '20', 'ENDS_WITH'), condition('completed', 'false')]
  }
  const descending = { orderBy: [{ columnName: 'name', direction: 'DESC' }] }
  assert.deepEqual(await ids({ ...evaluated, ...descending }), [gid(20), gid(120)])
  assert.equal(api.takeCalls().length, 2)
  const untold = await connector.load('Task')
  assert.deepEqual(refusal(untold), ['API_ERROR', 400])
  assert.match(problem(untold).message, /^You must specify exactly one of project/)
})

test('C02 a task is loaded by its id with nested objects, and one that is gone is no object', async t => {
  const { api, connector } = await startAsana(t, 1)
  const [task] = found(await connector.load('Task', { id: gid(1) }))
  assert.deepEqual(
    [task?.name, task?.due_on, task?.completed, task?.modified_at],
    ['task 1', '2024-09-20T00:00:00Z', 'true', '2024-09-01T10:01:00.000Z']
  )
  assert.deepEqual(task?.assignee, [
    { externalId: MIRA, gid: MIRA, name: 'Mira Lindqvist', email: 'mira@example.com' }
  ])
  assert.deepEqual(task?.projects, [
    { externalId: PROJECT, gid: PROJECT, name: 'Harbour festival' }
  ])
  assert.match(api.takeCalls()[0] ?? '', /opt_fields=name,notes,.*assignee\.name/)
  assert.deepEqual(found(await connector.load('Task', { id: '7' })), [])
})

test('S9 a task is created in a project, with the id of its assignee in place of the object', async t => {
  const { api, connector } = await startAsana(t)
  const given = {
    ...{ project: PROJECT, name: 'Hang the lamps', due_on: '2024-09-19T00:00:00Z' },
    assignee: [flowObject(MIRA, { gid: MIRA, name: 'Mira Lindqvist' })]
  }
  const [saved] = found(await connector.save('Task', flowObject(null, given)))
  assert.equal(saved?.project, PROJECT)
  assert.equal(
    brief(api.takeCalls()[0] ?? ''),
    `POST /tasks {"data":{"name":"Hang the lamps","due_on":"2024-09-19","assignee":"${MIRA}","projects":["${PROJECT}"]}} -> 201`
  )
  const [loaded] = found(await connector.load('Task', { id: saved?.externalId }))
  assert.deepEqual([loaded?.name, loaded?.gid], ['Hang the lamps', saved?.externalId])
})

test('S5 an update changes and clears what the flow changes and clears, and nothing else', async t => {
  const { api, connector } = await startAsana(t, 2)
  const [first] = data(await connector.load('Task', { ...inProject, limit: 1 })).objectData
  assert.ok(first !== undefined)
  const changed: { readonly [name: string]: object } = {
    name: { contentValue: 'renamed' },
    due_on: { contentValue: null }
  }
  const properties = first.properties.map(each => ({ ...each, ...changed[each.developerName] }))
  api.takeCalls()
  data(await connector.save('Task', { ...first, properties }))
  assert.deepEqual(
    api.takeCalls().map(call => brief(call)),
    [
      `PUT /tasks/${gid(1)} {"data":{"name":"renamed","notes":"as before","completed":true,"due_on":null,"assignee":"${MIRA}"}} -> 200`
    ]
  )
  data(await connector.save('Task', flowObject(gid(2), { completed: 'true' })))
  assert.deepEqual(
    api.takeCalls().map(call => brief(call)),
    [`PUT /tasks/${gid(2)} {"data":{"completed":true}} -> 200`]
  )
  data(await connector.save('Task', flowObject(gid(2), { assignee: [] })))
  assert.deepEqual(
    api.takeCalls().map(call => brief(call)),
    [`PUT /tasks/${gid(2)} {"data":{"assignee":null}} -> 200`]
  )
  const [second] = found(await connector.load('Task', { id: gid(2) }))
  assert.deepEqual(
    [second?.name, second?.notes, second?.completed],
    ['task 2', 'as before', 'true']
  )
})

test('C05 a task is deleted, and one that is gone is deleted too', async t => {
  const { api, connector } = await startAsana(t, 1)
  assert.equal((await connector.remove('Task', flowObject(gid(1)))).status, 200)
  assert.equal((await connector.remove('Task', flowObject(gid(1)))).status, 200)
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['200', '404']
  )
})

test('W11 a refusal has the words of Asana', async t => {
  const { connector, configuration } = await startAsana(t, 1)
  const stranger = { assignee: [flowObject('17', { gid: '17' })] }
  const answer = await connector.save('Task', flowObject(gid(1), stranger))
  assert.deepEqual(refusal(answer), ['API_ERROR', 400])
  assert.match(problem(answer).message, /^assignee: Not a recognized ID: 17/)
  const as = connector.as({ configuration: { ...configuration, 'Bearer Token': 'worthless' } })
  const unknown = await as.load('Task', inProject)
  assert.deepEqual(refusal(unknown), ['API_ERROR', 401])
  assert.match(problem(unknown).message, /Not Authorized/)
})

test('H08 reads wait for the limit and are repeated after an outage, a new task is not', async t => {
  const { api, connector } = await startAsana(t, 1)
  const limit = {
    status: 429,
    headers: { 'retry-after': '1' },
    body: { errors: [{ message: 'too many' }] }
  }
  const outage = { status: 503, body: { errors: [{ message: 'Server is down for maintenance' }] } }
  api.refuseNext(limit)
  assert.equal(found(await connector.load('Task', inProject)).length, 1)
  api.refuseNext(outage)
  assert.equal(found(await connector.load('Task', inProject)).length, 1)
  const statuses = () => api.takeCalls().map(call => call.slice(-3))
  assert.deepEqual(statuses(), ['429', '200', '503', '200'])
  api.refuseNext(outage)
  const lost = await connector.save('Task', flowObject(null, { project: PROJECT, name: 'once' }))
  assert.match(problem(lost).message, /Server is down for maintenance/)
  assert.deepEqual(statuses(), ['503'])
})

test('D01 the projects of the workspace are listed, archived ones where they are asked for', async t => {
  const { api, connector } = await startAsana(t)
  const names = async (filter: object) =>
    found(await connector.load('Project', filter)).map(({ name }) => name)
  assert.deepEqual(await names({ where: [condition('archived', 'true')] }), ['Winter market'])
  assert.match(api.takeCalls()[0] ?? '', /workspaces\/1205550600\/projects\?.*archived=true/)
  assert.deepEqual(await names({}), ['Harbour festival', 'Winter market'])
})

test('F18 a user logs in with Asana, and a token that is over is renewed', async t => {
  const { api, connector, configuration } = await startAsana(t, 1)
  const { client, url, login } = await logIn(connector, configuration)
  assert.equal(url.pathname, '/-/oauth_authorize')
  assert.deepEqual(
    [login.status, login.userId, login.email, login.firstName],
    ['AUTHENTICATED', MIRA, 'mira@example.com', 'Mira Lindqvist']
  )
  const user = client.as({ headers: headerOf(login) })
  assert.equal(found(await user.load('Task', inProject)).length, 1)
  api.store.exec("update tokens set token = 'over' where token = 'token-1'")
  assert.equal(found(await user.load('Task', inProject)).length, 1)
})
