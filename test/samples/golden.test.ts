import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { listSampleNames } from '../../service/documents/sample-files.ts'
import { goldenPage } from '../support/golden-page.ts'

const names = await listSampleNames()

test('every sample document has a golden page, and every page a document', () => {
  const pages = readdirSync('test/golden', { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.txt')
  )
  assert.deepEqual(pages.toSorted(), names.map(name => `${name}.txt`).toSorted())
})

for (const name of names) {
  test(`the sample ${name} compiles to its golden model, with exactly its diagnostics`, async () => {
    assert.equal(await goldenPage(name), readFileSync(`test/golden/${name}.txt`, 'utf8'))
  })
}
