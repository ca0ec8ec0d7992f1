import assert from 'node:assert/strict'
import test from 'node:test'

import { isGeneratedId } from '../../service/objects/external-id.ts'
import { startApi } from '../support/start-api.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  startConnector
} from '../support/start-connector.ts'

/** What the document has besides. */
type Given = {
  /** Members of the type's schema beside its keys. */
  readonly type?: string
  readonly query?: string
  readonly load?: string
  readonly save?: string
  readonly update?: string
  readonly remove?: string
  /** Words of the query mapping. */
  readonly words?: string
  /** Further keys of the type. */
  readonly keys?: string
}

const json = (schema: string, more = ''): string =>
  `'200': {description: ok, content: {application/json: {schema: ${schema}${more}}}}`

const ONE = "{$ref: '#/components/schemas/Job'}"
const LIST = `{type: array, items: ${ONE}}`
const PROPERTIES =
  'properties: {code: {type: string}, title: {type: string}, size: {type: integer, nullable: true}, at: {type: string, format: date-time, readOnly: true}, place: {type: object, properties: {city: {type: string}, zip: {type: string}}}, steps: {type: array, items: {type: object, properties: {no: {type: integer}, text: {type: string}}}}}'

function documentOf({ words = '', keys = 'id: code', ...given }: Given): string {
  return `
openapi: 3.0.3
info: { title: Jobs, version: '1' }
servers: [{ url: /v1 }]
paths:
  /jobs:
    get:
      parameters: [{ name: city, in: query, schema: { type: string } }, { name: q, in: query, schema: { type: string } }]
      responses: { ${given.query ?? json(LIST)} }
    post: ${given.save ?? `{ responses: { ${json(ONE)} } }`}
  /jobs/{code}:
    parameters: [{ name: code, in: path, required: true, schema: { type: string } }]
    get: { responses: { ${given.load ?? json(ONE)} } }
    put: { responses: { ${given.update ?? json(ONE)} } }
    delete: ${given.remove ?? '{}'}
components:
  schemas:
    Job:
      type: object
      ${given.type ?? PROPERTIES}
      x-flow-type: { name: Job, ${keys} }
      x-flow-query: { path: /jobs, example: true, parameters: { where: { title: city }, q: search }${words} }
      x-flow-load: { path: '/jobs/{code}', parameters: { code: id }, example: true }
      x-flow-save: { path: /jobs, example: true }
      x-flow-update: { path: '/jobs/{code}', parameters: { code: externalId }, example: true }
      x-flow-delete: { path: '/jobs/{code}', parameters: { code: externalId }, example: true }
`
}

/** The service with a document, whose API is never called. */
async function startJobs(t: test.TestContext, given: Given = {}) {
  const api = await startApi(t, documentOf(given))
  t.after(() => assert.deepEqual(api.calls, []))
  return startConnector(t, { 'Schema URL': api.documentUrl })
}

test('E3 E5 what was sent wins over made and declared objects, at every depth', async t => {
  const declared = json(
    ONE,
    ', example: {code: J1, title: Weld, size: 4, at: "2024-01-02T03:04:05Z", place: {city: Rome, zip: "00100"}, steps: [{no: 1, text: cut}]}'
  )
  for (const update of [json(ONE), declared]) {
    const jobs = await startJobs(t, { update })
    const [row] = found(await jobs.load('Job'))
    assert.ok(row)
    const sent = {
      title: 'Typed',
      place: [flowObject(null, { city: 'Oslo' })],
      steps: [flowObject(null, { no: '9', text: 'new' })]
    }
    const [updated] = found(await jobs.save('Job', flowObject(String(row.externalId), sent)))
    assert.deepEqual(
      [updated?.externalId, updated?.code, updated?.title],
      [row.externalId, row.externalId, 'Typed']
    )
    const [place] = Array.isArray(updated?.place) ? updated.place : []
    assert.equal(place?.city, 'Oslo')
    assert.ok(typeof place?.zip === 'string' && place.zip !== '')
    const steps = Array.isArray(updated?.steps) ? updated.steps : []
    assert.deepEqual(
      steps.map(({ no, text }) => [no, text]),
      [['9', 'new']]
    )
    assert.ok(typeof updated?.at === 'string')
    const cleared = { ...sent, size: null }
    const [blank] = found(await jobs.save('Job', flowObject(String(row.externalId), cleared)))
    assert.equal(blank?.size, null)
  }
})

test('E3 E9 new objects have different ids of the kind of the property, which can be used afterwards', async t => {
  for (const [kind, form] of [
    ['code: {type: integer, readOnly: true}', /^\d+$/],
    [
      'code: {type: string, format: uuid, readOnly: true}',
      /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
    ],
    ['code: {type: string, readOnly: true}', /\d$/],
    ['code: {type: string, readOnly: true, example: K-7}', /^K-\d+$/]
  ] as const) {
    const jobs = await startJobs(t, { type: `properties: {${kind}, title: {type: string}}` })
    const shown = found(await jobs.load('Job')).map(({ externalId }) => externalId)
    const objects = ['a', 'b', 'c'].map(title => flowObject(null, { title }))
    const created = found(await jobs.save('Job', ...objects))
    const [alone] = found(await jobs.save('Job', flowObject(null, { title: 'd' })))
    const ids = [...created, alone].map(each => String(each?.externalId))
    assert.deepEqual(
      created.map(({ title }) => title),
      ['a', 'b', 'c']
    )
    assert.equal(new Set([...shown, ...ids]).size, shown.length + 4, `${kind}: ${shown} ${ids}`)
    for (const [index, id] of ids.entries()) {
      assert.match(id, form)
      assert.ok(!isGeneratedId(id))
      assert.equal(created[index]?.code ?? id, id)
      const [updated] = found(await jobs.save('Job', flowObject(id, { title: 'e' })))
      assert.deepEqual([updated?.externalId, updated?.code, updated?.title], [id, id, 'e'])
      assert.deepEqual(found(await jobs.remove('Job', flowObject(id))), [])
    }
    const again = found(await jobs.save('Job', ...objects))
    assert.deepEqual(again, created)
  }
})

test('E3 E9 the id that is sent wins, then that of the example, of its header, and a bare one', async t => {
  const type = 'properties: {code: {type: string}, title: {type: string}}'
  const created = async (save: string, values: { [name: string]: string }): Promise<unknown> => {
    const jobs = await startJobs(t, { type, save })
    const [object] = found(await jobs.save('Job', flowObject(null, values)))
    assert.equal(object?.code, object?.externalId)
    assert.equal(object?.title, 'a')
    return object?.externalId
  }
  const body = `{ responses: { ${json(ONE, ', example: {code: K1, title: z}')} } }`
  assert.equal(await created(body, { title: 'a', code: 'mine' }), 'mine')
  assert.equal(await created(body, { title: 'a' }), 'K1')
  const header = (location: string): string =>
    `{ responses: { '201': {description: ok, headers: {location: {example: '${location}', schema: {type: string}}}} } }`
  assert.equal(await created(header('https://jobs.example.com/v1/jobs/K2'), { title: 'a' }), 'K2')
  assert.equal(await created(header('/v1/jobs/K3?full=1'), { title: 'a' }), 'K3')
  const bare = `{ responses: { '201': {description: ok, content: {application/json: {schema: {type: string}, example: K4}}} } }`
  assert.equal(await created(bare, { title: 'a' }), 'K4')
  const told = `{ responses: { '201': {description: ok, content: {application/json: {schema: {type: object, properties: {jobCode: {type: string}}}, example: {jobCode: K5}}}} } }`
  assert.ok(String(await created(told, { title: 'a' })).length > 0)
})

test('E9 batches of new objects are all saved, whatever the example of their answer lists', async t => {
  const save = `{ requestBody: { content: { application/json: { schema: ${LIST} } } }, responses: { ${json(LIST, ', example: [{code: K1, title: z}]')} } }`
  const text = documentOf({ save }).replace(
    'path: /jobs, example: true }\n      x-flow-update',
    'path: /jobs, batch: { size: 10 }, example: true }\n      x-flow-update'
  )
  const api = await startApi(t, text)
  const jobs = await startConnector(t, { 'Schema URL': api.documentUrl })
  const titles = ['a', 'b', 'c']
  const created = found(await jobs.save('Job', ...titles.map(title => flowObject(null, { title }))))
  assert.deepEqual(
    created.map(({ title }) => title),
    titles
  )
  assert.equal(created[0]?.externalId, 'K1')
  assert.equal(new Set(created.map(({ externalId }) => externalId)).size, 3)
  assert.deepEqual(api.calls, [])
})

test('E9 a type without an id of its own is created, updated and deleted from examples', async t => {
  const type = 'properties: {title: {type: string}}'
  const jobs = await startJobs(t, { type, keys: 'summary: A job' })
  const [row] = found(await jobs.load('Job'))
  const [created] = found(await jobs.save('Job', flowObject(null, { title: 'a' })))
  for (const id of [row, created].map(each => String(each?.externalId))) {
    const [updated] = found(await jobs.save('Job', flowObject(id, { title: 'b' })))
    assert.deepEqual([updated?.externalId, updated?.title], [id, 'b'])
    assert.deepEqual(found(await jobs.remove('Job', flowObject(id))), [])
  }
  assert.ok(!isGeneratedId(String(created?.externalId)))
})

test('E4 a load gives the named example with the id, else the row of the list, else the first', async t => {
  const row = (code: string, title: string): string => `{code: ${code}, title: ${title}}`
  const query = json(
    LIST,
    `, example: [${row('A', 'list a')}, ${row('B', 'list b')}, {title: list c}]`
  )
  const load = json(
    ONE,
    `, examples: {First: {value: ${row('Z', 'first')}}, Second: {value: ${row('B', 'named b')}}}`
  )
  const jobs = await startJobs(t, { query, load })
  const [, , third] = found(await jobs.load('Job'))
  for (const [id, title] of [
    ['A', 'list a'],
    ['B', 'named b'],
    ['Z', 'first'],
    ['none', 'first'],
    [String(third?.externalId), 'list c']
  ] as const) {
    const [loaded] = found(await jobs.load('Job', { id }))
    assert.equal(loaded?.title, title, id)
  }
})

test('E4 E5 a composite key and a wrapped list are found by the id that the list shows', async t => {
  const type = 'properties: {town: {type: string}, code: {type: integer}, title: {type: string}}'
  const query = json(
    `{type: object, properties: {hits: {type: array, items: {type: object, properties: {_source: ${ONE}}}}}}`
  )
  const jobs = await startJobs(t, { type, query, keys: 'id: [town, code]' })
  const rows = found(await jobs.load('Job'))
  assert.equal(rows.length, 5)
  for (const row of rows) {
    assert.deepEqual(found(await jobs.load('Job', { id: row.externalId })), [row])
  }
})

test('E13 a write without declared responses succeeds, one with a refusal is refused', async t => {
  const jobs = await startJobs(t, { save: '{}', remove: '{}' })
  const [created] = found(await jobs.save('Job', flowObject(null, { title: 'a' })))
  assert.equal(created?.title, 'a')
  assert.deepEqual(found(await jobs.remove('Job', flowObject(String(created?.externalId)))), [])
  const refusing = `{ responses: { '409': {description: no, content: {application/json: {example: {message: taken}}}} } }`
  const refused = await startJobs(t, { save: refusing })
  const said = problem(await refused.save('Job', flowObject(null, { title: 'a' })))
  assert.deepEqual(
    [said.code, said.statusCode, said.message],
    ['API_ERROR', 409, 'taken [API_ERROR]']
  )
})

test('E17 mapped conditions choose, those that are not mapped, order, search and window apply', async t => {
  const query = json(
    LIST,
    ', example: [{code: A, title: Rome, size: 3}, {code: B, title: Oslo, size: 1}, {code: C, title: Rome, size: 2}]'
  )
  const jobs = await startJobs(t, { query })
  const order = [{ columnName: 'size', direction: 'ASC' }]
  for (const [filter, expected] of [
    [{ where: [condition('title', 'Rome')] }, 'AC'],
    [{ where: [condition('title', 'Bonn')] }, 'ABC'],
    [{ where: [condition('title', 'Rome')], orderBy: order }, 'CA'],
    [{ where: [condition('title', 'Bonn')], orderBy: order }, 'BCA'],
    [{ where: [condition('title', 'Bonn'), condition('size', '1')] }, 'B'],
    [{ where: [condition('title', 'Rome'), condition('size', '1')] }, 'B'],
    [{ where: [condition('size', '7')] }, ''],
    [{ search: 'os' }, 'B'],
    [{ search: 'nowhere' }, ''],
    [{ where: [condition('title', 'Rome')], limit: 1 }, 'A'],
    [{ where: [condition('title', 'Rome')], limit: 1, offset: 1 }, 'C']
  ] as const) {
    const answer = await jobs.load('Job', filter)
    const ids = found(answer).map(({ externalId }) => externalId)
    assert.equal(ids.join(''), expected, JSON.stringify(filter))
    if ('limit' in filter) assert.equal(data(answer).hasMoreResults, !('offset' in filter))
  }
})

test('E8 no problem of an example tells of an API that was not called', async t => {
  for (const example of [
    '5',
    'none',
    '[1, 2]',
    '{other: {}}',
    '[{other: 1}]',
    '{data: {code: X}}'
  ]) {
    const response = json(LIST, `, example: ${example}`)
    const single = json(ONE, `, example: ${example}`)
    const jobs = await startJobs(t, { query: response, load: single, update: single })
    assert.ok(found(await jobs.load('Job')).length > 0, example)
    assert.equal(found(await jobs.load('Job', { id: '1' })).length, 1, example)
    const [updated] = found(await jobs.save('Job', flowObject('7', { title: 'a' })))
    assert.deepEqual([updated?.externalId, updated?.title], ['7', 'a'], example)
  }
})
