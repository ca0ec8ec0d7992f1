import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

const REFERENCE = (name: string): string =>
  `content: { application/json: { schema: { $ref: "#/components/schemas/${name}" } } }`

/** One resource below another, with everything that can be done with it. */
const ONE = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: "https://pets.example.com" }]
paths:
  /owners/{ownerId}/pets:
    parameters: [{ name: ownerId, in: path, required: true, schema: { type: integer } }]
    get:
      parameters: [{ name: api-version, in: query, required: true, schema: { type: string }, example: "2024-01-01" }]
      responses:
        "200":
          description: Pets
          content:
            application/json:
              schema:
                type: object
                properties: { pets: { type: array, items: { $ref: "#/components/schemas/Pet" } }, total: { type: integer } }
    post:
      requestBody: { ${REFERENCE('Pet')} }
      responses: { "201": { description: Created, ${REFERENCE('Pet')} } }
  /pets/{pet-id}:
    parameters: [{ name: pet-id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { "200": { description: A pet, ${REFERENCE('Pet')} } } }
    patch:
      requestBody: { ${REFERENCE('Pet')} }
      responses: { "200": { description: Changed, ${REFERENCE('Pet')} } }
    delete: { responses: { "204": { description: Gone } } }
components:
  schemas:
    Pet:
      type: object
      properties: { id: { type: integer }, name: { type: string } }
`

/** No schema at all, but an example, in JSON. */
const WITHOUT_SCHEMAS = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Tickets', version: '1' },
  servers: [{ url: 'https://tickets.example.com' }],
  paths: {
    '/tickets': {
      get: {
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { example: [{ no: 7, subject: 'Leak', open: true }] } }
          }
        }
      },
      post: {
        requestBody: { content: { 'application/json': {} } },
        responses: { 201: { description: 'c' } }
      }
    },
    '/tickets/{no}': {
      parameters: [{ name: 'no', in: 'path', required: true, schema: { type: 'number' } }],
      get: { responses: { 200: { description: 'ok' } } }
    },
    '/health': { get: { responses: { 200: { description: 'ok' } } } }
  },
  components: { schemas: {} }
})

/** Calls by name, all of them POST. */
const ONLY_POSTS = `openapi: 3.0.0
info: { title: Calls, version: "1" }
servers: [{ url: "https://calls.example.com" }]
paths:
  /users.list:
    post:
      requestBody:
        content: { application/json: { schema: { type: object, properties: { cursor: { type: string } } } } }
      responses:
        "200":
          description: Users
          content:
            application/json:
              schema:
                type: object
                properties:
                  ok: { type: boolean }
                  members:
                    type: array
                    items:
                      type: object
                      properties: { id: { type: string }, name: { type: string } }
  /mail/send:
    post:
      requestBody:
        content: { application/json: { schema: { type: object, properties: { to: { type: string } } } } }
      responses: { "202": { description: Accepted } }
`

/** As converters of Swagger 2.0 write: components of bodies and responses, a lone allOf, names with spaces. */
const CONVERTED = `openapi: 3.0.1
info: { title: Converted, version: v1 }
servers: [{ url: "http://localhost/api" }]
paths:
  /Api/Orders:
    get:
      tags: [Orders]
      responses: { "200": { $ref: "#/components/responses/Orders" } }
    post:
      requestBody: { $ref: "#/components/requestBodies/Order" }
      responses: { "200": { description: OK, content: {} } }
  /Api/Orders/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, format: int32 } }]
      responses:
        "200":
          description: OK
          content: { text/json: { schema: { allOf: [{ $ref: "#/components/schemas/Web.Order" }] } } }
    put:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, format: int32 } }]
      requestBody: { $ref: "#/components/requestBodies/Order" }
      responses: { "204": { description: No Content } }
components:
  requestBodies:
    Order: { content: { application/json: { schema: { $ref: "#/components/schemas/Web.Order" } } } }
  responses:
    Orders:
      description: OK
      content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Web.Order" } } } }
  schemas:
    Web.Order:
      type: object
      properties: { id: { type: integer }, total: { type: number } }
`

/** Three hundred resources. */
const MANY = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Many', version: '1' },
  servers: [{ url: 'https://many.example.com' }],
  paths: Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => {
      const items = { $ref: `#/components/schemas/T${index}` }
      const schema = { type: 'array', items }
      const ok = { description: 'ok', content: { 'application/json': { schema } } }
      return [`/t${index}`, { get: { responses: { 200: ok } } }]
    })
  ),
  components: {
    schemas: Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `T${index}`,
        { type: 'object', properties: { id: { type: 'string' } } }
      ])
    )
  }
})

test('J08 J09 infer prints an overlay with the keys of each type, reasons as comments, and what is left alone', async t => {
  const directory = startFolder(t, { 'pets.yaml': ONE })
  const { code, out, err } = await runInTerminal(['infer', 'pets.yaml'], { directory })
  assert.deepEqual([code, err], [0, ''])
  assert.equal(
    out,
    `overlay: 1.0.0
info: { title: "Flow types of Pets", version: "1" }
actions:
  # Pet
  # load: GET /pets/{pet-id}, 0.95: the answer is the object; the list has the same schema; "pet-id" is "id" of pet
  # query: GET /owners/{ownerId}/pets, 0.95: "pets" has the name of the path; its objects have paths of their own; its objects have the same schema
  # save: POST /owners/{ownerId}/pets, 0.98: its body is the object; it answers 201 with the object
  # update: PATCH /pets/{pet-id}, 0.95: its body is the object; PATCH on one object
  # delete: DELETE /pets/{pet-id}, 0.90: DELETE on one object
  - target: "$.components.schemas.Pet"
    update:
      x-flow-type: { name: Pet, id: id, customProperties: { ownerId: integer } }
      x-flow-query: { path: "/owners/{ownerId}/pets", parameters: { ownerId: ownerId, api-version: { default: "2024-01-01" } }, records: pets }
      x-flow-load: { path: "/pets/{pet-id}", parameters: { pet-id: id } }
      x-flow-save: { path: "/owners/{ownerId}/pets", parameters: { ownerId: ownerId } }
      x-flow-update: { path: "/pets/{pet-id}", operation: patch, parameters: { pet-id: externalId } }
      x-flow-delete: { path: "/pets/{pet-id}", parameters: { pet-id: externalId } }
`
  )
})

test('J08 infer --json prints what would be used, with a score and reasons, and what is skipped', async t => {
  const text = ONE.replace(
    '  /pets/{pet-id}:',
    '  /health: { get: { responses: {} } }\n  /pets/{pet-id}:'
  )
  const directory = startFolder(t, { 'pets.yaml': text })
  const { out } = await runInTerminal(['infer', 'pets.yaml', '--json'], { directory })
  const { resources, skipped } = JSON.parse(out)
  assert.deepEqual(Object.keys(resources[0]), [
    ...['type', 'id', 'query', 'load', 'save', 'update', 'delete', 'pagination']
  ])
  const [{ type, id, query, load, update, pagination }] = resources
  assert.deepEqual([type, id, pagination], ['Pet', 'id', null])
  assert.deepEqual(Object.keys(query), ['method', 'path', 'tags', 'score', 'reasons', 'records'])
  assert.deepEqual(
    [query.method, query.path, query.records],
    ['GET', '/owners/{ownerId}/pets', 'pets']
  )
  assert.deepEqual([load.idParam, load.record, update.method], ['pet-id', '', 'PATCH'])
  assert.ok(query.score >= 0.5 && query.reasons.length > 0)
  assert.deepEqual(skipped, [
    {
      method: 'GET',
      path: '/health',
      score: 0,
      reason: 'it is no operation on the objects of a list'
    }
  ])
})

test('A28 preview of a document without keys shows the types that are inferred, with their scores', async t => {
  const directory = startFolder(t, { 'pets.yaml': ONE })
  const { code, out, err } = await runInTerminal(['preview', 'pets.yaml'], { directory })
  assert.deepEqual(
    [code, err],
    [0, 'types are inferred; see why with: openapi-flow infer pets.yaml\n']
  )
  for (const verb of ['query', 'load', 'save', 'update', 'delete']) {
    assert.match(out, new RegExp(`^  ${verb}: [A-Z]+ /.* \\(inferred, 0\\.\\d\\d\\)$`, 'm'))
  }
})

test('the schema that infer writes for a document without any has the members of the example', async t => {
  const directory = startFolder(t, { 'tickets.json': WITHOUT_SCHEMAS })
  const { out } = await runInTerminal(['infer', 'tickets.json'], { directory })
  assert.match(
    out,
    /^ {6}Ticket: \{ x-flow-type: \{ name: Ticket, id: "no" \}.* properties: \{ "no": \{ type: number \}, subject: \{ type: string \}, open: \{ type: boolean \} \} \}$/m
  )
  const shown = await runInTerminal(['preview', 'tickets.json'], { directory })
  assert.match(
    shown.out,
    /^Ticket\n {2}no +Number, number\n {2}subject +String, text\n {2}open +Boolean/
  )
})

test('calls by name are no resource, and infer says that there is nothing', async t => {
  const directory = startFolder(t, { 'calls.yaml': ONLY_POSTS })
  const { code, out, err } = await runInTerminal(['infer', 'calls.yaml'], { directory })
  assert.deepEqual([code, err], [0, 'nothing was found that could be a type\n'])
  assert.match(out, /^actions: \[\]$/m)
  assert.match(out, /^# POST \/users\.list: /m)
})

test('infer reads what converters of Swagger 2.0 write', async t => {
  const directory = startFolder(t, { 'orders.yaml': CONVERTED })
  const { out } = await runInTerminal(['infer', 'orders.yaml'], { directory })
  assert.match(out, /^ {2}- target: "\$\.components\.schemas\['Web\.Order'\]"$/m)
  for (const verb of ['query', 'load', 'save', 'update']) {
    assert.match(out, new RegExp(`^      x-flow-${verb}: `, 'm'))
  }
})

test('hundreds of paths are hundreds of types', async t => {
  const directory = startFolder(t, { 'many.json': MANY })
  const { out } = await runInTerminal(['infer', 'many.json', '--json'], { directory })
  assert.equal(JSON.parse(out).resources.length, 300)
})

test('J13 a required parameter of an inferred mapping is filled with its x-ms-test-value', async t => {
  const text = ONE.replace('example: "2024-01-01"', 'x-ms-test-value: "2025-05-05"')
  const directory = startFolder(t, { 'pets.yaml': text })
  const { out } = await runInTerminal(['infer', 'pets.yaml'], { directory })
  assert.match(out, /api-version"?: \{ default: "2025-05-05" \}/)
})

test('J11 infer looks at the chosen operations only', async t => {
  const directory = startFolder(t, { 'many.json': MANY })
  const types = async (...options: string[]): Promise<string[]> => {
    const { out } = await runInTerminal(['infer', 'many.json', '--json', ...options], { directory })
    return JSON.parse(out).resources.map(({ type }: { type: string }) => type)
  }
  assert.deepEqual(await types('--only', 'path:/t1$', '--only', '/t20$'), ['T1', 'T20'])
  assert.deepEqual(await types('--only', '/t1', '--exclude', '/t1.'), ['T1'])
  assert.deepEqual(await types('--only', 'tag:t'), [])
})

test('infer refuses a pattern that cannot be read, and a manifest', async t => {
  const directory = startFolder(t, { 'pets.yaml': ONE })
  const bad = await runInTerminal(['infer', 'pets.yaml', '--only', 'tag:(pets'], { directory })
  assert.equal(bad.code, 2)
  assert.match(bad.err, /^--only "tag:\(pets" cannot be read: /)
  const manifest = await runInTerminal(['infer', 'sample:manifests/cursor'])
  assert.equal(manifest.code, 2)
  assert.match(manifest.err, /^a manifest declares its types/)
})

test('infer leaves what is annotated as it is', async () => {
  const { code, out, err } = await runInTerminal(['infer', 'sample:petstore', '--json'])
  assert.deepEqual([code, err], [0, 'no operation is left that could be used\n'])
  const { resources } = JSON.parse(out)
  assert.deepEqual(resources, [])
})

test('what is in a path of another object is no property of the type', async t => {
  const directory = startFolder(t, { 'pets.yaml': ONE.replaceAll('ownerId', 'id') })
  const { out } = await runInTerminal(['infer', 'pets.yaml'], { directory })
  assert.match(out, /customProperties: \{ owner_id: integer \}/)
  assert.match(out, /parameters: \{ id: owner_id,/)
})

test('J09 the overlay that infer prints makes the same types, as mappings of an overlay', async t => {
  const paths = `  /pets:
    get:
      responses: { "200": { description: Pets, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } } }
`
  const several = ONE.replace('paths:\n', `paths:\n${paths}`)
  for (const [name, text] of [
    ['pets.yaml', several],
    ['tickets.json', WITHOUT_SCHEMAS],
    ['orders.yaml', CONVERTED]
  ] as const) {
    const directory = startFolder(t, { [name]: text })
    const { out: overlay } = await runInTerminal(['infer', name], { directory })
    writeFileSync(join(directory, 'overlay.yaml'), overlay)
    const inferred = await runInTerminal(['preview', name], { directory })
    const given = ['preview', name, '--overlay', 'overlay.yaml']
    const overlaid = await runInTerminal(given, { directory })
    assert.equal(overlaid.err, '')
    assert.equal(
      overlaid.out,
      inferred.out
        .replaceAll(/ \(inferred, \d\.\d\d\)/g, '')
        // Only what is guessed is always laid over the object.
        .replaceAll('    laid over the object, which is read first\n', '')
    )
    assert.ok(inferred.out.includes('(inferred, '))
  }
})
