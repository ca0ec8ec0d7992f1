import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sourceLines } from '../../service/cli/check/source-lines.ts'

test('J06 an excerpt is the line that is pointed at, with the caret below its column', () => {
  const excerptOf = sourceLines('one\r\n  two: [a]\nthree')
  assert.deepEqual(excerptOf(1, 1), { text: 'one', caret: 0 })
  assert.deepEqual(excerptOf(2, 8), { text: '  two: [a]', caret: 7 })
  assert.deepEqual(excerptOf(3, 5), { text: 'three', caret: 4 })
})

test('a place that the text does not have has no excerpt', () => {
  const excerptOf = sourceLines('one\ntwo')
  assert.deepEqual(
    [excerptOf(0, 1), excerptOf(3, 1), excerptOf(1, 9)],
    [undefined, undefined, undefined]
  )
})

test('of a long line only what is around the column is shown, and the caret stays below it', () => {
  const line = Array.from({ length: 400 }, (_, index) => index % 10).join('')
  const excerptOf = sourceLines(line)
  assert.deepEqual(excerptOf(1, 3), { text: line.slice(0, 100), caret: 2 })
  const { text = '', caret = -1 } = excerptOf(1, 251) ?? {}
  assert.equal(text, line.slice(210, 310))
  assert.equal(line[250], text[caret])
  assert.deepEqual(excerptOf(1, 400), { text: line.slice(359), caret: 40 })
})

test('control characters of a document do not reach the terminal', () => {
  const excerptOf = sourceLines('a\t\u001b[31mb\u0007c')
  assert.deepEqual(excerptOf(1, 8), { text: 'a  [31mb c', caret: 7 })
})
