import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { renderSettings } from '../docs/render-settings.ts'
import { readSettings, SettingsError } from '../service/settings.ts'

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
