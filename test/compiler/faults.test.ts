import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../service/model/connector-model.ts'
import { compile } from '../support/compile.ts'

type Fault = {
  readonly what: string
  readonly codes: readonly string[]
  readonly schemas?: string
  readonly paths?: string
  readonly root?: string
}

/** Faults that a document may have, each beside a type `Good` that has none. */
const faults: readonly Fault[] = [
  {
    what: 'schemas that are no objects, or hold what is none',
    codes: ['SCHEMA_MALFORMED', 'TYPE_EMPTY'],
    schemas: `
Null: null
Text: just a text
List: [1, 2]
BadProperties: {x-flow-type: {name: Bad Properties}, properties: text}
BadProperty: {x-flow-type: {name: Bad Property}, properties: {a: 1, b: [], c: null, d: {type: string}}}
BadWords: {x-flow-type: {name: Bad Words}, properties: {a: {type: {}, enum: 1, allOf: 2, oneOf: text, items: 3, format: [], additionalProperties: 4}}}
BadItems: {x-flow-type: {name: Bad Items}, properties: {a: {type: array, items: 7}, b: {oneOf: [1, null]}}}`
  },
  {
    what: 'references that lead nowhere, out of the document, or round',
    codes: ['REF_UNRESOLVED', 'REF_NOT_ALLOWED', 'REF_CYCLE', 'TYPE_EMPTY', 'SCHEMA_MALFORMED'],
    schemas: `
Lost: {x-flow-type: {name: Lost}, properties: {a: {$ref: '#/components/schemas/Nothing'}, b: {$ref: other.yaml}, c: {type: string}}}
Self: {$ref: '#/components/schemas/Self'}
Round: {x-flow-type: {name: Round}, $ref: '#/components/schemas/Self'}
Inherits: {x-flow-type: {name: Inherits}, allOf: [{$ref: '#/components/schemas/Inherits'}, {$ref: '#/%'}]}
Number: {x-flow-type: {name: Number}, properties: {a: {$ref: 5}}}`
  },
  {
    what: 'path items and operations that are no objects',
    codes: ['PATH_ITEM_MALFORMED', 'REF_UNRESOLVED', 'MAPPING_OPERATION_UNKNOWN'],
    paths: `
/null: null
/text: text
/lost: {$ref: '#/components/pathItems/Lost'}
/operation: {get: 5, post: [], parameters: text}`,
    schemas: `
OnNull: {x-flow-type: {name: On Null}, x-flow-query: {path: /null}, properties: {a: {}}}
OnText: {x-flow-type: {name: On Text}, x-flow-query: {path: /text}, properties: {a: {}}}
OnLost: {x-flow-type: {name: On Lost}, x-flow-query: {path: /lost}, properties: {a: {}}}
OnOperation: {x-flow-type: {name: On Operation}, x-flow-query: {path: /operation}, properties: {a: {}}}`
  },
  {
    what: 'parts of operations that are none',
    codes: ['PARAMETER_UNSUPPORTED', 'REF_UNRESOLVED', 'PARAMETER_UNFILLED'],
    paths: `
/parts:
  get:
    parameters: [null, 5, {}, {name: a}, {in: query}, {$ref: '#/components/parameters/Lost'}, {name: b, in: query, required: true, schema: 7}]
    responses: {'200': null, '201': {content: 5}, '202': {content: {application/json: null}}, '404': {$ref: '#/nowhere'}}
    requestBody: {content: {application/json: {schema: 5}}}
    security: {key: []}
    servers: text`,
    schemas: `
Parts: {x-flow-type: {name: Parts}, x-flow-query: {path: /parts, example: true}, x-flow-load: {path: /parts}, properties: {a: {type: string}}}`
  },
  {
    what: 'keys and mappings that are malformed',
    codes: ['EXTENSION_MALFORMED', 'MAPPING_WITHOUT_TYPE'],
    schemas: `
NoName: {x-flow-type: {}, properties: {a: {}}}
TextType: {x-flow-type: Name, properties: {a: {}}}
NullType: {x-flow-type: null, properties: {a: {}}}
BadMapping: {x-flow-type: {name: Bad Mapping}, x-flow-query: /good, x-flow-load: {operation: get}, x-flow-save: null, properties: {a: {}}}
BadSource: {x-flow-type: {name: Bad Source}, x-flow-query: {path: /good, parameters: {limit: [1], where: {id: 5}}}, properties: {id: {}}}
NoType: {x-flow-query: {path: /good}, properties: {a: {}}}`
  },
  {
    what: 'names that nothing has',
    codes: [
      'MAPPING_PATH_UNKNOWN',
      'MAPPING_OPERATION_UNKNOWN',
      'PARAMETER_UNKNOWN',
      'SOURCE_UNKNOWN',
      'EXCLUDE_UNKNOWN',
      'EXAMPLE_NAME_UNKNOWN',
      'EXAMPLE_RESPONSE_UNKNOWN',
      'ID_PROPERTY_UNKNOWN'
    ],
    schemas: `
Names:
  x-flow-type: {name: Names, id: nothing}
  x-flow-load: {path: /goood}
  x-flow-query: {path: /good, parameters: {limti: limit, limit: lmit}, example: {examples: Nothing}}
  x-flow-save: {path: /good, operation: patch, exclude: {nothing: true}}
  x-flow-update: {path: '/good/{id}', parameters: {id: externalId}, example: {response: 999}}
  properties: {a: {}}`
  },
  {
    what: 'schemas that claim a name that is taken, in any letter case',
    codes: ['TYPE_NAME_CLAIMED'],
    schemas: `
Claim: {x-flow-type: {name: Good}, properties: {other: {type: string}}}
Shout: {x-flow-type: {name: GOOD}, x-flow-delete: {path: /good}, properties: {other: {type: string}}}`
  },
  {
    what: 'keys that are unknown or stand where they are not read',
    codes: ['EXTENSION_UNKNOWN', 'EXTENSION_MISPLACED', 'MEMBER_UNKNOWN', 'EXTENSION_MALFORMED'],
    root: 'x-flow-typ: 1\nx-flow-type: {name: Root}\nx-flow: text',
    paths: `
/keys: {get: {x-flow-query: {path: /good}, x-flow-retry: {max: many}, x-flow-pagination: {kind: offset}, responses: {default: {x-flow-load: 1}}}}`
  },
  {
    what: 'security that is none',
    codes: ['SECURITY_SCHEMES_MISPLACED', 'SECURITY_SCHEME_UNKNOWN'],
    paths: `
/secure: {get: {security: [text, {nothing: []}, {far: []}], responses: {}}}`,
    schemas: `
securitySchemes: {far: {type: http, scheme: basic}}
Secure: {x-flow-type: {name: Secure}, x-flow-query: {path: /secure}, properties: {a: {}}}`
  },
  {
    what: 'operations that have only XML',
    codes: ['MEDIA_TYPE_UNSUPPORTED'],
    paths: `
/xml:
  post:
    requestBody: {content: {application/xml: {schema: {type: object}}}}
    responses: {'200': {content: {text/xml: {schema: {type: object}}}}}`,
    schemas: `
Xml: {x-flow-type: {name: Xml}, x-flow-save: {path: /xml}, properties: {a: {}}}`
  },
  {
    what: 'types that have nothing to install, and properties of them',
    codes: ['TYPE_EMPTY', 'CUSTOM_PROPERTY_UNKNOWN_KIND'],
    schemas: `
Empty: {x-flow-type: {name: Empty}, x-flow-query: {path: /good}}
Scalar: {x-flow-type: {name: Scalar}, type: integer}
Arrays: {x-flow-type: {name: Arrays}, type: array, items: {$ref: '#/components/schemas/Arrays'}}
Holder: {x-flow-type: {name: Holder, customProperties: {z: nothing}}, properties: {e: {$ref: '#/components/schemas/Empty'}, s: {$ref: '#/components/schemas/Scalar'}}}`
  }
]

/** The good type, and the given faults beside it. */
function documentOf(given: readonly Fault[]): string {
  const part = (name: 'schemas' | 'paths' | 'root', indent: number) =>
    given
      .map(fault => fault[name]?.trim().replaceAll(/^/gm, ' '.repeat(indent)) ?? '')
      .filter(text => text !== '')
      .join('\n')
  return `openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
security: [{key: []}]
${part('root', 0)}
paths:
  /good: {get: {parameters: [{name: limit, in: query}], responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Good'}}}}}}}, post: {responses: {}}}
  /good/{id}: {parameters: [{name: id, in: path, required: true}], get: {responses: {}}, put: {responses: {}}, delete: {responses: {}}}
${part('paths', 2)}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Good:
      x-flow-type: {name: Good}
      x-flow-load: {path: '/good/{id}', parameters: {id: id}}
      x-flow-query: {path: /good, parameters: {limit: limit}}
      x-flow-save: {path: /good}
      x-flow-update: {path: '/good/{id}', parameters: {id: externalId}}
      x-flow-delete: {path: '/good/{id}', parameters: {id: externalId}}
      properties: {id: {type: string}, part: {properties: {x: {type: integer}}}}
${part('schemas', 4)}
`
}

/** What is installed and called of the good type. */
function goodPart({ types, operations, examples }: ConnectorModel): unknown {
  const mappings = Object.values(types.Good?.mappings ?? {})
  return JSON.parse(
    JSON.stringify([
      types.Good,
      types['Good:part'],
      mappings.map(key => [{ ...operations[key], apiKeySchemes: [] }, examples[key]])
    ])
  )
}

const healthy = compile(documentOf([]))

test('H19 the good type alone has no diagnostic', () => {
  assert.deepEqual(healthy.index.types, ['Good', 'Good:part'])
  assert.equal(Object.keys(healthy.operations).length, 5)
  assert.deepEqual(
    healthy.index.diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
})

for (const fault of faults) {
  test(`H19 ${fault.what} do not sink the rest`, () => {
    const model = compile(documentOf([fault]))
    assert.deepEqual(goodPart(model), goodPart(healthy))
    const codes = new Set(
      model.index.diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code)
    )
    for (const code of fault.codes)
      assert.ok(codes.has(code), `${code} in ${[...codes].join(', ')}`)
  })
}

test('H19 a document with every fault at once still gives every other type and mapping', () => {
  const model = compile(documentOf(faults))
  assert.deepEqual(goodPart(model), goodPart(healthy))
  const alone = faults.map(fault => compile(documentOf([fault])))
  const types = new Set(alone.flatMap(({ index }) => index.types))
  assert.deepEqual(new Set(model.index.types), types)
  const codes = new Set(model.index.diagnostics.map(({ code }) => code))
  for (const { index } of alone) {
    for (const { code } of index.diagnostics) assert.ok(codes.has(code), code)
  }
  for (const { line, column, message, remedy } of model.index.diagnostics) {
    assert.ok((line ?? 0) >= 1 && (column ?? 0) >= 1)
    assert.doesNotMatch(message + remedy, /undefined|\[object|\{(?!id\})\w*\}/)
  }
})

test('H19 diagnostics stand in the order of the text, each once', () => {
  const { diagnostics } = compile(documentOf(faults)).index
  const places = diagnostics.map(({ line, column }) => (line ?? 0) * 100_000 + (column ?? 0))
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b)
  )
  const texts = diagnostics.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`)
  assert.equal(new Set(texts).size, texts.length)
})

test('H19 documents whose parts are of any wrong kind are compiled', () => {
  for (const text of [
    'openapi: 3.0.3\ninfo: 1\npaths: 2\ncomponents: 3\nservers: 4\nsecurity: 5\ntags: 6',
    'openapi: 3.0.3\npaths: []\ncomponents: []\nservers: [1]\nsecurity: [2]',
    'openapi: 3.0.3\ncomponents: {schemas: [], securitySchemes: 7, parameters: null, responses: {a: 1}}',
    'openapi: 3.0.3\ncomponents: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}}}',
    'openapi: 3.0.3\nx-flow: [1]\nx-flow-pagination: null\npaths: {/a: {get: {responses: 5}}}'
  ]) {
    assert.ok(compile(text).index.diagnostics.length > 0, text)
  }
})
