import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import {
  aliasFault,
  POINTER_LENGTH_MAX,
  textFault,
  TREE_DEPTH_MAX,
  treeFault,
  VALUES_MAX
} from '../../service/parse/check-tree.ts'
import { lineAndColumn, parseDocument } from '../../service/parse/parse-document.ts'
import { parseYaml } from '../../service/parse/parse-yaml.ts'

const URL = 'https://docs.example.com/api'
const YAML = 'openapi: 3.0.3\ninfo: {title: Test}\n'
const JSON_TEXT = '{"openapi": "3.0.3", "info": {"title": "Test"}}'
const ROOT = { openapi: '3.0.3', info: { title: 'Test' } }

function parse(text: string, contentType = ''): JsonValue {
  return parseDocument(text, contentType, URL).root
}

/** Asserts that a text is refused, and that its problem says so. */
function assertRefused(text: string, code: string, message: RegExp, contentType = ''): void {
  assert.throws(() => parse(text, contentType), {
    name: 'ConnectorError',
    code,
    status: 422,
    message
  })
}

test('A02 A03 YAML and JSON are read, and the document knows its text and where it was read', () => {
  assert.deepEqual(parse(YAML, 'application/yaml'), ROOT)
  assert.deepEqual(parse(JSON_TEXT, 'application/json'), ROOT)
  const document = parseDocument(YAML, 'text/yaml', URL)
  assert.equal(document.text, YAML)
  assert.equal(document.url, URL)
})

test('A04 A06 a wrong content type, or none, does not stop a good text', () => {
  for (const type of ['', 'text/plain', 'application/json', 'application/yaml', 'image/png']) {
    assert.deepEqual(parse(YAML, type), ROOT, type)
    assert.deepEqual(parse(JSON_TEXT, type), ROOT, type)
  }
})

test('A05 vendor content types of OpenAPI are read', () => {
  assert.deepEqual(parse(JSON_TEXT, 'application/vnd.oai.openapi+json;version=3.0'), ROOT)
  assert.deepEqual(parse(YAML, 'application/vnd.oai.openapi;version=3.0'), ROOT)
})

test('A04 JSON with tabs, CRLF line ends and a byte order mark is read', () => {
  assert.deepEqual(
    parse('\uFEFF{\r\n\t"openapi": "3.0.3",\r\n\t"info": {"title": "Test"}\r\n}\r\n'),
    ROOT
  )
  assert.deepEqual(parse('\uFEFFopenapi: 3.0.3\r\ninfo:\r\n  title: Test\r\n'), ROOT)
})

test('A12 A15 documents of version 3.0, 3.1 and 3.2 are read', () => {
  for (const version of ['3.0.0', '3.0.4', '3.1.0', '3.1.2', '3.2.0']) {
    assert.deepEqual(parse(`openapi: ${version}`), { openapi: version })
  }
})

test('A13 other versions are refused by their number', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['swagger: "1.2"', /Swagger 1\.2/],
    ['{"swagger": "1.2"}', /Swagger 1\.2/],
    ['openapi: 3.3.0', /OpenAPI 3\.3\.0/],
    ['openapi: 4.0.0', /OpenAPI 4\.0\.0/],
    ['openapi: 2.0', /OpenAPI 2/],
    ['openapi: "3"', /OpenAPI 3, without its minor version/]
  ]
  for (const [text, message] of rows) {
    assertRefused(text, 'DOCUMENT_VERSION_UNSUPPORTED', message)
  }
})

test('M8 a version without quotes is told to be a number, with the text to write', () => {
  for (const [text, given, right] of [
    ['openapi: 3.1', '3.1', '3.1.0'],
    ['openapi: 3.0', '3', '3.0.0'],
    ['openapi: 3', '3', '3.0.0'],
    ['{"openapi": 3.2}', '3.2', '3.2.0']
  ] as const) {
    assert.throws(() => parse(text), {
      code: 'DOCUMENT_VERSION_UNQUOTED',
      message: `the version of the document at ${URL} is the number ${given}, and has to be text`,
      remedy: `Quote it: \`openapi: "${right}"\`.`
    })
  }
})

test('A16 what is no OpenAPI document is refused as such, not as unreachable or broken', () => {
  for (const text of [
    '',
    ' \n ',
    '<!doctype html><html></html>',
    '<?xml version="1.0"?>',
    'just a text',
    '- a\n- list',
    '[1, 2]',
    '42',
    'title: no version',
    '{"info": {}}'
  ]) {
    assertRefused(text, 'DOCUMENT_NOT_OPENAPI', /docs\.example\.com\/api/)
  }
})

test('A16 a broken text is refused with the line and column at which it breaks', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['openapi: 3.0.3\ninfo: {title: [}', /broken YAML, .* at line 2, column 16/],
    ['openapi: 3.0.3\ninfo:\n\ttitle: x', /broken YAML, tab characters .* at line 3, column 1/],
    ['openapi: 3.0.3\nopenapi: 3.0.3', /broken YAML, duplicated mapping key at line 2, column 1/],
    ['openapi: 3.0.3\n---\nopenapi: 3.0.3', /broken YAML, .* at line 3/],
    ['{"openapi": "3.0.3",\n "a": {"b" 1}}', /broken JSON at line 2, column 12/],
    ['{"openapi": "3.0.3",\n "a": [1,}', /broken JSON at line 2, column 10/],
    ['{"openapi": "3.0.3",\n "a": {', /broken JSON at line 2, column 8/],
    ['{"openapi": "3.0.3"}\n}', /broken JSON at line 2, column 1/]
  ]
  for (const [text, message] of rows) assertRefused(text, 'DOCUMENT_NOT_PARSED', message)
})

test('A16 the problem says nothing of the text, which may be anything that the URL led to', () => {
  for (const text of ['{"openapi": s3cret', 'a: "s3cret\n', 's3cret: [', '!s3cret {a: 1}']) {
    assert.throws(
      () => parse(text),
      ({ message }: Error) => !message.includes('s3cret')
    )
  }
})

test('A02 M4 by the core schema dates, yes and no are text, and numbers keep their digits', () => {
  const text = '[2024-01-31, yes, no, on, 12:30, 1.50, 12345678901234567890, .inf, ~]'
  assert.equal(
    JSON.stringify(parseYaml(text)),
    '["2024-01-31","yes","no","on","12:30",1.5,12345678901234567890,".inf",null]'
  )
})

test('M4 only what JSON writes so is a number; booleans and null are those of the core schema', () => {
  const text =
    '[009911, 0x1F, 0o17, 1_000, .inf, -.INF, .nan, +1, .5, 5., 1e3, -0.50, 0, -1, True, FALSE, ~, Null, 1:30]'
  assert.equal(
    JSON.stringify(parseYaml(text)),
    '["009911","0x1F","0o17","1_000",".inf","-.INF",".nan","+1",".5","5.",1000,-0.5,0,-1,true,false,null,null,"1:30"]'
  )
  assert.equal(
    JSON.stringify(parseYaml('a:\nb: !!int 0x1F\nc: !!float 1.')),
    '{"a":null,"b":31,"c":1}'
  )
})

test('M4 keys are their text in block and flow mappings, behind marks, and beside each other', () => {
  for (const [text, json] of [
    ['007: a\n7: b', '{"7":"b","007":"a"}'],
    ['1.10: a\n1.1: b\n0x1F: c', '{"1.10":"a","1.1":"b","0x1F":"c"}'],
    [
      '{True: a, true: b, Null: c, ~: d, NULL: e}',
      '{"True":"a","true":"b","Null":"c","~":"d","NULL":"e"}'
    ],
    ['? 1e3\n: a\n? .inf\n: {01: 02}', '{"1e3":"a",".inf":{"01":"02"}}'],
    ['- 01: 1\n  n:\n  - {+1: ~}', '[{"01":1,"n":[{"+1":null}]}]'],
    ['&a 1.10: &b {x: 0}\n+1: {<<: *b, y: 01}', '{"1.10":{"x":0},"+1":{"x":0,"y":"01"}}'],
    ['"a\\tb": 1\nit\'s: 2', '{"a\\tb":1,"it\'s":2}']
  ] as const) {
    assert.equal(JSON.stringify(parseYaml(text)), json)
  }
  assertRefused(
    'openapi: 3.0.3\n007: a\n007: b',
    'DOCUMENT_NOT_PARSED',
    /duplicated mapping key at line 3/
  )
})

test('A02 keys are text, however they are written, and no key is special', () => {
  const text = '{200: a, null: b, true: c, 12345678901234567890: d, __proto__: {e: 1}}'
  const parsed = parseYaml(text)
  assert.equal(
    JSON.stringify(parsed),
    '{"200":"a","null":"b","true":"c","12345678901234567890":"d","__proto__":{"e":1}}'
  )
  assert.equal(Object.getPrototypeOf(parsed), Object.prototype)
})

test('A02 anchors, aliases and merge keys are followed', () => {
  const text = 'a: &base {x: 1, y: 2}\nb: *base\nc: {<<: *base, y: 3}'
  assert.equal(
    JSON.stringify(parseYaml(text)),
    '{"a":{"x":1,"y":2},"b":{"x":1,"y":2},"c":{"x":1,"y":3}}'
  )
})

test('A30 a small text whose aliases unfold without end is refused', () => {
  const levels = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)
  const bomb = `openapi: 3.0.3\na0: &a0 [x]\n${levels.join('\n')}`
  assertRefused(bomb, 'DOCUMENT_TOO_COMPLEX', /its aliases unfold it to over 10 times its length/)
  assertRefused('openapi: 3.0.3\na: &a {b: *a}', 'DOCUMENT_NOT_PARSED', /at line 2/)
})

test('A30 texts that nest too deeply are refused in both formats', () => {
  const json = (depth: number): string =>
    `{"openapi": "3.0.3", "a": ${'['.repeat(depth)}${']'.repeat(depth)}}`
  assert.ok(parse(json(TREE_DEPTH_MAX - 1)))
  assertRefused(json(TREE_DEPTH_MAX), 'DOCUMENT_TOO_COMPLEX', /deeper than 200 levels/)
  assertRefused(json(100_000), 'DOCUMENT_TOO_COMPLEX', /deeper than 200 levels/)
  for (const brackets of ['['.repeat(100_000), `${'['.repeat(300)}${']'.repeat(300)}`]) {
    const yaml = `openapi: 3.0.3\na: ${brackets}`
    assertRefused(yaml, 'DOCUMENT_TOO_COMPLEX', /deeper than 200 levels/)
  }
  const lines = Array.from({ length: 300 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)
  const aliases = `openapi: 3.0.3\na0: &a0 []\n${lines.join('\n')}`
  assertRefused(aliases, 'DOCUMENT_TOO_COMPLEX', /deeper than 200 levels/)
})

test('A30 a wide tree can be walked, a shared part too, and what holds itself cannot', () => {
  const wide = Array.from({ length: 50_000 }, () => ({ a: [1] }))
  const shared = { a: [1] }
  for (const root of [wide, [shared, shared, shared], 'text']) {
    assert.equal(treeFault(root), undefined)
    assert.equal(aliasFault(root, 1_000_000), undefined)
  }
  const loop: JsonValue[] = []
  loop.push([loop])
  assert.equal(aliasFault(loop, 0), 'an alias stands inside of what it names')
})

test('A30 a long text that aliases repeat counts as often as it is repeated', () => {
  const text = `openapi: 3.0.3\na: &a "${'x'.repeat(10_000)}"\nb: [${'*a, '.repeat(1_000)}]`
  assertRefused(text, 'DOCUMENT_TOO_COMPLEX', /its aliases unfold it to over 10 times its length/)
  assert.ok(parse(text.replace('*a, '.repeat(992), '')))
})

test('A30 a path whose keys are too long together is refused in both formats', () => {
  const key = 'x'.repeat(POINTER_LENGTH_MAX / 2)
  const [fits, long] = [key.slice('openapi'.length), `${key}xx`]
  for (const start of ['', 'a: &a 1\nb: *a\n']) {
    assert.ok(parse(`openapi: 3.0.3\n${start}${fits}: { ${key}: 1 }`))
    assertRefused(
      `openapi: 3.0.3\n${start}${key}: { ${long}: 1 }`,
      'DOCUMENT_TOO_COMPLEX',
      /the keys on the way to a value have more than 4000 characters/
    )
  }
  assertRefused(
    `{"openapi": "3.0.3", "${key}": [{"${long}": 1}]}`,
    'DOCUMENT_TOO_COMPLEX',
    /more than 4000 characters/
  )
})

test('A30 a text with more values than any real document has is refused before it is parsed', () => {
  const many = (value: string): string => value.repeat(VALUES_MAX)
  for (const [format, text, isRefused] of [
    ['JSON', `{"a":[${many('[],')}[]]}`, true],
    ['JSON', `{"a":[${many('1,')}1]}`, true],
    ['YAML', `{"a":[${many('1,')}1]}`, true],
    ['YAML', `a:\n${many('- -\n')}`, true],
    ['YAML', `[a]:\n  - ${many('- ')}`, true],
    ['YAML', many('a: {}\n'), true],
    ['JSON', `{"a": "${many('x\n')}"}`, false],
    ['YAML', `a: |\n  ${many('text')}`, false]
  ] as const) {
    assert.equal(textFault(text, format) !== undefined, isRefused, text.slice(0, 20))
  }
  assertRefused(`{"a":[${many('[],')}[]]}`, 'DOCUMENT_TOO_COMPLEX', /more than 3000000 values/)
})

test('lines and columns of offsets count from 1, a line end belongs to its line', () => {
  const text = 'ab\r\ncd\n\ne'
  const rows: readonly (readonly [number, number, number])[] = [
    [0, 1, 1],
    [2, 1, 3],
    [3, 1, 4],
    [4, 2, 1],
    [7, 3, 1],
    [8, 4, 1]
  ]
  for (const [offset, line, column] of rows) {
    assert.deepEqual(lineAndColumn(text, offset), { line, column })
  }
})
