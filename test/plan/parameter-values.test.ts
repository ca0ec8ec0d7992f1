import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import type { BoundParameter } from '../../service/model/bound-parameters.ts'
import type { UserField } from '../../service/model/mapping-record.ts'
import { parameterValues } from '../../service/plan/parameter-values.ts'
import type { ApiAccess, OperationInput } from '../../service/plan/types.ts'
import { recordsOf } from '../support/mapped-call.ts'
import {
  custom,
  flowObject,
  itemType,
  nested,
  objectType,
  scalar,
  typeRecords
} from '../support/type-record.ts'
import {
  access,
  group,
  input,
  listFilter,
  operation,
  parameter,
  planSample,
  problem,
  sentQuery,
  where
} from './plan-records.ts'

const TYPES = typeRecords(
  objectType(
    'Thing',
    [
      scalar('Name'),
      scalar('Size', 'integer'),
      custom('playlist_id'),
      nested('Maker', 'object', 'Thing:Maker'),
      nested('Tags', 'list', 'Thing:Tags')
    ],
    { composite: ['place', 'number'] }
  ),
  objectType('Thing:Maker', [scalar('City')]),
  itemType('Thing:Tags', 'text')
)

const OBJECT = flowObject(
  'Thing',
  {
    name: 'Drill',
    Size: '12345678901234567890',
    playlist_id: 'p1',
    Maker: [flowObject('Thing:Maker', { City: 'Oslo' })],
    Tags: [flowObject('Thing:Tags', { Value: 'a' }), flowObject('Thing:Tags', { Value: 'b' })]
  },
  { externalId: 'x1' }
)

type Called = { input?: Partial<OperationInput>; access?: Partial<ApiAccess> }

/** The values that the parameters get, by name. */
function values(
  parameters: readonly BoundParameter[],
  called: Called = {}
): { [name: string]: JsonValue } {
  const { endpoint, mapping } = recordsOf(operation({ verb: 'save', method: 'POST', parameters }))
  const found = parameterValues({
    endpoint,
    use: mapping,
    types: TYPES,
    access: access(called.access),
    input: input(called.input)
  })
  return Object.fromEntries(found.map(({ parameter: { name }, value }) => [name, value]))
}

/** The value of one parameter; undefined when it is not sent. */
function value(given: Partial<BoundParameter>, called: Called = {}): JsonValue | undefined {
  return values([parameter('p', given)], called).p
}

test('C11 C12 an id fills a parameter whole', () => {
  const id = { from: 'id', part: null } as const
  assert.equal(value({ sources: [id] }, { input: { id: 'x1' } }), 'x1')
  assert.equal(value({ sources: [id] }), undefined)
})

test('C12 a composite id fills parameters with its parts', () => {
  const part = (name: string) => ({ sources: [{ from: 'id', part: name } as const] })
  const id = Buffer.from(JSON.stringify(['OSL', 'B/2'])).toString('base64url')
  assert.equal(value(part('place'), { input: { id } }), 'OSL')
  assert.equal(value(part('number'), { input: { id } }), 'B/2')
  problem('ID_INVALID', () => value(part('number'), { input: { id: 'OSL' } }))
})

const USER: readonly UserField[] = [
  'UserID',
  'Email',
  'FirstName',
  'LastName',
  'DirectoryId',
  'DirectoryName',
  'PrimaryGroupId',
  'PrimaryGroupName',
  'RoleId',
  'RoleName'
]
for (const field of USER) {
  test(`C13 $User.${field} is that field of the flow's user`, () => {
    const user = Object.fromEntries(USER.map(name => [name, `the ${name}`]))
    const sources = [{ from: 'user', field } as const]
    assert.equal(value({ sources }, { input: { user } }), `the ${field}`)
    assert.equal(value({ sources }), undefined)
  })
}

test('C14 a property fills a parameter, custom and nested ones included', () => {
  const property = (...path: string[]) => ({ sources: [{ from: 'property', path } as const] })
  const called = { input: { object: OBJECT } }
  assert.equal(value(property('Name'), called), 'Drill')
  assert.deepEqual(value(property('Size'), called), JSON.rawJSON('12345678901234567890'))
  assert.equal(value(property('playlist_id'), called), 'p1')
  assert.equal(value(property('Maker', 'City'), called), 'Oslo')
  assert.deepEqual(value(property('Tags'), called), ['a', 'b'])
  assert.equal(value(property('Maker', 'Street'), called), undefined)
  const bare = { input: { object: flowObject('Thing', { Name: '', Maker: [] }) } }
  for (const path of [['Name'], ['Size'], ['Maker', 'City'], ['Tags']]) {
    assert.equal(value(property(...path), bare), undefined)
  }
})

test('C15 C19 a constant is sent when nothing else fills the parameter', () => {
  const sources = [{ from: 'property', path: ['Name'] } as const]
  assert.equal(value({ fallback: 'flow' }), 'flow')
  assert.equal(value({ sources, fallback: 'flow' }, { input: { object: OBJECT } }), 'Drill')
  assert.equal(value({ sources, fallback: 'flow' }), 'flow')
  assert.equal(value({ fallback: '' }), '')
  assert.deepEqual(value({ fallback: { a: [1] } }), { a: [1] })
})

test('the first source that yields a value wins', () => {
  const sources = [
    { from: 'variable', name: 'REGION' },
    { from: 'user', field: 'RoleName' },
    { from: 'user', field: 'Email' }
  ] as const
  const user = { RoleName: ' ', Email: 'a@b.example' }
  assert.equal(value({ sources }, { input: { user } }), 'a@b.example')
  const variables = { REGION: 'eu' }
  assert.equal(value({ sources }, { input: { user }, access: { variables } }), 'eu')
})

test('a variable never comes from a prototype', () => {
  const sources = [{ from: 'variable', name: 'constructor' } as const]
  assert.equal(value({ sources }), undefined)
})

test('D02 limit and offset are what the page asks for; unfilled they are the default or left out', () => {
  const parameters = [
    parameter('limit', { kind: 'integer', sources: [{ from: 'limit' }], fallback: 20 }),
    parameter('offset', { kind: 'integer', sources: [{ from: 'offset' }] })
  ]
  const asked = (page: { [name: string]: number }) =>
    values(parameters, { input: { page: { values: page, url: null } } })
  assert.deepEqual(asked({ limit: 21, offset: 40 }), { limit: 21, offset: 40 })
  assert.deepEqual(asked({}), { limit: 20 })
  assert.deepEqual(values(parameters), { limit: 20 })
})

test('D04 an optional parameter that nothing fills is left out', () => {
  assert.deepEqual(values([parameter('a'), parameter('b', { fallback: [] })]), {})
})

const FILL: readonly (readonly [Partial<BoundParameter>, string])[] = [
  [{ sources: [{ from: 'property', path: ['Maker', 'City'] }] }, 'Fill property "Maker.City".'],
  [{ sources: [{ from: 'id', part: null }] }, 'Fill the external id.'],
  [{ sources: [{ from: 'user', field: 'Email' }] }, "Fill the flow user's Email."],
  [
    { sources: [{ from: 'variable', name: 'REGION' }] },
    'Fill "REGION" in configuration value "Variables".'
  ],
  [
    { sources: [{ from: 'filter', column: 'Name', criterion: 'EQUAL', any: false }] },
    'Fill a filter by EQUAL on property "Name".'
  ],
  [{}, 'Fill it: add "p" to `parameters` of the mapping `x-flow-save`.']
]
for (const [given, remedy] of FILL) {
  test(`D08 a required parameter that nothing fills is named: ${remedy}`, () => {
    const error = problem('PARAMETER_REQUIRED', () => value({ ...given, required: true }))
    assert.equal(error.status, 400)
    assert.match(error.message, /parameter "p" of POST \/things is required/)
    assert.equal(error.remedy, remedy)
  })
}

test('D09 a value that is not allowed is a problem that names those that are', () => {
  const sources = [{ from: 'property', path: ['Name'] } as const]
  const name = (text: string) => ({ input: { object: flowObject('Thing', { Name: text }) } })
  const given = { sources, allowed: ['open', 'done'] }
  assert.equal(value(given, name('open')), 'open')
  const error = problem('PARAMETER_INVALID', () => value(given, name('opne')))
  assert.equal(error.remedy, 'Use one of: open, done.')
  assert.equal(value({ ...given, kind: 'integer', allowed: ['1', '2'] }, name('2')), 2)
  const tags = { sources: [{ from: 'property', path: ['Tags'] } as const], allowed: ['a'] }
  problem('PARAMETER_INVALID', () => value(tags, { input: { object: OBJECT } }))
})

test('text of a flow becomes what the parameter is declared to be', () => {
  const sources = [{ from: 'property', path: ['Name'] } as const]
  const read = (given: Partial<BoundParameter>, text: string) =>
    value({ sources, ...given }, { input: { object: flowObject('Thing', { Name: text }) } })
  assert.equal(read({ kind: 'integer' }, '007'), 7)
  assert.deepEqual(read({ kind: 'number' }, '1.50'), 1.5)
  assert.equal(read({ kind: 'boolean' }, 'True'), true)
  assert.equal(read({ kind: 'date' }, '2024-03-09T23:00:00Z'), '2024-03-09')
  assert.deepEqual(read({ kind: 'json' }, '{"a":[1]}'), { a: [1] })
  assert.equal(read({ kind: 'json' }, 'blue'), 'blue')
  assert.equal(read({ kind: 'json' }, '007'), '007')
  assert.equal(read({ kind: 'json', json: true }, '7'), 7)
  for (const kind of ['integer', 'number', 'boolean', 'date', 'date-time'] as const) {
    const error = problem('PARAMETER_INVALID', () => read({ kind }, 's3cret'))
    assert.match(error.message, /parameter "p" of POST \/things/)
    assert.ok(!`${error.message}${error.remedy}`.includes('s3cret'))
  }
})

test('C12 C13 C15 C16 D02 the sample of sources fills a query as its comments say', async () => {
  const planned = await planSample('parameter-sources', 'query:Task', {
    access: { variables: { REGION: 'eu' } },
    input: {
      filter: listFilter({
        where: group('AND', [where('state', 'EQUAL', 'done')]),
        order: [{ column: 'title', direction: 'DESC' }],
        search: 'water'
      }),
      page: { values: { limit: 11, offset: 10 }, url: null },
      user: { DirectoryId: 'a/b', UserID: 'u1', Email: 'u1@example.com' }
    }
  })
  assert.equal(new URL(planned.url).pathname, '/directories/a%2Fb/tasks')
  assert.deepEqual(Object.fromEntries(new URL(planned.url).searchParams), {
    owner: 'u1',
    mail: 'u1@example.com',
    region: 'eu',
    include: 'comments',
    view: 'compact',
    state: 'done',
    limit: '11',
    offset: '10',
    q: 'water',
    sort: 'title',
    order: 'DESC'
  })
  const bare = await planSample('parameter-sources', 'query:Task', {
    input: { user: { DirectoryId: 'd' } }
  })
  assert.equal(sentQuery(bare), 'include=comments&view=compact&state=open')
})

test('D08 the sample of sources without a user is refused before any call', async () => {
  await assert.rejects(planSample('parameter-sources', 'query:Task'), {
    code: 'PARAMETER_REQUIRED',
    remedy: "Fill the flow user's DirectoryId."
  })
})

test('C14 C15 C18 the sample of sources fills a save', async () => {
  const planned = await planSample('parameter-sources', 'save:Task', {
    input: {
      object: flowObject('Task', {
        title: 'x',
        project: [flowObject('Task:project', { code: 'HOME' })]
      }),
      body: { title: 'x' },
      user: { UserID: 'u1' }
    }
  })
  assert.equal(
    planned.url,
    'https://tasks.example.com/directories/public/tasks?project=HOME&channel=flow'
  )
  assert.deepEqual(planned.headers, { 'X-Actor': 'u1' })
  assert.equal(planned.method, 'POST')
})

test('C11 the sample of sources fills a delete with the external id', async () => {
  const planned = await planSample('parameter-sources', 'delete:Task', { input: { id: 't 1' } })
  assert.equal(planned.url, 'https://tasks.example.com/tasks/t%201')
  assert.deepEqual([planned.method, planned.body], ['DELETE', null])
})

test('C12 the sample of composite keys fills both parts, a slash included', async () => {
  const id = Buffer.from(JSON.stringify(['OSL', 'B/2'])).toString('base64url')
  const planned = await planSample('composite-key', 'load:Stock', { input: { id } })
  assert.equal(planned.url, 'https://warehouse.example.com/warehouses/OSL/stock/B%2F2')
})
