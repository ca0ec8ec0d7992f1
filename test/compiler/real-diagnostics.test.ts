import assert from 'node:assert/strict'
import { test } from 'node:test'

import { DIAGNOSTICS } from '../../service/diagnostics.ts'
import { checkRules } from '../../service/parse/check-rules.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { compile } from '../support/compile.ts'
import { pageAnchors } from '../support/page-anchors.ts'

// Kinds of documents that providers publish, and what is said of them.

function messagesOf(text: string, wanted: string): string[] {
  const { diagnostics } = compile(text).index
  return diagnostics.flatMap(({ code, line, message }) =>
    code === wanted ? [`${line} ${message}`] : []
  )
}

async function rulesOf(document: object): Promise<string[]> {
  // A thread of its own: another test of this process may have loaded the parser with the schemas of OpenAPI.
  const broken = await checkRules(parseDocument(JSON.stringify(document), 'application/json', ''))
  assert.ok(broken !== null)
  return broken.map(({ message, pointer }) => `${pointer} ${message}`)
}

const OK = { 200: { description: 'ok' } }
const HEAD = { openapi: '3.0.3', info: { title: 'T', version: '1' } }

test('J06 every diagnostic leads to a heading of the docs', () => {
  for (const [code, { see }] of Object.entries(DIAGNOSTICS)) {
    const [page = '', anchor = ''] = see.split('#')
    if (anchor === '{section}') continue
    assert.ok(pageAnchors(`docs/${page}`).includes(anchor), `${code}: ${see}`)
  }
  const { diagnostics } = compile('openapi: 3.0.3').index
  assert.match(diagnostics[0]?.remedy ?? '', / See docs\/x-flow\.md#where-the-keys-go\.$/)
})

test('M8 an extension of `paths` breaks no rule', async () => {
  const paths = { 'x-codegen-contextRoot': '/apis', '/a': { get: { responses: OK } } }
  assert.deepEqual(await rulesOf({ ...HEAD, paths }), [])
})

test('M8 rules of paths, parameters and operations are told in words, at the operation or the member', async () => {
  const text = { type: 'string' }
  const list = { type: 'array' }
  const inPath = (name: string): object => ({ name, in: 'path', required: true, schema: text })
  const answer = { 200: { description: 'ok', content: { 'application/json': { schema: list } } } }
  const paths = {
    '/a/{b}': {
      get: { operationId: 'one', parameters: [inPath('b'), inPath('z')], responses: OK },
      post: { operationId: 'one', responses: OK }
    },
    '/c': {
      get: {
        parameters: [
          { name: 'q', in: 'query', schema: text },
          { name: 'q', in: 'query', schema: list }
        ],
        responses: answer
      }
    }
  }
  assert.deepEqual(await rulesOf({ ...HEAD, paths }), [
    '/paths/~1a~1{b}/get the parameter "z" is in the path, but the path "/a/{b}" has no {z}',
    '/paths/~1a~1{b}/post/operationId the "operationId" "one" is used before, as of GET /a/{b}, and must be unique',
    '/paths/~1a~1{b}/post the path "/a/{b}" has {b}, for which post declares no parameter in the path',
    '/paths/~1c/get/parameters the query parameter "q" is declared twice',
    '/paths/~1c/get/parameters/0 the schema of parameter "q" is an array and has no `items`, which is required',
    '/paths/~1c/get the schema of responses/200/content/application/json/schema is an array and has no `items`, which is required'
  ])
})

test('M8 a query in a path is told to be one, with what to write', async () => {
  const paths = {
    '/a?b={b}': { get: { responses: OK } },
    '/c/{id}?d={d}&e={e}': { get: { responses: OK } }
  }
  assert.deepEqual(await rulesOf({ ...HEAD, paths }), [
    '/paths/~1a?b={b}/get the path "/a?b={b}" has a query; write the path without "?b={b}", and what it says as parameters with `in: query`',
    '/paths/~1c~1{id}?d={d}&e={e}/get the path "/c/{id}?d={d}&e={e}" has a query; write the path without "?d={d}&e={e}", and what it says as parameters with `in: query`'
  ])
})

test('M8 a fault that only a reference leads to is told where it is written', async () => {
  const schemas = {
    Item: {
      properties: { kind: { $ref: '#/components/schemas/Item/definitions/kind' } },
      definitions: { kind: { type: { enum: ['a'] } } }
    }
  }
  const [only, ...more] = await rulesOf({
    ...HEAD,
    openapi: '3.1.0',
    paths: {},
    components: { schemas }
  })
  assert.deepEqual(more, [])
  assert.match(
    only ?? '',
    /^\/components\/schemas\/Item\/definitions\/kind\/type "type" is an object/
  )
})

test('M8 a rule of security schemes is told at the scheme', async () => {
  const components = { securitySchemes: { s: { type: 'http', scheme: 'bearer', name: 'X' } } }
  const [only, ...more] = await rulesOf({ ...HEAD, paths: {}, components })
  assert.deepEqual(more, [])
  assert.match(only ?? '', /^\/components\/securitySchemes\/s the security scheme "s" .*`name`/)
})

test('M11 an unknown key is likened to one only by what follows `x-flow-`', () => {
  const keys = (key: string): string[] =>
    messagesOf(
      `openapi: 3.0.3\ncomponents: {schemas: {A: {${key}: 1, x-flow-type: {name: A}, properties: {a: {}}}}}`,
      'EXTENSION_UNKNOWN'
    )
  assert.deepEqual(keys('x-flow-exception'), ['2 `x-flow-exception` is not an x-flow key'])
  assert.deepEqual(keys('x-flow-step'), ['2 `x-flow-step` is not an x-flow key'])
  for (const [given, meant] of [
    ['x-flow-laod', 'x-flow-load'],
    ['X-Flow-Type', 'x-flow-type'],
    ['x-flow-updates', 'x-flow-update']
  ]) {
    const [message] = keys(given ?? '')
    assert.ok(message?.endsWith(`(did you mean "${meant}"?)`), message)
  }
})

test('J06 a type without properties says what its schema has instead', () => {
  for (const [schema, reason] of [
    ['{type: object}', 'its schema has neither properties nor an example'],
    [
      '{type: object, additionalProperties: {type: string}}',
      'its schema is a map, whose members have no fixed names'
    ],
    [
      '{type: object, properties: {}, example: {}}',
      'its schema has no properties, and its example shows none'
    ],
    ['{type: string}', 'its schema is of kind string, without properties']
  ]) {
    const keyed = schema?.replace('{', '{x-flow-type: {name: A}, ') ?? ''
    const found = messagesOf(`openapi: 3.0.3\ncomponents: {schemas: {A: ${keyed}}}`, 'TYPE_EMPTY')
    assert.deepEqual(found, [`2 type "A" is not installed: ${reason}`])
  }
})

test('F04 each host that gets credentials over plain http is told once, with the number of operations', () => {
  const text = (paths: string): string => `openapi: 3.0.3
servers: [{url: 'http://api.example.com'}]
security: [{key: []}]
paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}}}, /c: {get: {responses: {}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: K}}
  schemas:
${paths
  .split('')
  .map(
    name =>
      `    ${name.toUpperCase()}: {x-flow-type: {name: ${name}}, x-flow-query: {path: /${name}}, properties: {x: {}}}`
  )
  .join('\n')}`
  assert.deepEqual(messagesOf(text('a'), 'CREDENTIAL_OVER_HTTP'), [
    '8 GET /a sends credentials to api.example.com over plain http'
  ])
  assert.deepEqual(messagesOf(text('abc'), 'CREDENTIAL_OVER_HTTP'), [
    '8 GET /a, like 2 other operations, sends credentials to api.example.com over plain http'
  ])
})

test('M17 a default that is not sent is shown, at its line', () => {
  const text = (value: string): string => `openapi: 3.0.3
servers: [{url: 'https://api.example.com'}]
paths:
  /a:
    get:
      parameters:
        - name: count
          in: query
          schema:
            type: integer
            default: ${value}
      responses: {}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}}}`
  const of = (value: string): string[] => messagesOf(text(value), 'DEFAULT_UNUSABLE')
  assert.deepEqual(of('""'), [
    '11 the default "" of parameter "count" is not sent: it is no integer'
  ])
  assert.deepEqual(of('[1]'), [
    '11 the default [1] of parameter "count" is not sent: it is no integer'
  ])
  const [long = ''] = of(`"${'x'.repeat(500)}"`)
  assert.ok(long.length < 150, long)
})

test('J06 headers that OpenAPI ignores are neither declared wrong nor sent in the query', () => {
  const text = (name: string): string => `openapi: 3.0.3
servers: [{url: 'https://api.example.com'}]
paths:
  /a: {get: {parameters: [{name: ${name.replace('header.', '')}, in: header, required: true, schema: {type: string}}], responses: {}}}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a, parameters: {${name}: {default: x}}}, properties: {x: {}}}}}`
  for (const name of ['Content-Type', 'content-type', 'Authorization', 'header.Authorization']) {
    const given = text(name)
    assert.equal(messagesOf(given, 'PARAMETER_IGNORED').length, 1, name)
    assert.deepEqual(messagesOf(given, 'PARAMETER_UNKNOWN'), [])
    assert.deepEqual(compile(given).mappings['query:A']?.bindings, [])
  }
})

test('J06 a parameter with the name of a member of every object is a parameter', () => {
  const given = `openapi: 3.0.3
servers: [{url: 'https://api.example.com'}]
paths:
  /a: {get: {responses: {}}}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a, parameters: {constructor: {default: x}}}, properties: {x: {}}}}}`
  assert.deepEqual(messagesOf(given, 'PARAMETER_IGNORED'), [])
  const bindings = compile(given).mappings['query:A']?.bindings ?? []
  assert.deepEqual(
    bindings.map(({ in: place, name }) => `${place} ${name}`),
    ['query constructor']
  )
})

test('M6 members of a whole query are filled one by one, by their names or with `querystring.`', () => {
  const text = (left: string): string => `openapi: 3.2.0
servers: [{url: 'https://api.example.com'}]
paths:
  /a:
    get:
      parameters:
        - name: sel
          in: querystring
          required: true
          content:
            application/x-www-form-urlencoded: {schema: {type: object, properties: {city: {type: string}}}}
      responses: {}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a, parameters: {${left}: {default: x}}}, properties: {x: {}}}}}`
  const boundBy = (left: string): string[] => {
    const { bindings = [] } = compile(text(left)).mappings['query:A'] ?? {}
    return bindings.map(({ in: place, name }) => `${place} ${name}`)
  }
  for (const left of ['city', 'querystring.city']) {
    assert.deepEqual(messagesOf(text(left), 'PARAMETER_UNKNOWN'), [], left)
    assert.deepEqual(messagesOf(text(left), 'PARAMETER_UNFILLED'), [], left)
    assert.deepEqual(boundBy(left), ['query city'], left)
  }
  for (const left of ['sel', 'querystring.sel', 'query.sel']) {
    assert.deepEqual(boundBy(left), ['query sel'], left)
  }
  const [unknown] = messagesOf(text('querystring.town'), 'PARAMETER_UNKNOWN')
  assert.match(unknown ?? '', /declares no parameter "town"/)
})
