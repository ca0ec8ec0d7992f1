import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../../service/base/json.ts'
import { createTargetFinder } from '../../../service/parse/overlay/find-targets.ts'

const TREE: JsonValue = {
  paths: { '/a': { get: { tags: ['x', 'y'] } }, '/b/{id}': { get: {}, post: { tags: ['x'] } } },
  list: [{ name: 'one', in: 'query' }, { name: 'two' }, { name: 'on' }],
  'odd key': { 'it"s': 1 }
}

function found(path: string, tree: JsonValue = TREE): string[] | string {
  const targets = createTargetFinder()(path, tree)
  return 'fault' in targets ? targets.fault : targets.paths.map(each => each.join(' '))
}

test('A29 JSONPaths of RFC 9535 lead to their places, each once', () => {
  assert.deepEqual(found('$'), [''])
  assert.deepEqual(found("$.paths['/b/{id}'].post.tags[0]"), ['paths /b/{id} post tags 0'])
  assert.deepEqual(found('$.list[-1]'), ['list 2'])
  assert.deepEqual(found('$.list[0:2]'), ['list 0', 'list 1'])
  assert.deepEqual(found('$.list[0,0,1,0]'), ['list 0', 'list 1'])
  assert.deepEqual(found('$.paths[*].*.tags'), ['paths /a get tags', 'paths /b/{id} post tags'])
  assert.deepEqual(found("$.paths.*[?@.tags[?@ == 'x']]"), ['paths /a get', 'paths /b/{id} post'])
  assert.deepEqual(found("$.list[?@.in == 'query' && @.name]"), ['list 0'])
  assert.deepEqual(found('$..tags'), ['paths /a get tags', 'paths /b/{id} post tags'])
  assert.deepEqual(found('$["odd key"]["it\\"s"]'), ['odd key it"s'])
  assert.deepEqual(found('$.nothing.at.all'), [])
  assert.deepEqual(found('$.list[?length(@.name) > 2]'), ['list 0', 'list 1'])
  assert.deepEqual(found('$.list[?count(@.*) == 2]'), ['list 0'])
})

test('A29 match is about a whole text, search about a part, and a pattern that is none matches nothing', () => {
  assert.deepEqual(found("$.list[?match(@.name, 'on.?')]"), ['list 0', 'list 2'])
  assert.deepEqual(found("$.list[?match(@.name, 'n')]"), [])
  assert.deepEqual(found("$.list[?search(@.name, 'n')]"), ['list 0', 'list 2'])
  assert.deepEqual(found("$.list[?search(@.name, '[nw]')]"), ['list 0', 'list 1', 'list 2'])
  assert.deepEqual(found("$.list[?match(@.name, '(')]"), [])
  assert.deepEqual(found('$.list[?match(@.nothing, @.name)]'), [])
  assert.deepEqual(found("$[?match(@, 'a.b')]", ['a\nb', 'a\rb', 'a\u2028b', 'a😀b']), ['2', '3'])
})

test('A29 a pattern that backtracks takes no longer than any other', () => {
  const text = 'a'.repeat(50_000)
  assert.deepEqual(found("$[?match(@, '(a+)+b')]", [text]), [])
  assert.deepEqual(found("$[?search(@, '(a|a)*b')]", [text]), [])
})

test('A29 what is no JSONPath is told, and so are one that is too long and one with too many matches', () => {
  for (const path of [
    '',
    'info',
    '$.',
    '$[',
    "$['a",
    '$.a b',
    '$[?@.a =]',
    '$[?nothing(@)]',
    '/a/b'
  ]) {
    assert.match(String(found(path)), /^its JSONPath is invalid: ./, path)
  }
  assert.equal(found(`$${'.a'.repeat(3_000)}`), 'its JSONPath has more than 4000 characters')
  const wide: JsonValue = Array.from({ length: 100_001 }, () => 0)
  assert.equal(found('$[*]', wide), 'its JSONPath matches more than 100000 values')
  let deep: JsonValue = {}
  for (let level = 0; level < 30; level++) deep = { a: deep, b: [] }
  assert.equal(found('$..*..*..*..*..*', deep), 'its JSONPath matches more than 100000 values')
  assert.match(String(found(`$[?${'('.repeat(1_900)}@.a${')'.repeat(1_900)}]`)), /.?/)
})

test('A29 trees as deep as documents may be are searched to the bottom', () => {
  let deep: JsonValue = { x: 1 }
  for (let level = 0; level < 199; level++) deep = { a: deep }
  const [path] = [found('$..x', deep)].flat()
  assert.equal(path?.split(' ').length, 200)
})
