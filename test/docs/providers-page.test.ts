import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'

import { codeBlocks } from '../support/code-blocks.ts'
import { compile, diagnosticsOf } from '../support/compile.ts'

const page = readFileSync('docs/providers.md', 'utf8')
const blocks = codeBlocks(page).map(({ info, text }) => ({
  name: info.replace(/^yaml /, ''),
  text
}))

test('J15 every section of the page has the scheme to write, and a row of the table', () => {
  const sections = page.split(/^## /m).slice(1)
  assert.equal(sections.length, 20)
  for (const section of sections) {
    const [title = ''] = section.split('\n', 1)
    assert.match(section, /^```yaml \w+$/m, title)
    assert.match(section, /^At the provider: /m, title)
    assert.ok(page.includes(`\n| [${title}](#`), title)
  }
})

for (const { name, text } of blocks) {
  test(`J15 the block "${name}" of the page compiles without a diagnostic`, () => {
    const [scheme = ''] = text.split(':', 1)
    const compiled = compile(`openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: 'https://api.example.com'}]
security: [{${scheme}: []}]
paths: {/things: {get: {responses: {'200': {description: ok}}}}}
components:
  securitySchemes:
${text.replaceAll(/^(?=.)/gm, '    ')}
  schemas:
    Thing: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Thing}, x-flow-query: {path: /things}}
`)
    assert.deepEqual(diagnosticsOf(compiled), [])
    const names = compiled.index.logins.map(login => login.scheme)
    assert.deepEqual(names, name === 'auth0-client' ? [] : [scheme])
  })
}

test('J15 every block of the page is run against a fake of its provider', async () => {
  const files = await Array.fromAsync(glob('test/scenarios/**/*.test.ts'))
  const tests = files.map(file => readFileSync(file, 'utf8')).join('\n')
  const isRun = (name: string): boolean =>
    tests.includes(`block: '${name}'`) || tests.includes(`startFakeProvider(t, '${name}'`)
  assert.deepEqual(
    blocks.filter(({ name }) => !isRun(name)).map(({ name }) => name),
    []
  )
})
