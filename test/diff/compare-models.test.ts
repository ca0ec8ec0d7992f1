import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Changes } from '../../service/diff/change-list.ts'
import { startComparison } from '../../service/diff/compare-models.ts'
import { apiAccess } from '../../service/operations/configuration.ts'
import { compile } from '../support/compile.ts'
import { openModel } from '../support/open-model.ts'

/** A document with a type Pet, to which a test makes changes. */
const PETS = `openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: 'https://pets.example.com' }]
paths:
  /pets:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: status, in: query, schema: { type: string, enum: [free, sold] } }
      responses:
        '200':
          description: Pets
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
      responses: { '201': { description: A pet, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }
  /pets/{petId}:
    parameters: [{ name: petId, in: path, required: true, schema: { type: integer } }]
    get: { responses: { '200': { description: A pet, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } } }
    delete: { responses: { '204': { description: Gone } } }
components:
  schemas:
    Pet:
      type: object
      x-flow-type: { name: Pet }
      x-flow-query: { path: /pets, parameters: { limit: limit, where: { status: status } } }
      x-flow-load: { path: '/pets/{petId}', parameters: { petId: id } }
      x-flow-save: { path: /pets }
      x-flow-delete: { path: '/pets/{petId}', parameters: { petId: externalId } }
      required: [name]
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string }
        status: { type: string }
        weight: { type: number }
        born: { type: string, format: date }
        home: { type: object, properties: { city: { type: string }, street: { type: string } } }
        tags: { type: array, items: { type: string } }
`

function compare(before: string, after: string): Changes {
  const [old, now] = [before, after].map(text => openModel(compile(text)))
  assert.ok(old && now)
  const comparison = startComparison(old, now, apiAccess({}, { CLIENT_CERT_FILE: '' }))
  while (!comparison.step());
  return comparison.read()
}

test('B14 the mappings of a list are compared with those that call the same', () => {
  const listed = (...paths: readonly string[]): string =>
    PETS.replace(
      /x-flow-query: .*/,
      `x-flow-query: [${paths.map(path => `{ path: ${path} }`).join(', ')}]`
    ).replace(
      'paths:\n',
      `paths:\n  /a: { get: { responses: {} } }\n  /b: { get: { responses: {} } }\n`
    )
  const told = (before: string, after: string): string[] =>
    compare(before, after).list.map(({ code, mapping, message }) =>
      [code, mapping, ...(/GET [^\s,]+/.exec(message) ?? [])].join(' ')
    )
  assert.deepEqual(told(listed('/pets', '/a'), listed('/a', '/pets')), [])
  assert.deepEqual(told(listed('/pets', '/a'), listed('/pets')), [
    'MAPPING_FEWER query 2:Pet GET /a'
  ])
  assert.deepEqual(told(listed('/pets'), listed('/a', '/pets')), ['MAPPING_MORE query:Pet GET /a'])
  assert.deepEqual(told(listed('/pets', '/a'), listed('/pets', '/b')), [
    'MAPPING_MOVED query 2:Pet GET /b'
  ])
})

test('J09 a call that the document does not have any more breaks flows, whoever wrote its mapping', () => {
  const after = PETS.replace('  /pets/{petId}:', '  /animals/{petId}:')
  const told = compare(PETS, after).list.map(({ breaks, code, mapping }) => [breaks, code, mapping])
  assert.deepEqual(told, [
    [true, 'MAPPING_UNDECLARED', 'load:Pet'],
    [true, 'MAPPING_UNDECLARED', 'delete:Pet']
  ])
})

/** Changes as `breaks CODE type.property mapping`, of the document after some replacements. */
function changes(...edits: readonly (readonly [from: string | RegExp, to: string])[]): string[] {
  let text = PETS
  for (const [from, to] of edits) {
    const edited = text.replace(from, to)
    assert.notEqual(edited, text, `nothing to replace: ${from}`)
    text = edited
  }
  return compare(PETS, text).list.map(({ breaks, code, type, property, mapping }) => {
    const place = [type, property].filter(word => word !== null).join('.')
    return [breaks ? 'breaks' : 'keeps', code, place, mapping].filter(Boolean).join(' ')
  })
}

test('J16 equal documents have no changes, whatever their descriptions', () => {
  assert.deepEqual(compare(PETS, PETS), { list: [], breaking: 0, others: 0 })
  assert.deepEqual(
    changes([/description: A pet/, 'description: One pet'], ['title: Pets', 'title: All pets']),
    []
  )
})

test('J16 a type that is gone breaks flows, and what it has goes with it', () => {
  // A document without any key has inferred types.
  const off = ['paths:\n', 'x-flow: { inference: off }\npaths:\n'] as const
  const removed = changes(off, [/ +x-flow-[a-z]+: .*\n/g, ''])
  assert.deepEqual(removed, ['breaks TYPE_REMOVED Pet'])
})

test('J16 a type that has another name is told as renamed, with its derived types', () => {
  assert.deepEqual(changes(['name: Pet }', 'name: Animal }']), ['breaks TYPE_RENAMED Pet'])
})

test('J16 a type of another schema is told as renamed if it is of the same endpoints and alike', () => {
  assert.deepEqual(changes([/\bPet\b(?=:\n| }|')/g, 'Beast']), ['breaks TYPE_RENAMED Pet'])
})

test('J16 a new type breaks nothing', () => {
  const added = `    Owner:
      type: object
      x-flow-type: { name: Owner }
      properties: { email: { type: string }, home: { type: object, properties: { city: { type: string } } } }
`
  assert.deepEqual(changes([/$/, added]), ['keeps TYPE_ADDED Owner'])
})

test('J16 a property that is gone breaks flows', () => {
  assert.deepEqual(changes([/ +weight: .*\n/, '']), ['breaks PROPERTY_REMOVED Pet.weight'])
})

test('J16 a property with a similar name, or in the same place, is told as renamed', () => {
  assert.deepEqual(changes(['        weight:', '        weights:']), [
    'breaks PROPERTY_RENAMED Pet.weight'
  ])
  assert.deepEqual(changes(['        weight:', '        mass:']), [
    'breaks PROPERTY_RENAMED Pet.weight'
  ])
})

test('J16 a new property breaks nothing unless saves need it', () => {
  const added = ['        tags:', '        color: { type: string }\n        tags:'] as const
  assert.deepEqual(changes(added), ['keeps PROPERTY_ADDED Pet.color'])
  assert.deepEqual(changes(added, ['required: [name]', 'required: [name, color]']), [
    'keeps PROPERTY_ADDED Pet.color',
    'breaks PROPERTY_REQUIRED Pet.color save:Pet'
  ])
})

test('J16 a property of another content type breaks flows', () => {
  assert.deepEqual(changes(['weight: { type: number }', 'weight: { type: string }']), [
    'breaks PROPERTY_RETYPED Pet.weight'
  ])
  assert.deepEqual(changes(['items: { type: string }', 'items: { type: integer }']), [
    'breaks PROPERTY_RETYPED Pet:tags.Value'
  ])
})

test('J16 an object that becomes a list has another type for the platform', () => {
  const found = changes([
    /home: .*\n/,
    'home: { type: array, items: { type: object, properties: { city: { type: string }, street: { type: string } } } }\n'
  ])
  assert.deepEqual(found, ['breaks PROPERTY_RETYPED Pet.home'])
})

test('J16 a narrower kind breaks flows, a wider one does not', () => {
  assert.deepEqual(changes(['weight: { type: number }', 'weight: { type: integer }']), [
    'breaks PROPERTY_NARROWED Pet.weight'
  ])
  assert.deepEqual(changes(['format: date }', 'format: date-time }']), [
    'keeps PROPERTY_WIDENED Pet.born'
  ])
})

test('J16 a property that is no longer read or no longer sent breaks flows', () => {
  assert.deepEqual(
    changes(['status: { type: string }', 'status: { type: string, writeOnly: true }']),
    ['breaks PROPERTY_UNREAD Pet.status']
  )
  assert.deepEqual(
    changes(['weight: { type: number }', 'weight: { type: number, readOnly: true }']),
    ['breaks PROPERTY_UNSENT Pet.weight save:Pet']
  )
})

test('J16 a property that saves need now breaks flows, also one of a nested object', () => {
  assert.deepEqual(changes(['required: [name]', 'required: [name, status]']), [
    'breaks PROPERTY_REQUIRED Pet.status save:Pet'
  ])
  assert.deepEqual(changes(['home: { type: object,', 'home: { type: object, required: [city],']), [
    'breaks PROPERTY_REQUIRED Pet.home.city save:Pet'
  ])
  assert.deepEqual(changes(['required: [name]', 'required: []']), [])
})

test('J16 a member that a body needs and the type does not have breaks every save', () => {
  const own =
    "schema: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, required: [shop], properties: { shop: { type: string } } }] }"
  const found = changes([
    "requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }",
    `requestBody: { content: { application/json: { ${own} } } }`
  ])
  assert.deepEqual(found, ['breaks BODY_UNFILLED Pet save:Pet'])
})

test('J16 a mapping that is gone breaks flows, but lists serve loads by id', () => {
  assert.deepEqual(changes([/ +x-flow-delete: .*\n/, '']), [
    'breaks MAPPING_REMOVED Pet delete:Pet'
  ])
  assert.deepEqual(changes([/ +x-flow-load: .*\n/, '']), ['keeps MAPPING_BY_LIST Pet load:Pet'])
})

test('J16 a new mapping, and another endpoint that asks for the same, break nothing', () => {
  assert.deepEqual(
    changes([
      '      required: [name]',
      "      x-flow-update: { path: '/pets/{petId}', operation: delete, parameters: { petId: externalId } }\n      required: [name]"
    ]),
    ['keeps MAPPING_ADDED Pet update:Pet']
  )
  assert.deepEqual(changes([/\/pets\/\{petId\}/g, '/animals/{petId}']), [
    'keeps MAPPING_MOVED Pet load:Pet',
    'keeps MAPPING_MOVED Pet delete:Pet'
  ])
})

test('J16 of a list of mappings those of the same endpoint are compared', () => {
  const own =
    'x-flow-query: { path: /pets, parameters: { limit: limit, where: { status: status } } }'
  const list = (...mappings: readonly string[]): string =>
    PETS.replace(own, `x-flow-query: [${mappings.join(', ')}]`)
  const [all, one] = [
    '{ path: /pets, parameters: { limit: limit } }',
    "{ path: '/pets/{petId}', parameters: { petId: name } }"
  ]
  const found = (before: string, after: string): string[] =>
    compare(before, after).list.map(
      ({ breaks, code, mapping }) => `${breaks ? 'breaks' : 'keeps'} ${code} ${mapping}`
    )
  assert.deepEqual(found(list(all, one), list(one, all)), [])
  assert.deepEqual(found(list(all), list(all, one)), ['keeps MAPPING_MORE query 2:Pet'])
  assert.deepEqual(found(list(all, one), list(all)), ['breaks MAPPING_FEWER query 2:Pet'])
  assert.deepEqual(found(list(all, one), PETS.replace(own, '')), [
    'breaks MAPPING_REMOVED query:Pet'
  ])
})

test('J16 a parameter that is required now breaks flows, unless something always fills it', () => {
  const parameter = '        - { name: limit,'
  const shop = `        - { name: shop, in: query, required: true, schema: { type: string } }\n${parameter}`
  assert.deepEqual(changes([parameter, shop]), ['breaks PARAMETER_UNFILLED Pet query:Pet'])
  assert.deepEqual(
    changes([parameter, shop], ['{ limit: limit,', '{ limit: limit, shop: { default: here },']),
    []
  )
  assert.deepEqual(
    changes([parameter, shop], ['{ limit: limit,', '{ limit: limit, shop: $Var.SHOP,']),
    ['breaks PARAMETER_REQUIRED Pet query:Pet']
  )
})

test('J16 a required parameter that loses its default breaks flows, whatever else was required', () => {
  const parameter = '        - { name: limit,'
  const version = (schema: string): string =>
    `        - { name: version, in: query, required: true, schema: ${schema} }\n${parameter}`
  const old = PETS.replace(parameter, version('{ type: string, default: a }'))
  const found = (text: string): string[] => compare(old, text).list.map(({ code }) => code)
  assert.deepEqual(found(old.replace(', default: a', '')), ['PARAMETER_UNFILLED'])
  const shop = `        - { name: shop, in: query, required: true, schema: { type: string } }\n${parameter}`
  assert.deepEqual(found(old.replace(parameter, shop)), ['PARAMETER_UNFILLED'])
})

test('J16 a renamed path parameter that takes the id breaks nothing', () => {
  assert.deepEqual(changes([/petId/g, 'id']), [
    'keeps MAPPING_MOVED Pet load:Pet',
    'keeps MAPPING_MOVED Pet delete:Pet'
  ])
})

test('J16 a parameter that takes fewer values breaks flows', () => {
  assert.deepEqual(changes(['enum: [free, sold]', 'enum: [free]']), [
    'breaks PARAMETER_NARROWED Pet query:Pet'
  ])
  assert.deepEqual(changes(['enum: [free, sold]', 'enum: [free, sold, lost]']), [])
})

test('J16 a condition that the API takes no longer is evaluated here', () => {
  assert.deepEqual(changes([', where: { status: status }', '']), [
    'keeps CONDITION_LOCAL Pet query:Pet'
  ])
})

test('J16 another external id breaks flows', () => {
  assert.deepEqual(changes(['name: Pet }', 'name: Pet, id: name }']), [
    'breaks IDENTITY_CHANGED Pet'
  ])
})

test('J16 a mapping that the document answers now breaks nothing', () => {
  assert.deepEqual(
    changes(['x-flow-save: { path: /pets }', 'x-flow-save: { path: /pets, example: true }']),
    ['keeps MAPPING_ANSWERED Pet save:Pet']
  )
})

test('J16 credentials that calls need now, logins that are gone and new hosts break flows', () => {
  const schemes = `components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    staff: { type: http, scheme: basic, x-flow-identity: { me: { defaultUrl: /pets } } }
`
  const secured = PETS.replace('paths:\n', 'security: [{ key: [] }]\npaths:\n').replace(
    'components:\n',
    schemes
  )
  const codes = (before: string, after: string): string[] =>
    compare(before, after).list.map(({ breaks, code, message }) => `${breaks} ${code} ${message}`)
  assert.deepEqual(codes(PETS, secured), [
    'false LOGIN_ADDED users can log in with "staff"',
    'true CREDENTIAL_REQUIRED `load:Pet`, `query:Pet`, `save:Pet` and 1 more now need configuration value "API Key"'
  ])
  assert.deepEqual(codes(secured, PETS), [
    'true LOGIN_REMOVED users can no longer log in with "staff"'
  ])
  assert.deepEqual(codes(secured, secured.replace('pets.example.com', 'animals.example.com')), [
    'true HOST_ADDED credentials would now go to animals.example.com:443'
  ])
  const open = PETS.replace('paths:\n', 'security: []\npaths:\n')
  assert.deepEqual(codes(open, open.replace('pets.example.com', 'animals.example.com')), [])
})

test('J16 messages and effects have no holes left', () => {
  const { list } = compare(
    PETS,
    PETS.replace(/ +weight: .*\n/, '').replace(/ +x-flow-delete: .*\n/, '')
  )
  for (const { message, effect } of list)
    assert.doesNotMatch(message + effect, /[{}]|undefined|null/)
})

test('J16 very many changes are counted, and the first of them listed', () => {
  const properties = Array.from(
    { length: 1_500 },
    (_, index) => `        p${index * 7919}x: { type: string }\n`
  )
  const wide = PETS.replace('        tags:', `${properties.join('')}        tags:`)
  const { list, breaking, others } = compare(wide, PETS)
  assert.deepEqual([list.length, breaking, others], [1_000, 1_500, 0])
  const added = compare(PETS, wide)
  assert.deepEqual([added.list.length, added.breaking, added.others], [1_000, 0, 1_500])
})
