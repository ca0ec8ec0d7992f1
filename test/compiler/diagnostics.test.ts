import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'

import { DIAGNOSTICS } from '../../service/diagnostics.ts'
import { compile } from '../support/compile.ts'

/** One faulty document, its only diagnostic as `line:column severity CODE pointer`, and the message. */
type Row = readonly [text: string, diagnostic: string, message: string]

/** Lines 1 to 10, whose last is the schema `Pet`. */
const HEAD = `openapi: 3.1.0
servers: [{url: 'https://api.example.com'}]
paths:
  /pets: {get: {parameters: [{name: size, in: query}], responses: {}}, post: {responses: {}}}
  /pets/{petId}: {get: {parameters: [{name: petId, in: path}], responses: {}}}
  /cats: {get: {responses: {'200': {content: {application/json: {examples: {Tom: {value: []}}}}}}}}
components:
  schemas:
    Pet:
      {x-flow-type: {name: Pet}, properties: {id: {type: string}, name: {type: string}}}`

/** The same schema in lines 10 and 11, with further words from line 12, column 7. */
function inPet(words: string): string {
  const pet =
    '      x-flow-type: {name: Pet}\n      properties: {id: {type: string}, name: {type: string}}'
  return `${HEAD.slice(0, HEAD.lastIndexOf('\n'))}\n${pet}\n      ${words}\n`
}

/** A further schema, from line 11, column 5. */
function inSchemas(schema: string): string {
  return `${HEAD}\n    ${schema}\n`
}

const PET = '/components/schemas/Pet'
const B = '/components/schemas/B'

const LARGE = `openapi: 3.0.3\ninfo: {description: "${'x'.repeat(4 * 1024 * 1024)}"}\ncomponents: {schemas: {A: {x-flow-type: {name: A, customProperties: {x: string}}}}}`

const rows: readonly Row[] = [
  [
    inPet('x-flow-querry: {path: /pets}'),
    `12:7 warning EXTENSION_UNKNOWN ${PET}/x-flow-querry`,
    '`x-flow-querry` is not an x-flow key (did you mean "x-flow-query"?)'
  ],
  [
    inPet('X-Flow-Load: {}'),
    `12:7 warning EXTENSION_UNKNOWN ${PET}/X-Flow-Load`,
    '`X-Flow-Load` is not an x-flow key (did you mean "x-flow-load"?)'
  ],
  [
    inPet('x-flow-retry: {max: 1}'),
    `12:7 warning EXTENSION_MISPLACED ${PET}/x-flow-retry`,
    '`x-flow-retry` is ignored here; it belongs to the operation or document'
  ],
  [
    inPet('x-flow-query: {path: /pets, operaton: get}'),
    `12:35 warning MEMBER_UNKNOWN ${PET}/x-flow-query/operaton`,
    '`x-flow-query` has no member "operaton" (did you mean "operation"?)'
  ],
  [
    inPet('x-flow-query: {path: /cats, example: {exampels: Tom}}'),
    `12:45 warning MEMBER_UNKNOWN ${PET}/x-flow-query/example/exampels`,
    '`x-flow-query` has no member "exampels" (did you mean "examples"?)'
  ],
  [
    inPet('x-flow-query: {path: /pets, constructor: 1}'),
    `12:35 warning MEMBER_UNKNOWN ${PET}/x-flow-query/constructor`,
    '`x-flow-query` has no member "constructor"'
  ],
  [
    inPet('x-flow-query: [/pets]'),
    `12:22 error EXTENSION_MALFORMED ${PET}/x-flow-query/0`,
    '`x-flow-query[0]` is invalid: must be object'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {size: 20}}'),
    `12:48 error EXTENSION_MALFORMED ${PET}/x-flow-query/parameters/size`,
    '`x-flow-query` is invalid: a source is a word, a property, {default: …} or {from: …}'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {where: {name: {EQUALS: size}}}}'),
    `12:56 error EXTENSION_MALFORMED ${PET}/x-flow-query/parameters/where/name`,
    '`x-flow-query` is invalid: "EQUALS" is no criterion (did you mean "EQUAL"?)'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {where: {name: 5}}}'),
    `12:56 error EXTENSION_MALFORMED ${PET}/x-flow-query/parameters/where/name`,
    '`x-flow-query` is invalid: the right side of `where` is the name of a parameter'
  ],
  [
    inSchemas('B: {x-flow-type: {name: PET}, properties: {x: {}}}'),
    `11:23 error TYPE_NAME_CLAIMED ${B}/x-flow-type/name`,
    'the type name "PET" is already used by the schema at #/components/schemas/Pet'
  ],
  [
    inSchemas('B: {x-flow-query: {path: /pets}, properties: {x: {}}}'),
    `11:9 error MAPPING_WITHOUT_TYPE ${B}/x-flow-query`,
    '`x-flow-query` is on a schema without `x-flow-type`'
  ],
  [
    inPet('x-flow-query: {path: /pet}'),
    `12:22 error MAPPING_PATH_UNKNOWN ${PET}/x-flow-query/path`,
    'the document has no path "/pet" (did you mean "/pets"?)'
  ],
  [
    inPet('x-flow-query: {path: /pets, operation: pots}'),
    `12:35 error MAPPING_OPERATION_UNKNOWN ${PET}/x-flow-query/operation`,
    'path "/pets" has no operation "pots" (did you mean "post"?)'
  ],
  [
    inPet('x-flow-delete: {path: /pets}'),
    `12:7 error MAPPING_OPERATION_UNKNOWN ${PET}/x-flow-delete/operation`,
    'path "/pets" has no operation "delete" (did you mean "get"?)'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {sise: limit}}'),
    `12:48 warning PARAMETER_UNKNOWN ${PET}/x-flow-query/parameters/sise`,
    'GET /pets declares no parameter "sise" (did you mean "size"?); it is sent in the query'
  ],
  [
    inPet("x-flow-load: {path: '/pets/{petId}'}"),
    `12:7 warning PARAMETER_UNFILLED ${PET}/x-flow-load/parameters`,
    'nothing fills the required parameter "petId" of GET /pets/{petId}'
  ],
  [
    inPet('x-flow-query: {path: /pets}').replace('in: query', 'in: body'),
    '4:30 error PARAMETER_UNSUPPORTED /paths/~1pets/get/parameters/0',
    'parameter "size" is not supported: its place is "body"'
  ],
  [
    inPet('x-flow-query: {path: /pets}').replace('name: size, in: query', 'name: Host, in: header'),
    '4:30 error PARAMETER_UNSUPPORTED /paths/~1pets/get/parameters/0',
    'parameter "Host" is not supported: the header belongs to the connection'
  ],
  [
    inPet('x-flow-query: {path: /pets, headers: {Connection: {default: close}}}'),
    `12:45 error PARAMETER_UNSUPPORTED ${PET}/x-flow-query/headers/Connection`,
    'parameter "Connection" is not supported: the header belongs to the connection'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {size: limti}}'),
    `12:48 warning SOURCE_UNKNOWN ${PET}/x-flow-query/parameters/size`,
    '"limti" is neither a source nor a property of type "Pet" (did you mean "limit"?)'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {size: $User.Emial}}'),
    `12:48 warning SOURCE_UNKNOWN ${PET}/x-flow-query/parameters/size`,
    '"$User.Emial" is neither a source nor a property of type "Pet" (did you mean "$User.Email"?)'
  ],
  [
    inPet('x-flow-query: {path: /pets, parameters: {where: {nam: size}}}'),
    `12:56 warning SOURCE_UNKNOWN ${PET}/x-flow-query/parameters/where/nam`,
    '"nam" is neither a source nor a property of type "Pet" (did you mean "name"?)'
  ],
  [
    inPet('x-flow-save: {path: /pets, exclude: {nmae: true}}'),
    `12:44 warning EXCLUDE_UNKNOWN ${PET}/x-flow-save/exclude/nmae`,
    'type "Pet" has no property "nmae" to exclude (did you mean "name"?)'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B, id: cod}, properties: {code: {type: string}}}'),
    `11:32 warning ID_PROPERTY_UNKNOWN ${B}/x-flow-type/id`,
    '`x-flow-type.id` names "cod", which is not a property of type "B" (did you mean "code"?)'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B, customProperties: {x: text}}, type: object}'),
    `11:51 warning CUSTOM_PROPERTY_UNKNOWN_KIND ${B}/x-flow-type/customProperties/x`,
    'custom property "x" has the unknown kind "text", and becomes text'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B}, properties: {a: {}, A: {}}}'),
    `11:53 warning PROPERTY_RENAMED ${B}/properties/A`,
    'property "A" of type "B" is renamed to "A 1", because another property has its name'
  ],
  [
    inSchemas("B: {x-flow-type: {name: 'pet:a'}, properties: {x: {}}}").replace(
      'name: {type: string}',
      'a: {properties: {y: {}}}'
    ),
    `10:67 warning TYPE_RENAMED ${PET}/properties/a`,
    'type "Pet:a" is renamed to "Pet:a 1", because another type has its name'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B}, properties: {a: {properties: {b: {}}}}}'),
    `11:5 warning TYPE_BOUND_REACHED ${B}`,
    'too many types would be derived from type "B"; these nested objects become JSON text: B:a'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B}, type: string}'),
    `11:5 warning TYPE_EMPTY ${B}`,
    'type "B" is not installed: its schema is of kind string, without properties'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B}, properties: {x: [], y: {}}}'),
    `11:46 error SCHEMA_MALFORMED ${B}/properties/x`,
    'the schema is invalid: it is not an object'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B, customProperties: {x: string}}, properties: [x]}'),
    `11:64 error SCHEMA_MALFORMED ${B}/properties`,
    'the schema is invalid: `properties` is not an object'
  ],
  [
    inSchemas('B: {x-flow-type: {name: B}, properties: {x: {$ref: {}}}}'),
    `11:46 error SCHEMA_MALFORMED ${B}/properties/x`,
    'the schema is invalid: its `$ref` is not a string'
  ],
  [
    inPet('x-flow-query: {path: /x}').replace('  /cats:', '  /x: nothing\n  /cats:'),
    '6:3 error PATH_ITEM_MALFORMED /paths/~1x',
    'path "/x" is invalid: it is not an object'
  ],
  [
    inSchemas("B: {x-flow-type: {name: B}, properties: {x: {$ref: '#/components/schemas/Pte'}}}"),
    `11:46 error REF_UNRESOLVED ${B}/properties/x`,
    '`#/components/schemas/Pte` cannot be resolved (did you mean "#/components/schemas/Pet"?)'
  ],
  [
    inSchemas("B: {x-flow-type: {name: B}, properties: {x: {$ref: 'pet.yaml'}}}"),
    `11:46 error REF_NOT_ALLOWED ${B}/properties/x`,
    'this document may not refer to the target of this reference'
  ],
  [
    inSchemas(
      "B: {x-flow-type: {name: B}, properties: {x: {$ref: '#/components/schemas/B/properties/x'}}}"
    ),
    `11:46 error REF_CYCLE ${B}/properties/x`,
    '`#/components/schemas/B/properties/x` refers to itself'
  ],
  [
    inPet('x-flow-query: {path: /cats}').replace('application/json', 'text/xml'),
    '6:37 error MEDIA_TYPE_UNSUPPORTED /paths/~1cats/get/responses/200/content',
    'GET /cats offers response 200 only as text/xml'
  ],
  [
    inPet('x-flow-query: {path: /cats}').replace(
      '/cats: {get: {',
      '/cats: {get: {security: [{kye: []}], '
    ),
    '6:29 warning SECURITY_SCHEME_UNKNOWN /paths/~1cats/get/security/0/kye',
    '`security` names "kye", which is not a security scheme'
  ],
  [
    inPet('x-flow-query: {path: /cats, example: {examples: Tim}}'),
    `12:35 error EXAMPLE_NAME_UNKNOWN ${PET}/x-flow-query/example`,
    'GET /cats has no example "Tim" (did you mean "Tom"?)'
  ],
  [
    inPet('x-flow-query: {path: /cats, example: {response: 201}}'),
    `12:35 error EXAMPLE_RESPONSE_UNKNOWN ${PET}/x-flow-query/example`,
    'GET /cats declares no response "201" (did you mean "200"?)'
  ],
  [
    inPet('x-flow-query: {path: /cats}').replace(
      'examples: {Tom: {value: []}}',
      "schema: {properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}"
    ),
    `12:7 info RECORDS_INFERRED ${PET}/x-flow-query`,
    'the objects of `x-flow-query` of type "Pet" are read from "pets" of the answer'
  ],
  [
    inPet('x-flow-query: {path: /cats}').replace(
      'examples: {Tom: {value: []}}',
      'schema: {properties: {Id: {type: string}, total: {type: integer}}}'
    ),
    `12:7 warning ANSWER_FOREIGN ${PET}/x-flow-query`,
    'where `x-flow-query` reads objects of type "Pet", the schema of the answer has "Id", "total" (in other letter case), and none of the members "id", "name"'
  ],
  [
    inPet('x-flow-query: {path: /cats}').replace("{'200': {", "{'200': {x-flow-load: 1, "),
    '6:37 warning EXTENSION_MISPLACED /paths/~1cats/get/responses/200/x-flow-load',
    '`x-flow-load` is ignored here; it belongs to the schema'
  ],
  [
    `openapi: 3.1.0
servers: [{url: 'http://api.example.com'}]
security: [{key: []}]
paths: {/a: {get: {responses: {}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: K}}
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}`,
    '8:33 warning CREDENTIAL_OVER_HTTP /components/schemas/A/x-flow-query',
    'GET /a sends credentials to api.example.com over plain http'
  ],
  [
    'openapi: 3.0.3\ncomponents:\n  schemas:\n    securitySchemes: {a: {type: mutualTLS}}\n    A: {x-flow-type: {name: A, customProperties: {x: string}}}',
    '4:5 warning SECURITY_SCHEMES_MISPLACED /components/schemas/securitySchemes',
    '`securitySchemes` is under `components.schemas`, and is used nevertheless'
  ],
  [
    'openapi: 3.0.3\ncomponents:\n  securitySchemes: {a: {type: http, scheme: digest}}\n  schemas:\n    A: {x-flow-type: {name: A, customProperties: {x: string}}}',
    '3:21 warning SECURITY_SCHEME_UNSUPPORTED /components/securitySchemes/a',
    'security scheme "a" is not supported: http digest'
  ],
  [
    'openapi: 3.0.3\ncomponents:\n  securitySchemes: {a: {type: http, scheme: bearer, x-flow-identity: {}}}\n  schemas:\n    A: {x-flow-type: {name: A, customProperties: {x: string}}}',
    '3:53 error IDENTITY_UNUSABLE /components/securitySchemes/a/x-flow-identity',
    'users cannot log in through security scheme "a": http bearer does not take a user name and a password'
  ],
  [
    inPet(
      'x-flow-load: {path: "/pets/{petId}", parameters: {petId: id, Authorization: {default: x}}}'
    ),
    `12:68 warning PARAMETER_IGNORED ${PET}/x-flow-load/parameters/Authorization`,
    'the header "Authorization" is not filled by `parameters`: OpenAPI ignores a parameter of that name'
  ],
  [
    inSchemas(
      'B: {x-flow-type: {name: B}, properties: {a: {$dynamicRef: "#n"}}, $defs: {x: {$dynamicAnchor: n, type: string}, y: {$dynamicAnchor: n, type: number}}}'
    ),
    `11:46 warning REF_DYNAMIC ${B}/properties/a`,
    '`$dynamicRef: #n` may mean 2 schemas, depending on the schema around it; the first is used everywhere'
  ],
  [
    'openapi: 3.0.3',
    '1:1 info DOCUMENT_NOT_ANNOTATED ',
    'the document has no `x-flow-type`, so there is no type to install'
  ],
  [
    inPet('x-flow-save: {path: /pets, blank: keep}'),
    `12:34 warning UPDATE_OPTION_UNUSABLE ${PET}/x-flow-save/blank`,
    '`blank` of `x-flow-save` for /pets is ignored: it is for `x-flow-update`'
  ],
  [
    inPet('x-flow-update: {path: /pets, operation: post, merge: true}'),
    `12:53 warning UPDATE_OPTION_UNUSABLE ${PET}/x-flow-update/merge`,
    '`merge` of `x-flow-update` for /pets is ignored: no `x-flow-load` reads the object'
  ],
  [
    inPet('x-flow-update: {path: /cats, operation: get, blank: clear}'),
    `12:52 warning UPDATE_OPTION_UNUSABLE ${PET}/x-flow-update/blank`,
    '`blank` of `x-flow-update` for /cats is ignored: the operation takes no body'
  ],
  [
    inPet('x-flow-update: {path: /pets, operation: post, blank: maybe}'),
    `12:53 error EXTENSION_MALFORMED ${PET}/x-flow-update/blank`,
    '`x-flow-update` is invalid: blank must be one of keep, clear'
  ],
  [
    'openapi: 3.0.3\npaths: {/pets: {get: {responses: {"200": {content: {application/json: {schema: {type: array, items: {properties: {id: {type: string}, name: {type: string}}}}}}}}}}}',
    '1:1 info TYPES_INFERRED ',
    'the document has no `x-flow-type`, so types and their mappings are inferred, 1 in all'
  ],
  [
    LARGE,
    '1:1 warning DOCUMENT_LARGE ',
    `the document has ${LARGE.length} bytes, so it is slow to compile`
  ]
]

const BOUNDS = { perType: 200, total: 5_000 }

/** Rows that a diagnostic proves beside J06. */
const PROVES: { readonly [code: string]: string } = {
  DOCUMENT_LARGE: 'A30 ',
  DOCUMENT_NOT_ANNOTATED: 'A28 ',
  TYPES_INFERRED: 'A28 ',
  TYPE_NAME_CLAIMED: 'B29 ',
  MEDIA_TYPE_UNSUPPORTED: 'B30 ',
  RECORDS_AMBIGUOUS: 'J10 ',
  ANSWER_FOREIGN: 'J10 ',
  BODY_UNMATCHED: 'J10 ',
  BODY_MEMBER_UNFILLED: 'J10 ',
  EXAMPLE_NAME_UNKNOWN: 'G08 ',
  EXAMPLE_RESPONSE_UNKNOWN: 'G08 '
}

for (const [text, diagnostic, message] of rows) {
  const [, , code] = diagnostic.split(' ')
  test(`${PROVES[code ?? ''] ?? ''}J06 ${code} ${message.slice(0, 90)}`, () => {
    const bounds = code === 'TYPE_BOUND_REACHED' ? { perType: 0, total: 0 } : BOUNDS
    const found = compile(text, bounds).index.diagnostics.filter(
      diagnostic => diagnostic.severity !== 'info' || diagnostic.code === code
    )
    assert.deepEqual(
      found.map(
        ({ line, column, severity, code, pointer }) =>
          `${line}:${column} ${severity} ${code} ${pointer}`
      ),
      [diagnostic]
    )
    assert.equal(found[0]?.message, message)
    assert.doesNotMatch(found[0]?.remedy ?? '', /^$|[{}]\w*undefined|\{\w+\}\./)
    assert.equal(found[0]?.file, 'https://docs.example.com/openapi.yaml')
  })
}

for (const [word, hint] of [
  ['EQ', 'did you mean "EQUAL"?'],
  ['gte', 'did you mean "GREATER_THAN_OR_EQUAL"?'],
  ['LIKE', 'did you mean "CONTAINS"?'],
  ['START_WITH', 'did you mean "STARTS_WITH"?'],
  ['nonsense', 'the criteria are EQUAL, NOT_EQUAL']
] as const) {
  test(`M11 the criterion ${word} is refused with the nearest one, or all`, () => {
    const { index } = compile(
      inPet(`x-flow-query: {path: /pets, parameters: {where: {name: {${word}: size}}}}`)
    )
    const [found] = index.diagnostics.filter(({ code }) => code === 'EXTENSION_MALFORMED')
    assert.ok(found?.message.includes(hint), found?.message)
    assert.equal(found?.remedy, 'Correct it as docs/x-flow.md#filters-order-and-search describes.')
  })
}

for (const type of ['{name: 5}', '{name: [A]}', "{name: ''}"]) {
  test(`M11 a name that is none is told once: ${type}`, () => {
    const { index } = compile(inSchemas(`B: {x-flow-type: ${type}, properties: {x: {}}}`))
    const found = index.diagnostics.filter(({ code }) => code === 'EXTENSION_MALFORMED')
    assert.deepEqual(
      found.map(({ pointer }) => pointer),
      [`${B}/x-flow-type/name`]
    )
  })
}

for (const [name, ref, meant] of [
  ['100%', '#/components/schemas/100%', '#/components/schemas/100%25'],
  ['a/bcd', '#/components/schemas/a~1bce', '#/components/schemas/a~1bcd'],
  ['50%off', '#/components/schemas/50%25of', '#/components/schemas/50%25off']
] as const) {
  test(`M11 a reference to ${name} is suggested as it has to be written`, () => {
    const { index } = compile(
      inSchemas(
        `"${name}": {type: string}\n    B: {x-flow-type: {name: B}, properties: {x: {$ref: '${ref}'}}}`
      )
    )
    const [found] = index.diagnostics.filter(({ code }) => code === 'REF_UNRESOLVED')
    assert.ok(found?.message.endsWith(`(did you mean "${meant}"?)`), found?.message)
  })
}

for (const [keys, expected] of [
  ['x-flow-id: 7', 'info EXTENSION_FOREIGN'],
  ['x-flow-diagram: {nodes: []}, x-flowchart: a', 'info EXTENSION_FOREIGN, info EXTENSION_FOREIGN'],
  ['X-Flow-Step: 1', 'info EXTENSION_FOREIGN'],
  ['x-flow-step: 1, x-flow-type: {name: A}', 'warning EXTENSION_UNKNOWN'],
  [
    'x-flow-step: 1, x-flow-retry: {max: 1}',
    'warning EXTENSION_MISPLACED, warning EXTENSION_UNKNOWN'
  ]
] as const) {
  test(`M18 keys like ours are information in a document that has none: ${keys}`, () => {
    const { index } = compile(`openapi: 3.1.0
servers: [{url: 'https://api.example.com'}]
paths: {}
components: {schemas: {A: {type: object, properties: {x: {}}, ${keys}}}}
`)
    const found = index.diagnostics.filter(({ code }) => code.startsWith('EXTENSION_'))
    assert.equal(
      found
        .map(({ severity, code }) => `${severity} ${code}`)
        .toSorted()
        .join(', '),
      expected
    )
  })
}

test('J06 SERVER_UNKNOWN where neither the document nor its address says a server', () => {
  const text = `openapi: 3.0.3
paths: {/a: {get: {responses: {}}}}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}}}`
  const [diagnostic] = compile(text, BOUNDS, 'sample:a').index.diagnostics
  assert.deepEqual(
    [diagnostic?.code, diagnostic?.severity, diagnostic?.pointer],
    ['SERVER_UNKNOWN', 'warning', '']
  )
  assert.deepEqual([diagnostic?.line, diagnostic?.column, diagnostic?.file], [1, 1, 'sample:a'])
})

test('J06 every code of the catalogue of diagnostics is proved by a test', async () => {
  const files = await Array.fromAsync(glob('test/**/*.test.ts'))
  const tests = files.map(file => readFileSync(file, 'utf8')).join('\n')
  assert.deepEqual(
    Object.keys(DIAGNOSTICS).filter(code => !tests.includes(code)),
    []
  )
})
