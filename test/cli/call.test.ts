import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { startFolder } from '../support/start-folder.ts'

type Seen = { readonly call: string; readonly key: string | undefined; readonly body: string }

/** An API of two notes and the folder of its document. */
async function notes(
  t: TestContext
): Promise<{ readonly directory: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const body = await text(request)
    const key = request.headers['x-key']?.toString()
    seen.push({ call: `${request.method} ${request.url}`, key, body })
    if (request.method === 'GET' && request.url?.startsWith('/notes/')) return NOTES[0]
    if (request.method === 'GET') return NOTES
    return request.method === 'POST' ? { ...JSON.parse(body), id: 3 } : { ...NOTES[0], text: 'New' }
  }
  const base = await startUpstream(t, async (request, response) => {
    const answered = JSON.stringify(await answer(request))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(answered)
  })
  const directory = startFolder(t, { 'notes.yaml': documentOf(base) })
  return { directory, seen }
}

const NOTES = [
  { id: 1, text: 'Milk', weight: 1.5, tags: ['a', 'b'], place: { city: 'York' } },
  { id: 2, text: 'Bread\u001b[2J', weight: JSON.rawJSON('12345678901234567'), tags: [] }
]

const documentOf = (base: string): string => `openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: '${base}' }]
security: [{ key: [] }]
paths:
  /notes:
    get:
      parameters: [{ name: text, in: query, schema: { type: string } }]
      responses: { '200': { description: all, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '201': { description: made, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: one, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '200': { description: changed, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
    delete:
      responses: { '204': { description: gone } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes, parameters: { where: { text: text } } }
      x-flow-load: { path: '/notes/{id}', parameters: { id: id } }
      x-flow-save: { path: /notes, operation: post }
      x-flow-update: { path: '/notes/{id}', operation: patch, parameters: { id: externalId } }
      x-flow-delete: { path: '/notes/{id}', operation: delete, parameters: { id: externalId } }
      properties:
        id: { type: integer, readOnly: true }
        text: { type: string }
        weight: { type: number }
        tags: { type: array, items: { type: string } }
        place: { type: object, properties: { city: { type: string } } }
        labels: { type: object, additionalProperties: { type: string } }
`

test('J14 call query shows objects as a table, without what a terminal would take for a command', async t => {
  const { directory, seen } = await notes(t)
  const args = ['call', 'notes.yaml', 'Note', 'query']
  const { code, out, err } = await runInTerminal(args, { directory })
  assert.deepEqual([code, err], [0, ''])
  assert.equal(
    out,
    [
      'id  id  text       weight             tags  place',
      '1   1   Milk       1.5                [2]   {…}',
      '2   2   Bread [2J  12345678901234567',
      ''
    ].join('\n')
  )
  assert.deepEqual(
    seen.map(({ call }) => call),
    ['GET /notes']
  )
})

test('J14 call --json keeps every digit, and conditions go to the API that takes them', async t => {
  const { directory, seen } = await notes(t)
  const environment = { OPENAPI_FLOW_API_KEY: 'k3y-of-the-environment' }
  const args = ['call', 'notes.yaml', 'Note', 'query', '--json', '--where', 'text = Milk & more']
  const { code, out } = await runInTerminal(args, { directory, environment })
  assert.equal(code, 0)
  assert.match(out, /^ {6}"weight": 12345678901234567$/m)
  const [first] = JSON.parse(out)
  const { id, tags, place } = first.properties
  assert.deepEqual([first.externalId, id, tags, place], ['1', 1, ['a', 'b'], { city: 'York' }])
  assert.deepEqual(seen, [
    { call: 'GET /notes?text=Milk%20%26%20more', key: 'k3y-of-the-environment', body: '' }
  ])
})

test('J14 call saves, updates and deletes what --id and --set say', async t => {
  const { directory, seen } = await notes(t)
  const run = (...args: string[]) =>
    runInTerminal(['call', 'notes.yaml', 'Note', ...args], { directory })
  const values = ['text=a=b', 'weight=0.10', 'tags=x', 'tags=y', 'place.city=Rome', 'labels.k=v']
  const saved = await run('save', '--json', ...values.flatMap(value => ['--set', value]))
  assert.equal(saved.code, 0, saved.err)
  assert.equal(JSON.parse(saved.out)[0].externalId, '3')
  const updated = await run('update', '--id', '1', '--set', 'TEXT=New')
  assert.equal(updated.code, 0, updated.err)
  const deleted = await run('delete', '--id', '1')
  assert.deepEqual([deleted.code, deleted.out], [0, 'No objects of type Note.\n'])
  assert.deepEqual(
    seen.map(({ call, body }) => [call, body]),
    [
      [
        'POST /notes',
        '{"text":"a=b","weight":0.1,"tags":["x","y"],"place":{"city":"Rome"},"labels":{"k":"v"}}'
      ],
      ['PATCH /notes/1', '{"text":"New"}'],
      ['DELETE /notes/1', '']
    ]
  )
})

test('J14 call --explain shows the exact request with masked secrets, and sends nothing', async t => {
  const { directory, seen } = await notes(t)
  writeFileSync(join(directory, 'config.yaml'), 'api key: k3y-of-a-file\n')
  const { code, out, err } = await runInTerminal(
    [
      'call',
      'notes.yaml',
      'Note',
      'save',
      '--set',
      'text=Tea',
      '--explain',
      '--config',
      'config.yaml'
    ],
    { directory }
  )
  assert.deepEqual([code, err], [0, ''])
  assert.match(
    out,
    /^POST http:\/\/127\.0\.0\.1:\d+\/notes\naccept: application\/json.*\ncontent-type: application\/json\nx-key: \*\*\*\n\n\{"text":"Tea"\}\n$/
  )
  assert.deepEqual(seen, [])
})

test('G01 call --example is answered by the document, and nothing is called', async t => {
  const { directory, seen } = await notes(t)
  const args = ['call', 'notes.yaml', 'Note', 'load', '--id', '1', '--example', '--json']
  const { code, out } = await runInTerminal(args, { directory })
  assert.equal(code, 0)
  assert.equal(JSON.parse(out)[0].externalId, '1')
  assert.deepEqual(seen, [])
  const explained = await runInTerminal([...args, '--explain'], { directory })
  assert.equal(explained.out, 'No request: the document answers.\n')
})

const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [
    ['Note', 'delet'],
    /^there is no verb "delet" \(did you mean "delete"\?\); there are load, query/
  ],
  [
    ['Nota', 'query'],
    /^the document has no type "Nota" \(did you mean "Note"\?\) \[TYPE_UNKNOWN\]/
  ],
  [['Note', 'update', '--set', 'text=a'], /^update needs --id$/m],
  [['Note', 'query', '--id', '1'], /^query takes no --id; load does$/m],
  [['Note', 'load', '--set', 'text=a'], /^load takes no --set$/m],
  [['Note', 'save', '--set', 'text'], /^--set "text" is not NAME=VALUE$/m],
  [
    ['Note', 'save', '--set', 'txt=a'],
    /^the type "Note" has no property "txt" \(did you mean "text"\?\)/
  ],
  [['Note', 'save', '--set', 'text=a', '--set', 'text=b'], /^--set text is given more than once$/m],
  [['Note', 'save', '--set', 'place=Rome'], /^"place" is an object: set its properties/],
  [['Note', 'save', '--set', 'weight=heavy'], /VALUE_INVALID/],
  [['Note', 'query', '--where', 'text'], /^--where "text" is no condition/],
  [['Note', 'query', '--where', 'txt=1'], /COLUMN_UNKNOWN/],
  [['Note', 'query', '--limit', '0'], /^--limit "0" is not a whole number from 1$/m],
  [
    ['Note', 'query', '--set-config', 'Api Kee=1'],
    /no configuration value "Api Kee" \(did you mean "API Key"\?\)/
  ],
  [
    ['Note', 'query', '--config', 'gone.yaml'],
    /^"gone\.yaml" cannot be read: there is no such file$/m
  ]
]
test('a wrong call fails, says what is wrong, and calls nothing', async t => {
  const { directory, seen } = await notes(t)
  for (const [args, says] of wrong) {
    const { code, out, err } = await runInTerminal(['call', 'notes.yaml', ...args], { directory })
    const isTooLate = /INVALID|COLUMN/.test(says.source)
    assert.deepEqual([code, out], [isTooLate ? 1 : 2, ''], args.join(' '))
    assert.match(err, says)
  }
  assert.deepEqual(seen, [])
})

test('J14 a refusal of the API is told with its code', async t => {
  const base = await startUpstream(t, (_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end('{"message":"not for you"}')
  })
  const directory = startFolder(t, { 'notes.yaml': documentOf(base) })
  const { code, out, err } = await runInTerminal(['call', 'notes.yaml', 'Note', 'query'], {
    directory
  })
  assert.deepEqual([code, out], [1, ''])
  assert.match(err, /not for you/)
})

test('J14 call --explain of a list says what of the filter the API is asked for, and what is evaluated here', async t => {
  const { directory, seen } = await notes(t)
  const explain = async (...args: string[]): Promise<string> => {
    const all = ['call', 'notes.yaml', 'Note', 'query', ...args, '--explain']
    const { code, out, err } = await runInTerminal(all, { directory })
    assert.deepEqual([code, err], [0, ''])
    return out.slice(out.indexOf('\n\n') + 2)
  }
  assert.equal(
    await explain('--where', 'text=Tea', '--where', 'weight>1'),
    'pushed down     text=Tea\nevaluated here  weight GREATER_THAN "1"\n'
  )
  assert.equal(await explain(), 'pushed down     nothing\nevaluated here  nothing\n')
  assert.equal(
    await explain('--search', 'Tea', '--order', 'weight:desc'),
    'pushed down     nothing\n' +
      'evaluated here  the search for "Tea", the order by weight DESC\n' +
      'order           made here, over the whole list, which SCAN_MAX_RECORDS bounds\n'
  )
  assert.deepEqual(seen, [])
})

test('J14 a parameter that inference has guessed is pushed, and its condition evaluated here too', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const plain = documentOf('https://notes.example.com').replace(/^ +x-flow-.*\n/gm, '')
  writeFileSync(join(directory, 'plain.yaml'), plain)
  for (const args of [
    ['call', 'plain.yaml', 'Note', 'query'],
    ['read', 'plain.yaml', 'Note']
  ]) {
    const { code, out } = await runInTerminal([...args, '--where', 'text=Tea', '--explain'], {
      directory
    })
    assert.equal(code, 0)
    assert.match(out, /^pushed down +text=Tea\nevaluated here +text EQUAL "Tea"$/m)
  }
})

/** Samples of every kind, and none for `tenant`. */
const SAMPLED = `openapi: 3.0.3
info: { title: Rooms, version: '1' }
servers: [{ url: 'https://rooms.example.com' }]
paths:
  /rooms:
    get:
      parameters:
        - { name: site, in: query, required: true, schema: { type: string }, x-ms-test-value: York }
        - { name: api-version, in: header, required: true, schema: { type: string }, example: '2' }
        - { name: size, in: query, schema: { type: integer }, x-ms-test-value: 3 }
      responses: { '200': { description: all, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Room' } } } } } }
  /rooms/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer }, x-ms-test-value: 12345678901234567890 }]
      responses: { '200': { description: one, content: { application/json: { schema: { $ref: '#/components/schemas/Room' } } } } }
components:
  schemas:
    Room:
      type: object
      x-flow-type: { name: Room }
      x-flow-query: { path: /rooms }
      x-flow-load: { path: '/rooms/{id}', parameters: { id: id } }
      properties: { id: { type: integer }, site: { type: string } }
`

test('J13 call --samples reads with the sample values of the document, x-ms-test-value among them', async t => {
  const directory = startFolder(t, { 'rooms.yaml': SAMPLED })
  const run = (...args: string[]) =>
    runInTerminal(['call', 'rooms.yaml', 'Room', ...args], { directory })
  const listed = await run('query', '--samples', '--explain')
  assert.match(listed.out, /^GET https:\/\/rooms\.example\.com\/rooms\?site=York$/m)
  assert.match(listed.out, /^api-version: 2$/m)
  const loaded = await run('load', '--samples', '--explain')
  assert.match(loaded.out, /^GET https:\/\/rooms\.example\.com\/rooms\/12345678901234567890$/m)
  const given = await run('load', '--samples', '--id', '7', '--explain')
  assert.match(given.out, /^GET https:\/\/rooms\.example\.com\/rooms\/7$/m)
  const without = await run('query', '--explain')
  assert.equal(without.code, 1)
  assert.match(without.err, /"site".*\[PARAMETER_REQUIRED\]/)
  const saved = await run('save', '--samples')
  assert.deepEqual([saved.code, saved.err], [2, 'save takes no --samples\n'])
})
