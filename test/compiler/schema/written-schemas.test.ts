import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import {
  compile,
  compileSchemas,
  diagnosticsOf,
  exampleOf,
  installed,
  operationOf,
  typeNamed
} from '../../support/compile.ts'

/** A document of 3.1 whose type `A` has these properties, and further schemas beside it. */
function typeA(properties: string, others = ''): ConnectorModel {
  const lines = properties.trim().replaceAll(/^\s*/gm, '    ')
  return compileSchemas(`A:\n  x-flow-type: {name: A}\n  properties:\n${lines}\n${others}`, {
    version: '3.1.0'
  })
}

/** What the properties of `A` are, where the document is without fault. */
function propertiesOf(properties: string, others?: string): string[] {
  const model = typeA(properties, others)
  assert.deepEqual(diagnosticsOf(model), [])
  return installed(model).A ?? []
}

const NULLS = `NullEnum: {enum: [null]}
NullConst: {const: null}
NullType: {type: ['null']}
NullAgain: {$ref: '#/components/schemas/NullType'}
NullChoice: {oneOf: [{$ref: '#/components/schemas/NullEnum'}, {type: 'null'}]}
Level: {type: string, enum: [low, high]}
Part: {type: object, properties: {x: {type: string}}}`

test('M2 null behind a reference is null, in every form and at every depth', () => {
  const names = ['NullEnum', 'NullConst', 'NullType', 'NullAgain', 'NullChoice']
  for (const name of names) {
    const ref = `{$ref: '#/components/schemas/${name}'}`
    const model = typeA(
      `level: {anyOf: [{$ref: '#/components/schemas/Level'}, ${ref}]}
       when: {oneOf: [${ref}, {type: string, format: date}]}
       part: {oneOf: [{$ref: '#/components/schemas/Part'}, ${ref}]}
       parts: {anyOf: [{type: array, items: {$ref: '#/components/schemas/Part'}}, ${ref}]}
       tags: {type: array, items: {oneOf: [{type: integer}, ${ref}]}}`,
      NULLS
    )
    assert.deepEqual(diagnosticsOf(model), [], name)
    assert.deepEqual(installed(model), {
      A: [
        'level ContentString',
        'when ContentDateTime',
        'part ContentObject A:part',
        'parts ContentList A:parts',
        'tags ContentList A:tags'
      ],
      'A:part': ['x ContentString'],
      'A:parts': ['x ContentString'],
      'A:tags': ['ID ContentString', 'Value ContentNumber'],
      'Level values': ['Value ContentString', 'Title ContentString']
    })
    const nullable = typeNamed(model, 'A').properties.map(property => property.nullable)
    assert.deepEqual(nullable, [true, true, true, true, false], name)
  }
})

const BLANKS = `BlankEnum: {enum: ['']}
BlankConst: {const: ''}
BlankText: {type: string, enum: ['']}
Level: {type: string, enum: [low, high]}
Part: {type: object, properties: {x: {type: string}}}`

test('M18 a choice of empty text alone says that empty text clears the value, and is no choice', () => {
  for (const name of ['BlankEnum', 'BlankConst', 'BlankText']) {
    const ref = `{$ref: '#/components/schemas/${name}'}`
    const model = typeA(
      `level: {oneOf: [{$ref: '#/components/schemas/Level'}, ${ref}, {enum: [null]}]}
       share: {anyOf: [{type: number}, ${ref}]}
       part: {anyOf: [{$ref: '#/components/schemas/Part'}, ${ref}]}
       map: {anyOf: [${ref}, {type: object, additionalProperties: {type: string}}]}
       tags: {oneOf: [{type: array, items: {type: integer}}, ${ref}]}
       only: ${ref}`,
      BLANKS
    )
    assert.deepEqual(diagnosticsOf(model), [], name)
    const { 'Level values': values, A: members } = installed(model)
    assert.deepEqual(members, [
      'level ContentString',
      'share ContentNumber',
      'part ContentObject A:part',
      'map ContentList A:map',
      'tags ContentList A:tags',
      'only ContentString'
    ])
    assert.ok(values !== undefined)
    const { properties } = typeNamed(model, 'A')
    assert.deepEqual(
      properties.map(property => property.emptyAllowed),
      [true, true, true, true, true, true]
    )
    assert.deepEqual(
      properties.map(property => property.nullable),
      [true, false, false, false, false, false]
    )
  }
})

test('M2 choices of objects beside null are choices', () => {
  const model = typeA(
    `pay: {oneOf: [{$ref: '#/components/schemas/Part'}, {$ref: '#/components/schemas/NullEnum'}, {$ref: '#/components/schemas/Bank'}]}`,
    `${NULLS}\nBank: {type: object, properties: {iban: {type: string}}}`
  )
  const names = ['pay-Part ContentObject A:pay-Part', 'pay-Bank ContentObject A:pay-Bank']
  assert.deepEqual(installed(model).A, names)
  assert.ok(typeNamed(model, 'A').properties.every(({ nullable }) => nullable))
})

const BASE = `Base:
  type: object
  properties:
    id: {type: integer, format: int64}
    place: {type: object, properties: {street: {type: string}}}
    tags: {type: array, items: {type: string}}
    when: {type: string, format: date-time}
    level: {type: string, enum: [low, high]}
    open: {type: boolean, nullable: true, readOnly: true}`

test('M3 a later part adds keywords and overrides them, and takes none away', () => {
  const model = compileSchemas(
    `${BASE}
A:
  x-flow-type: {name: A}
  allOf:
    - {$ref: '#/components/schemas/Base'}
    - properties:
        id: {readOnly: true, minimum: 1}
        place: {properties: {city: {type: string}}}
        tags: {maxItems: 3}
        when: {title: Start}
        level: {default: low}
        open: {readOnly: false}
  properties:
    tags: {description: Words}
    level: {enum: [low, middle, high]}`
  )
  assert.deepEqual(diagnosticsOf(model), [])
  const { A, 'A:place': place, 'A:level values': levels } = installed(model)
  assert.deepEqual(A, [
    'id ContentNumber',
    'place ContentObject A:place',
    'tags ContentList A:tags',
    'when ContentDateTime',
    'level ContentString',
    'open ContentBoolean'
  ])
  assert.deepEqual(place, ['street ContentString', 'city ContentString'])
  assert.ok(levels)
  const [id, , , , , open] = typeNamed(model, 'A').properties
  assert.deepEqual([id?.readOnly, id?.nullable], [true, false])
  assert.deepEqual([open?.readOnly, open?.nullable], [false, true])
  const values = exampleOf(model, 'query:A:level values').answers['200']?.body
  assert.deepEqual(
    JSON.parse(JSON.stringify(values)).map(({ Value }: { Value: string }) => Value),
    ['low', 'middle', 'high']
  )
})

test('M3 keywords of a body, a parameter and a reference with siblings merge alike', () => {
  const model = compile(`openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    get:
      parameters:
        - name: limit
          in: query
          schema: {allOf: [{type: integer, maximum: 50}, {default: 20}]}
        - {name: level, in: query, schema: {$ref: '#/components/schemas/Level', title: The level}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}
    post:
      requestBody:
        content:
          application/json:
            schema:
              allOf:
                - {$ref: '#/components/schemas/Base'}
                - {properties: {level: {description: how loud}, open: {readOnly: false}}}
      responses: {'201': {description: ok}}
components:
  schemas:
    Level: {type: string, enum: [low, high], default: high}
    ${BASE.replaceAll('\n', '\n    ')}
    A: {allOf: [{$ref: '#/components/schemas/Base'}], x-flow-type: {name: A}, x-flow-query: {path: /a}, x-flow-save: {path: /a}}
`)
  const query = operationOf(model, 'query:A')
  const [limit, level] = query.parameters
  assert.deepEqual([limit?.kind, limit?.maximum, limit?.default], ['integer', 50, 20])
  assert.deepEqual([level?.kind, level?.allowed, level?.default], ['text', ['low', 'high'], 'high'])
  const shape = JSON.stringify(operationOf(model, 'save:A').body ?? null)
  assert.match(shape, /"open"/)
})

test('M3 several sets of choices on one value are JSON text with a warning', () => {
  const parts = `Red: {type: object, properties: {red: {type: string}}}
Blue: {type: object, properties: {blue: {type: string}}}
Big: {type: object, properties: {big: {type: number}}}
Small: {type: object, properties: {small: {type: number}}}`
  const refs = (one: string, other: string): string =>
    `[{$ref: '#/components/schemas/${one}'}, {$ref: '#/components/schemas/${other}'}]`
  const forms = [
    `{allOf: [{oneOf: ${refs('Red', 'Blue')}}, {oneOf: ${refs('Big', 'Small')}}]}`,
    `{oneOf: ${refs('Red', 'Blue')}, anyOf: ${refs('Big', 'Small')}}`,
    `{oneOf: ${refs('Red', 'Blue')}, allOf: [{anyOf: ${refs('Big', 'Small')}}]}`
  ]
  for (const form of forms) {
    const model = typeA(`look: ${form}`, parts)
    assert.deepEqual(installed(model).A, ['look ContentString'], form)
    const codes = model.index.diagnostics.map(({ code, severity }) => `${severity} ${code}`)
    assert.deepEqual(codes, ['warning CHOICES_SEVERAL'], form)
    const named = compileSchemas(
      `B:\n  x-flow-type: {name: B}\n  ${form.slice(1, -1).replace(/, (?=anyOf|allOf)/, '\n  ')}\n${parts}`
    )
    assert.deepEqual(installed(named).B?.toSorted(), [
      'big ContentNumber',
      'blue ContentString',
      'red ContentString',
      'small ContentNumber'
    ])
  }
})

test('M5 without a type the kind is what the other keywords imply', () => {
  const rows = [
    ['{format: date}', 'ContentDateTime'],
    ['{format: int32}', 'ContentNumber'],
    ['{format: double}', 'ContentNumber'],
    ['{format: uuid}', 'ContentString'],
    ["{pattern: '^[a-z]+$'}", 'ContentString'],
    ['{maxLength: 20}', 'ContentString'],
    ['{minimum: 1}', 'ContentNumber'],
    ['{multipleOf: 0.01}', 'ContentNumber'],
    ['{default: false}', 'ContentBoolean'],
    ['{default: 12}', 'ContentNumber'],
    ['{example: 2.5}', 'ContentNumber'],
    ['{examples: [true]}', 'ContentBoolean'],
    ['{example: some text}', 'ContentString'],
    ['{example: [1]}', 'ContentString'],
    ['{default: null}', 'ContentString'],
    ['{enum: [1, 2], example: a}', 'ContentNumber'],
    ['{title: Anything}', 'ContentString']
  ]
  for (const [schema = '', content] of rows) {
    assert.deepEqual(propertiesOf(`p: ${schema}`), [`p ${content}`], schema)
  }
  const [property] = typeNamed(typeA('p: {readOnly: true}'), 'A').properties
  assert.deepEqual(property?.value, { form: 'scalar', kind: 'any' })
  assert.deepEqual(propertiesOf('p: {allOf: [{format: date}, {example: text}]}'), [
    'p ContentDateTime'
  ])
})

test('M7 a property, a choice and items that nothing fits are not there', () => {
  const others = `Never: false
Not: {not: {}}
Both: {allOf: [{type: string}, {$ref: '#/components/schemas/Never'}]}
Neither: {oneOf: [false, {$ref: '#/components/schemas/Not'}]}
Red: {type: object, properties: {red: {type: string}}}
Blue: {type: object, properties: {blue: {type: string}}}`
  const model = typeA(
    `a: false
     b: {$ref: '#/components/schemas/Never'}
     c: {$ref: '#/components/schemas/Both'}
     d: {$ref: '#/components/schemas/Neither'}
     e: {not: true}
     one: {oneOf: [false, {type: integer}]}
     look: {oneOf: [{$ref: '#/components/schemas/Red'}, {$ref: '#/components/schemas/Not'}, {$ref: '#/components/schemas/Blue'}]}
     pair: {type: array, prefixItems: [{type: string}], items: false}
     none: {type: array, items: {$ref: '#/components/schemas/Never'}}
     map: {type: object, additionalProperties: false, properties: {x: {type: string}}}`,
    others
  )
  assert.deepEqual(diagnosticsOf(model), [])
  assert.deepEqual(installed(model).A, [
    'one ContentNumber',
    'look-Red ContentObject A:look-Red',
    'look-Blue ContentObject A:look-Blue',
    'pair ContentString',
    'none ContentString',
    'map ContentObject A:map'
  ])
})

test('M7 a part that forbids a property of another part takes it away', () => {
  const model = compileSchemas(
    `${BASE}
A:
  x-flow-type: {name: A}
  allOf:
    - {$ref: '#/components/schemas/Base'}
    - {properties: {place: false, tags: {not: {}}, open: false}}`,
    { version: '3.1.0' }
  )
  assert.deepEqual(diagnosticsOf(model), [])
  assert.deepEqual(installed(model).A, [
    'id ContentNumber',
    'when ContentDateTime',
    'level ContentString'
  ])
})

test('M13 values with titles are a drop-down', () => {
  const others = `Level: {oneOf: [{const: 1, title: Low}, {const: 2, title: High}, {const: 3}]}
One: {const: a, title: First}
Two: {enum: [b], title: Second}
Letter: {type: string, anyOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}, {type: 'null'}]}`
  const model = typeA(
    `level: {$ref: '#/components/schemas/Level'}
     letters: {type: array, items: {$ref: '#/components/schemas/Letter'}}
     open: {anyOf: [{const: a, title: First}, {type: string}]}`,
    others
  )
  assert.deepEqual(diagnosticsOf(model), [])
  assert.deepEqual(installed(model).A, [
    'level ContentNumber',
    'letters ContentList A:letters',
    'open ContentString'
  ])
  const valuesOf = (name: string) => exampleOf(model, `query:${name} values`).answers['200']?.body
  assert.deepEqual(valuesOf('Level'), [
    { Value: '1', Title: 'Low' },
    { Value: '2', Title: 'High' },
    { Value: '3', Title: '3' }
  ])
  assert.deepEqual(valuesOf('Letter'), [
    { Value: 'a', Title: 'First' },
    { Value: 'b', Title: 'Second' }
  ])
  assert.equal(model.types['A:open values'], undefined)
})

test('M13 what if, then, else and dependentSchemas declare are properties that may be absent', () => {
  const model = compileSchemas(
    `Base: {type: object, properties: {country: {type: string}}}
A:
  x-flow-type: {name: A}
  allOf:
    - {$ref: '#/components/schemas/Base'}
    - if: {properties: {country: {const: US}, member: {const: true}}}
      then: {properties: {zip: {type: string}, country: {maxLength: 2}}, required: [zip]}
      else: {properties: {postcode: {type: integer}, extra: {$ref: '#/components/schemas/Extra'}}}
    - dependentSchemas: {card: {properties: {billing: {type: string, format: date}}, required: [billing]}}
Extra: {type: object, properties: {note: {type: string}}}`,
    { version: '3.1.0' }
  )
  assert.deepEqual(diagnosticsOf(model), [])
  assert.deepEqual(installed(model).A, [
    'country ContentString',
    'zip ContentString',
    'postcode ContentNumber',
    'extra ContentObject A:extra',
    'member ContentBoolean',
    'billing ContentDateTime'
  ])
  assert.equal(typeNamed(model, 'A').hasRequired, false)
  assert.equal(typeNamed(model, 'A').properties[0]?.emptyAllowed, true)
})

test('M13 anchors are followed within the document', () => {
  const model = typeA(
    `person: {$ref: '#person'}
     encoded: {$ref: '#per%73on'}
     tree: {$ref: '#/components/schemas/Node'}
     gone: {$ref: '#nobody'}`,
    `Person: {$anchor: person, type: object, properties: {name: {type: string}}}
Node:
  $dynamicAnchor: node
  type: object
  properties:
    label: {type: string}
    children: {type: array, items: {$dynamicRef: '#node'}}
    parent: {oneOf: [{$dynamicRef: '#node'}, {type: 'null'}]}`
  )
  assert.deepEqual(installed(model).A, [
    'person ContentObject A:person',
    'encoded ContentObject A:encoded',
    'tree ContentObject A:tree',
    'gone ContentString'
  ])
  assert.deepEqual(installed(model)['A:tree'], [
    'label ContentString',
    'children ContentList A:tree',
    'parent ContentObject A:tree'
  ])
  assert.deepEqual(
    model.index.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`),
    ['REF_UNRESOLVED /components/schemas/A/properties/gone']
  )
})

test('M3 items, values of maps and chains of references with siblings are merged too', () => {
  const model = compileSchemas(
    `Base:
  type: object
  properties:
    list: {type: array, items: {type: object, properties: {a: {type: string}}}}
    map: {type: object, additionalProperties: {type: object, properties: {c: {type: string}}}}
    alias: {$ref: '#/components/schemas/Alias'}
    date: {$ref: '#/components/schemas/MaybeDate'}
Part: {type: object, properties: {y: {type: string}}}
Alias: {$ref: '#/components/schemas/Part', properties: {z: {type: integer}}}
Date: {type: string, format: date}
MaybeDate: {$ref: '#/components/schemas/Date', type: [string, 'null'], readOnly: true}
A:
  x-flow-type: {name: A}
  allOf:
    - {$ref: '#/components/schemas/Base'}
    - properties:
        list: {items: {properties: {b: {type: integer}, a: {maxLength: 3}}}}
        map: {additionalProperties: {properties: {d: {type: integer}}}}`,
    { version: '3.1.0' }
  )
  assert.deepEqual(diagnosticsOf(model), [])
  const types = installed(model)
  assert.deepEqual(types['A:list'], ['a ContentString', 'b ContentNumber'])
  assert.deepEqual(types['A:map:Value'], ['c ContentString', 'd ContentNumber'])
  assert.deepEqual(types['A:alias'], ['y ContentString', 'z ContentNumber'])
  const date = typeNamed(model, 'A').properties.find(({ name }) => name === 'date')
  assert.deepEqual([date?.content, date?.nullable, date?.readOnly], ['ContentDateTime', true, true])
})

test('M3 each of many declarations counts, also in parts of parts and in a third set of choices', () => {
  const part = (n: number): string => `{properties: {p: {properties: {x${n}: {type: string}}}}}`
  const model = compileSchemas(`Inner: {allOf: [${part(3)}, ${part(4)}, ${part(5)}]}
A:
  x-flow-type: {name: A}
  allOf: [${part(1)}, ${part(2)}, {$ref: '#/components/schemas/Inner'}, ${part(6)}]`)
  const names = [1, 2, 3, 4, 5, 6].map(n => `x${n} ContentString`)
  assert.deepEqual(installed(model)['A:p']?.toSorted(), names)
  const set = (letter: string): string =>
    `{oneOf: [{properties: {${letter}: {type: string}}}, {properties: {${letter}${letter}: {type: string}}}]}`
  const sets = typeA(`look: {allOf: [${set('a')}, ${set('b')}, ${set('c')}]}`)
  assert.deepEqual(installed(sets).A, ['look ContentString'])
})
