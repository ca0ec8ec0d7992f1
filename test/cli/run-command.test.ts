import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { usageOf } from '../../service/cli/command.ts'
import { COMMANDS } from '../../service/cli/command-table.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'

const asked = [['help'], ['--help'], ['-h'], ['help', 'nothing']]
for (const args of asked) {
  test(`"${args.join(' ')}" shows every command and ends with 0`, async () => {
    const { code, out, err } = await runInTerminal(args)
    assert.deepEqual([code, err], [0, ''])
    for (const { name, does } of COMMANDS) {
      assert.match(out, new RegExp(`^ {2}openapi-flow ${name}\\b.* {2}${does}$`, 'm'))
    }
  })
}

for (const command of COMMANDS) {
  const { name, options, examples } = command
  test(`J04 help of ${name} shows how it is typed, each option, and three examples`, async () => {
    for (const args of [
      ['help', name],
      [name, '--help'],
      [name, 'x', '-h']
    ]) {
      const { code, out, err } = await runInTerminal(args)
      assert.deepEqual([code, err], [0, ''])
      assert.ok(out.startsWith(`${usageOf(command)}\n`), out)
      for (const { name: option, does } of options) {
        assert.ok(
          out.split('\n').some(line => line.includes(option) && line.endsWith(does)),
          option
        )
      }
      assert.ok(examples.length >= 3)
      for (const example of examples) assert.ok(out.includes(`\n  ${example}`), example)
    }
  })
}

const wrong = [
  { args: [], says: /^openapi-flow, a connector/, shows: /openapi-flow check DOC/ },
  {
    args: ['chek', 'x'],
    says: /^there is no command "chek" \(did you mean "check"\?\)$/m,
    shows: /openapi-flow check DOC/
  },
  {
    args: ['hlep'],
    says: /^there is no command "hlep" \(did you mean "help"\?\)$/m,
    shows: /openapi-flow check DOC/
  },
  { args: ['install'], says: /^there is no command "install"$/m, shows: /openapi-flow check DOC/ },
  {
    args: ['constructor'],
    says: /^there is no command "constructor"$/m,
    shows: /openapi-flow check DOC/
  },
  {
    args: ['--versoin'],
    says: /^there is no option "--versoin" without a command$/m,
    shows: /openapi-flow --version/
  },
  { args: ['check'], says: /^openapi-flow check takes DOC$/m },
  { args: ['check', 'a.yaml', 'b.yaml'], says: /^openapi-flow check takes DOC$/m },
  { args: ['check', ''], says: /^DOC of openapi-flow check is blank$/m },
  { args: ['check', ' ', 'b.yaml'], says: /^DOC of openapi-flow check is blank$/m },
  { args: ['preview'], says: /^openapi-flow preview takes DOC$/m },
  { args: ['serve', 'a.yaml'], says: /^openapi-flow serve takes no operands$/m },
  {
    args: ['check', '--strickt', 'a.yaml'],
    says: /^openapi-flow check has no option "--strickt" \(did you mean "--strict"\?\)$/m
  },
  { args: ['check', '--json=yes', 'a.yaml'], says: /^--json takes no value$/m },
  { args: ['check', '--json', 'a.yaml', '--json'], says: /^--json is given more than once$/m },
  { args: ['check', '-s', 'a.yaml'], says: /^openapi-flow check has no option "-s"$/m },
  {
    args: ['preview', '--strict', 'a.yaml'],
    says: /^openapi-flow preview has no option "--strict"$/m
  },
  { args: ['serve', '--json'], says: /^openapi-flow serve has no option "--json"$/m }
]
for (const { args, says, shows } of wrong) {
  test(`J04 the wrong command "${args.join(' ')}" ends with 2, says why, and shows the right one`, async () => {
    const { code, out, err } = await runInTerminal(args)
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, says)
    assert.match(err, shows ?? new RegExp(`^openapi-flow ${args[0]}( DOC)?( \\[|$)`, 'm'))
  })
}

test('--version shows the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  assert.deepEqual(await runInTerminal(['--version']), { code: 0, out: `${version}\n`, err: '' })
})

test('a file whose name begins with a dash is given after two dashes', async () => {
  const { code, err } = await runInTerminal(['check', '--', '-notes.yaml'])
  assert.deepEqual([code, err], [2, '"-notes.yaml" cannot be read: there is no such file\n'])
})

test('a malformed setting stops a command with its name, and a misspelt one is a warning', async () => {
  const malformed = await runInTerminal(['check', 'sample:petstore'], {
    environment: { DERIVED_TYPES_MAX: 'many' }
  })
  assert.equal(malformed.code, 2)
  assert.equal(malformed.err, 'DERIVED_TYPES_MAX is "many"; allowed is a whole number from 0\n')
  const misspelt = await runInTerminal(['check', 'sample:petstore'], {
    environment: { DERIVED_TYPE_MAX: '5' }
  })
  assert.equal(misspelt.code, 0)
  assert.match(misspelt.err, /^warning: DERIVED_TYPE_MAX .* did you mean DERIVED_TYPES_MAX\?$/m)
})
