import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { createSealer, makeKey, readKeys } from '../../service/store/sealer.ts'

test('what is sealed opens again for its context, and has no character that a header or URL mangles', () => {
  const sealer = createSealer([makeKey()])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
      const sealed = sealer.seal(text, context)
      assert.match(sealed, /^[\w-]+$/)
      assert.equal(sealer.open(sealed, context), text)
    })
  )
})

test('nothing opens for another context, under another key, or changed by one character', () => {
  const sealer = createSealer([makeKey()])
  const sealed = sealer.seal('page 7', 'tenant a')
  assert.equal(sealer.open(sealed, 'tenant b'), undefined)
  assert.equal(createSealer([makeKey()]).open(sealed, 'tenant a'), undefined)
  for (let index = 0; index < sealed.length - 1; index++) {
    const other = sealed[index] === 'A' ? 'B' : 'A'
    assert.equal(
      sealer.open(sealed.slice(0, index) + other + sealed.slice(index + 1), 'tenant a'),
      undefined
    )
  }
  assert.equal(sealer.open('', 'tenant a'), undefined)
  assert.equal(sealer.open('no token of ours', 'tenant a'), undefined)
})

test('a new key in front of the old one opens what the old one sealed', () => {
  const [old, fresh] = [makeKey(), makeKey()]
  const sealed = createSealer([old]).seal('page 7', '')
  assert.equal(createSealer([fresh, old]).open(sealed, ''), 'page 7')
})

test('keys are read from a list in base64, and a key of another length is none', () => {
  const key = Buffer.from(makeKey()).toString('base64')
  assert.equal(readKeys(`${key}, ${key}`)?.length, 2)
  assert.equal(readKeys('c2hvcnQ='), undefined)
  assert.equal(readKeys(`${key},`), undefined)
})

test('what was sealed opens in its one spelling only', () => {
  const sealer = createSealer([makeKey()])
  const sealed = sealer.seal('text', 'context')
  assert.equal(sealer.open(sealed, 'context'), 'text')
  for (const other of [`${sealed}=`, `${sealed}=x`, ` ${sealed}`, `${sealed}\n`, `${sealed}!`]) {
    assert.equal(sealer.open(other, 'context'), undefined, other)
  }
})
