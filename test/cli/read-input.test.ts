import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'

const PETSTORE = readFileSync('openapi-samples/petstore.yaml', 'utf8')

test('A07 A09 a document from standard input is shown as one from a file', async () => {
  const [file, piped] = await Promise.all([
    runInTerminal(['preview', 'openapi-samples/petstore.yaml']),
    runInTerminal(['preview', '-'], { input: PETSTORE })
  ])
  assert.deepEqual(piped, file)
})

test('A07 diagnostics of standard input name it -, with Windows line ends too', async () => {
  const input = PETSTORE.replace('x-flow-query:', 'x-flow-qeury:').replaceAll('\n', '\r\n')
  const { code, out } = await runInTerminal(['check', '-', '--offline', '--strict'], { input })
  assert.equal(code, 1)
  assert.match(out, /^-:\d+:\d+ warning EXTENSION_UNKNOWN /m)
})

test('A07 what standard input refers to is relative to the directory', async () => {
  const input = readFileSync('openapi-samples/references.yaml', 'utf8')
  const directory = 'openapi-samples'
  const [file, piped] = await Promise.all([
    runInTerminal(['preview', 'references.yaml'], { directory }),
    runInTerminal(['preview', '-'], { directory, input })
  ])
  assert.deepEqual(piped.out, file.out)
})

test('A07 standard input without a document, or with too large a one, is told in one line', async () => {
  const empty = await runInTerminal(['check', '-'])
  assert.deepEqual([empty.code, empty.err], [2, 'standard input has no document\n'])
  const environment = { DOCUMENT_MAX_BYTES: '1024' }
  const large = await runInTerminal(['check', '-'], { input: PETSTORE, environment })
  assert.equal(large.code, 2)
  assert.match(large.err, /^the document at - is larger than 1024 bytes \[DOCUMENT_TOO_LARGE\]$/m)
})

test('A07 standard input is one document: it may be an overlay of another one, not both', async () => {
  const both = await runInTerminal(['check', '-', '--overlay', '-'], { input: 'openapi: 3.0.3' })
  assert.deepEqual(
    [both.code, both.err],
    [2, 'standard input can be the document or one overlay, not both\n']
  )
  const overlay =
    'overlay: 1.0.0\r\ninfo: { title: T, version: "1" }\r\nactions:\r\n- { target: $.info, update: { version: "2" } }\r\n'
  const one = await runInTerminal(['check', 'sample:petstore', '--overlay', '-'], {
    input: overlay
  })
  assert.equal(one.code, 0, one.err)
})
