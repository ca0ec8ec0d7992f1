import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

/** The rooms of the house from the top down: a room imports only from itself and from those above. */
const ROOMS = [
  'base',
  'time',
  'problems.ts',
  'diagnostics.ts',
  'errors.ts',
  'settings.ts',
  'read-settings.ts',
  'store',
  'observe',
  'net',
  'processes',
  'parse',
  'model',
  'vocabulary',
  'compiler',
  'objects',
  'plan',
  'diff',
  'exchange',
  'identity',
  'documents',
  'operations',
  'ingest',
  'bulk',
  'protocol',
  'plugins',
  'routes',
  'console',
  'compile-worker.ts',
  'connector.ts',
  'app.ts',
  'cli',
  'main.ts'
]

/** Packages that only one part of the house may import. */
const OWNERS: { readonly [name: string]: readonly string[] } = {
  got: ['net'],
  undici: ['net'],
  'ipaddr.js': ['net'],
  'node:child_process': ['processes'],
  'js-yaml': ['parse'],
  '@readme/openapi-parser': ['parse'],
  'json-p3': ['parse'],
  swagger2openapi: ['parse'],
  oauth4webapi: ['identity'],
  ioredis: ['store'],
  'prom-client': ['observe'],
  'json-schema-faker': ['exchange'],
  re2js: ['base', 'parse'],
  aws4fetch: ['ingest'],
  bullmq: ['bulk'],
  'csv-parse': ['bulk'],
  'csv-stringify/sync': ['bulk'],
  'hyparquet-writer': ['bulk'],
  'node:sqlite': ['cli'],
  fastify: ['plugins', 'routes', 'app.ts']
}

/** What opens connections, or asks name servers. */
const DOORS = /^(got|undici|(node:)?(https?|http2|net|tls|dns|dns\/promises|dgram))$/
const GLOBAL_DOORS = /(?<![.\w])(?:fetch|WebSocket|EventSource)\(|globalThis\b/

const IMPURE = /\bawait\b|\bDate\.now\b|new Date\(\)|randomUUID|Math\.random|console\.|process\./

const files = await Array.fromAsync(glob('**/*.ts', { cwd: 'service' }))
const sources = new Map(files.map(file => [file, readFileSync(join('service', file), 'utf8')]))

function importsOf(file: string): string[] {
  const source = sources.get(file) ?? ''
  const found = source.matchAll(
    /^(?:import|export)\b[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gms
  )
  return [...found].map(([, from, bare]) => from ?? bare ?? '')
}

function localImports(file: string): string[] {
  return importsOf(file)
    .filter(target => target.startsWith('.'))
    .map(target => normalize(join(dirname(file), target)))
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file
}

test('every file of the service stands in a room of the house', () => {
  assert.ok(files.length > 50)
  assert.deepEqual(
    [...new Set(files.map(roomOf))].filter(room => !ROOMS.includes(room)),
    []
  )
})

test('a room imports only from itself and from rooms above it', () => {
  const wrong = files.flatMap(file =>
    localImports(file)
      .filter(target => ROOMS.indexOf(roomOf(target)) > ROOMS.indexOf(roomOf(file)))
      .map(target => `${file} imports ${target}`)
  )
  assert.deepEqual(wrong, [])
})

test('the house has no import cycles', () => {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' > '))
      return
    }
    state.set(file, 'open')
    for (const target of localImports(file)) visit(target, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  assert.deepEqual(cycles, [])
})

test('a package that has an owner is imported nowhere else', () => {
  const wrong = files.flatMap(file =>
    importsOf(file)
      .filter(name => OWNERS[name] !== undefined && !OWNERS[name].includes(roomOf(file)))
      .map(name => `${file} imports ${name}`)
  )
  assert.deepEqual(wrong, [])
})

test('the compiler is imported by its worker and by commands only', () => {
  const wrong = files
    .filter(file => !['compiler', 'compile-worker.ts', 'cli'].includes(roomOf(file)))
    .flatMap(file =>
      localImports(file)
        .filter(target => roomOf(target) === 'compiler')
        .map(target => `${file} imports ${target}`)
    )
  assert.deepEqual(wrong, [])
})

test('B8 every process and thread of the service first removes the accessor __proto__', () => {
  const starts = files.filter(file =>
    /\banswerTasks\(|\bparentPort\b/.test(sources.get(file) ?? '')
  )
  const workers = starts.filter(file => file !== 'processes/answer-tasks.ts')
  assert.equal(workers.length, 5)
  const wrong = [...workers, 'main.ts', 'app.ts'].filter(
    file => localImports(file)[0] !== 'base/forget-proto.ts' || !importsOf(file)[0]?.startsWith('.')
  )
  assert.deepEqual(wrong, [])
})

test('B5 the rules of OpenAPI are tried for commands only, so that no flow request waits for them', () => {
  const users = files.filter(file => localImports(file).includes('parse/check-rules.ts'))
  assert.deepEqual(
    users.filter(file => roomOf(file) !== 'cli' && file !== 'parse/check-rules-worker.ts'),
    []
  )
})

test('nothing but the network room has a way out', () => {
  const wrong = files
    .filter(file => roomOf(file) !== 'net')
    .flatMap(file => {
      // Types open nothing, and neither do the words of HTTP's status codes, nor a server.
      const source = (sources.get(file) ?? '')
        .replace(/^import type\b[^'"]*?from\s+'[^']+'/gms, '')
        .replace("import { STATUS_CODES } from 'node:http'", '')
        .replace("import { createServer } from 'node:net'", '')
      const loaded = source.matchAll(
        /(?:\bfrom\s+|\bimport[\s(]+|\brequire\(|getBuiltinModule\()['"`]([^'"`]+)/g
      )
      const doors = [...loaded].map(([, name]) => name ?? '').filter(name => DOORS.test(name))
      return [...doors, ...(source.match(GLOBAL_DOORS) ?? [])].map(door => `${file} has ${door}`)
    })
  assert.deepEqual(wrong, [])
})

test('base, model, vocabulary, compiler, objects, plan, diff and protocol are pure', () => {
  const pure = ['base', 'model', 'vocabulary', 'compiler', 'objects', 'plan', 'diff', 'protocol']
  const wrong = files
    .filter(file => pure.includes(roomOf(file)))
    .filter(file => IMPURE.test((sources.get(file) ?? '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
  assert.deepEqual(wrong, [])
})

test('the page imports itself and packages, and of the service types only', async () => {
  const modules = await Array.fromAsync(glob('**/*.js', { cwd: 'service/console' }))
  assert.ok(modules.length > 15)
  for (const module of modules) {
    const source = readFileSync(join('service/console', module), 'utf8')
    const code = source.replace(/\/\*[\s\S]*?\*\//g, '')
    for (const [, target = ''] of code.matchAll(/\b(?:from|import)[\s(]+'([^']+)'/g)) {
      const isOwn = !target.startsWith('.') || modules.includes(join(dirname(module), target))
      assert.ok(isOwn, `${module} imports ${target}`)
    }
    const calls = module === 'service-client.js' ? [] : (code.match(GLOBAL_DOORS) ?? [])
    assert.deepEqual(calls, [], module)
  }
})
