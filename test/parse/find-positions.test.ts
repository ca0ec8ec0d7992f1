import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { follow, pointer } from '../../service/base/json-pointer.ts'
import { findPositions } from '../../service/parse/find-positions.ts'
import { parseYaml } from '../../service/parse/parse-yaml.ts'

/** Asserts where pointers are found, each as `pointer line:column`. */
function assertFound(text: string, wanted: readonly string[]): void {
  const rows = wanted.map(row => row.slice(0, row.lastIndexOf(' ')))
  const found = findPositions(text, rows)
  assert.deepEqual(
    rows.map(at => `${at} ${found.get(at)?.line}:${found.get(at)?.column}`),
    wanted
  )
}

test('J06 in block YAML a member is found at its key, an item at its start', () => {
  const text = `openapi: 3.0.3
# a comment: with a colon
paths:
  /a/{b}:
    get:
      tags:
        - one
        -   two
      "quoted key": 1
      'single ''quoted''': 2
    parameters:
      - name: b
        in: path
`
  assertFound(text, [
    ' 1:1',
    '/openapi 1:1',
    '/paths 3:1',
    '/paths/~1a~1{b} 4:3',
    '/paths/~1a~1{b}/get/tags/0 7:11',
    '/paths/~1a~1{b}/get/tags/1 8:13',
    '/paths/~1a~1{b}/get/quoted key 9:7',
    "/paths/~1a~1{b}/get/single 'quoted' 10:7",
    '/paths/~1a~1{b}/parameters/0 12:9',
    '/paths/~1a~1{b}/parameters/0/in 13:9'
  ])
})

test('J06 in flow YAML too, on one line or several', () => {
  const text = `a: {b: [1, {c: d}], "e f": g,
  h: i}
j: [k,
  l]
`
  assertFound(text, [
    '/a/b 1:5',
    '/a/b/0 1:9',
    '/a/b/1 1:12',
    '/a/b/1/c 1:13',
    '/a/e f 1:21',
    '/a/h 2:3',
    '/j/1 4:3'
  ])
})

test('J06 after multi-line scalars, empty values, comments and explicit keys', () => {
  const text = `a: |
  key: not a key

  more
b: >-
  folded
   text
c: "double
  quoted"
d: plain
  goes on
e:
f: ~
? g
: h
i: # nothing
  - # item
    j: k
`
  assertFound(text, [
    '/a 1:1',
    '/b 5:1',
    '/c 8:1',
    '/d 10:1',
    '/e 12:1',
    '/f 13:1',
    '/g 14:3',
    '/i 16:1',
    '/i/0/j 18:5'
  ])
})

test('J06 a value from an alias or a merge is found at the alias or merge', () => {
  const text = `a: &base
  x: 1
b: *base
c:
  <<: *base
  z: 2
d: [*base, 3]
`
  assertFound(text, [
    '/a/x 2:3',
    '/b 3:1',
    '/b/x 3:1',
    '/c/x 4:1',
    '/c/z 6:3',
    '/d/0 7:5',
    '/d/0/x 7:5',
    '/d/1 7:12'
  ])
})

test('J06 a pointer that the text does not have takes its nearest ancestor', () => {
  assertFound('a:\n  b: 1\n', ['/a/c/d 1:1', '/z/y 1:1', '/a/b/c 2:3'])
})

test('J06 items that are left empty, tagged, anchored or several lines long', () => {
  const text = `a:
  -
  - &x {y: 1}
  - !!str z
  - |
    long
  - ''
`
  assertFound(text, ['/a/0 1:1', '/a/1 3:8', '/a/1/y 3:9', '/a/2 4:11', '/a/4 7:5'])
})

test('J06 keys that are numbers, words or escaped are found', () => {
  const text = `responses:
  200: a
  '404': b
  true: c
"\\u0061b/c~d": e
`
  assertFound(text, [
    '/responses/200 2:3',
    '/responses/404 3:3',
    '/responses/true 4:3',
    '/ab~1c~0d 5:1'
  ])
})

test('J06 in JSON with tabs, CRLF and a byte order mark', () => {
  const text =
    '{\r\n\t"a": {"b": [true, {"c": null}]},\r\n\t"d\\"e": "{[:,",\r\n\t"f\\u0067" : 1e5\r\n}\r\n'
  const wanted = [
    '/a 2:2',
    '/a/b 2:8',
    '/a/b/0 2:14',
    '/a/b/1 2:20',
    '/a/b/1/c 2:21',
    '/d"e 3:2',
    '/fg 4:2'
  ]
  assertFound(text, wanted)
  assertFound(`\uFEFF${text}`, wanted)
})

test('J06 flow YAML that only looks like JSON is read as YAML', () => {
  assertFound('{a: 1,\n \'b\': {"c": 2}}', ['/a 1:2', '/b 2:2', '/b/c 2:8'])
  assertFound('{"a": 1,\n b: {c: 2}}', ['/a 1:2', '/b 2:2', '/b/c 2:6'])
})

test('J06 every member of any JSON value is found, and is there', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (value, isWide) => {
      const text = JSON.stringify(value, null, isWide ? 2 : 0)
      const lines = text.split('\n')
      for (const key of Object.keys(value)) {
        const at = pointer('', key)
        const { line, column } = findPositions(text, [at]).get(at) ?? { line: 0, column: 0 }
        const written = JSON.stringify(key)
        assert.equal(lines[line - 1]?.slice(column - 1, column - 1 + written.length), written)
      }
    })
  )
})

test('J06 YAML and JSON readers agree on where the members of JSON stand', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z /~.]+$/), fc.jsonValue()), value => {
      const json = JSON.stringify(value, null, 2)
      // A comment makes it YAML only; positions move down by one line.
      const yaml = `# comment\n${json}`
      const pointers = Object.keys(value).map(key => pointer('', key))
      const [inJson, inYaml] = [findPositions(json, pointers), findPositions(yaml, pointers)]
      for (const at of pointers) {
        assert.deepEqual(inYaml.get(at), {
          ...inJson.get(at),
          line: (inJson.get(at)?.line ?? 0) + 1
        })
        assert.notEqual(follow(parseYaml(yaml), at), undefined)
      }
    }),
    { numRuns: 50 }
  )
})

test('J06 a document of one value, with a string of many megabytes in it, is read', () => {
  const text = `{"a": "${'\\n'.repeat(6_000_000)}", "b": 1}`
  assert.deepEqual(findPositions(text, ['/b']).get('/b'), { line: 1, column: 12_000_011 })
  assertFound('text', [' 1:1', '/a 1:1'])
  assert.equal(findPositions('a: 1', []).size, 0)
})
