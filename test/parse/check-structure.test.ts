import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkRules } from '../../service/parse/check-rules.ts'
import { structureFaults } from '../../service/parse/check-structure.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'

function faults(text: string): string[] {
  const { root } = parseDocument(text, '', 'https://docs.example.com/openapi.yaml')
  return structureFaults(root).map(({ pointer, message }) => `${pointer} ${message}`)
}

const HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"
const OK = "responses: {'200': {description: ok}}"

test('M8 one finding for each fault, in document order, not only the deepest', () => {
  const text = `openapi: 3.0.3
info: {title: T}
paths:
  x: {get: {${OK}}}
  /y: {get: {responses: {'200': {}}}}
components: {schemas: {A B: {type: object}, Y: {properties: {a: {properties: {b: {type: any}}}}}}}
`
  assert.deepEqual(faults(text), [
    '/info `info` has no `version`, which is required',
    '/paths/x the key "x" of "paths" must begin with a slash',
    '/paths/~1y/get/responses/200 the response has no `description`, which is required',
    '/components/schemas/A B the key "A B" of "schemas" must have only letters, digits, `.`, `-` and `_`',
    '/components/schemas/Y/properties/a/properties/b/type "type" is "any" and must be one of array, boolean, integer, number, object, string'
  ])
})

for (const [text, expected] of [
  [
    `${HEAD}paths: {'/x/{id}': {get: {parameters: [{name: id, in: path, schema: {}}], ${OK}}}}`,
    'the parameter "id" is in the path, so that it must have `required: true`'
  ],
  [
    `${HEAD}paths: {/x: {get: {parameters: [{name: q, in: query}], ${OK}}}}`,
    'the parameter "q" must have `schema` or `content`'
  ],
  [
    `${HEAD}paths: {/x: {get: {parameters: [{name: q, in: qeury, schema: {}}], ${OK}}}}`,
    '"in" is "qeury" and must be one of path, query, header, cookie (did you mean "query"?)'
  ],
  [
    `${HEAD}paths: {/x: {get: {parameters: [{name: q, in: query, schema: {}, content: {a/b: {}}}], ${OK}}}}`,
    'the parameter "q" has both `schema` and `content`, and must have only one'
  ],
  [
    `${HEAD}paths: {/x: {get: {respones: {}, ${OK}}}}`,
    'the operation has no member "respones" (did you mean "responses"?)'
  ],
  [
    `${HEAD}paths: {/x: {get: {responses: {20O: {description: ok}}}}}`,
    'the key "20O" of "responses" must be a status such as 200, a range such as 2XX, or `default`'
  ],
  [`${HEAD}paths: {/x: {get: {tags: a, ${OK}}}}`, '"tags" is "a" and must be a list'],
  [
    `${HEAD}paths: {/x: {get: {deprecated: 'true', ${OK}}}}`,
    '"deprecated" is "true" and must be true or false'
  ],
  [
    `openapi: 3.0.3\ninfo: {title: T, version: 1.5}\npaths: {}`,
    '"version" is 1.5 and must be text; quote it'
  ],
  [`${HEAD}paths: {}\nservers: [{}]`, 'the server has no `url`, which is required'],
  [
    `${HEAD}paths: {}\ncomponents: {securitySchemes: {a: {type: http}}}`,
    'the security scheme is of type http and has no `scheme`'
  ],
  [
    `${HEAD}paths: {}\ncomponents: {securitySchemes: {a: {type: basic}}}`,
    '"type" is "basic" and must be one of apiKey, http, oauth2, openIdConnect'
  ],
  [
    `${HEAD}paths: {}\ncomponents: {schemas: {A: {type: [string, 'null']}}}`,
    '"type" is a list and must be one of array, boolean, integer, number, object, string'
  ],
  [
    `${HEAD}paths: {}\ncomponents: {schemas: {A: {properties: {a: string}}}}`,
    '"a" is "string" and must be an object'
  ],
  [
    `${HEAD.replace('3.0.3', '3.1.0')}paths: {}\ncomponents: {schemas: {A: {type: [string, nul]}}}`,
    'item 2 of "type" is "nul" and must be one of array, boolean, integer, number, object, string, null (did you mean "null"?)'
  ],
  [HEAD.replace('3.0.3', '3.1.0'), 'the document has none of `paths`, `components` and `webhooks`']
] as const) {
  test(`M8 one finding says: ${expected}`, () => {
    assert.deepEqual(
      faults(text).map(line => line.slice(line.indexOf(' ') + 1)),
      [expected]
    )
  })
}

test('M8 a right document of each version has no finding, in its own structure', async () => {
  for (const text of [
    `${HEAD}paths: {/x: {$ref: '#/paths/~1y', x-a: 1}, x-b: 2}`,
    `${HEAD}paths: {/x: {post: {callbacks: {on: {'{$request.body#/url}': {post: {${OK}}}}}, ${OK}}}}`,
    `${HEAD.replace('3.0.3', '3.1.1')}webhooks: {w: {post: {requestBody: {$ref: '#/x', description: d}}}}\ncomponents: {schemas: {A: true, B: {type: [string, 'null'], const: 1, anything: 2}}}`,
    `${HEAD.replace('3.0.3', '3.2.0')}$self: https://a.example/\npaths: {/x: {query: {responses: {'200': {summary: ok, content: {application/jsonl: {itemSchema: {}}}}}}, additionalOperations: {LIST: {}}}}`,
    `${HEAD.replace('3.0.3', '3.2.0')}paths: {/x: {get: {parameters: [{name: q, in: querystring, content: {application/json: {}}}]}}}`
  ]) {
    assert.deepEqual(faults(text), [])
  }
  const sound = `${HEAD.replace('3.0.3', '3.2.0')}paths: {/x: {get: {${OK}}, query: {${OK}}}}`
  assert.deepEqual(await checkRules(parseDocument(sound, '', 'https://a.example')), [])
})

test('M8 of very many faults the first 200 are told', () => {
  const many = Array.from({ length: 500 }, (_, index) => `a${index}: {}`).join(', ')
  assert.equal(faults(`${HEAD}paths: {${many}}`).length, 200)
})
