import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'

const asked = [['help'], ['--help'], ['-h'], ['check', '--help'], ['preview', 'x', '-h']]
for (const args of asked) {
  test(`"${args.join(' ')}" shows every command and ends with 0`, async () => {
    const { code, out, err } = await runInTerminal(args)
    assert.equal(code, 0)
    assert.equal(err, '')
    for (const name of ['serve', 'check', 'preview']) assert.match(out, new RegExp(`flow ${name}`))
  })
}

const wrong = [
  { args: [], says: /^openapi-flow, a connector/ },
  { args: ['chek', 'x'], says: /^there is no command "chek" \(did you mean "check"\?\)$/m },
  { args: ['hlep'], says: /^there is no command "hlep" \(did you mean "help"\?\)$/m },
  { args: ['install'], says: /^there is no command "install"$/m },
  { args: ['constructor'], says: /^there is no command "constructor"$/m },
  { args: ['check'], says: /^openapi-flow check takes one DOC$/m },
  { args: ['check', 'a.yaml', 'b.yaml'], says: /^openapi-flow check takes one DOC$/m },
  { args: ['preview'], says: /^openapi-flow preview takes one DOC$/m },
  { args: ['serve', 'a.yaml'], says: /^openapi-flow serve takes no DOC$/m },
  {
    args: ['check', '--strickt', 'a.yaml'],
    says: /^openapi-flow check has no option "--strickt" \(did you mean "--strict"\?\)$/m
  },
  {
    args: ['check', '--json=yes', 'a.yaml'],
    says: /^openapi-flow check has no option "--json=…"/m
  },
  { args: ['check', '-s', 'a.yaml'], says: /^openapi-flow check has no option "-s"$/m },
  {
    args: ['preview', '--strict', 'a.yaml'],
    says: /^openapi-flow preview has no option "--strict"$/m
  },
  { args: ['serve', '--json'], says: /^openapi-flow serve has no option "--json"$/m }
]
for (const { args, says } of wrong) {
  test(`J04 the wrong command "${args.join(' ')}" ends with 2, says why, and shows the right ones`, async () => {
    const { code, out, err } = await runInTerminal(args)
    assert.equal(code, 2)
    assert.equal(out, '')
    assert.match(err, says)
    assert.match(err, /openapi-flow check DOC \[--strict\] \[--json\]/)
  })
}

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
