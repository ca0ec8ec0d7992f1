import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'

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

function directoryWith(t: TestContext, name: string, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, name), text)
  return directory
}

/** The lines of the snippet: those that are indented by four, after the step that names the first type. */
function snippetOf(out: string): string[] {
  const steps = out.slice(out.indexOf('To begin with'))
  return steps.split('\n').flatMap(line => (/^ {4}\S| {6}/.test(line) ? [line.slice(4)] : []))
}

/** Writes the snippet behind the line of a text, as its reader is told, and previews the result. */
async function previewAfter(
  directory: string,
  name: string,
  { after, indent }: { readonly after: string; readonly indent: string }
): Promise<string> {
  const { out } = await runInTerminal(['preview', name], { directory })
  const text = readFileSync(join(directory, name), 'utf8')
  assert.equal(text.split(after).length, 2, after)
  const lines = snippetOf(out).map(line => `${indent}${line}`)
  writeFileSync(
    join(directory, name),
    text.replace(after, () => `${after}\n${lines.join('\n')}\n`)
  )
  const checked = await runInTerminal(['check', name], { directory })
  assert.equal(checked.code, 0, checked.out)
  assert.match(checked.out, /0 errors, 0 warnings/)
  return (await runInTerminal(['preview', name], { directory })).out
}

test('J04 preview of a document without keys counts its operations, names the types and writes the first', async t => {
  const directory = directoryWith(t, 'pets.yaml', ONE)
  const { code, out, err } = await runInTerminal(['preview', 'pets.yaml'], { directory })
  assert.deepEqual([code, err], [0, ''])
  assert.equal(
    out,
    `No types to install. The document has no \`x-flow-type\`.

The document has
  1 list
    GET /owners/{ownerId}/pets
  1 load of one object
    GET /pets/{pet-id}
  1 create
    POST /owners/{ownerId}/pets
  1 update
    PATCH /pets/{pet-id}
  1 delete
    DELETE /pets/{pet-id}

Types that it could have, and what they can do
  Pet  query, load, save, update, delete

To begin with Pet, add to the schema #/components/schemas/Pet (line 29)

    x-flow-type: { name: Pet, customProperties: { ownerId: integer } }
    x-flow-query: { path: "/owners/{ownerId}/pets", parameters: { ownerId: ownerId, api-version: { default: "2024-01-01" } } }
    x-flow-load: { path: "/pets/{pet-id}", parameters: { pet-id: id } }
    x-flow-save: { path: "/owners/{ownerId}/pets", parameters: { ownerId: ownerId } }
    x-flow-update: { path: "/pets/{pet-id}", operation: patch, parameters: { pet-id: externalId } }
    x-flow-delete: { path: "/pets/{pet-id}", parameters: { pet-id: externalId } }

A flow gives ownerId in its filter, or with the object that it saves.
Then run: openapi-flow check pets.yaml
All keys: docs/x-flow.md#where-the-keys-go
`
  )
})

test('the keys that preview writes for a resource below another work where it says', async t => {
  const directory = directoryWith(t, 'pets.yaml', ONE)
  const after = '    Pet:\n      type: object'
  const out = await previewAfter(directory, 'pets.yaml', { after, indent: '      ' })
  for (const verb of ['query', 'load', 'save', 'update', 'delete']) {
    assert.match(out, new RegExp(`^  ${verb}: [A-Z]+ /`, 'm'))
  }
})

test('the schema that preview writes for a document without any has the members of the example', async t => {
  const directory = directoryWith(t, 'tickets.json', WITHOUT_SCHEMAS)
  const { out: before } = await runInTerminal(['preview', 'tickets.json'], { directory })
  assert.match(before, / {2}1 other read\n {4}GET \/health/)
  const out = await previewAfter(directory, 'tickets.json', { after: '"schemas":{', indent: '' })
  assert.match(out, /^Ticket\n {2}no +Number, number\n {2}subject +String, text\n {2}open +Boolean/)
  for (const verb of ['query: GET', 'load: GET', 'save: POST'])
    assert.ok(out.includes(`  ${verb} /`))
})

test('preview finds the list that an API answers to a POST', async t => {
  const directory = directoryWith(t, 'calls.yaml', ONLY_POSTS)
  const { out: before } = await runInTerminal(['preview', 'calls.yaml'], { directory })
  assert.match(
    before,
    / {2}1 list\n {4}POST \/users\.list\n {2}1 other operation\n {4}POST \/mail\/send/
  )
  const after = '                    items:\n                      type: object'
  const out = await previewAfter(directory, 'calls.yaml', {
    after,
    indent: '                      '
  })
  assert.match(out, /^User\n[\s\S]*^ {2}query: POST \/users\.list$/m)
})

test('preview of a document that only takes objects suggests to save them', async t => {
  const sends = ONLY_POSTS.replace(/ {2}\/users\.list:[\s\S]*(?= {2}\/mail)/, '')
  const directory = directoryWith(t, 'mail.yaml', sends)
  const { out } = await runInTerminal(['preview', 'mail.yaml'], { directory })
  assert.deepEqual(snippetOf(out), [
    'x-flow-type: { name: Mail }',
    'x-flow-save: { path: /mail/send }'
  ])
})

test('preview reads what converters of Swagger 2.0 write', async t => {
  const directory = directoryWith(t, 'orders.yaml', CONVERTED)
  const after = '    Web.Order:\n      type: object'
  const out = await previewAfter(directory, 'orders.yaml', { after, indent: '      ' })
  assert.match(out, /^Web\.Order\n/)
  for (const verb of ['query', 'load', 'save', 'update'])
    assert.match(out, new RegExp(`^  ${verb}: `, 'm'))
})

test('preview of hundreds of paths lists the first, and says how many more there are', async t => {
  const directory = directoryWith(t, 'many.json', MANY)
  const { out } = await runInTerminal(['preview', 'many.json'], { directory })
  assert.match(out, / {2}300 lists\n(?: {4}GET \/t\d\n){5} {4}and 295 more\n/)
  assert.match(out, / {2}T19 +query\n {2}and 280 more\n/)
  assert.ok(out.split('\n').length < 60)
  assert.match(out, /^ {4}"x-flow-query": \{"path":"\/t0"\},$/m)
})

test('preview of a document without operations says what to write first', async t => {
  const text = 'openapi: 3.1.0\ninfo: { title: Nothing, version: "1" }\npaths: {}\n'
  const directory = directoryWith(t, 'nothing.yaml', text)
  const { code, out } = await runInTerminal(['preview', 'nothing.yaml'], { directory })
  assert.equal(code, 0)
  assert.match(out, /The document has no operations\.\n\nTo begin, describe an operation/)
})

test('check says what a document without keys has, and the first keys to write', async t => {
  const directory = directoryWith(t, 'pets.yaml', ONE)
  const { code, out } = await runInTerminal(['check', 'pets.yaml'], { directory })
  assert.equal(code, 0)
  assert.match(out, /It has 1 list, 1 load of one object, 1 create, 1 update, 1 delete, 1 schema\./)
  assert.match(
    out,
    /To begin, add `x-flow-type: \{ name: Pet, .*` and `x-flow-query: .*` to the schema #\/components\/schemas\/Pet\. See docs\/x-flow\.md#where-the-keys-go\./
  )
})

test('what is in a path of another object is no property of the type', async t => {
  const text = ONE.replaceAll('ownerId', 'id')
  const directory = directoryWith(t, 'pets.yaml', text)
  const { out } = await runInTerminal(['preview', 'pets.yaml'], { directory })
  assert.match(out, /customProperties: \{ owner_id: integer \}/)
  assert.match(out, /parameters: \{ id: owner_id,/)
})
