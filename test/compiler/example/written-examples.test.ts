import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import { compile, exampleOf, installed } from '../../support/compile.ts'
import { answerOf, shownBy } from '../../support/shown-examples.ts'

/** A list of `X` whose media type has further members; `schemas` are YAML flow maps by name. */
function listOf(media: string, version = '3.1.0', schemas = ''): ConnectorModel {
  return compile(`openapi: ${version}
info: {title: t, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/X'}}, ${media}}}}}}}
components:
  examples:
    One: {value: [{id: 1}]}
    Text: {value: '[{"id": 2}]'}
    Serialized: {serializedValue: '[{"id": 3}]'}
    Data: {dataValue: [{id: 4}]}
    Again: {$ref: '#/components/examples/Serialized'}
    Broken: {serializedValue: '[{"id": '}
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, properties: {id: {type: integer}, meta: {type: object, properties: {n: {type: integer}}}}}
    ${schemas}`)
}

function bodyOf(model: ConnectorModel, name?: string): unknown {
  const answer = exampleOf(model, 'query:X').answers['200']
  return name === undefined ? answer?.body : answer?.named[name]
}

function codesOf(model: ConnectorModel): string[] {
  return model.index.diagnostics.map(({ code, pointer }) => `${code} ${pointer.split('/').at(-1)}`)
}

test('M9 JSON text is read where an object or a list is due, with a finding', () => {
  for (const [media, found, id] of [
    [`example: '[{"id": 7}]'`, 'EXAMPLE_IS_TEXT example', 7],
    [`examples: {A: {value: '[{"id": 8}]'}}`, 'EXAMPLE_IS_TEXT value', 8],
    [`examples: {A: {$ref: '#/components/examples/Text'}}`, 'EXAMPLE_IS_TEXT value', 2]
  ] as const) {
    const model = listOf(media)
    assert.deepEqual(bodyOf(model), [{ id }], media)
    assert.deepEqual(codesOf(model), [found], media)
  }
})

test('M9 text that is no JSON is not used, and the next source is', () => {
  const model = listOf('example: see the manual, examples: {A: {value: [{id: 9}]}}')
  assert.deepEqual(bodyOf(model), [{ id: 9 }])
  assert.deepEqual(codesOf(model), ['EXAMPLE_UNREADABLE example'])
})

test('M9 references and serialized values of examples are read', () => {
  const model = listOf(
    `examples: {A: {$ref: '#/components/examples/Again'}, B: {$ref: '#/components/examples/Data'}, C: {$ref: '#/components/examples/Broken'}}`,
    '3.2.0'
  )
  assert.deepEqual(bodyOf(model), [{ id: 3 }])
  assert.deepEqual(bodyOf(model, 'B'), [{ id: 4 }])
  assert.equal(bodyOf(model, 'C'), undefined)
  assert.ok(codesOf(model).includes('EXAMPLE_UNREADABLE serializedValue'))
})

test('M9 a reference where OpenAPI has none is followed with a finding', () => {
  for (const [media, id] of [
    [`example: {$ref: '#/components/examples/One'}`, 1],
    [`example: {$ref: '#/components/examples/Again'}`, 3],
    [`example: {$ref: '#/components/examples/One/value', summary: one}`, 1]
  ] as const) {
    const model = listOf(media)
    assert.deepEqual(bodyOf(model), [{ id }], media)
    assert.ok(codesOf(model).includes('EXAMPLE_IS_REFERENCE example'), media)
  }
  const lost = listOf(`example: {$ref: '#/components/examples/None'}, examples: {A: {value: []}}`)
  assert.deepEqual(bodyOf(lost), [])
  assert.deepEqual(codesOf(lost), ['EXAMPLE_IS_REFERENCE example'])
})

test('M9 examples of schemas, properties and types are read alike', async () => {
  const typed = (members: string): ConnectorModel =>
    compile(`openapi: 3.1.0
info: {title: t, version: '1'}
paths: {/x: {get: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, ${members}}`)
  const ofProperty = typed(
    `properties: {meta: {type: object, properties: {n: {type: integer}}, example: '{"n": 5}'}}`
  )
  assert.deepEqual((await shownBy(ofProperty, 'query:X'))[0], { meta: { n: 5 } })
  assert.deepEqual(codesOf(ofProperty), ['EXAMPLE_IS_TEXT example'])
  const ofType = typed(`example: '{"id": 6, "name": "six"}'`)
  assert.deepEqual(installed(ofType).X, ['id ContentNumber', 'name ContentString'])
  assert.deepEqual(await shownBy(ofType, 'query:X'), [{ id: 6, name: 'six' }])
  const ofText = listOf(
    `examples: {A: {value: [{id: 1}]}}`,
    '3.1.0',
    `Y: {type: object, x-flow-type: {name: Y}, properties: {t: {type: string, example: '{"a": 1}'}}}`
  )
  assert.deepEqual(codesOf(ofText), [])
})

test('M9 a member that is called $ref is data where the schema declares it', () => {
  const model = compile(`openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/X'}, example: {$ref: '#/a'}}}}}}}
components:
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, properties: {$ref: {type: string}}}`)
  assert.deepEqual(bodyOf(model), { $ref: '#/a' })
})

test('E7 E8 what is evident is taken, with a warning', () => {
  const one = '[{id: 1}]'
  for (const [media, expected] of [
    [`example: {summary: one, value: ${one}}`, [{ id: 1 }]],
    [`example: {value: ${one}}`, [{ id: 1 }]],
    [`example: {application/json: ${one}}`, [{ id: 1 }]],
    [`example: {text/plain: none, application/vnd.api+json: ${one}}`, [{ id: 1 }]],
    [`example: {application/json: {value: ${one}}}`, [{ id: 1 }]],
    ['example: {id: 1, meta: {n: 2}}', [{ id: 1, meta: { n: 2 } }]],
    [`example: {total: 1, items: ${one}}`, [{ id: 1 }]],
    [`examples: {One: ${one}}`, [{ id: 1 }]],
    ['examples: {One: {id: 1}}', [{ id: 1 }]],
    ['examples: [{id: 1}, {id: 2}]', [{ id: 1 }, { id: 2 }]],
    [`examples: [{value: ${one}}, {value: []}]`, [{ id: 1 }]]
  ] as const) {
    const model = listOf(media)
    assert.deepEqual(bodyOf(model), expected, media)
    const codes = model.index.diagnostics.map(({ code, severity }) => `${severity} ${code}`)
    assert.ok(codes.length > 0, media)
    assert.deepEqual(new Set(codes), new Set(['warning EXAMPLE_UNWRAPPED']), media)
  }
})

/** A load and a query of `X`, whose answers wrap the objects, with further members of their media types. */
function wrapped(list: string, single: string): ConnectorModel {
  const answer = (schema: string, media: string): string =>
    `{responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {ok: {type: boolean}, data: ${schema}}}, ${media}}}}}}`
  return compile(`openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /x: {get: ${answer("{type: array, items: {$ref: '#/components/schemas/X'}}", list)}}
  /x/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: ${answer("{$ref: '#/components/schemas/X'}", single)}
components:
  schemas:
    X:
      type: object
      x-flow-type: {name: X}
      x-flow-query: {path: /x, example: true}
      x-flow-load: {path: '/x/{id}', parameters: {id: id}, example: true}
      properties: {id: {type: integer}, name: {type: string}}`)
}

test('E8 a bare example under a wrapped schema is taken with a warning, a scalar is not', async () => {
  for (const [list, single] of [
    ['example: [{id: 3, name: c}]', 'example: {id: 3, name: c}'],
    ['example: {id: 3, name: c}', 'example: [{id: 3, name: c}]'],
    ['examples: {A: {value: [{id: 3, name: c}]}}', 'examples: {A: {value: {id: 3, name: c}}}']
  ] as const) {
    const model = wrapped(list, single)
    for (const [key, id] of [
      ['query:X', null],
      ['load:X', '3']
    ] as const) {
      assert.deepEqual(await shownBy(model, key, id), [{ id: 3, name: 'c' }], list)
    }
    assert.deepEqual(
      codesOf(model).filter(code => !code.startsWith('EXAMPLE_UNWRAPPED')),
      ['RECORDS_INFERRED x-flow-query', 'RECORDS_INFERRED x-flow-load']
    )
  }
  for (const media of ['example: 5', 'example: none', 'example: [1, 2]', 'example: true']) {
    const model = wrapped(media, media)
    assert.equal((await shownBy(model, 'query:X')).length, 5, media)
    assert.equal((await shownBy(model, 'load:X', '2'))[0]?.id, 2, media)
    assert.ok(codesOf(model).includes('EXAMPLE_UNREADABLE example'), media)
  }
})

test('E7 an example that has nothing of its schema is not used, with a warning', async () => {
  for (const media of [
    'example: {message: no such list, status: 404}',
    'example: [{code: 7, message: broken}]',
    'example: {errors: [{detail: broken}]}'
  ]) {
    const model = listOf(media)
    assert.equal(bodyOf(model), undefined, media)
    assert.deepEqual(codesOf(model), ['EXAMPLE_UNREADABLE example'], media)
    assert.equal((await shownBy(model, 'query:X')).length, 5, media)
  }
})

test('E7 why an example is not used is told with the names on both sides, or the kind', () => {
  const wrapped = (example: string, parameter = ''): string[] =>
    compile(`openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: 'https://a.example.com'}]
paths:
  /x:
    get:
      parameters: [{name: p, in: query, schema: {type: object, properties: {a: {}}}${parameter}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {marketGroups: {type: array, items: {$ref: '#/components/schemas/X'}}}}, example: ${example}}}}}
components: {schemas: {X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, properties: {id: {type: integer}}}}}
`)
      .index.diagnostics.filter(({ code }) => code === 'EXAMPLE_UNREADABLE')
      .map(({ message, remedy }) => `${message.split(': ').slice(1).join(': ')} | ${remedy}`)
  const fix = 'Write a value as its schema describes it. See docs/x-flow.md#written-examples.'
  assert.deepEqual(wrapped('{marketgroups: [{n: 1}], total: 1}'), [
    `it has "marketgroups", "total", and its schema "marketGroups" | ${fix}`
  ])
  assert.deepEqual(wrapped("'{broken'"), [
    `it is text, and not JSON, where an object is due | ${fix}`
  ])
  assert.deepEqual(wrapped('{marketGroups: []}', ", example: 'a=1'"), [
    `it is text, and not JSON, where an object is due | ${fix}`
  ])
})

test('E7 a member that is called value is data where the schema declares it', () => {
  const model = compile(`openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/X'}}, example: [{value: 5}]}}}}}}
  /y: {get: {responses: {'200': {description: ok, content: {application/json: {example: {value: [{value: 6}]}}}}}}}
components:
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, properties: {value: {type: integer}}}
    Y: {type: object, x-flow-type: {name: Y}, x-flow-query: {path: /y, example: true}, properties: {value: {type: integer}}}`)
  assert.deepEqual(bodyOf(model), [{ value: 5 }])
  assert.deepEqual(exampleOf(model, 'query:Y').answers['200']?.body, { value: [{ value: 6 }] })
  assert.deepEqual(
    model.index.diagnostics.filter(({ code }) => code.startsWith('EXAMPLE')),
    []
  )
})

test('E13 null is an empty answer, of a query and of a load', async () => {
  const model = listOf('examples: {None: {value: null}}')
  assert.deepEqual(await shownBy(model, 'query:X'), [])
  const load = wrapped('example: null', 'example: null')
  assert.deepEqual(await shownBy(load, 'load:X', '1'), [])
})

test('E18 a type known by examples of its answers only has their properties, at their place', async () => {
  const model = (media: string, single = 'example: {}'): ConnectorModel =>
    compile(`openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /y: {get: {responses: {'200': {description: ok, content: {application/json: {${media}}}}}}}
  /y/{id}: {get: {responses: {'200': {description: ok, content: {application/json: {${single}}}}}}}
components:
  schemas:
    Y:
      type: object
      x-flow-type: {name: Y}
      x-flow-query: {path: /y, example: true}
      x-flow-load: {path: '/y/{id}', parameters: {id: id}, example: true}`)
  const named =
    'examples: {None: {value: {count: 0, ys: []}}, Two: {value: {count: 2, ys: [{id: 1, a: x}, {id: 2, b: [{c: 1}]}]}}}'
  const found = model(named)
  assert.deepEqual(installed(found).Y, ['id ContentNumber', 'a ContentString', 'b ContentList Y:b'])
  assert.deepEqual(found.mappings['query:Y']?.records, { at: 'path', path: 'ys' })
  assert.deepEqual(await shownBy(found, 'query:Y'), [])
  const { shown } = await answerOf(
    model(named.replace('None: {value: {count: 0, ys: []}}, ', '')),
    'query:Y'
  )
  assert.deepEqual(JSON.parse(JSON.stringify(shown?.objects)), [
    { id: 1, a: 'x' },
    { id: 2, b: [{ c: 1 }] }
  ])
  const deep = model(
    'example: {meta: {n: 1}, d: {results: [{key: k}]}}',
    'example: {key: k, more: true}'
  )
  assert.deepEqual(installed(deep).Y, ['key ContentString', 'more ContentBoolean'])
  assert.deepEqual(deep.mappings['query:Y']?.records, { at: 'path', path: 'd.results' })
})
