import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nearest } from '../../service/base/nearest.ts'

test('the known word with the fewest changed letters is suggested', () => {
  const known = ['get', 'put', 'post', 'delete', 'patch']
  const rows: readonly (readonly [string, string])[] = [
    ['pots', 'post'],
    ['PACTH', 'patch'],
    ['delet', 'delete'],
    ['get', 'get']
  ]
  for (const [given, wanted] of rows) assert.equal(nearest(given, known), wanted, given)
})

test('a word that shares too little with every known one gets no suggestion', () => {
  assert.equal(nearest('fetch', ['get', 'put', 'post']), undefined)
  assert.equal(nearest('ab', ['cd', 'a']), undefined)
  assert.equal(nearest('anything', []), undefined)
})

test('two letters that changed places are one change, and case counts nothing', () => {
  assert.equal(nearest('lmiit', ['limit', 'lists']), 'limit')
  assert.equal(nearest('PETID', ['petId']), 'petId')
})

test('of two equally near words the first is suggested', () => {
  assert.equal(nearest('cat', ['car', 'bat']), 'car')
})
