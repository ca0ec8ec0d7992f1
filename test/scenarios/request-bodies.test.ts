import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'

/** A document whose operations and schemas are given as YAML of one line each. */

/** A document whose operations and schemas are given as YAML of one line each. */
function documentOf(paths: readonly string[], schemas: readonly string[]): string {
  return [
    "openapi: 3.1.0\ninfo: {title: Test, version: '1'}\nservers: [{url: /v1}]\npaths:",
    ...paths.map(line => `  ${line}`),
    'components:\n  schemas:',
    ...schemas.map(line => `    ${line}`)
  ].join('\n')
}

/** A POST with a body of a media type and schema. */
function post(schema: string, mediaType = 'application/json', required = false): string {
  const body = `{required: ${required}, content: {${mediaType}: {schema: ${schema}}}}`
  return `{post: {requestBody: ${body}, responses: {'201': {description: Made}}}}`
}

const ID = '{name: id, in: path, required: true, schema: {type: string}}'

/** A PATCH with the given `content` of its body. */
function patch(content: string): string {
  const body = `{content: ${content}}`
  return `{parameters: [${ID}], patch: {requestBody: ${body}, responses: {'200': {description: Changed}}}}`
}

const NOTE = "{$ref: '#/components/schemas/Note'}"

/** A type that is saved by a POST to a path. */
function saved(name: string, path: string, properties: string, mapping = ''): string {
  return `${name}: {type: object, x-flow-type: {name: ${name}}, x-flow-save: {path: ${path}${mapping}}, properties: ${properties}}`
}

test('S1 a body that has only media types that cannot be written is refused before any call', async t => {
  const api = await startApi(
    t,
    documentOf(
      [
        `/xml: ${post('{type: object}', 'application/xml')}`,
        `/text: ${post('{type: string}', 'text/plain')}`,
        `/raw/{id}: ${patch("{application/octet-stream: {schema: {type: string}}, 'text/*': {}}")}`,
        `/steps/{id}: ${patch('{application/json-patch+json: {schema: {type: array, items: {type: object}}}}')}`
      ],
      [
        saved('Xml', '/xml', '{name: {type: string}}'),
        saved('Text', '/text', '{name: {type: string}}'),
        `Raw: {x-flow-type: {name: Raw}, x-flow-update: {path: '/raw/{id}', operation: patch, parameters: {id: id}}, properties: {name: {type: string}}}`,
        `Steps: {x-flow-type: {name: Steps}, x-flow-update: {path: '/steps/{id}', operation: patch, parameters: {id: id}}, properties: {name: {type: string}}}`,
        saved('Shown', '/xml', '{name: {type: string}}', ', example: true')
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [type, id] of [
    ['Xml', null],
    ['Text', null],
    ['Raw', 'r1'],
    ['Steps', 's1']
  ] as const) {
    const refused = await connector.save(type, flowObject(id, { name: 'x' }))
    assert.deepEqual(refusal(refused), ['BODY_UNSUPPORTED', 400], type)
  }
  assert.ok(problem(await connector.save('Xml', flowObject(null))).message.includes('POST /xml'))
  // An example needs no body.
  assert.equal((await connector.save('Shown', flowObject(null, { name: 'x' }))).status, 200)
  assert.deepEqual(api.calls, [])
  const { diagnostics } = await connector.preview()
  const errors = diagnostics.filter(({ code }) => code === 'MEDIA_TYPE_UNSUPPORTED')
  assert.equal(errors.length, 4)
})

test('S3 a patch is a merge patch, else JSON, and never a list of steps', async t => {
  const steps = 'application/json-patch+json: {schema: {type: array, items: {type: object}}}'
  const merge = `application/merge-patch+json: {schema: ${NOTE}}`
  const json = `application/json: {schema: ${NOTE}}`
  const vendor = `application/vnd.acme.v2+json: {schema: ${NOTE}}`
  const rows = [
    [`{${steps}, ${json}, ${merge}}`, 'application/merge-patch+json'],
    [`{${steps}, ${json}}`, 'application/json'],
    [`{${steps}, ${vendor}}`, 'application/vnd.acme.v2+json'],
    [`{${json}, ${vendor}}`, 'application/json']
  ] as const
  const types = rows.map(
    (_, index) =>
      `N${index}: {x-flow-type: {name: N${index}}, x-flow-update: {path: '/n${index}/{id}', operation: patch, parameters: {id: id}}, properties: {text: {type: string}}}`
  )
  const paths = rows.map(([content], index) => `/n${index}/{id}: ${patch(content)}`)
  const note = 'Note: {type: object, properties: {text: {type: string}}}'
  const api = await startApi(t, documentOf(paths, [note, ...types]))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [index, [, mediaType]] of rows.entries()) {
    api.answer({})
    found(await connector.save(`N${index}`, flowObject('7', { text: 'x' })))
    assert.deepEqual(api.takeCalls(), [`PATCH /v1/n${index}/7 {"text":"x"}`])
    assert.equal(api.calls.at(-1)?.headers['content-type'], mediaType)
  }
})

test('S2 the object goes to the only place of its type in the body, beside constants', async t => {
  const article = "{$ref: '#/components/schemas/Article'}"
  const resource = `{type: object, required: [type, attributes], properties: {type: {type: string, enum: [articles]}, version: {const: 2}, id: {type: string}, attributes: ${article}}}`
  const api = await startApi(
    t,
    documentOf(
      [
        `/articles: ${post(`{type: object, properties: {data: ${resource}}}`, 'application/vnd.api+json')}`,
        `/articles/{id}: ${patch(`{application/vnd.api+json: {schema: {type: object, properties: {data: ${resource}}}}}`)}`,
        `/users: ${post('{type: object, properties: {user: {type: object, properties: {e-mail: {type: string}, password: {type: string}, password_again: {type: string}}}}}')}`,
        `/deep: ${post("{type: object, properties: {request: {type: object, properties: {trace: {type: string}, body: {type: array, items: {$ref: '#/components/schemas/Deep'}}}}}}")}`
      ],
      [
        "Article: {type: object, x-flow-type: {name: Article}, x-flow-save: {path: /articles}, x-flow-update: {path: '/articles/{id}', operation: patch, parameters: {id: externalId}}, properties: {title: {type: string}}}",
        saved('User', '/users', '{id: {type: integer}, eMail: {type: string}}'),
        saved('Deep', '/deep', '{text: {type: string}}')
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({}, {}, {}, {})
  found(await connector.save('Article', flowObject(null, { title: 'One' })))
  found(await connector.save('Article', flowObject('a1', { title: 'Two' })))
  found(await connector.save('User', flowObject(null, { eMail: 'ana@example.com' })))
  found(await connector.save('Deep', flowObject(null, { text: 'x' })))
  const [created, updated, user, deep] = api.calls.map(({ body }) => JSON.parse(body))
  const data = { type: 'articles', version: 2 }
  assert.deepEqual(created, { data: { ...data, attributes: { title: 'One' } } })
  assert.deepEqual(updated, { data: { ...data, id: 'a1', attributes: { title: 'Two' } } })
  assert.deepEqual(user, { user: { 'e-mail': 'ana@example.com' } })
  assert.deepEqual(deep, { request: { body: [{ text: 'x' }] } })
})

test('S2 S4 a body that has nothing of the type, or several places for it, is refused before any call', async t => {
  const thing = "{$ref: '#/components/schemas/Two'}"
  const api = await startApi(
    t,
    documentOf(
      [
        `/other: ${post('{type: object, properties: {since: {type: string}, owner: {type: object, properties: {name: {type: string}, email: {type: string}}}}}')}`,
        `/two: ${post(`{type: object, properties: {billing: ${thing}, shipping: ${thing}}}`)}`,
        `/list: ${post('{type: array, items: {type: string}}')}`,
        `/set: ${post('{type: object, properties: {other: {type: string}}}')}`,
        `/case: ${post("{type: object, properties: {FirstName: {type: string}, 'zip-code': {type: integer}}}")}`,
        `/self: ${post("{type: object, properties: {name: {type: string}, parent: {$ref: '#/components/schemas/Self'}}}")}`
      ],
      [
        saved('Other', '/other', '{name: {type: string}, due: {type: string}}'),
        saved('Two', '/two', '{name: {type: string}}'),
        saved('List', '/list', '{name: {type: string}}'),
        saved('Bound', '/set', '{name: {type: string}}', ', parameters: {body.other: name}'),
        saved('Case', '/case', '{first_name: {type: string}, zipCode: {type: string}}'),
        saved(
          'Self',
          '/self',
          "{name: {type: string}, parent: {$ref: '#/components/schemas/Self'}}"
        )
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const type of ['Other', 'Two', 'List']) {
    const refused = await connector.save(type, flowObject(null, { name: 'x' }))
    assert.deepEqual(refusal(refused), ['BODY_REQUIRED', 400], type)
  }
  assert.deepEqual(api.calls, [])
  const { diagnostics } = await connector.preview()
  const warnings = diagnostics.filter(({ code }) => code === 'BODY_UNMATCHED')
  assert.deepEqual(
    warnings.map(({ severity }) => severity),
    ['warning', 'warning', 'warning']
  )
  assert.ok(warnings.some(({ message }) => /"billing".*"shipping"/.test(message)))

  // What the author fills, names in another case, and a body that is like the type are no such bodies.
  api.answer({}, {}, {})
  found(await connector.save('Bound', flowObject(null, { name: 'x' })))
  found(await connector.save('Case', flowObject(null, { first_name: 'Ana', zipCode: '89073' })))
  const parent = flowObject(null, { name: 'up' })
  found(await connector.save('Self', flowObject(null, { name: 'x', parent: [parent] })))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/set {"other":"x"}',
    'POST /v1/case {"FirstName":"Ana","zip-code":89073}',
    'POST /v1/self {"name":"x","parent":{"name":"up"}}'
  ])
})

test('S4 the body says what is read only, not the answer', async t => {
  const writable =
    '{type: object, properties: {id: {type: string}, state: {type: string}, name: {type: string, readOnly: true}, place: {type: object, properties: {room: {type: string}}}}}'
  const api = await startApi(
    t,
    documentOf(
      [
        `/items/{id}: {parameters: [${ID}], put: {requestBody: {required: true, content: {application/json: {schema: ${writable}}}}, responses: {'200': {description: ok}}}}`
      ],
      [
        "Item: {type: object, x-flow-type: {name: Item}, x-flow-update: {path: '/items/{id}', parameters: {id: externalId}}, properties: {id: {type: string, readOnly: true}, state: {type: string, readOnly: true}, name: {type: string}, place: {type: object, properties: {room: {type: string, readOnly: true}}}}}"
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({})
  const place = [flowObject(null, { room: 'attic' })]
  const item = flowObject('7', { id: '7', state: 'open', name: 'x', place })
  found(await connector.save('Item', item))
  assert.deepEqual(api.takeCalls(), [
    'PUT /v1/items/7 {"id":"7","state":"open","place":{"room":"attic"}}'
  ])
  // A blank id is none, whatever a blank means elsewhere.
  api.answer({})
  found(await connector.save('Item', flowObject('7', { id: '', state: '' })))
  assert.deepEqual(api.takeCalls(), ['PUT /v1/items/7 {"state":""}'])
  const nothing = problem(await connector.save('Item', flowObject('7', { name: 'x' })))
  assert.equal(nothing.code, 'BODY_REQUIRED')
  assert.match(nothing.message, /requires a body, and no property that it takes is filled/)
  assert.deepEqual(api.takeCalls(), [])
})

test('S9 where a body takes values, objects are their ids, and lists those of each', async t => {
  const body =
    '{type: object, properties: {assignees: {type: array, items: {type: string}}, milestone: {type: [integer, "null"]}, tags: {type: array, items: {type: integer}}, lead: {type: string}, parents: {type: array, items: {type: integer}}, address: {type: object, properties: {city: {type: string}}}}}'
  const api = await startApi(
    t,
    documentOf(
      [`/issues: ${post(body)}`, `/issues/{id}: ${patch(`{application/json: {schema: ${body}}}`)}`],
      [
        'Person: {type: object, x-flow-type: {name: Person, id: login}, properties: {login: {type: string}, id: {type: integer}}}',
        "Issue: {type: object, x-flow-type: {name: Issue}, x-flow-save: {path: /issues}, x-flow-update: {path: '/issues/{id}', operation: patch, parameters: {id: externalId}}, properties: {assignees: {type: array, items: {$ref: '#/components/schemas/Person'}}, milestone: {type: object, properties: {id: {type: integer}, title: {type: string}}}, tags: {type: array, items: {type: string}}, lead: {type: array, items: {$ref: '#/components/schemas/Person'}}, parents: {type: integer}, address: {type: string}}}"
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const ana = flowObject('ana', { login: 'ana' })
  const bob = flowObject(null, { login: 'bob', id: '5' })
  api.answer({}, {})
  const full = {
    assignees: [ana, bob],
    milestone: [flowObject(null, { id: '3', title: 'M' })],
    tags: [flowObject(null, { Value: '7' })],
    lead: [bob],
    parents: '12'
  }
  found(await connector.save('Issue', flowObject(null, full)))
  found(await connector.save('Issue', flowObject('i1', { milestone: [], assignees: [], lead: [] })))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/issues {"assignees":["ana","bob"],"milestone":3,"tags":[7],"lead":"bob","parents":[12]}',
    'PATCH /v1/issues/i1 {"assignees":[],"milestone":null,"lead":""}'
  ])
  const rows = [
    ['milestone', [flowObject(null, { title: 'no id' })]],
    ['lead', [ana, bob]],
    ['tags', [flowObject(null, { Value: 'x' })]],
    ['address', 'Ulm']
  ] as const
  for (const [property, value] of rows) {
    const refused = problem(await connector.save('Issue', flowObject(null, { [property]: value })))
    assert.equal(refused.code, 'VALUE_INVALID', property)
    // An item of a list is `Value` of the list's type.
    const named = property === 'tags' ? 'Issue:tags' : `"${property}"`
    assert.ok(refused.message.includes(named), refused.message)
  }
  assert.deepEqual(api.takeCalls(), [])
})

test('S10 an object stands in an array where the body has one, several in one batch', async t => {
  const thing = "{$ref: '#/components/schemas/Thing'}"
  const list = `{type: array, items: ${thing}}`
  const wrapped = `{type: array, items: {type: object, properties: {item: ${thing}}}}`
  const api = await startApi(
    t,
    documentOf(
      [
        `/contacts: ${post(`{type: object, properties: {Contacts: ${list}, dry: {type: boolean}}}`)}`,
        `/wrapped: ${post(`{type: object, properties: {rows: ${wrapped}}}`)}`
      ],
      [
        'Thing: {type: object, properties: {name: {type: string}}}',
        saved('One', '/contacts', '{name: {type: string}}', ', body: Contacts'),
        saved('Many', '/contacts', '{name: {type: string}}', ', body: Contacts, batch: {size: 2}'),
        saved('Row', '/wrapped', '{name: {type: string}}', ', body: rows.item, batch: {size: 5}')
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const names = ['a', 'b', 'c'].map(name => flowObject(null, { name }))
  api.answer({}, {}, {}, {})
  found(await connector.save('One', flowObject(null, { name: 'a' })))
  found(await connector.save('Many', ...names))
  found(await connector.save('Row', ...names.slice(1)))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/contacts {"Contacts":[{"name":"a"}]}',
    'POST /v1/contacts {"Contacts":[{"name":"a"},{"name":"b"}]}',
    'POST /v1/contacts {"Contacts":[{"name":"c"}]}',
    'POST /v1/wrapped {"rows":[{"item":{"name":"b"}},{"item":{"name":"c"}}]}'
  ])
})

test('S11 parameters fill members of the body: constants, ids, properties, the window of a load', async t => {
  const command =
    "{type: object, properties: {action: {type: string, enum: [create, update]}, '@odata.type': {type: string}, target: {type: object, properties: {id: {type: integer}, tags: {type: array, items: {type: string}}}}, item: {$ref: '#/components/schemas/Task'}}}"
  const search =
    '{type: object, properties: {filter: {type: object, properties: {state: {type: string}}}, page: {type: object, properties: {size: {type: integer, maximum: 10}, from: {type: integer}}}}}'
  const api = await startApi(
    t,
    documentOf(
      [
        `/commands: ${post(command, 'application/json', true)}`,
        `/search: {post: {requestBody: {content: {application/json: {schema: ${search}}}}, responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Task'}}}}}}}}`,
        `/declared: {post: {parameters: [{name: body.x, in: query, schema: {type: string}}], responses: {'201': {description: ok}}}}`
      ],
      [
        `Task:
      type: object
      x-flow-type: {name: Task, customProperties: {tag: string}}
      x-flow-save: {path: /commands, parameters: {body.action: {default: create}, 'body.@odata.type': {default: '#task'}, body.target.tags: tag}}
      x-flow-update: {path: /commands, operation: post, parameters: {body.action: {default: update}, body.target.id: externalId}}
      x-flow-query: {path: /search, operation: post, parameters: {where: {state: body.filter.state}, body.page.size: limit, body.page.from: offset}}
      properties: {id: {type: integer, readOnly: true}, title: {type: string}, state: {type: string}}`,
        saved('Plain', '/declared', '{a: {type: string}}', ', parameters: {body.x: {default: q}}')
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({}, {}, { json: [{ id: 1, title: 'x', state: 'open' }] }, {})
  found(await connector.save('Task', flowObject(null, { title: 'Mow', tag: 'home' })))
  found(await connector.save('Task', flowObject('7', { title: 'Mow' })))
  const where = [
    {
      columnName: 'state',
      criteriaType: 'EQUAL',
      contentValue: 'open',
      value: null,
      objectData: null
    }
  ]
  found(await connector.load('Task', { where, limit: 3, offset: 4 }))
  found(await connector.save('Plain', flowObject(null, { a: '1' })))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/commands {"item":{"title":"Mow"},"action":"create","@odata.type":"#task","target":{"tags":["home"]}}',
    'POST /v1/commands {"item":{"title":"Mow"},"action":"update","target":{"id":7}}',
    'POST /v1/search {"filter":{"state":"open"},"page":{"size":4,"from":4}}',
    'POST /v1/declared?body.x=q {"a":"1"}'
  ])
  // Constants alone are not the object that a required body is for.
  const nothing = await connector.save('Task', flowObject(null, { title: '' }))
  assert.deepEqual(refusal(nothing), ['BODY_REQUIRED', 400])
  const misfit = await connector.save('Task', flowObject('seven', { title: 'Mow' }))
  assert.deepEqual(refusal(misfit), ['PARAMETER_INVALID', 400])
  assert.deepEqual(api.takeCalls(), [])
})

test('S11 members of the items of arrays make one item where the body has none', async t => {
  const state = 'properties: {state: {type: string}}'
  const groups = `{type: object, properties: {groups: {type: array, items: {type: object, properties: {filters: {type: array, items: {type: object, properties: {name: {type: string}, value: {type: string}}}}}}}}}`
  const things = "{type: array, items: {$ref: '#/components/schemas/Thing'}}"
  const answer = `responses: {'200': {description: ok, content: {application/json: {schema: ${things}}}}}`
  const body = (schema: string) =>
    `requestBody: {content: {application/json: {schema: ${schema}}}}, ${answer}`
  const api = await startApi(
    t,
    documentOf(
      [
        `/things/{id}: {post: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], ${body(`{type: object, properties: {Things: ${things}}}`)}}}`,
        `/all/{id}: {patch: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], ${body(`{type: array, items: {type: object, ${state}}}`)}}}`,
        `/search: {post: {${body(groups)}}}`
      ],
      [
        `Thing:
      type: object
      x-flow-type: {name: Thing}
      x-flow-query: {path: /search, operation: post, parameters: {body.groups.filters.name: {default: state}, where: {state: body.groups.filters.value}}}
      x-flow-delete: {path: '/things/{id}', operation: post, parameters: {id: externalId, body.Things.state: {default: gone}, body.Things.owner.id: {default: none}}}
      properties: {id: {type: string, readOnly: true}, state: {type: string}, owner: {type: object, properties: {id: {type: string}}}}`,
        `Other:
      type: object
      x-flow-type: {name: Other}
      x-flow-delete: {path: '/all/{id}', operation: patch, parameters: {id: externalId, body.state: {default: gone}}}
      properties: {id: {type: string}, state: {type: string}}`
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] }, { json: [] }, { json: [] })
  await connector.remove('Thing', flowObject('1'))
  await connector.remove('Other', flowObject('2'))
  await connector.load('Thing', { where: [condition('state', 'open')] })
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/things/1 {"Things":[{"state":"gone","owner":{"id":"none"}}]}',
    'PATCH /v1/all/2 [{"state":"gone"}]',
    'POST /v1/search {"groups":[{"filters":[{"name":"state","value":"open"}]}]}'
  ])
})

test('S11 a body of which parameters fill all that it takes needs nothing of the object', async t => {
  const update = (type: string, path: string, left: string): string =>
    `${type}: {type: object, x-flow-type: {name: ${type}}, x-flow-update: {path: ${path}, operation: post, parameters: {${left}: externalId}}, properties: {id: {type: string}, name: {type: string, readOnly: true}}}`
  const path = (name: string, schema: string): string =>
    `/${name}: {post: {requestBody: {required: true, content: {application/json: {schema: ${schema}}}}, responses: {'204': {description: ok}}}}`
  const id = '{type: object, properties: {id: {type: string}}}'
  const api = await startApi(
    t,
    documentOf(
      [
        path('moves', `{type: object, properties: {move: ${id}}}`),
        path('lists', `{type: object, properties: {moves: {type: array, items: ${id}}}}`),
        path('bare', id),
        path('cased', '{type: object, properties: {ID: {type: string}}}'),
        path('more', '{type: object, properties: {id: {type: string}, name: {type: string}}}')
      ],
      [
        update('Move', '/moves', 'body.move.id'),
        update('Listed', '/lists', 'body.moves.id'),
        update('Bare', '/bare', 'body.id'),
        update('Cased', '/cased', 'body.ID'),
        update('More', '/more', 'body.id')
      ]
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({}, {}, {}, {})
  for (const type of ['Move', 'Listed', 'Bare', 'Cased']) {
    found(await connector.save(type, flowObject('7', { name: 'x' })))
  }
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/moves {"move":{"id":"7"}}',
    'POST /v1/lists {"moves":[{"id":"7"}]}',
    'POST /v1/bare {"id":"7"}',
    'POST /v1/cased {"ID":"7"}'
  ])
  const left = await connector.save('More', flowObject('7', {}))
  assert.deepEqual(refusal(left), ['BODY_REQUIRED', 400])
})
