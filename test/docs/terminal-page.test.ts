import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { callCommand } from '../../service/cli/call/call-command.ts'
import { testShownCommands } from '../support/shown-commands.ts'

const page = readFileSync('docs/terminal.md', 'utf8')

testShownCommands(page)

test('J15 the page has every option of call', () => {
  for (const { name } of callCommand.options) assert.ok(page.includes(`\`${name}`), name)
})
