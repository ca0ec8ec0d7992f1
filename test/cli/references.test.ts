import assert from 'node:assert/strict'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { documentWith, referring } from '../support/referring-document.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFiles } from '../support/start-files.ts'
import { startFolder } from '../support/start-folder.ts'

const ITEM = 'type: object\nproperties: { id: { type: string } }\n'

/** Diagnostics of `check` other than information, as `file:line:column CODE`. */
async function check(directory: string, file: string): Promise<string[]> {
  const { out } = await runInTerminal(['check', file, '--json'], { directory })
  const found: { [key: string]: string }[] = JSON.parse(out)
  return found
    .filter(({ severity }) => severity !== 'info')
    .map(({ file: name, line, column, code }) => `${name}:${line}:${column} ${code}`)
}

test('A18 a local document refers to files below its folder, and to documents on the network', async t => {
  const files = await startFiles(t, { '/item.yaml': ITEM })
  const directory = startFolder(t, {
    'api/openapi.yaml': documentWith(
      referring('A', 'parts/a.yaml#/A'),
      referring('B', `${files.url}/item.yaml`)
    ),
    'api/parts/a.yaml': `\uFEFFA: { type: object, properties: { of: { $ref: ../item.yaml } } }`,
    'api/item.yaml': ITEM
  })
  assert.deepEqual(await check(directory, 'api/openapi.yaml'), [])
  const { out } = await runInTerminal(['preview', 'api/openapi.yaml', '--json'], { directory })
  assert.deepEqual(JSON.parse(out).index.types, ['A', 'A:at', 'A:at:of', 'B', 'B:at', 'Lamp'])
})

test('A18 diagnostics about other files follow those of the document, each with its own name and lines', async t => {
  const directory = startFolder(t, {
    'api/openapi.yaml': documentWith(
      `Part: { $ref: 'part.yaml#/Part' }`,
      'Lost: { type: object, x-flow-type: { name: Lost }, properties: { at: { $ref: "#/a" } } }'
    ),
    'api/part.yaml': '\nPart: { x-flow-typ: {} }'
  })
  assert.deepEqual(await check(directory, 'api/openapi.yaml'), [
    'api/openapi.yaml:1:1 RULE_BROKEN',
    'api/openapi.yaml:15:70 REF_UNRESOLVED',
    'api/part.yaml:2:9 EXTENSION_UNKNOWN'
  ])
  assert.deepEqual(await check(join(directory, 'api'), 'openapi.yaml'), [
    'openapi.yaml:1:1 RULE_BROKEN',
    'openapi.yaml:15:70 REF_UNRESOLVED',
    'part.yaml:2:9 EXTENSION_UNKNOWN'
  ])
})

test('B1 a local document opens nothing outside of its folder, whatever path or link leads there', async t => {
  const directory = startFolder(t, {
    'secret.yaml': 'A: { type: object, properties: { planted: { type: string } } }',
    'api/folder/inner.yaml': ITEM,
    'api/large.yaml': `${ITEM}# ${'x'.repeat(5_000)}`
  })
  symlinkSync(join(directory, 'secret.yaml'), join(directory, 'api', 'link.yaml'))
  const references = [
    '../secret.yaml',
    pathToFileURL(join(directory, 'secret.yaml')).href,
    'folder/../../secret.yaml',
    '%2e%2e/secret.yaml',
    'file://elsewhere/secret.yaml',
    'link.yaml',
    'folder',
    'none.yaml',
    '..%2fsecret.yaml',
    'large.yaml'
  ]
  const text = documentWith(
    ...references.map((path, index) => referring(`R${index}`, `${path}#/A`))
  )
  writeFileSync(join(directory, 'api', 'openapi.yaml'), text)
  const { code, out } = await runInTerminal(['check', 'api/openapi.yaml'], {
    directory,
    environment: { DOCUMENT_MAX_BYTES: '4000' }
  })
  assert.equal(code, 1)
  const found = [...out.matchAll(/^api\/openapi\.yaml:\d+:\d+ error (\w+) (.*)$/gm)]
  assert.deepEqual(
    found.map(([, name]) => name),
    [...Array(5).fill('REF_NOT_ALLOWED'), ...Array(5).fill('REF_UNREADABLE')]
  )
  const reasons = found.slice(5).map(([, , message]) => message)
  for (const [index, reason] of [
    /api\/link\.yaml cannot be fetched: a link leads out of the folder of the document/,
    /api\/folder cannot be fetched: it is not a file/,
    /api\/none\.yaml cannot be fetched: there is no such file/,
    /secret\.yaml cannot be fetched: it is not a file path/,
    /api\/large\.yaml is larger than 4000 bytes \[DOCUMENT_TOO_LARGE\]/
  ].entries()) {
    assert.match(reasons[index] ?? '', reason)
  }
  assert.ok(!out.includes('planted'))
})

test('B1 a document behind a URL refers to no file of the machine, also for a command', async t => {
  const directory = startFolder(t, { 'secret.yaml': ITEM })
  const { href } = pathToFileURL(join(directory, 'secret.yaml'))
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', href), referring('B', 'part.yaml')),
    '/part.yaml': `type: object\nproperties: { inner: { $ref: '${href}' } }`
  })
  assert.deepEqual(await check(directory, `${files.url}/openapi.yaml`), [
    `${files.url}/openapi.yaml:14:64 REF_NOT_ALLOWED`,
    `${files.url}/part.yaml:2:15 REF_NOT_ALLOWED`
  ])
  writeFileSync(
    join(directory, 'local.yaml'),
    documentWith(referring('B', `${files.url}/part.yaml`))
  )
  assert.deepEqual(await check(directory, 'local.yaml'), [
    `${files.url}/part.yaml:2:15 REF_NOT_ALLOWED`
  ])
})

test('A18 a bundled sample shows references, and refers to nothing but what is bundled', async () => {
  const { code, out } = await runInTerminal(['check', 'sample:references'])
  assert.deepEqual([code, out], [0, '0 errors, 0 warnings, 0 infos\n'])
})
