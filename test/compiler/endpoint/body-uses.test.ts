import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

/** A save of type `A` with a JSON body of the given schema, in OpenAPI 3.1; `Order` is another schema. */
function compileBody(schema: string, properties: string, mapping = ''): ConnectorModel {
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: ${schema}}}}
      responses: {'200': {description: ok}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-save: {path: /a${mapping}}
      properties: ${properties}
`)
}

const A = "{$ref: '#/components/schemas/A'}"

/** Where the object goes, as the members around it, `[]` for an array; or why it goes nowhere. */
function placeOf(model: ConnectorModel): string {
  const body = model.mappings['save:A']?.body
  assert.ok(body)
  if ('refused' in body) return body.refused
  return body.wrap.map(step => (step.form === 'list' ? '[]' : step.key)).join('.')
}

test('S2 the object goes where the only schema of its type is, up to four levels deep', () => {
  const name = '{name: {type: string}}'
  const rows: readonly (readonly [schema: string, place: string])[] = [
    [A, ''],
    [`{type: array, items: ${A}}`, '[]'],
    [`{properties: {a: ${A}}}`, 'a'],
    [`{properties: {x: {properties: {y: {properties: {z: ${A}}}}}}}`, 'x.y.z'],
    [`{properties: {v: {properties: {x: {properties: {y: {properties: {z: ${A}}}}}}}}}`, 'v.x.y.z'],
    [
      `{properties: {u: {properties: {v: {properties: {x: {properties: {y: {properties: {z: ${A}}}}}}}}}}}`,
      'BODY_REQUIRED'
    ],
    [`{properties: {rows: {type: array, items: {properties: {row: ${A}}}}}}`, 'rows.[].row'],
    // Of a choice, that which is the type; and a place that only answers have is none.
    [`{properties: {one: {oneOf: [{properties: {q: {type: string}}}, ${A}]}}}`, 'one'],
    [`{properties: {old: {readOnly: true, allOf: [${A}]}, new: ${A}}}`, 'new'],
    [`{properties: {a: ${A}, b: ${A}}}`, 'BODY_REQUIRED'],
    [`{properties: {number: {type: integer}, count: {type: integer}, a: ${A}}}`, 'a'],
    // A body that is like the type is the object, whatever else is in it.
    [`{properties: {name: {type: string}, child: ${A}}}`, ''],
    [`{properties: {name: {type: string}, p: {}, q: {}, r: {}}}`, ''],
    // One that takes mostly members of the type is such a place, one that shares a name by chance is none.
    [`{properties: {in: {properties: ${name}}}}`, 'in'],
    [
      `{properties: {in: {properties: {name: {type: string}, mail: {type: string}}}}}`,
      'BODY_REQUIRED'
    ],
    [`{properties: {a: {properties: {name: {type: string}, mail: {type: string}}}}}`, 'a'],
    // What a schema leaves open takes the object as it is.
    ['{type: object}', ''],
    ['{}', ''],
    [`{oneOf: [{properties: {q: {}}}, {properties: {r: {}}}]}`, ''],
    ['{type: string}', 'BODY_REQUIRED']
  ]
  for (const [schema, place] of rows) {
    const model = compileBody(schema, '{name: {type: string}, due: {type: string}}')
    assert.equal(placeOf(model), place, schema)
    const codes = model.index.diagnostics.map(({ code }) => code)
    const isInferred = place !== '' && place !== '[]' && place !== 'BODY_REQUIRED'
    assert.equal(codes.includes('BODY_INFERRED'), isInferred, schema)
    assert.equal(codes.includes('BODY_UNMATCHED'), place === 'BODY_REQUIRED', schema)
  }
})

test('S2 a body that declares what it takes as `readOnly` is told to do so', () => {
  const model = compileBody(
    '{properties: {name: {type: string, readOnly: true}, due: {type: string, readOnly: true}, other: {type: string}}}',
    '{name: {type: string}, due: {type: string}}'
  )
  const [message = ''] = model.index.diagnostics
    .filter(({ code }) => code === 'BODY_UNMATCHED')
    .map(each => each.message)
  assert.match(message, /: its body declares "name", "due" as `readOnly`, which is never sent$/)
})

test('S2 `body` places the object, also where nothing would be inferred', () => {
  const two = `{properties: {b: ${A}, c: {properties: {list: {type: array, items: ${A}}}}}}`
  const rows = [
    ['b', 'b'],
    ['c.list', 'c.list.[]'],
    ['c.other', 'c.other'],
    ['""', 'BODY_REQUIRED']
  ] as const
  for (const [path, place] of rows) {
    const model = compileBody(two, '{name: {type: string}}', `, body: ${path}`)
    assert.equal(placeOf(model), place, path)
  }
})

test('S2 what is required beside the object, and nothing fills, is a warning', () => {
  const schema = `{properties: {kind: {const: a}, token: {type: string}, data: {required: [id, at], properties: {id: {type: string}, at: {type: string}, a: ${A}}}}, required: [kind, token, data]}`
  const mapping = ", parameters: {body.token: {default: t}, 'body.data.at': {default: now}}"
  const model = compileBody(schema, '{name: {type: string}}', mapping)
  const warnings = model.index.diagnostics.filter(({ severity }) => severity === 'warning')
  assert.deepEqual(
    warnings.map(({ code, message }) => [code, message]),
    [['BODY_MEMBER_UNFILLED', 'POST /a requires "data.id" in its body, and nothing fills it']]
  )
})

test('S9 a property that the body takes in another form is a warning, unless it is not sent', () => {
  const schema =
    '{properties: {owner: {properties: {name: {type: string}}}, tags: {type: string}, who: {type: string}, by: {type: string}, other: {properties: {q: {type: string}}}}}'
  const properties =
    '{owner: {type: string}, tags: {additionalProperties: {type: string}}, who: {properties: {name: {type: string}}}, by: {properties: {id: {type: string}}}, other: {type: string}}'
  const model = compileBody(schema, properties, ', exclude: {other: true}')
  assert.deepEqual(
    model.index.diagnostics.map(({ code, severity, message }) => {
      return `${severity} ${code} ${/property "(\w+)"/.exec(message)?.[1]}`
    }),
    [
      'warning BODY_MISFIT owner',
      'warning BODY_MISFIT tags',
      'warning BODY_MISFIT who',
      'info BODY_BY_ID by'
    ]
  )
  // A member that `parameters` fill is not the property's.
  const bound = compileBody(
    schema,
    '{owner: {type: string}, by: {type: string}}',
    ', parameters: {body.owner.name: owner}'
  )
  assert.deepEqual(diagnosticsOf(bound), [])
  assert.deepEqual(Object.keys(operationOf(bound, 'save:A').body?.shape?.members ?? {}), ['by'])
})

test('S4 S12 required members with one possible value are constants, nested ones too', () => {
  const schema =
    '{required: [kind, place], properties: {kind: {const: a}, other: {const: b}, any: {enum: [x, null]}, name: {type: string}, place: {required: [type], properties: {type: {enum: [room]}, floor: {type: integer}}}}}'
  const properties = '{name: {type: string}, place: {properties: {floor: {type: integer}}}}'
  const body = operationOf(compileBody(schema, properties), 'save:A').body
  const integer = { kind: 'integer', nullable: false, emptyAllowed: false }
  assert.deepEqual(JSON.parse(JSON.stringify(body?.shape)), {
    members: {
      name: { kind: 'text', nullable: false, emptyAllowed: true },
      place: {
        shape: { members: { floor: integer }, constants: { type: 'room' } },
        required: true
      }
    },
    constants: { kind: 'a' }
  })
})

test('J16 what a body requires, and the type does not have, is known', () => {
  const schema =
    '{required: [name, shop, made, kind], properties: {name: {type: string}, shop: {type: string}, made: {type: string, readOnly: true}, kind: {const: a}}}'
  const { body } = operationOf(compileBody(schema, '{name: {type: string}}'), 'save:A')
  const shape = body !== null && 'shape' in body ? body.shape : null
  assert.deepEqual([shape?.members?.name?.required, shape?.missing], [true, ['shop']])
})

test('S2 names of a body are matched one to one', () => {
  const rows: readonly (readonly [string, string, { [key: string]: string }])[] = [
    [
      '{First_Name: {}, lastname: {}}',
      '{firstName: {}, last-name: {}}',
      { firstName: 'First_Name', 'last-name': 'lastname' }
    ],
    // The same name wins, and the other one is not taken for it.
    ['{name: {}, NAME: {}}', '{name: {}, x: {}}', { name: 'name' }],
    // Of two properties that are meant none is taken.
    ['{ab: {}, x: {}}', '{a_b: {}, A-B: {}, x: {}}', { x: 'x' }]
  ]
  for (const [members, properties, expected] of rows) {
    const body = operationOf(compileBody(`{properties: ${members}}`, properties), 'save:A').body
    const found = Object.entries(body?.shape?.members ?? {}).map(([key, { as }]) => [
      key,
      as ?? key
    ])
    assert.deepEqual(Object.fromEntries(found), expected)
  }
})
