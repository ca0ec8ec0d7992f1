import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

import { COMMANDS } from '../../service/cli/command-table.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'

/** What bash completes after these words, the last of which is being typed. */
function completed(script: string, ...words: readonly string[]): string[] {
  const line = ['openapi-flow', ...words]
  const asked = `${script}
COMP_WORDS=(${line.map(word => `'${word}'`).join(' ')})
COMP_CWORD=${line.length - 1}
_openapi_flow
printf '%s\\n' "\${COMPREPLY[@]}"`
  const out = execFileSync('bash', ['-c', asked], { encoding: 'utf8' })
  return out.split('\n').filter(word => word !== '')
}

test('J05 bash completes commands, their options, and files', async () => {
  const { code, out, err } = await runInTerminal(['completion', 'bash'])
  assert.deepEqual([code, err], [0, ''])
  const names = COMMANDS.map(({ name }) => name)
  assert.deepEqual(completed(out, '').toSorted(), [...names, 'help'].toSorted())
  assert.deepEqual(completed(out, 'pre'), ['preview'])
  assert.deepEqual(completed(out, 'help', 'se'), ['serve'])
  for (const { name, options } of COMMANDS) {
    const expected = [...options.map(option => option.name), '--help']
    assert.deepEqual(completed(out, name, '--').toSorted(), expected.toSorted())
  }
  assert.deepEqual(completed(out, 'check', 'pack').toSorted(), [
    'package-lock.json',
    'package.json'
  ])
})

test('the script for zsh has every command and option with what they do', async () => {
  const { code, out } = await runInTerminal(['completion', 'zsh'])
  assert.equal(code, 0)
  assert.match(out, /^#compdef openapi-flow$/m)
  for (const { name, options } of COMMANDS) {
    assert.match(out, new RegExp(`^ {4}'${name}:`, 'm'))
    assert.match(out, new RegExp(`^ {4}${name}\\) _arguments .*--help\\[`, 'm'))
    for (const option of options) assert.ok(out.includes(`${option.name}[`), option.name)
  }
})

test('another shell is refused by name', async () => {
  const { code, err } = await runInTerminal(['completion', 'fish'])
  assert.deepEqual([code, err], [2, 'there is no completion for "fish", but for bash and zsh\n'])
})

test('a name that every object has is no shell', async () => {
  const { code, err } = await runInTerminal(['completion', 'constructor'])
  assert.deepEqual(
    [code, err],
    [2, 'there is no completion for "constructor", but for bash and zsh\n']
  )
})
