import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { catalogCommand } from '../../service/cli/catalog/catalog-command.ts'
import { CatalogAnswer, CatalogQuestion } from '../../service/protocol/catalog-schemas.ts'
import { codeBlocks } from '../support/code-blocks.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'

const page = readFileSync('docs/catalog.md', 'utf8')

/** The text below a heading, up to the next one. */
function section(heading: string): string {
  const [, text] = page.split(new RegExp(`^## ${heading}$`, 'm'))
  assert.ok(text !== undefined, heading)
  return text.split(/^## /m, 1)[0] ?? ''
}

for (const { text } of codeBlocks(page).filter(({ info }) => info === 'console')) {
  const [line = '', ...output] = text.split('\n')
  test(`J15 "${line}" writes what the page shows`, async () => {
    const { out, err } = await runInTerminal(line.split(' ').slice(2))
    assert.equal(out + err, output.join('\n'))
  })
}

test('J15 the page names every option of the command', () => {
  const told = section('From the command line')
  for (const { name, value } of catalogCommand.options) {
    const shown = value === undefined ? name : `${name} ${value}`
    assert.ok(told.includes(`| \`${shown}\` |`), shown)
  }
})

test('J15 the page names every member of a catalog and of what it is asked for', () => {
  const { service, collections, endpoints, counts } = CatalogAnswer.properties
  const members = [
    [CatalogAnswer, 'What a catalog has'],
    [service, 'What a catalog has'],
    [counts, 'What a catalog has'],
    [collections.items, 'What a catalog has'],
    [endpoints.items, 'Endpoints'],
    [CatalogQuestion, 'From the service']
  ] as const
  for (const [{ properties }, heading] of members) {
    const told = section(heading)
    const missing = Object.keys(properties).filter(name => !told.includes(`\`${name}\``))
    // Those of the tenant and the flow are part of every body.
    const expected = missing.filter(name => !['tenantId', 'stateId'].includes(name))
    assert.deepEqual(expected, [], heading)
  }
})
