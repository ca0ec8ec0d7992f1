import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFiles } from '../support/start-files.ts'
import { startFolder } from '../support/start-folder.ts'

const VENDOR = `openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: 'https://notes.example.com' }]
paths:
  /notes:
    get:
      responses:
        '200':
          description: All notes
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Note' } }
components:
  schemas:
    Note: { type: object, properties: { id: { type: integer } } }
`

const OURS = `overlay: 1.0.0
info: { title: Keys, version: '1' }
extends: ../vendor.yaml
actions:
  - target: $.components.schemas.Note
    update:
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
`

test('J09 A29 check and preview apply the overlays that are given, in their order', async t => {
  const directory = startFolder(t, {
    'vendor.yaml': VENDOR,
    'ours/keys.yaml': OURS,
    'ours/more.yaml': OURS.replace('Note }', 'Memo }').replace('1.0.0', '1.1.0')
  })
  const overlays = ['--overlay', 'ours/keys.yaml', '--overlay', 'ours/more.yaml']
  const checked = await runInTerminal(['check', 'vendor.yaml', ...overlays], { directory })
  assert.deepEqual([checked.code, checked.err], [0, ''])
  assert.match(checked.out, /^list query:Memo, GET \/notes: .*\n0 errors, 0 warnings, 0 infos\n$/)
  const preview = await runInTerminal(['preview', 'vendor.yaml', ...overlays], { directory })
  assert.match(preview.out, /^Memo\n {2}id {2}Number/)
  const bare = await runInTerminal(['preview', 'vendor.yaml'], { directory })
  assert.match(bare.out, /^Note\n[\s\S]*\(inferred, /)
})

test('J04 A29 check shows what is wrong in the overlay with its file and line, and in the document with its own', async t => {
  const overlay = OURS.replace('path: /notes', 'path: /note').concat(
    '  - { target: $.paths, remove: maybe }\n  - { target: $.info, update: { titel: x } }\n'
  )
  const document = VENDOR.replace('integer', 'intager')
  const directory = startFolder(t, { 'vendor.yaml': document, 'ours/keys.yaml': overlay })
  const { code, out } = await runInTerminal(
    ['check', 'vendor.yaml', '--overlay', 'ours/keys.yaml'],
    { directory }
  )
  assert.equal(code, 1)
  const told = out.split('\n').filter(line => /^\S+:\d+:\d+ /.test(line))
  assert.deepEqual(
    told.map(line => line.split(' ').slice(0, 3).join(' ')),
    [
      'vendor.yaml:15:47 warning RULE_BROKEN',
      'ours/keys.yaml:8:23 error MAPPING_PATH_UNKNOWN',
      'ours/keys.yaml:9:24 error OVERLAY_ACTION_INVALID',
      'ours/keys.yaml:10:33 warning RULE_BROKEN'
    ]
  )
  assert.match(out, /8 \| {7}x-flow-query: \{ path: \/note \}\n/)
  const json = await runInTerminal(
    ['check', 'vendor.yaml', '--json', '--overlay', 'ours/keys.yaml'],
    { directory }
  )
  const diagnostics: { readonly file: string; readonly pointer: string }[] = JSON.parse(json.out)
  assert.ok(
    diagnostics.some(
      ({ file, pointer }) =>
        file === 'ours/keys.yaml' && pointer === '/actions/0/update/x-flow-query/path'
    )
  )
})

test('J09 A29 overlays are files, samples and URLs, whatever the document is', async t => {
  const files = await startFiles(t, {
    '/v.yaml': VENDOR,
    '/o.yaml': OURS.replace(/^extends.*\n/m, '')
  })
  const directory = startFolder(t, { 'vendor.yaml': VENDOR, 'o.yaml': OURS.replace('../', '') })
  for (const args of [
    ['vendor.yaml', '--overlay', `${files.url}/o.yaml`],
    [`${files.url}/v.yaml`, '--overlay', `${files.url}/o.yaml`],
    ['vendor.yaml', '--overlay', 'o.yaml']
  ]) {
    const { code, out } = await runInTerminal(['check', ...args], { directory })
    assert.deepEqual(
      [code, out.split('\n').at(-2)],
      [0, '0 errors, 0 warnings, 0 infos'],
      args.join(' ')
    )
  }
})

test('J09 A29 other commands use the document with its overlays as well', async t => {
  const directory = startFolder(t, {
    'vendor.yaml': VENDOR,
    'vendor-2.yaml': VENDOR.replace('  /notes:', '  /memos:'),
    'ours/keys.yaml': OURS
  })
  const run = async (...args: readonly string[]) => {
    const { code, out } = await runInTerminal([...args, '--overlay', 'ours/keys.yaml'], {
      directory
    })
    return [code, out] as const
  }
  const [explained, request] = await run('call', 'vendor.yaml', 'Note', 'query', '--explain')
  assert.equal(explained, 0)
  assert.match(request, /GET https:\/\/notes\.example\.com\/notes/)
  const [, catalog] = await run('catalog', 'vendor.yaml')
  assert.match(catalog, /notes/)
  const [breaks, changes] = await run('diff', 'vendor.yaml', 'vendor-2.yaml')
  assert.equal(breaks, 1)
  assert.match(changes, /breaks MAPPING_UNDECLARED the document has no GET \/notes any more/)
  assert.match(changes, /^ours\/keys\.yaml:8:\d+ /)
  const [read] = await run('read', 'vendor.yaml', 'Note', '--explain')
  assert.equal(read, 0)
})

test('J09 A29 the bundled overlay gives the sample without keys its types, by names that both have', async () => {
  const overlay = ['--overlay', 'sample:/overlays/no-markup.overlay.yaml']
  const { code, out } = await runInTerminal(['check', 'sample:no-markup', ...overlay])
  assert.deepEqual([code, out.split('\n').at(-2)], [0, '0 errors, 0 warnings, 2 infos'])
  const preview = await runInTerminal(['preview', 'sample:no-markup', ...overlay])
  assert.match(preview.out, /^Customer\n/)
  assert.match(preview.out, /\nOrder\n/)
})

test('J09 A29 an overlay that cannot be read or is none ends with 2 and says which', async t => {
  const directory = startFolder(t, { 'vendor.yaml': VENDOR })
  const run = async (overlay: string) => {
    const { code, err } = await runInTerminal(['check', 'vendor.yaml', '--overlay', overlay], {
      directory
    })
    return [code, err.split('\n')[0]]
  }
  assert.deepEqual(await run('none.yaml'), [2, '"none.yaml" cannot be read: there is no such file'])
  assert.deepEqual(await run('vendor.yaml'), [
    2,
    'the overlay at vendor.yaml is not an overlay: it has no member `overlay`, as it is an OpenAPI document, at line 1, column 1 [OVERLAY_INVALID]'
  ])
})
