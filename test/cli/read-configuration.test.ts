import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { readConfiguration } from '../../service/cli/session/read-configuration.ts'
import { commandInput, quietTerminal } from '../support/command-input.ts'

/** Reads the values of a command that was typed with some options, and what it says on standard error. */
async function read(
  t: TestContext,
  options: { readonly [name: string]: string | readonly string[] },
  {
    environment = {},
    file = null
  }: { environment?: Record<string, string>; file?: string | null } = {}
) {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  if (file !== null) writeFileSync(join(directory, 'api.yaml'), file)
  const { terminal, said } = quietTerminal({ environment, directory })
  return { values: await readConfiguration(commandInput(options), terminal), said }
}

test('values come from the environment, the file and the arguments, the later ones first', async t => {
  const environment = {
    OPENAPI_FLOW_API_KEY: 'env',
    OPENAPI_FLOW_LOGIN: 'user',
    OPENAPI_FLOW_OAUTH2_OIDC_CLIENT_ID: 'app',
    OPENAPI_FLOW_BASIC_USERNAME: 'ann',
    API_KEY: 'other'
  }
  const { values, said } = await read(
    t,
    {
      '--config': 'api.yaml',
      '--set-config': ['LOGIN=shared', 'server url=https://a.example/?x=1']
    },
    { environment, file: 'api key: file\nLogin: user\n' }
  )
  assert.deepEqual(values, {
    'api key': 'file',
    login: 'shared',
    'oauth2/oidc: client id': 'app',
    'basic: username': 'ann',
    'server url': 'https://a.example/?x=1'
  })
  assert.deepEqual(said, [])
})

test('a blank value unsets that of an earlier place', async t => {
  const environment = { OPENAPI_FLOW_API_KEY: 'env', OPENAPI_FLOW_LOGIN: 'shared' }
  const { values } = await read(
    t,
    { '--config': 'api.yaml', '--set-config': 'Login=' },
    { environment, file: 'API Key:\n' }
  )
  assert.deepEqual(values, {})
})

for (const [file, expected] of [
  ['{"API Key": "k"}', { 'api key': 'k' }],
  ['\uFEFFAPI Key: k\r\nLogin: shared\r\n', { 'api key': 'k', login: 'shared' }],
  ['API Key: 12345678901234567890\n', { 'api key': '12345678901234567890' }],
  ['Variables: |\n  A=1\n  B=2\n', { variables: 'A=1\nB=2\n' }],
  ['Variables:\n  A: x=y\n  B: 2\n', { variables: 'A=x=y\nB=2' }],
  ['Allowed Hosts: [a.example, "*.b.example"]\n', { 'allowed hosts': 'a.example\n*.b.example' }]
] as const) {
  test(`a file of values may be ${JSON.stringify(file)}`, async t => {
    const { values } = await read(t, { '--config': 'api.yaml' }, { file })
    assert.deepEqual(values, expected)
  })
}

test('a secret among the arguments is a warning that does not repeat it', async t => {
  const { said } = await read(t, { '--set-config': ['API Key=s3cret', 'Login=shared'] })
  assert.deepEqual(said, [
    'warning: others on this machine can see "API Key" among the arguments; --config FILE or the environment keeps it to you'
  ])
})

test('a name of the environment that is no configuration value is a warning with the nearest one', async t => {
  const { values, said } = await read(
    t,
    {},
    {
      environment: {
        OPENAPI_FLOW_API_KEE: 's3cret',
        OPENAPI_FLOW_SCHEMA_URL: 'https://a.example',
        OPENAPI_FLOW_API_KEY: 'k'
      }
    }
  )
  assert.deepEqual(values, { 'api key': 'k' })
  assert.equal(
    said[0],
    'warning: OPENAPI_FLOW_API_KEE of the environment is no configuration value (did you mean "OPENAPI_FLOW_API_KEY"?)'
  )
  assert.match(said[1] ?? '', /^warning: OPENAPI_FLOW_SCHEMA_URL of the environment/)
  assert.equal(said.length, 2)
})

test('C20 the date of the run is the line dt of Variables, also beside others', async t => {
  const alone = await read(t, { '--date': '2026-02-28' })
  assert.deepEqual(alone.values, { variables: '\ndt=2026-02-28' })
  const { values } = await read(
    t,
    { '--date': ' 2024-02-29 ' },
    { environment: { OPENAPI_FLOW_VARIABLES: 'A=1\ndt=2020-01-01' } }
  )
  assert.deepEqual(values, { variables: 'A=1\ndt=2020-01-01\ndt=2024-02-29' })
})

for (const [options, file, says] of [
  [{ '--config': 'none.yaml' }, null, /^"none\.yaml" cannot be read: there is no such file$/],
  [{ '--config': '.' }, null, /^"\." cannot be read: it is a directory$/],
  [
    { '--config': 'api.yaml' },
    'Api Kee: k\n',
    /^api\.yaml: there is no configuration value "Api Kee" \(did you mean "API Key"\?\)$/
  ],
  [
    { '--config': 'api.yaml' },
    'Schema URL: x\n',
    /^api\.yaml: there is no configuration value "Schema URL"/
  ],
  [
    { '--config': 'api.yaml' },
    '',
    /^"api\.yaml" has no configuration values, such as `API Key: abc`$/
  ],
  [{ '--config': 'api.yaml' }, 's3cret\n', /^"api\.yaml" has no configuration values/],
  [{ '--config': 'api.yaml' }, '- a\n', /^"api\.yaml" has no configuration values/],
  [
    { '--config': 'api.yaml' },
    'API Key: "\n',
    /^the document at api\.yaml is neither valid JSON nor valid YAML: .* at line \d+, column \d+/
  ],
  [
    { '--config': 'api.yaml' },
    'API Key: [[k]]\n',
    /^the configuration value "API Key" is no text$/
  ],
  [
    { '--config': 'api.yaml' },
    'Variables:\n  KEY: |\n    a\n    b\n',
    /^the configuration value "Variables" has a value of several lines/
  ],
  [{ '--set-config': 'API Key' }, null, /^--set-config needs NAME=VALUE/],
  [{ '--set-config': '=k' }, null, /^--set-config needs NAME=VALUE/],
  [
    { '--set-config': 'constructor=k' },
    null,
    /^--set-config: there is no configuration value "constructor"$/
  ],
  [{ '--date': '2026-02-30' }, null, /^--date "2026-02-30" is no day, such as 2026-01-31$/],
  [{ '--date': 'yesterday' }, null, /^--date "yesterday" is no day/],
  [{ '--date': '2026-1-2' }, null, /^--date "2026-1-2" is no day/],
  [{ '--date': '' }, null, /^--date "" is no day/]
] as const) {
  test(`J04 ${JSON.stringify(options)} with ${JSON.stringify(file)} is refused with its place`, async t => {
    await assert.rejects(read(t, options, { file }), { message: says })
  })
}
