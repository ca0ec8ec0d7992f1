import { gzipSync } from 'node:zlib'

import fc from 'fast-check'

import { isJsonArray, isJsonObject, type JsonValue, member } from '../../service/base/json.ts'

/** Texts that something between here and an API may trip over. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\t\r\n',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    'length',
    '..',
    '../../admin',
    '%2e%2e',
    '%zz',
    '%',
    'a/b?c=d#e',
    '\0',
    'a\r\nX-Injected: b',
    '\ud800',
    '\udfff\ud800',
    '\u202e\u2066',
    '𝒳'.repeat(200),
    'a'.repeat(5_000),
    '<script>alert(1)</script>',
    "' OR '1'='1",
    '$User.Email',
    '$Var.X',
    '{id}',
    'null',
    'undefined',
    'NaN',
    '-0',
    '1e999',
    '9'.repeat(400),
    '0x10',
    '2024-02-30',
    '0001-01-01T00:00:00+00:00',
    'True',
    '{"a":[1,2]}',
    '[',
    'file:///etc/passwd',
    'sample:weather',
    'sample:../package',
    'javascript:alert(1)',
    'http://127.0.0.1:1/a.yaml',
    '//127.0.0.1:1'
  ),
  fc.string({ unit: 'binary', maxLength: 30 })
)

/** Values that are wrong nearly everywhere. */
const wrongValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 1e308, '', [], {}, [null], [[]], [{}]),
  fc.constantFrom<JsonValue>({ '': '' }, { length: 3 }, { toString: 1 }, { status: 'then' }),
  fc.constant<JsonValue>(Object.fromEntries([['__proto__', { polluted: true }]])),
  hostileText
)

/** Changes a value at some of its places: another value, none, or a member too many. */
export function nearly(valid: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  const mistake = fc.tuple(fc.nat(), wrongValue, fc.constantFrom('replace', 'drop', 'add'))
  const mistakes = fc.array(mistake, { minLength: 1, maxLength: 3 })
  return fc.tuple(valid, mistakes).map(([value, given]) =>
    given.reduce<JsonValue>((tree, [index, by, kind]) => {
      const places = placesIn(tree)
      const place = places[index % places.length] ?? []
      if (kind === 'drop') return replaced(tree, place, undefined) ?? null
      if (kind === 'add') return replaced(tree, [...place.slice(0, -1), 'more'], by) ?? null
      return replaced(tree, place, by) ?? null
    }, value)
  )
}

/** The same with one of its lists many times as long. */
export function stretched(valid: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc
    .tuple(valid, fc.nat(), fc.integer({ min: 100, max: 5_000 }))
    .map(([value, at, times]) => {
      const lists = placesIn(value).filter(place => isJsonArray(valueAt(value, place)))
      const place = lists[at % lists.length]
      const list = place === undefined ? [] : valueAt(value, place)
      if (place === undefined || !isJsonArray(list) || list.length === 0) return value
      const long = Array.from({ length: times }, (_, index) => list[index % list.length] ?? null)
      return replaced(value, place, long) ?? null
    })
}

/** JSON text that is damaged, or unusual, and bytes that are no text. */
export function damaged(valid: fc.Arbitrary<JsonValue>): fc.Arbitrary<Buffer> {
  const text = valid.map(value => JSON.stringify(value))
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
  return fc.oneof(
    fc.tuple(text, fc.nat()).map(([given, at]) => Buffer.from(given.slice(0, at % given.length))),
    fc.tuple(text, fc.nat(), bytes).map(([given, at, more]) => {
      const whole = Buffer.from(given)
      const cut = at % whole.length
      return Buffer.concat([whole.subarray(0, cut), more, whole.subarray(cut)])
    }),
    text.map(given => Buffer.from(`\uFEFF${given}`)),
    text.map(given => Buffer.from(given, 'utf16le')),
    text.map(given => gzipSync(given)),
    // Every member twice.
    text.map(given => Buffer.from(`${given.slice(0, -1)},${given.slice(1)}`)),
    text.map(given =>
      Buffer.from(`{"__proto__": ${given}, "constructor": ${given}, ${given.slice(1)}`)
    ),
    fc.nat({ max: 3_000 }).map(depth => Buffer.from('['.repeat(depth) + ']'.repeat(depth))),
    fc.nat({ max: 3_000 }).map(depth => Buffer.from(`${'{"objectData":['.repeat(depth)}1`)),
    bytes.map(given => Buffer.from(given))
  )
}

/** Every place of a tree, its root too, as lists of keys. */
function placesIn(value: JsonValue, at: readonly string[] = []): (readonly string[])[] {
  if (!isJsonArray(value) && !isJsonObject(value)) return [at]
  const inner = Object.entries(value).flatMap(([key, held]) => placesIn(held, [...at, key]))
  return [at, ...inner]
}

function valueAt(value: JsonValue, place: readonly string[]): JsonValue | undefined {
  return place.reduce<JsonValue | undefined>(
    (held, key) => (isJsonArray(held) ? held[Number(key)] : member(held, key)),
    value
  )
}

/** The tree with another value at one place; undefined takes it out. */
function replaced(
  value: JsonValue,
  [key, ...rest]: readonly string[],
  by: JsonValue | undefined
): JsonValue | undefined {
  if (key === undefined) return by
  if (isJsonArray(value)) {
    return value.flatMap((held, index) => {
      const next = String(index) === key ? replaced(held, rest, by) : held
      return next === undefined ? [] : [next]
    })
  }
  if (!isJsonObject(value)) return value
  const { [key]: held, ...others } = value
  const next = replaced(held ?? null, rest, by)
  return next === undefined ? others : { ...others, ...Object.fromEntries([[key, next]]) }
}
