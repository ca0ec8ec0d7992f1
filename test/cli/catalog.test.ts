import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { Value } from 'typebox/value'

import { CatalogAnswer } from '../../service/protocol/catalog-schemas.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { startFolder } from '../support/start-folder.ts'

const NOTES = `openapi: 3.0.3
info: {title: Notes, version: '1', description: "Short texts.\\nAnd more."}
servers: [{url: 'https://notes.example.com'}]
tags: [{name: notes, description: All notes}]
security: [{key: []}]
paths:
  /notes:
    get:
      tags: [notes]
      operationId: listNotes
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses: {'200': {description: L, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}
    post:
      tags: [notes]
      deprecated: true
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'204': {description: Kept}}
components:
  schemas:
    Note:
      type: object
      properties: {id: {type: integer}, text: {type: string}}
      x-flow-type: {name: Note}
      x-flow-query: {path: /notes}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
`

test('J04 catalog writes a table of the endpoints of each collection', async t => {
  const directory = startFolder(t, { 'notes.yaml': NOTES })
  const { code, out, err } = await runInTerminal(['catalog', 'notes.yaml'], { directory })
  assert.deepEqual([code, err], [0, ''])
  assert.equal(
    out,
    `Notes 1 — Short texts.
2 collections, 2 endpoints, 5 fields of requests and responses

notes — All notes
  METHOD  PATH    TAKES        ANSWERS           NEEDS  NOTES
  GET     /notes  1 parameter  200 list of Note  key    paged by page, query of Note
  POST    /notes  Note         204 nothing       key    deprecated

default
  no endpoints
`
  )
})

test('J04 catalog --json writes the whole catalog in its published form', async t => {
  const directory = startFolder(t, { 'notes.yaml': NOTES })
  const args = [
    'catalog',
    'notes.yaml',
    '--json',
    '--service',
    'my_notes',
    '--doc-url',
    'https://n.example.com/docs#'
  ]
  const { code, out } = await runInTerminal(args, { directory })
  assert.equal(code, 0)
  const catalog: unknown = JSON.parse(out)
  assert.ok(Value.Check(CatalogAnswer, catalog))
  assert.equal(catalog.service.name, 'my_notes')
  assert.equal(catalog.service.documentUrl, pathToFileURL(join(directory, 'notes.yaml')).href)
  assert.equal(catalog.endpoints[0]?.url, 'https://n.example.com/docs/#/notes/listNotes')
  assert.equal(catalog.endpoints[1]?.url, catalog.service.documentUrl)
})

test('J04 catalog --ndjson writes one record a line, the service first', async t => {
  const directory = startFolder(t, { 'notes.yaml': NOTES })
  const { out } = await runInTerminal(['catalog', '--ndjson', 'notes.yaml'], { directory })
  const records = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    records.map(({ record, name }) => `${record} ${name}`),
    [
      'service Notes',
      'collection notes',
      'collection default',
      'endpoint /notes/get',
      'endpoint /notes/post'
    ]
  )
  assert.equal(records[0].counts.endpoints, 2)
})

test('catalog of the same document by URL, sample and file shows the same endpoints', async t => {
  const text = readFileSync('openapi-samples/helpdesk.yaml')
  const base = await startUpstream(t, (_, response) => response.end(text))
  const given = ['sample:helpdesk', 'openapi-samples/helpdesk.yaml', `${base}/openapi`]
  const runs = await Promise.all(given.map(document => runInTerminal(['catalog', document])))
  assert.equal(runs[0]?.code, 0)
  for (const run of runs) assert.deepEqual(run, runs[0])
})

test('catalog of a manifest lists its inputs and outputs', async () => {
  const { code, out } = await runInTerminal(['catalog', 'sample:manifests/cursor'])
  assert.equal(code, 0)
  assert.match(out, /^inputs$/m)
})

test('I25 catalog --overlay changes the document first', async t => {
  const overlay = `overlay: 1.0.0
info: {title: More, version: '1'}
actions:
  - {target: "$.tags[0]", update: {description: Notes of all}}
  - {target: "$.paths['/notes'].post", update: {tags: [writes]}}
`
  const directory = startFolder(t, { 'notes.yaml': NOTES, 'more.yaml': overlay })
  const args = ['catalog', 'notes.yaml', '--overlay', 'more.yaml']
  const { code, out } = await runInTerminal(args, { directory })
  assert.equal(code, 0)
  assert.match(out, /^notes — Notes of all$/m)
  assert.match(out, /^writes$/m)
})

test('J11 catalog looks at the chosen operations only', async t => {
  const second = `  /drafts: {get: {tags: [drafts], responses: {'200': {description: L}}}}\ncomponents:`
  const directory = startFolder(t, { 'notes.yaml': NOTES.replace('components:', second) })
  const catalog = async (...options: string[]): Promise<string[]> => {
    const args = ['catalog', 'notes.yaml', '--json', ...options]
    const { out } = await runInTerminal(args, { directory })
    return JSON.parse(out).endpoints.map(({ name }: { name: string }) => name)
  }
  const all = ['/notes/get', '/notes/post', '/drafts/get']
  assert.deepEqual(await catalog(), all)
  assert.deepEqual(await catalog('--only', 'tag:notes'), all.slice(0, 2))
  assert.deepEqual(await catalog('--only', 'path:/notes', '--only', 'tag:drafts'), all)
  assert.deepEqual(await catalog('--exclude', '/drafts'), all.slice(0, 2))
  assert.deepEqual(await catalog('--only', '/', '--exclude', 'tag:notes'), ['/drafts/get'])
  assert.deepEqual(await catalog('--only', 'tag:none'), [])
  const bad = await runInTerminal(['catalog', 'notes.yaml', '--exclude', '(drafts'], { directory })
  assert.equal(bad.code, 2)
  assert.match(bad.err, /^--exclude "\(drafts" cannot be read: /)
  const args = ['catalog', '-c', 'workflow.yaml', '--only', '/notes']
  const workflow = await runInTerminal(args, { directory })
  assert.deepEqual([workflow.code, workflow.err], [2, '--only goes with DOC, not with --config\n'])
})

test('I24 catalog --since tells what changed since a catalog of either form', async t => {
  const directory = startFolder(t, { 'notes.yaml': NOTES })
  for (const form of ['--json', '--ndjson']) {
    const first = await runInTerminal(['catalog', 'notes.yaml', form], { directory })
    writeFileSync(join(directory, 'last'), first.out)
    const same = await runInTerminal(['catalog', 'notes.yaml', '--since', 'last'], { directory })
    assert.deepEqual([same.code, same.out], [0, 'Nothing has changed.\n'])
    const changed = NOTES.replace(
      'text: {type: string}',
      'text: {type: string}, title: {type: string}'
    )
    writeFileSync(join(directory, 'later.yaml'), changed)
    const args = ['catalog', 'later.yaml', '--since', 'last']
    const told = await runInTerminal(args, { directory })
    assert.deepEqual(
      [told.code, told.out],
      [
        0,
        `~ endpoint notes /notes/get
    response field title was added
~ endpoint notes /notes/post
    request field title was added

0 added, 0 removed, 2 changed
`
      ]
    )
    const asJson = JSON.parse((await runInTerminal([...args, '--json'], { directory })).out)
    const asLines = (await runInTerminal([...args, '--ndjson'], { directory })).out
      .trimEnd()
      .split('\n')
    assert.deepEqual(
      asLines.map(line => JSON.parse(line)),
      asJson.changes
    )
    assert.equal(asJson.changes.length, 2)
  }
})

test('what cannot be cataloged is told on standard error, and the rest is written', async t => {
  const text = NOTES.replace("'#/components/schemas/Note'", "'#/components/schemas/Nope'").replace(
    'tags: [{name: notes',
    'tags: [{}, {name: notes'
  )
  const directory = startFolder(t, { 'notes.yaml': text })
  const { code, out, err } = await runInTerminal(['catalog', 'notes.yaml'], { directory })
  assert.equal(code, 0)
  assert.match(out, /POST +\/notes/)
  assert.match(err, /warning CATALOG_TAG_SKIPPED #\/tags\/0 .*it has no `name`/)
  assert.match(err, /error REF_UNRESOLVED #\/paths\/~1notes\/get.*Nope/)
})

const good = 'openapi-samples/petstore.yaml'
const wrong: readonly { args: readonly string[]; says: RegExp }[] = [
  { args: [good, '--json', '--ndjson'], says: /--json and --ndjson exclude each other/ },
  {
    args: [good, '--doc-url', 'ftp://a.example.com'],
    says: /--doc-url "ftp:\/\/a\.example\.com" is no http or https URL/
  },
  { args: [good, '--doc-url', 'docs'], says: /--doc-url "docs" is no http or https URL/ },
  { args: [good, '--service', ' '], says: /--service needs a name/ },
  {
    args: [good, '--since', 'no-such-file'],
    says: /"no-such-file" cannot be read: there is no such file/
  },
  {
    args: [good, '--since', good],
    says: /"openapi-samples\/petstore\.yaml" is no catalog: it is not JSON/
  },
  {
    args: [good, '--since', 'package.json'],
    says: /"package\.json" is no catalog .*: at its root: must have required properties service/
  },
  { args: [good, '--sinc'], says: /no option "--sinc" \(did you mean "--since"\?\)/ },
  { args: ['no-such-file.yaml'], says: /"no-such-file\.yaml" cannot be read/ },
  { args: [], says: /openapi-flow catalog takes either DOC or --config FILE/ }
]
for (const { args, says } of wrong) {
  test(`catalog ${args.join(' ')} is refused by name`, async () => {
    const { code, out, err } = await runInTerminal(['catalog', ...args])
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, says)
  })
}
