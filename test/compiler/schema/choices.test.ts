import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileSchemas, diagnosticsOf, installed, typeNamed } from '../../support/compile.ts'

const CARD_AND_BANK = `Card: {properties: {number: {type: string}}}
Bank: {x-flow-type: {name: Bank Account}, properties: {iban: {type: string}}}`

test('B10 B14 a choice of objects is one property per choice, named by type, component, title or number', () => {
  for (const word of ['oneOf', 'anyOf']) {
    const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    pay:
      ${word}:
        - {$ref: '#/components/schemas/Bank'}
        - {$ref: '#/components/schemas/Card'}
        - {title: Cash, properties: {amount: {type: number}}}
        - {properties: {iou: {type: string}}}
${CARD_AND_BANK}`)
    assert.deepEqual(installed(model), {
      A: [
        'pay-Bank Account ContentObject Bank Account',
        'pay-Card ContentObject A:pay-Card',
        'pay-Cash ContentObject A:pay-Cash',
        'pay-4 ContentObject A:pay-4'
      ],
      'A:pay-Card': ['number ContentString'],
      'A:pay-Cash': ['amount ContentNumber'],
      'A:pay-4': ['iou ContentString'],
      'Bank Account': ['iban ContentString']
    })
    const type = typeNamed(model, 'A')
    assert.deepEqual(new Set(type.properties.map(({ key }) => key)), new Set(['pay']))
    assert.deepEqual(type.choices, [
      {
        key: 'pay',
        discriminator: null,
        options: [
          { property: 'pay-Bank Account', keys: ['iban'], values: ['Bank'] },
          { property: 'pay-Card', keys: ['number'], values: ['Card'] },
          { property: 'pay-Cash', keys: ['amount'], values: [] },
          { property: 'pay-4', keys: ['iou'], values: [] }
        ]
      }
    ])
  }
})

test('B10 one object that is left beside null is that object, without a suffix', () => {
  const model = compileSchemas(
    `A:
  x-flow-type: {name: A}
  properties:
    bank: {oneOf: [{$ref: '#/components/schemas/Bank'}, {type: 'null'}]}
    card: {anyOf: [{$ref: '#/components/schemas/Card'}]}
${CARD_AND_BANK}`,
    { version: '3.1.0' }
  )
  assert.deepEqual(installed(model).A, [
    'bank ContentObject Bank Account',
    'card ContentObject A:card'
  ])
  assert.deepEqual(
    typeNamed(model, 'A').properties.map(({ nullable }) => nullable),
    [true, false]
  )
})

test('B10 items that are a choice are a list of a type with one property per choice', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    parts: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Bank'}, {$ref: '#/components/schemas/Card'}]}}
    byName: {additionalProperties: {oneOf: [{$ref: '#/components/schemas/Bank'}, {$ref: '#/components/schemas/Card'}]}}
${CARD_AND_BANK}`)
  assert.deepEqual(installed(model), {
    A: ['parts ContentList A:parts', 'byName ContentList A:byName'],
    'A:parts': ['Bank Account ContentObject Bank Account', 'Card ContentObject A:parts:Card'],
    'A:parts:Card': ['number ContentString'],
    'A:byName': ['Key ContentString', 'Value ContentObject A:byName:Value'],
    'A:byName:Value': [
      'Bank Account ContentObject Bank Account',
      'Card ContentObject A:byName:Value:Card'
    ],
    'A:byName:Value:Card': ['number ContentString'],
    'Bank Account': ['iban ContentString']
  })
  assert.equal(typeNamed(model, 'A:parts').choices[0]?.key, null)
})

test('B12 the discriminator names the values of each choice, by reference or by name', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    pay:
      oneOf: [{$ref: '#/components/schemas/Bank'}, {$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}]
      discriminator:
        propertyName: kind
        mapping: {wire: '#/components/schemas/Bank', sepa: Bank, card: '#/components/schemas/Card'}
Cash: {properties: {amount: {type: number}}}
${CARD_AND_BANK}`)
  const [choice] = typeNamed(model, 'A').choices
  assert.equal(choice?.discriminator, 'kind')
  assert.deepEqual(
    choice?.options.map(({ values }) => values),
    [['wire', 'sepa'], ['card'], ['Cash']]
  )
})

test('A19 B10 choices that build on their parent by allOf are one property each', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties: {pet: {$ref: '#/components/schemas/Pet'}}
Pet:
  properties: {kind: {type: string}}
  discriminator: {propertyName: kind}
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {tricks: {type: integer}}}]}`)
  assert.deepEqual(installed(model), {
    A: ['pet-Cat ContentObject A:pet-Cat', 'pet-Dog ContentObject A:pet-Dog'],
    'A:pet-Cat': ['kind ContentString', 'lives ContentNumber'],
    'A:pet-Dog': ['kind ContentString', 'tricks ContentNumber']
  })
  assert.deepEqual(diagnosticsOf(model), [])
})

test('A19 the same when the child is looked at first, and with more children', () => {
  const model =
    compileSchemas(`Cat: {x-flow-type: {name: Cat}, allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]}
Pet:
  x-flow-type: {name: Pet}
  properties: {kind: {type: string}}
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cow'}]
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {tricks: {type: integer}}}]}
Cow: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {milk: {type: integer}}}]}`)
  assert.deepEqual(installed(model), {
    Cat: ['kind ContentString', 'lives ContentNumber'],
    Pet: [
      'kind ContentString',
      'Cat ContentObject Cat',
      'Dog ContentObject Pet:Dog',
      'Cow ContentObject Pet:Cow'
    ],
    'Pet:Dog': ['kind ContentString', 'tricks ContentNumber'],
    'Pet:Cow': ['kind ContentString', 'milk ContentNumber']
  })
})

test('B10 what stands beside the choices and in none of them is not lost', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    pay:
      properties: {amount: {type: number}}
      oneOf: [{$ref: '#/components/schemas/Bank'}, {$ref: '#/components/schemas/Card'}]
${CARD_AND_BANK}`)
  assert.deepEqual(installed(model), {
    A: ['pay ContentObject A:pay'],
    'A:pay': [
      'amount ContentNumber',
      'Bank Account ContentObject Bank Account',
      'Card ContentObject A:pay:Card'
    ],
    'A:pay:Card': ['number ContentString'],
    'Bank Account': ['iban ContentString']
  })
})

test('B14 choices that only repeat rules are no choices', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties: {a: {type: string}, b: {type: string}}
  anyOf: [{required: [a]}, {required: [b], type: object}]`)
  assert.deepEqual(installed(model), { A: ['a ContentString', 'b ContentString'] })
})

test('B13 allOf parts are merged in order, own properties win', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  allOf:
    - {$ref: '#/components/schemas/Base'}
    - {properties: {b: {type: boolean}, c: {type: string}}}
  properties: {c: {type: integer}, d: {type: string}}
Base:
  allOf: [{properties: {z: {type: string}}}]
  properties: {a: {type: string}, b: {type: string}}`)
  assert.deepEqual(installed(model), {
    A: [
      'z ContentString',
      'a ContentString',
      'b ContentBoolean',
      'c ContentNumber',
      'd ContentString'
    ]
  })
})

test('B13 parts that fan out and meet again cost no more than their number', () => {
  const levels = Array.from(
    { length: 40 },
    (_, i) =>
      `S${i}: {allOf: [{$ref: '#/components/schemas/S${i + 1}'}, {$ref: '#/components/schemas/S${i + 1}'}, {properties: {p${i}: {}}}]}`
  )
  const model =
    compileSchemas(`A: {x-flow-type: {name: A}, allOf: [{$ref: '#/components/schemas/S0'}]}
${levels.join('\n')}
S40: {properties: {last: {}}}`)
  assert.equal(installed(model).A?.length, 41)
  assert.deepEqual(diagnosticsOf(model), [])
})

test('H19 schemas that combine others without end are given up with an error, the rest is compiled', () => {
  const net = Array.from({ length: 30 }, (_, i) => {
    const all = Array.from({ length: 30 }, (_, j) => `{$ref: '#/components/schemas/S${j}'}`)
    return `S${i}: {allOf: [${all.join(', ')}], properties: {p${i}: {}}}`
  })
  const chain = Array.from(
    { length: 1_000 },
    (_, i) => `C${i}: {allOf: [{$ref: '#/components/schemas/C${i + 1}'}], properties: {c${i}: {}}}`
  )
  const model =
    compileSchemas(`Net: {x-flow-type: {name: Net}, allOf: [{$ref: '#/components/schemas/S0'}], properties: {own: {}}}
Chain: {x-flow-type: {name: Chain}, allOf: [{$ref: '#/components/schemas/C0'}], properties: {own: {}}}
Good: {x-flow-type: {name: Good}, properties: {own: {type: string}}}
${net.join('\n')}
${chain.join('\n')}`)
  assert.deepEqual(model.index.types, ['Chain', 'Good', 'Net'])
  assert.deepEqual(installed(model).Good, ['own ContentString'])
  const codes = new Set(model.index.diagnostics.map(({ code }) => code))
  assert.deepEqual(codes, new Set(['REF_CYCLE', 'SCHEMA_MALFORMED']))
})

test('S12 a member with one possible value tells its choice apart, and is what the discriminator is', () => {
  const model = compileSchemas(
    `A:
  x-flow-type: {name: A}
  properties:
    pay: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Sepa'}, {$ref: '#/components/schemas/Cash'}]}
    named:
      oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Sepa'}, {$ref: '#/components/schemas/Cash'}]
      discriminator: {propertyName: kind, mapping: {direct: Sepa}}
Card: {properties: {kind: {const: card}, unit: {const: EUR}, number: {type: string}}}
Sepa: {allOf: [{properties: {unit: {const: EUR}}}, {properties: {kind: {type: string, enum: [sepa]}, level: {const: 2}}}]}
Cash: {properties: {kind: {type: string, enum: [notes, coins]}, unit: {const: EUR}, paid: {enum: [true, null]}}}`,
    { version: '3.1.0' }
  )
  const [pay, named] = typeNamed(model, 'A').choices
  const telling = pay?.options.map(({ constants }) => constants ?? null)
  // What all have tells nothing apart, and null is a value too.
  assert.deepEqual(JSON.parse(JSON.stringify(telling)), [
    { kind: 'card' },
    { kind: 'sepa', level: 2 },
    null
  ])
  assert.deepEqual(
    named?.options.map(({ values }) => values),
    [['card', 'Card'], ['sepa', 'direct'], ['Cash']]
  )
})
