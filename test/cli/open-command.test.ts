import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { readConfiguration } from '../../service/cli/session/read-configuration.ts'
import { openCommand } from '../../service/cli/session/open-command.ts'
import { loadObjects } from '../../service/operations/load-objects.ts'
import { EVERY_OBJECT } from '../../service/plan/filter/every-object.ts'
import { readSettings } from '../../service/read-settings.ts'
import { commandInput, quietTerminal } from '../support/command-input.ts'
import { startApi } from '../support/start-api.ts'
import { startFolder } from '../support/start-folder.ts'

type Given = {
  readonly environment?: { readonly [name: string]: string }
  readonly options?: { readonly [name: string]: string | readonly string[] }
  /** Default: a local file. */
  readonly location?: string
}

/** Opens a document as commands do, until the test ends. */
async function open(t: TestContext, text: string, given: Given = {}) {
  const directory = startFolder(t, { 'crm.yaml': text })
  const { environment = {}, options = {}, location = 'crm.yaml' } = given
  const { terminal, said } = quietTerminal({ environment, directory })
  const configuration = await readConfiguration(commandInput(options), terminal)
  const { settings } = readSettings({})
  const stop = new AbortController()
  const opened = await openCommand(location, configuration, stop.signal, { settings, terminal })
  t.after(() => opened.close())
  const load = (type: string) =>
    loadObjects(opened.ports, opened.caller, { type, filter: EVERY_OBJECT })
  return { ...opened, said, load, stop }
}

const FIELDS = 'schema: [{name: id, type: long}]'

/** A manifest with one input for each of some flow mappings of members. */
function manifest(inputs: { readonly [name: string]: string }): string {
  const parts = Object.entries(inputs).map(
    ([name, members]) => `    ${name}: {format: rest_api, ${members}, ${FIELDS}}\n`
  )
  return `CONFIG:\n  inputs:\n${parts.join('')}`
}

test('F14 C20 variables come from the environment; those of Variables count more, a blank one does not', async t => {
  const api = await startApi(t, '')
  const text = manifest({
    a: `url: "${api.url}/a", auth: {type: bearer, token: "{{ env.TOKEN }}"}, params: {x: "{{ env.X }}", y: "{{ env.Y }}"}`
  })
  const environment = {
    TOKEN: 't0ken',
    X: 'environment',
    Y: 'environment',
    OPENAPI_FLOW_VARIABLES: 'X=variables\nY='
  }
  const { load } = await open(t, text, { environment })
  api.answer({ json: [{ id: 1 }] })
  assert.equal((await load('a')).objects.length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /a?x=variables&y=environment'])
  assert.equal(api.calls[0]?.headers.authorization, 'Bearer t0ken')
})

test('F14 only the variables that the manifest names are read, and dt is none of the environment', async t => {
  const text = manifest({
    a: `url: "https://{{ env.HOST }}/a{{ env.PATH_PART }}", headers: {H: "{{ env.IN_HEADER }}"}`,
    b: `url: "https://b.example/b", auth: {type: basic, username: "{{ env.U }}", password: "{{ env.P }}"}, params: {d: "{{ dt | default('none') }}"}`
  })
  const named = { HOST: 'h', PATH_PART: 'p', IN_HEADER: 'i', U: 'u', P: 'pw' }
  const { caller } = await open(t, text, {
    environment: { ...named, dt: '2020-01-01', OTHER: 'o' }
  })
  assert.deepEqual(caller.variables, named)
})

test('a document other than a manifest reads nothing from the environment', async t => {
  const { caller } = await open(t, '', {
    location: 'sample:petstore',
    environment: { HOME: '/root' }
  })
  assert.deepEqual(caller.variables, {})
})

test('C20 a value with line breaks and blanks survives', async t => {
  const api = await startApi(t, '')
  const key = ' -----BEGIN\r\nline=2\n-----END \n'
  const text = manifest({
    a: `url: "${api.url}/a", auth: {type: basic, username: u, password: "{{ env.KEY }}"}, params: {k: "{{ env.KEY }}"}`
  })
  const { load } = await open(t, text, { environment: { KEY: key } })
  api.answer({ json: [] })
  await load('a')
  const { url = '', headers = {} } = api.calls[0] ?? {}
  assert.equal(new URL(url, api.url).searchParams.get('k'), key)
  assert.equal(headers.authorization, `Basic ${Buffer.from(`u:${key}`).toString('base64')}`)
})

test('C20 the date of the run is --date, before that of Variables', async t => {
  const api = await startApi(t, '')
  const text = manifest({ a: `url: "${api.url}/a?since={{ dt }}"` })
  const environment = { OPENAPI_FLOW_VARIABLES: 'dt=2020-01-01' }
  for (const [options, since] of [
    [{ '--date': '2026-02-03' }, '2026-02-03'],
    [{}, '2020-01-01']
  ] as const) {
    const { load } = await open(t, text, { environment, options })
    api.answer({ json: [] })
    await load('a')
    assert.deepEqual(api.takeCalls(), [`GET /a?since=${since}`])
  }
})

test('C20 a variable without a value is an error of its input only, which says what gives it one', async t => {
  const api = await startApi(t, '')
  const text = manifest({
    a: `url: "${api.url}/a", auth: {type: bearer, token: "{{ env.ABSENT_TOKEN }}"}`,
    b: `url: "${api.url}/b"`,
    c: `url: "${api.url}/c/{{ dt }}"`,
    d: `url: "{{ env.ABSENT_BASE }}/d"`
  })
  const { load } = await open(t, text)
  for (const [type, variable, place] of [
    ['a', 'ABSENT_TOKEN', 'inputs.a.auth.token'],
    ['c', 'dt', 'inputs.c.url'],
    ['d', 'ABSENT_BASE', 'inputs.d.url']
  ] as const) {
    await assert.rejects(load(type), {
      code: 'VARIABLE_MISSING',
      message: `\`${place}\` of the manifest needs the variable "${variable}", which has no value`
    })
  }
  assert.deepEqual(api.takeCalls(), [])
  api.answer({ json: [{ id: 1 }] })
  assert.equal((await load('b')).objects.length, 1)
})

test('F14 values of variables are masked in what is said of a refusal, wherever they are sent', async t => {
  const api = await startApi(t, '')
  const values = {
    IN_PATH: 'path-s3cret',
    IN_QUERY: 'query-s3cret',
    IN_HEADER: 'header-s3cret',
    IN_AUTH: 'auth-s3cret',
    BASE: `${api.url}/hooks/base-s3cret`
  }
  const text = manifest({
    a: `url: "{{ env.BASE }}/x/{{ env.IN_PATH }}?q={{ env.IN_QUERY }}", headers: {X-H: "h {{ env.IN_HEADER }}"}, auth: {type: api_key, header: X-Key, key: "{{ env.IN_AUTH }}"}`
  })
  const { load } = await open(t, text, { environment: values })
  const said = JSON.stringify(Object.values(values))
  api.answer({ status: 400, json: { message: `no ${said}` } })
  const error = await load('a').then(
    () => assert.fail('the load succeeded'),
    (failure: unknown) => failure
  )
  assert.ok(error instanceof Error)
  assert.match(error.message, /\*\*\*/)
  const shown = JSON.stringify(error) + error.message
  assert.doesNotMatch(shown, /s3cret/)
})

test('A20 a private address may be called if the user names it in a variable, whole or in part', async t => {
  const api = await startApi(t, '')
  const { host } = new URL(api.url)
  const text = manifest({
    whole: 'url: "{{ env.WHOLE }}"',
    base: 'url: "{{ env.BASE }}/v1/c?x=1"',
    part: 'url: "http://{{ env.HOST }}/c"'
  })
  const environment = { WHOLE: `${api.url}/hook/?key=k%201`, BASE: `${api.url}/api/`, HOST: host }
  const { load } = await open(t, text, { environment })
  api.answer({ json: [] }, { json: [] }, { json: [] })
  for (const type of ['whole', 'base', 'part']) await load(type)
  assert.deepEqual(api.takeCalls(), ['GET /hook/?key=k%201', 'GET /api/v1/c?x=1', 'GET /c'])
})

test('A20 a manifest on the network cannot name private addresses, by a default neither', async t => {
  const api = await startApi(t, '')
  const { host } = new URL(api.url)
  const other = await startApi(t, '')
  other.publish(
    manifest({
      written: `url: "${api.url}/a"`,
      guessed: `url: "http://{{ env.NONE | default('${host}') }}/a"`,
      named: 'url: "{{ env.BASE }}/a"'
    })
  )
  const location = other.documentUrl
  const unnamed = await open(t, '', { location })
  for (const type of ['written', 'guessed']) {
    await assert.rejects(unnamed.load(type), { code: 'EGRESS_DENIED' })
  }
  const { load } = await open(t, '', { location, environment: { BASE: `${api.url}/named` } })
  api.answer({ json: [] })
  await load('named')
  assert.deepEqual(api.takeCalls(), ['GET /named/a'])
})

test('the signal of a command ends its calls', async t => {
  const api = await startApi(t, '')
  const { load, stop } = await open(t, manifest({ a: `url: "${api.url}/a"` }))
  api.answer(() => stop.abort(new Error('stopped')))
  await assert.rejects(load('a'), { message: 'stopped' })
})

test('an unusable document or configuration is refused when a command opens it', async t => {
  await assert.rejects(open(t, 'CONFIG: ['), { code: 'DOCUMENT_NOT_PARSED' })
  await assert.rejects(open(t, 'title: x'), { code: 'DOCUMENT_NOT_OPENAPI' })
  await assert.rejects(open(t, '', { location: 'none.yaml' }), {
    message: '"none.yaml" cannot be read: there is no such file'
  })
  await assert.rejects(
    open(t, manifest({ a: 'url: "https://a.example"' }), {
      options: { '--set-config': 'Login=x' }
    }),
    { code: 'CONFIG_INVALID' }
  )
})
