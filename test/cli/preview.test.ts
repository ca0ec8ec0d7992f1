import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { parseDocument } from '../../service/parse/parse-document.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { startFolder } from '../support/start-folder.ts'

test('J01 J04 preview shows types, properties, ids, mappings and what fills their parameters', async () => {
  const { code, out, err } = await runInTerminal(['preview', 'sample:petstore'])
  assert.equal(code, 0)
  assert.equal(err, '')
  assert.match(out, /^Pet — /m)
  for (const verb of ['load', 'query', 'save', 'update', 'delete']) {
    assert.match(out, new RegExp(`^  ${verb}: [A-Z]+ /`, 'm'))
  }
  const golden = readFileSync('test/golden/petstore.txt', 'utf8')
  assert.ok(golden.startsWith(out.trimEnd()), out)
})

test('preview --json writes the whole model, which reads back as it was compiled', async () => {
  const { code, out } = await runInTerminal(['preview', '--json', 'sample:spotify'])
  assert.equal(code, 0)
  const text = readFileSync('openapi-samples/spotify.yaml', 'utf8')
  const bounds = { perType: 200, total: 5000 }
  const model = compileModel(parseDocument(text, '', 'sample:spotify'), bounds)
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(model)))
  assert.equal(`${JSON.stringify(JSON.parse(out), null, 2)}\n`, out)
})

test('preview of the same document by URL, file and sample name shows the same', async t => {
  const text = readFileSync('openapi-samples/one-of.yaml')
  const base = await startUpstream(t, (_, response) => response.end(text))
  const runs = await Promise.all(
    ['sample:one-of', 'openapi-samples/one-of.yaml', `${base}/openapi`].map(given =>
      runInTerminal(['preview', given])
    )
  )
  for (const run of runs) assert.deepEqual(run, runs[0])
})

test('preview keeps the settings on derived types', async () => {
  const environment = { DERIVED_TYPES_PER_TYPE: '0' }
  const { out } = await runInTerminal(['preview', 'sample:nested-types'], { environment })
  assert.doesNotMatch(out, /^\w+:\w+/m)
})

test('preview of a document without types says that there are none', async t => {
  const directory = startFolder(t, { 'empty.yaml': 'openapi: 3.1.0\npaths: {}\n' })
  const { code, out, err } = await runInTerminal(['preview', 'empty.yaml'], { directory })
  assert.deepEqual([code, out], [0, 'No types to install.\n'])
  assert.equal(err, 'no type could be inferred; see why with: openapi-flow infer empty.yaml\n')
})

test('preview of a document with warnings points to check, apart from what it shows', async () => {
  const given = 'sample:misplaced-security-schemes'
  const { code, out, err } = await runInTerminal(['preview', given])
  assert.equal(code, 0)
  assert.match(out, /^Station$/m)
  assert.equal(err, `0 errors, 1 warning, 0 infos; see them with: openapi-flow check ${given}\n`)
})
