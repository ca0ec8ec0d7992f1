import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { renderSettings } from '../docs/render-settings.ts'
import { readSettings } from '../service/read-settings.ts'
import { SettingsError } from '../service/settings.ts'

test('docs/settings.md is what the schema says', () => {
  assert.equal(readFileSync('docs/settings.md', 'utf8'), renderSettings())
})

test('an empty environment and blank values give the defaults', () => {
  const { settings, warnings } = readSettings({ PORT: '  ', LOG_LEVEL: '' })
  assert.equal(settings.PORT, 8080)
  assert.equal(settings.HOST, '0.0.0.0')
  assert.equal(settings.LOG_LEVEL, 'info')
  assert.equal(settings.DOCUMENT_TTL_S, 300)
  assert.deepEqual(warnings, [])
})

test('K01 a log level is read in any letter case and in the words of other systems', () => {
  assert.equal(readSettings({ LOG_LEVEL: 'WARNING' }).settings.LOG_LEVEL, 'warn')
  assert.equal(readSettings({ LOG_LEVEL: 'Debug' }).settings.LOG_LEVEL, 'debug')
})

const malformed = [
  {
    name: 'PORT',
    value: '80a',
    says: /^PORT is "80a"; allowed is a whole number from 0 to 65535$/
  },
  { name: 'PORT', value: '70000', says: /^PORT is "70000"/ },
  {
    name: 'LOG_LEVEL',
    value: 'loud',
    says: /^LOG_LEVEL is "loud"; allowed is one of trace, debug/
  },
  { name: 'BASE_PATH', value: 'flow/', says: /^BASE_PATH is "flow\/"; allowed is a path such as/ },
  {
    name: 'MAX_IN_FLIGHT',
    value: '0',
    says: /^MAX_IN_FLIGHT is "0"; allowed is a whole number from 1$/
  },
  { name: 'DOOR_REQUESTS_PER_SECOND', value: '0', says: /allowed is a whole number from 1$/ },
  { name: 'TENANT_REQUESTS_PER_SECOND', value: 'no', says: /allowed is a whole number from 1$/ },
  { name: 'UPSTREAM_TIMEOUT_MS', value: '0', says: /allowed is a whole number from 1$/ },
  { name: 'SCAN_MAX_RECORDS', value: '1.5', says: /^SCAN_MAX_RECORDS is "1.5"/ }
]
for (const { name, value, says } of malformed) {
  test(`${name}=${value} stops the start with the name, what it got and what is allowed`, () => {
    assert.throws(
      () => readSettings({ [name]: value }),
      error => error instanceof SettingsError && says.test(error.message)
    )
  })
}

for (const [name, value, says] of [
  [
    'CONNECTOR_TOKENS',
    'planted-short',
    /^CONNECTOR_TOKENS is malformed; allowed is secrets of at least 16 letters/
  ],
  ['CONNECTOR_TOKENS', 'planted-long-enough-1,planted-short', /^CONNECTOR_TOKENS is malformed/],
  ['CONNECTOR_TOKENS', 'planted-long-enough-1,', /^CONNECTOR_TOKENS is malformed/],
  ['CONNECTOR_TOKENS', 'planted/long/enough-1', /^CONNECTOR_TOKENS is malformed/],
  ['CONNECTOR_TOKENS', 'planted-lóng-enough', /^CONNECTOR_TOKENS is malformed/],
  [
    'CONNECTOR_USERNAME',
    'plan:ted',
    /^CONNECTOR_USERNAME is malformed; allowed is text without a colon/
  ],
  [
    'CONNECTOR_PASSWORD',
    'plan\u0007ted',
    /^CONNECTOR_PASSWORD is malformed; allowed is text without control/
  ],
  [
    'CONNECTOR_USERNAME',
    'planted',
    /^CONNECTOR_PASSWORD is blank, but CONNECTOR_USERNAME requires it/
  ],
  [
    'CONNECTOR_PASSWORD',
    'planted',
    /^CONNECTOR_USERNAME is blank, but CONNECTOR_PASSWORD requires it/
  ]
] as const) {
  test(`${name}=${JSON.stringify(value)} stops the start, and is not repeated`, () => {
    assert.throws(
      () => readSettings({ [name]: value }),
      error =>
        error instanceof SettingsError &&
        says.test(error.message) &&
        !/plan.?ted/.test(error.message)
    )
  })
}

test('tokens and a login are read as they are given, and a limit that is not set is none', () => {
  const { settings } = readSettings({
    CONNECTOR_USERNAME: 'platform',
    CONNECTOR_PASSWORD: ' a b:c ',
    CONNECTOR_TOKENS: 'abcdefghijklmnop , ABCDEFGHIJ-._~0123'
  })
  assert.equal(settings.CONNECTOR_PASSWORD, 'a b:c')
  assert.equal(settings.CONNECTOR_TOKENS, 'abcdefghijklmnop , ABCDEFGHIJ-._~0123')
  assert.equal(settings.TENANT_REQUESTS_PER_SECOND, undefined)
  const limited = readSettings({ TENANT_REQUESTS_PER_SECOND: '5' })
  assert.equal(limited.settings.TENANT_REQUESTS_PER_SECOND, 5)
})

test('a name that is one or two letters from a setting is a warning, other names are not looked at', () => {
  const { warnings } = readSettings({
    PORTT: '1',
    UPSTREAM_TIMEOT_MS: '5',
    PATH: '/bin',
    HOSTNAME: 'a'
  })
  assert.deepEqual(warnings, [
    'PORTT is not a setting; did you mean PORT?',
    'UPSTREAM_TIMEOT_MS is not a setting; did you mean UPSTREAM_TIMEOUT_MS?'
  ])
})

const KEY = Buffer.alloc(32, 1).toString('base64')

test('REDIS_URL is redis:// or rediss:// with a host, and as needed user, password, port and number', () => {
  for (const url of [
    'redis://localhost',
    'redis://:p%40ss@10.0.0.1:6380/2',
    'rediss://user:s3cret@redis.example.com:6379/',
    'redis://[::1]:6379'
  ]) {
    const { settings } = readSettings({ REDIS_URL: url, STORE_KEY: KEY })
    assert.equal(settings.REDIS_URL, url)
  }
})

for (const url of [
  'localhost:6379',
  'http://user:s3cret@localhost',
  'REDIS://user:s3cret@localhost',
  'redis://user:s3cret@localhost:99999',
  'redis://user:s3cret@/0',
  'redis://user:s3cret@localhost/zero',
  'redis://user:s3cret@localhost?db=1',
  'redis://user:s3cret@localhost#x',
  'redis://user:s3cret%zz@localhost'
]) {
  test(`REDIS_URL=${url} stops the start without being shown`, () => {
    assert.throws(
      () => readSettings({ REDIS_URL: url, STORE_KEY: KEY }),
      error =>
        error instanceof SettingsError &&
        /^REDIS_URL is malformed; allowed is redis:\/\/ or rediss:\/\/ with a host/.test(
          error.message
        )
    )
  })
}

test('REDIS_URL without STORE_KEY stops the start', () => {
  assert.throws(
    () => readSettings({ REDIS_URL: 'redis://:s3cret@localhost' }),
    error =>
      error instanceof SettingsError &&
      /^STORE_KEY is blank, but REDIS_URL requires it; allowed is keys of 32 bytes/.test(
        error.message
      )
  )
})

for (const [given, processes] of [
  [{ COMPILE_THREADS: '3' }, 3],
  [{ COMPILE_THREADS: '3', COMPILE_PROCESSES: '2' }, 2],
  [{ COMPILE_THREADS: '3', COMPILE_PROCESSES: ' ' }, 3]
] as const) {
  test(`H6 the former name COMPILE_THREADS is read, with a warning: ${JSON.stringify(given)}`, () => {
    const { settings, warnings } = readSettings(given)
    assert.equal(settings.COMPILE_PROCESSES, processes)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /COMPILE_THREADS .* COMPILE_PROCESSES/)
  })
}

test('H6 a blank former name is no warning, and waiting has a bound of its own', () => {
  const { settings, warnings } = readSettings({ COMPILE_THREADS: '' })
  assert.deepEqual([settings.COMPILE_PROCESSES, settings.WAITING_MAX, warnings], [1, 1_024, []])
  assert.equal(readSettings({ WAITING_MAX: '0' }).settings.WAITING_MAX, 0)
})

test('H6 a malformed value under a former name stops the start', () => {
  assert.throws(() => readSettings({ COMPILE_THREADS: 'two' }), /COMPILE_THREADS is "two"/)
})
