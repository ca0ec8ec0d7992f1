import assert from 'node:assert/strict'
import test from 'node:test'

import { readConfigurationValues } from '../../service/protocol/configuration-values.ts'

test('K02 configuration values are known by their names in lower case', () => {
  const values = readConfigurationValues([
    { developerName: 'Schema URL', contentValue: 'https://a.example/openapi.yaml' },
    { developerName: ' API Key ', contentValue: ' k-1 ' }
  ])
  assert.deepEqual(Object.entries(values), [
    ['schema url', 'https://a.example/openapi.yaml'],
    ['api key', ' k-1 ']
  ])
})

test('a value that is absent, null or blank is not set, and the first that is set counts', () => {
  const values = readConfigurationValues([
    { developerName: 'A', contentValue: null },
    { developerName: 'B', contentValue: ' ' },
    { developerName: 'C' },
    { contentValue: 'x' },
    { developerName: 'A', contentValue: '1' },
    { developerName: 'a', contentValue: '2' }
  ])
  assert.deepEqual(Object.entries(values), [['a', '1']])
})

test('vector 1: no list is no values', () => {
  assert.deepEqual(Object.keys(readConfigurationValues(null)), [])
  assert.deepEqual(Object.keys(readConfigurationValues(undefined)), [])
})

test('the name of a built-in member is a name like any other', () => {
  const values = readConfigurationValues([{ developerName: '__proto__', contentValue: 'x' }])
  assert.deepEqual(Object.entries(values), [['__proto__', 'x']])
  assert.equal(readConfigurationValues([]).constructor, undefined)
})
