import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'
import type { StartedApi } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { startFolder } from '../support/start-folder.ts'

const MANIFEST = `CONFIG:
  inputs:
    customers:
      format: rest_api
      url: "$API/v1/customers"
      params: { since: "{{ dt | default('2025-01-01') }}" }
      auth: { type: bearer, token: "{{ env.API_TOKEN }}" }
      response: { root_key: data }
    broken: { url: "$API/v1/broken", auth: { type: oauth2 } }
`

/** A terminal in a folder with a manifest of an API. */
async function start(t: TestContext): Promise<{
  readonly api: StartedApi
  readonly run: (...args: string[]) => ReturnType<typeof runInTerminal>
}> {
  const api = await startApi(t, '')
  const directory = startFolder(t, { 'crm.yaml': MANIFEST.replaceAll('$API', api.url) })
  const environment = { API_TOKEN: 'sup3r-s3cret' }
  return { api, run: (...args) => runInTerminal(args, { directory, environment }) }
}

const CALL = ['call', 'crm.yaml', 'customers', 'query']

test('B22 F12 F14 a call shows the fields of the first page, with a token of the environment', async t => {
  const { api, run } = await start(t)
  const answer = { json: { data: [{ customer_id: 7, name: 'Ada' }] } }
  api.answer(answer, answer)
  const { code, out, err } = await run(...CALL)
  assert.deepEqual([code, err], [0, ''])
  assert.equal(out, 'id  customer_id  name\n7   7            Ada\n')
  const call = 'GET /v1/customers?since=2025-01-01'
  assert.deepEqual(api.takeCalls(), [call, call])
  assert.equal(api.calls[1]?.headers.authorization, 'Bearer sup3r-s3cret')
})

test('C20 --date is dt, and --explain shows it without the token', async t => {
  const { api, run } = await start(t)
  const answer = { json: { data: [{ customer_id: 7 }] } }
  api.answer(answer, answer)
  const { code, out } = await run(...CALL, '--date', '2026-02-03', '--json')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), [{ externalId: '7', properties: { customer_id: 7 } }])
  assert.deepEqual(new Set(api.takeCalls()), new Set(['GET /v1/customers?since=2026-02-03']))
  const explained = await run(...CALL, '--date', '2026-02-03', '--explain')
  assert.equal(explained.code, 0)
  assert.match(explained.out, /^GET \S+\/v1\/customers\?since=2026-02-03$/m)
  assert.match(explained.out, /^authorization: Bearer \*\*\*$/m)
  assert.doesNotMatch(explained.out + explained.err, /s3cret/)
  assert.deepEqual(api.takeCalls(), [])
})

test('F14 a token that the API repeats is masked', async t => {
  const { api, run } = await start(t)
  api.answer({ status: 401, json: { message: 'the token sup3r-s3cret is unknown' } })
  const { code, out, err } = await run(...CALL)
  assert.equal(code, 1)
  assert.match(err, /the token \*\*\* is unknown/)
  assert.doesNotMatch(out + err, /s3cret/)
})

test('a check lists what is wrong with its line, and a preview says where the fields come from', async t => {
  const { api, run } = await start(t)
  const checked = await run('check', 'crm.yaml')
  assert.equal(checked.code, 1)
  assert.match(
    checked.out,
    /^crm\.yaml:9:\d+ error MANIFEST_INVALID `inputs\.broken` is left out: auth\.type must be one of bearer, api_key, basic$/m
  )
  const shown = await run('preview', 'crm.yaml')
  assert.match(shown.out, /^customers\n {2}fields: those of the first page\n/m)
  assert.deepEqual(api.takeCalls(), [])
})

for (const args of [
  ['read', 'crm.yaml', 'broken'],
  ['call', 'crm.yaml', 'broken', 'query']
]) {
  test(`${args[0]} of an input that cannot be used says why, with its place`, async t => {
    const { run } = await start(t)
    const { code, out, err } = await run(...args)
    assert.deepEqual([code, out], [2, ''])
    assert.match(
      err,
      /^crm\.yaml:9:\d+ error MANIFEST_INVALID `inputs\.broken` is left out: auth\.type must be one of .*\nthe document has no type "broken" \[TYPE_UNKNOWN\]/
    )
  })
}

for (const part of [
  'auth: { type: bearer, token: s3cret }',
  'auth: { type: oauth2, token: s3cret }',
  '"auth": {"type": "api_key", "header": "K", "key": "s3cret", "keys": 1}',
  "auth: { type: basic, username: u, 'password' : 's3cret' }",
  'headers: { Authorization: Token s3cret }',
  'url: "https://u:s3cret@a.example"'
]) {
  test(`F14 a check of { ${part} } does not repeat the secret`, async t => {
    const url = part.startsWith('url') ? '' : 'url: "https://a.example", '
    const text = `CONFIG: { inputs: { a: { ${url}${part} } } }\n`
    const directory = startFolder(t, { 'm.yaml': text })
    const { out } = await runInTerminal(['check', 'm.yaml'], { directory })
    assert.match(out, /^m\.yaml:1:\d+ (error|warning) /m)
    assert.doesNotMatch(out, /s3cret/)
  })
}
