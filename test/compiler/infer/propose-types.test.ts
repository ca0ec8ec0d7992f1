import assert from 'node:assert/strict'
import { test } from 'node:test'

import { answers, listOf, NOTHING, propose, ref, rolesOf, takes } from './propose.ts'

const PET =
  'Pet: { type: object, properties: { id: { type: integer, readOnly: true }, name: { type: string }, tag: { type: string } } }'

const WHOLE = `
/pets:
  get: ${answers(listOf('Pet'))}
  post: ${takes(ref('Pet'), ref('Pet'), 201)}
/pets/{petId}:
  get: ${answers(ref('Pet'))}
  put: ${takes(ref('Pet'), ref('Pet'))}
  patch: ${takes(ref('Pet'), ref('Pet'))}
  delete: ${NOTHING}
`

test('C26 a collection and its items are one type with all roles, of PATCH and PUT the former', () => {
  const proposal = propose(WHOLE, PET)
  assert.deepEqual(rolesOf(proposal), [
    'Pet: query GET /pets, load GET /pets/{petId}, save POST /pets, update PATCH /pets/{petId}, delete DELETE /pets/{petId}'
  ])
  const [pet] = proposal.resources
  assert.equal(pet?.id, 'id')
  assert.equal(pet?.load?.idParam, 'petId')
  assert.deepEqual(
    proposal.skipped.map(({ method, path }) => `${method} ${path}`),
    ['PUT /pets/{petId}']
  )
})

test('C26 prefixes, the plural, letter case and separators do not part a collection from its items', () => {
  const paths = `
/api/v2/LineItems:
  get: ${answers(listOf('Pet'))}
/api/v2/line-item/{id}.json:
  get: ${answers(ref('Pet'))}
  delete: ${NOTHING}
`
  assert.deepEqual(rolesOf(propose(paths, PET)), [
    'Pet: query GET /api/v2/LineItems, load GET /api/v2/line-item/{id}.json, delete DELETE /api/v2/line-item/{id}.json'
  ])
})

test('C26 an item without a collection gets the list with its schema in the same namespace', () => {
  const paths = `
/owners/{ownerId}/pets:
  get: ${answers(listOf('Pet'))}
  post: ${takes(ref('Pet'), ref('Pet'), 201)}
/pets/{petId}:
  get: ${answers(ref('Pet'))}
/stars:
  get: ${answers(listOf('Pet'))}
`
  assert.deepEqual(
    rolesOf(propose(paths, PET))[0],
    'Pet: query GET /owners/{ownerId}/pets, load GET /pets/{petId}, save POST /owners/{ownerId}/pets'
  )
})

test('C26 a resource under several paths is one type, with the path below the fewest ids first', () => {
  const paths = `
/owners/{ownerId}/pets:
  get: ${answers(listOf('Pet'))}
/owners/{ownerId}/pets/{petId}:
  get: ${answers(ref('Pet'))}
  delete: ${NOTHING}
/pets:
  get: ${answers(listOf('Pet'))}
/pets/{petId}:
  get: ${answers(ref('Pet'))}
  delete: ${NOTHING}
`
  const proposal = propose(paths, PET)
  assert.deepEqual(rolesOf(proposal), [
    'Pet: query GET /pets, load GET /pets/{petId}, delete DELETE /pets/{petId}'
  ])
  assert.deepEqual(
    proposal.resources[0]?.others.query.map(({ path }) => path),
    ['/owners/{ownerId}/pets']
  )
})

test('C26 a verb with which the description begins leaves a write out, unless id or summary say what it does', () => {
  const rolesWith = (more: string): string[] =>
    rolesOf(
      propose(
        `
/pets: { get: ${answers(listOf('Pet'))} }
/pets/{petId}: { get: ${answers(ref('Pet'))}, put: ${takes(ref('Pet'), ref('Pet'), 200, more)} }`,
        PET
      )
    )
  const read = 'Pet: query GET /pets, load GET /pets/{petId}'
  for (const description of [
    'Revokes the licence of a pet.',
    'This endpoint cancels the order of a pet',
    'It is used to verify a pet. Updates nothing.',
    'Allows you to archive pets'
  ]) {
    assert.deepEqual(rolesWith(`description: "${description}"`), [read], description)
  }
  for (const more of [
    'description: "Revokes or updates the licence of a pet."',
    'operationId: updatePet, description: "Revokes its licence."',
    'summary: Edits a pet, description: "Cancels its order."',
    'description: "The pet, whole. Cancels its order."'
  ]) {
    assert.deepEqual(rolesWith(more), [`${read}, update PUT /pets/{petId}`], more)
  }
})

test('C26 a call in batches on a resource that is called so creates none', () => {
  for (const [path, name, more] of [
    ['batches', 'Batch', 'operationId: batchGeneratePdfs'],
    ['batches', 'Batch', 'summary: Batch generate PDFs'],
    ['imports', 'Import', 'operationId: import_create_contacts'],
    ['exports', 'Export', 'operationId: ExportSendReports']
  ] as const) {
    const paths = `
/${path}:
  get: ${answers(listOf(name))}
  post: ${takes(ref(name), ref(name), 201, more)}`
    const schema = PET.replace('Pet', name)
    assert.deepEqual(rolesOf(propose(paths, schema)), [`${name}: query GET /${path}`], more)
    const plain = paths.replace(more, `operationId: create${name}`)
    assert.deepEqual(
      rolesOf(propose(plain, schema)),
      [`${name}: query GET /${path}, save POST /${path}`],
      more
    )
  }
})

test('C26 the value of a required parameter is that of its example, also a referenced one and one of its schema', () => {
  const paths = `
/pets:
  get: ${answers(
    listOf('Pet'),
    200,
    `parameters: [
      { name: a, in: query, required: true, schema: { type: integer }, example: 7 },
      { name: b, in: query, required: true, schema: { type: string }, examples: { one: { $ref: "#/components/examples/One" } } },
      { name: c, in: query, required: true, schema: { type: string, examples: [x] } }]`
  )}`
  const [pet] = propose(paths, PET, {}, '{ One: { value: y } }').resources
  assert.deepEqual(pet?.keys['x-flow-query'], {
    path: '/pets',
    parameters: { a: { default: 7 }, b: { default: 'y' }, c: { default: 'x' } }
  })
})

test('C26 one parameter takes the search, and others of its kind are no filters', () => {
  const names = ['search', 'q', 'keyword']
  const parameters = names.map(name => `{ name: ${name}, in: query, schema: { type: string } }`)
  for (const list of [parameters, parameters.toReversed()]) {
    const schema =
      'Pet: { type: object, properties: { id: { type: string }, keyword: { type: string } } }'
    const paths = `\n/pets: { get: ${answers(listOf('Pet'), 200, `parameters: [${list.join(', ')}]`)} }`
    const [pet] = propose(paths, schema).resources
    const first = list === parameters ? 'search' : 'keyword'
    assert.deepEqual(pet?.keys['x-flow-query'], {
      path: '/pets',
      parameters: { [first]: 'search' }
    })
  }
})

test('C26 a verb in a path, an id, a summary or a tag leaves a write out, and proves none', () => {
  for (const more of [
    'operationId: searchPets',
    'summary: Validates a pet',
    'tags: [Batch]',
    'operationId: pets_bulkCreate'
  ]) {
    const paths = `
/pets:
  get: ${answers(listOf('Pet'))}
  post: ${takes(ref('Pet'), ref('Pet'), 201, more)}
/pets/{petId}:
  get: ${answers(ref('Pet'))}
/pets/{petId}/cancel:
  post: ${takes(ref('Pet'), ref('Pet'), 201)}
/pets/search:
  post: ${takes(ref('Pet'), listOf('Pet'))}
/pets/{petId}:publish:
  post: ${takes(ref('Pet'), ref('Pet'), 201, 'operationId: createPet')}
`
    assert.deepEqual(
      rolesOf(propose(paths, PET)),
      ['Pet: query GET /pets, load GET /pets/{petId}'],
      more
    )
  }
})

test('C26 a create needs a body that is part of the object, and an answer that is new', () => {
  const other = '{ type: object, properties: { query: { type: string }, size: { type: integer } } }'
  const posts = [
    takes(other, ref('Pet'), 200),
    takes(
      '{ type: object, properties: { name: { type: string }, id: { type: integer } } }',
      '{ type: object, properties: { ok: { type: boolean } } }',
      200
    ),
    takes(ref('Pet'), listOf('Pet'), 200),
    takes(listOf('Pet'), listOf('Pet'), 201),
    takes(
      '{ type: object, properties: { pets: { type: array, items: { type: object } } } }',
      ref('Pet'),
      201
    )
  ]
  for (const post of posts) {
    const paths = `
/pets:
  get: ${answers(listOf('Pet'))}
  post: ${post}
/pets/{petId}:
  get: ${answers(ref('Pet'))}
`
    assert.deepEqual(
      rolesOf(propose(paths, PET)),
      ['Pet: query GET /pets, load GET /pets/{petId}'],
      post
    )
  }
})

test('C26 a PUT creates where its item answers 201, and nothing else creates', () => {
  const paths = `
/pets:
  get: ${answers(listOf('Pet'))}
/pets/{name}:
  get: ${answers(ref('Pet'))}
  put: ${takes(ref('Pet'), ref('Pet'), 201)}
`
  assert.deepEqual(rolesOf(propose(paths, PET)), [
    'Pet: query GET /pets, load GET /pets/{name}, save PUT /pets/{name}, update PUT /pets/{name}'
  ])
})

test('C26 a PUT that is said to create alone is no update, one that does both is', () => {
  const paths = (id: string): string => `
/pets:
  get: ${answers(listOf('Pet'))}
/pets/{name}:
  get: ${answers(ref('Pet'))}
  put: ${takes(ref('Pet'), ref('Pet'), 201, `operationId: ${id}`)}
`
  const reads = 'Pet: query GET /pets, load GET /pets/{name}, save PUT /pets/{name}'
  assert.deepEqual(rolesOf(propose(paths('Pets_Create'), PET)), [reads])
  assert.deepEqual(rolesOf(propose(paths('Pets_CreateOrUpdate'), PET)), [
    `${reads}, update PUT /pets/{name}`
  ])
})

test('C26 a removal from another object is no delete', () => {
  const paths = `
/teams/{team}/members:
  get: ${answers(listOf('Pet'))}
/teams/{team}/members/{id}:
  get: ${answers(ref('Pet'))}
  delete: { summary: Remove a member from a team, responses: { "204": { description: gone } } }
`
  assert.deepEqual(rolesOf(propose(paths, PET)), [
    'Pet: query GET /teams/{team}/members, load GET /teams/{team}/members/{id}'
  ])
})

test('C26 calls by name stay alone, and deprecated operations lose', () => {
  const paths = `
/getPets:
  get: ${answers(listOf('Pet'))}
/pets.list:
  get: ${answers(listOf('Pet'))}
/v1/pets:
  get: ${answers(listOf('Pet'), 200, 'deprecated: true')}
/v2/pets:
  get: ${answers(listOf('Pet'))}
/v2/pets/{id}:
  get: ${answers(ref('Pet'))}
`
  assert.deepEqual(rolesOf(propose(paths, PET)), [
    'Pet: query GET /v2/pets, load GET /v2/pets/{id}'
  ])
})

test('J11 operations are chosen by their paths and tags', () => {
  const paths = `
/pets:
  get: ${answers(listOf('Pet'), 200, 'tags: [animals]')}
/users:
  get: ${answers(listOf('User'), 200, 'tags: [people]')}
`
  const schemas = `${PET}
User: { type: object, properties: { id: { type: integer }, mail: { type: string } } }`
  const types = (options: object): string[] =>
    propose(paths, schemas, options).resources.map(({ type }) => type)
  assert.deepEqual(types({ include: ['tag:animal'] }), ['Pet'])
  assert.deepEqual(types({ include: ['path:/USERS'] }), ['User'])
  assert.deepEqual(types({ exclude: ['people'] }), ['Pet'])
  assert.deepEqual(types({ include: ['/pets$', 'tag:people'] }), ['Pet', 'User'])
})
