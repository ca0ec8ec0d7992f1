import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import type { PreviewResponse } from '../../service/protocol/schemas.ts'
import {
  documentWith,
  diagnosticsOf,
  propertiesOf,
  referring
} from '../support/referring-document.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

const ITEM = 'type: object\nproperties: { id: { type: string } }\n'

/** The diagnostic that says which references are not followed; there is one at the most. */
function limitOf({ diagnostics }: PreviewResponse): string | undefined {
  const [first, ...more] = diagnostics.filter(({ code }) => code === 'REF_LIMIT')
  assert.deepEqual(more, [])
  return first === undefined ? undefined : `${first.pointer} ${first.message}`
}

test('B1 no file is ever opened for a document that was fetched, and nothing tells whether there is one', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const canary = join(directory, 'canary.yaml')
  writeFileSync(
    canary,
    'Canary: { type: object, properties: { planted-canary: { type: string } } }'
  )
  const { href } = pathToFileURL(canary)
  const references = [
    href,
    href.replace('file://', 'file://localhost'),
    href.replace('file://', 'FILE:'),
    pathToFileURL(join(directory, 'no-such-file.yaml')).href,
    canary,
    `../../../../../../../../..${canary}`,
    `..%2f..%2f..%2f..%2f..${canary}`
  ]
  const files = await startFiles(t, {
    '/v1/openapi.yaml': documentWith(
      ...references.map((reference, index) => referring(`R${index}`, `${reference}#/Canary`)),
      referring('Inner', 'inner.yaml#/Inner')
    ),
    '/v1/inner.yaml': `Inner: { $ref: '${href}#/Canary' }`
  })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/v1/openapi.yaml` },
    { LOG_LEVEL: 'trace' }
  )
  const preview = await connector.preview()
  assert.deepEqual(
    preview.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`),
    [
      ...[0, 1, 2, 3].map(index => `REF_NOT_ALLOWED /components/schemas/R${index}/properties/at`),
      ...[4, 5, 6].map(index => `REF_UNREADABLE /components/schemas/R${index}/properties/at`),
      'REF_NOT_ALLOWED /Inner'
    ]
  )
  // Paths are those of the server: that it does not have them is all that is said.
  const messages = new Set(preview.diagnostics.map(({ message }) => message).slice(0, 4))
  assert.equal(messages.size, 1)
  assert.ok(!JSON.stringify([...messages]).includes(directory))
  const written = [...connector.answers, ...connector.log].join('\n')
  assert.ok(!written.includes('planted-canary'))
})

test('B3 an endless chain of documents ends after eight, with one diagnostic, and the rest works', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'chain?1#/A')),
    ...Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `/chain?${index}`,
        `A: { type: object, properties: { next: { $ref: 'chain?${index + 1}#/A' } } }`
      ])
    )
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const preview = await connector.preview()
  assert.deepEqual(
    files.takeFetches(),
    ['/openapi.yaml', ...Array.from({ length: 8 }, (_, index) => `/chain?${index + 1}`)].map(
      path => `200 ${path}`
    )
  )
  assert.deepEqual(diagnosticsOf(preview), ['/chain:1:34 REF_LIMIT /A/properties/next'])
  assert.equal(
    limitOf(preview),
    '/A/properties/next references to other documents are not followed (1): at most 8 may refer to each other in a row'
  )
  assert.deepEqual(propertiesOf(preview, 'Lamp'), ['id ContentString'])
  assert.deepEqual(propertiesOf(preview, `A${':at'}${':next'.repeat(7)}`), ['next ContentString'])
})

test('B3 of 300 documents that are referred to 50 are read, four at a time', async t => {
  const waiting: ServerResponse[] = []
  let most = 0
  const names = Array.from({ length: 300 }, (_, index) => `/part-${index}.yaml`)
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(...names.map((name, index) => referring(`R${index}`, name))),
    ...Object.fromEntries(
      names.map(name => [
        name,
        (_, response) => {
          waiting.push(response)
          most = Math.max(most, waiting.length)
          // A fifth one would come while four are not answered yet; the last two are alone.
          if (waiting.length === 4 || files.fetches.length === 51) {
            setTimeout(() => waiting.splice(0).map(open => open.end(ITEM)), 20)
          }
        }
      ])
    )
  })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/openapi.yaml` },
    { UPSTREAM_TIMEOUT_MS: '60000' }
  )
  const preview = await connector.preview()
  assert.equal(files.fetches.length, 51)
  assert.equal(most, 4)
  assert.equal(
    limitOf(preview),
    '/components/schemas/R50/properties/at references to other documents are not followed (250): at most 50 of them are read'
  )
  assert.deepEqual(propertiesOf(preview, 'R49'), ['at ContentObject R49:at'])
  assert.deepEqual(propertiesOf(preview, 'R50'), ['at ContentString'])
  assert.deepEqual(diagnosticsOf(preview).length, 1)
})

test('B3 a document and its parts have no more bytes together than one document may have', async t => {
  const names = Array.from({ length: 9 }, (_, index) => `/part-${index}.yaml`)
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(...names.map((name, index) => referring(`R${index}`, name))),
    ...Object.fromEntries(names.map(name => [name, `${ITEM}# ${'x'.repeat(2_000)}`]))
  })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/openapi.yaml` },
    { DOCUMENT_MAX_BYTES: '6000' }
  )
  const preview = await connector.preview()
  // Two fit; those that are on their way when the bound is passed are not the last ones alone.
  assert.ok(files.fetches.length <= 1 + 2 + 4, String(files.fetches.length))
  assert.match(
    limitOf(preview) ?? '',
    /references to other documents are not followed \(7\): with the document they may have 6000 bytes$/
  )
  const read = names.filter((_, index) => propertiesOf(preview, `R${index}:at`).length > 0)
  assert.equal(read.length, 2)
})

test('B3 B4 a document and its parts have no more values together than one document may have', async t => {
  const names = Array.from({ length: 6 }, (_, index) => `/part-${index}.json`)
  const text = `{"type":"object","properties":{"id":{"enum":[${'[],'.repeat(700_000)}[]]}}}`
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(...names.map((name, index) => referring(`R${index}`, name))),
    ...Object.fromEntries(names.map(name => [name, text]))
  })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/openapi.yaml` },
    { UPSTREAM_TIMEOUT_MS: '60000', FLOW_TIMEOUT_MS: '200000' }
  )
  const preview = await connector.preview()
  assert.match(
    limitOf(preview) ?? '',
    /references to other documents are not followed \(4\): with the document they may have 3000000 values$/
  )
  const read = names.filter((_, index) => propertiesOf(preview, `R${index}:at`).length > 0)
  assert.equal(read.length, 2)
  assert.deepEqual(propertiesOf(preview, 'Lamp'), ['id ContentString'])
})

test('B3 all parts together have the time of one call, and the rest works', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(
      ...Array.from({ length: 9 }, (_, index) => referring(`R${index}`, `slow-${index}.yaml`)),
      referring('Good', 'good.yaml')
    ),
    '/good.yaml': ITEM,
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`/slow-${index}.yaml`, () => {}])
    )
  })
  const connector = await startConnector(
    t,
    { 'Schema URL': `${files.url}/openapi.yaml` },
    { UPSTREAM_TIMEOUT_MS: '1000' }
  )
  const preview = await connector.preview()
  assert.deepEqual(propertiesOf(preview, 'Lamp'), ['id ContentString'])
  assert.match(
    limitOf(preview) ?? '',
    /are not followed \(10\): all of them have to be read within 1000 ms$/
  )
  assert.deepEqual(files.fetches.map(({ path }) => path).toSorted(), [
    '/openapi.yaml',
    ...[0, 1, 2, 3].map(index => `/slow-${index}.yaml`)
  ])
})
