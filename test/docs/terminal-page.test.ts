import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { callCommand } from '../../service/cli/call/call-command.ts'
import { COMMANDS } from '../../service/cli/command-table.ts'
import { DIAGNOSTICS } from '../../service/diagnostics.ts'
import { PROBLEMS } from '../../service/problems.ts'
import { SettingsSchema } from '../../service/settings.ts'
import { codeBlocks } from '../support/code-blocks.ts'
import { shownCommands, testShownCommands } from '../support/shown-commands.ts'

const page = readFileSync('docs/terminal.md', 'utf8')

testShownCommands(page)

test('J05 J15 the page has every command, and runs those that no other page shows', () => {
  const shown = new Set(shownCommands(page).map(({ args }) => args[0]))
  for (const { name } of COMMANDS) {
    const row = new RegExp(`^\\| \`openapi-flow ${name}[ \`].*$`, 'm').exec(page)?.[0]
    assert.ok(row !== undefined, name)
    const isElsewhere = name === 'serve' || row.includes('.md#')
    assert.ok(shown.has(name) || isElsewhere, name)
  }
  const blocks = codeBlocks(page).map(({ info }) => info.split(' ')[0])
  assert.deepEqual([...new Set(blocks)].toSorted(), ['console', 'text', 'yaml'])
})

test('J04 a first-time user comes from a plain Petstore to a strict check without a finding', () => {
  const [plain] = codeBlocks(page).filter(({ info }) => info === 'yaml petstore.yaml')
  assert.ok(plain !== undefined && !plain.text.includes('x-flow'))
  const clean = shownCommands(page).find(({ args }) => args.includes('--strict'))
  assert.deepEqual(clean?.args.slice(0, 2), ['check', 'petstore.yaml'])
  assert.match(clean?.output ?? '', /^0 errors, 0 warnings, 0 infos$/m)
})

test('J15 the page has every option of call', () => {
  for (const { name } of callCommand.options) assert.ok(page.includes(`\`${name}`), name)
})

/** Variables that others define (no-color.org, AWS), and the prefix of those of configuration values. */
const OTHER_NAMES = /^NO_COLOR$|^AWS_|^OPENAPI_FLOW_/

test('J15 every name in capitals on the page is a setting, a code or known otherwise', () => {
  const prose = codeBlocks(page).reduce((text, block) => text.replace(block.text, ''), page)
  const named = [...prose.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name)
  const known = [SettingsSchema.properties, PROBLEMS, DIAGNOSTICS].flatMap(Object.keys)
  assert.deepEqual(
    named.filter(name => !known.includes(name) && !OTHER_NAMES.test(name)),
    []
  )
})
