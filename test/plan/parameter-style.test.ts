import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import type { JsonValue } from '../../service/base/json.ts'
import type { BoundParameter } from '../../service/model/bound-parameters.ts'
import type { ParameterLocation } from '../../service/model/endpoint-record.ts'
import { parameter, plan, planSample, problem, sentQuery } from './plan-records.ts'

const LIST = ['blue', 'black', 'brown']
const OBJECT = { R: 100, G: 200, B: 150 }

/** What is sent for a value of parameter `color`: a path's segment, a query, a header, cookies. */
function sent(given: Partial<BoundParameter>, value: JsonValue): string {
  const color = parameter('color', { ...given, fallback: value })
  const planned = plan({
    path: color.in === 'path' ? '/{color}' : '/things',
    parameters: [color]
  })
  switch (color.in) {
    case 'path':
      return new URL(planned.url).pathname.slice(1)
    case 'query':
      return sentQuery(planned)
    case 'header':
      return planned.headers.color ?? ''
    case 'cookie':
      return planned.headers.Cookie ?? ''
    case 'body':
      return assert.fail('a body has no styles of parameters')
    default:
      return color.in satisfies never
  }
}

type Row = readonly [
  place: ParameterLocation,
  style: BoundParameter['style'],
  explode: boolean,
  text: string | null,
  list: string | null,
  object: string | null
]

// "Style Examples" of the OpenAPI Specification 3.1.1, 4.8.12.3.
const ROWS: readonly Row[] = [
  ['path', 'simple', false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['path', 'simple', true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ['path', 'label', false, '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
  ['path', 'label', true, '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
  ['path', 'matrix', false, ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
  [
    'path',
    'matrix',
    true,
    ';color=blue',
    ';color=blue;color=black;color=brown',
    ';R=100;G=200;B=150'
  ],
  ['query', 'form', false, 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  ['query', 'form', true, 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
  [
    'query',
    'spaceDelimited',
    false,
    null,
    'color=blue%20black%20brown',
    'color=R%20100%20G%20200%20B%20150'
  ],
  [
    'query',
    'pipeDelimited',
    false,
    null,
    'color=blue%7Cblack%7Cbrown',
    'color=R%7C100%7CG%7C200%7CB%7C150'
  ],
  ['query', 'deepObject', true, null, null, 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150'],
  ['header', 'simple', false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['header', 'simple', true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ['cookie', 'form', false, 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  [
    'cookie',
    'form',
    true,
    'color=blue',
    'color=blue; color=black; color=brown',
    'R=100; G=200; B=150'
  ]
]

for (const [place, style, explode, text, list, object] of ROWS) {
  test(`D05 D06 D07 ${place} ${style}, ${explode ? 'exploded' : 'not exploded'}`, () => {
    const given = { in: place, style, explode }
    if (text !== null) assert.equal(sent(given, 'blue'), text)
    if (list !== null) assert.equal(sent(given, LIST), list)
    if (object !== null) assert.equal(sent(given, OBJECT), object)
  })
}

test('D07 the sample of styles sends what its comments say', async () => {
  const path = await planSample('parameter-styles', 'query:Path Shape')
  assert.equal(
    path.url,
    'https://shapes.example.com/simple/blue,black/R=100,G=200/label/.blue,black/.blue.black/matrix/;matrix=blue,black/;matrixExploded=blue;matrixExploded=black'
  )
  const query = await planSample('parameter-styles', 'query:Shape')
  assert.equal(
    sentQuery(query),
    'form=blue&form=black&formJoined=blue,black&spaces=blue%20black&pipes=blue%7Cblack' +
      '&deep%5BR%5D=100&deep%5BG%5D=200&reserved=a/b&json=%7B%22R%22%3A100%7D'
  )
  assert.deepEqual(query.headers, { 'X-Sides': '3,4', Cookie: 'palette=blue,black' })
})

test('D07 a parameter with a content type is JSON text in every place', () => {
  const value = { name: 'Å/b' }
  assert.equal(sent({ in: 'path', json: true }, value), '%7B%22name%22%3A%22%C3%85%2Fb%22%7D')
  assert.equal(sent({ json: true }, value), 'color=%7B%22name%22%3A%22%C3%85%2Fb%22%7D')
  assert.equal(sent({ in: 'header', json: true }, value), '{"name":"\\u00c5/b"}')
  assert.equal(sent({ in: 'cookie', json: true }, [1]), 'color=[1]')
})

test('D07 nested values of a deepObject nest, its arrays repeat their key', () => {
  assert.equal(
    decodeURIComponent(sent({ style: 'deepObject' }, { a: { b: [1, 2], 'c&d': 'e=f' } })),
    'color[a][b]=1&color[a][b]=2&color[a][c&d]=e=f'
  )
  assert.ok(!sent({ style: 'deepObject' }, { 'c&d': '1' }).includes('&'))
})

test('A11 allowReserved lets through what cannot end or split a value', () => {
  const text = 'a/b:c?d@e;f,g$h#i&j=k+l[m]%n o'
  assert.equal(
    sent({ allowReserved: true }, text),
    'color=a/b:c?d@e;f,g$h%23i%26j%3Dk%2Bl%5Bm%5D%25n%20o'
  )
})

test('A11 a query value reads back as it was, whatever the style', () => {
  const styles = fc.constantFrom('form', 'deepObject', 'pipeDelimited' as const)
  const text = fc.string({ unit: 'grapheme', minLength: 1 })
  fc.assert(
    fc.property(styles, fc.boolean(), text, (style, allowReserved, value) => {
      const query = sent({ style, allowReserved }, value)
      assert.deepEqual([...new URLSearchParams(query)], [['color', value]])
    })
  )
})

test('numbers are written as plain decimals with all their digits', () => {
  assert.equal(sent({}, 1e21), 'color=1000000000000000000000')
  assert.equal(sent({}, JSON.rawJSON('12345678901234567890.10')), 'color=12345678901234567890.1')
  assert.equal(sent({}, true), 'color=true')
})

const REFUSED_IN_PATH = [
  '',
  '.',
  '..',
  '%2e',
  '%2E%2e',
  '.%2e',
  '%252e%252e',
  'a\nb',
  'a\u0000b',
  'a\u007fb',
  '\ud800'
]
for (const value of REFUSED_IN_PATH) {
  test(`A8 C07 a path never takes ${JSON.stringify(value)}`, () => {
    const error = problem('PARAMETER_INVALID', () => sent({ in: 'path' }, value))
    assert.match(error.message, /parameter "color" of GET \/\{color\}/)
    assert.ok(error.remedy.startsWith('Give it'))
  })
}

test('A8 a path style cannot make a step either', () => {
  problem('PARAMETER_INVALID', () => sent({ in: 'path', style: 'label' }, '.'))
  problem('PARAMETER_INVALID', () => sent({ in: 'path' }, ['..']))
  problem('PARAMETER_INVALID', () => sent({ in: 'path', style: 'label', explode: true }, ['', '']))
})

const IN_PATH: readonly (readonly [given: string, written: string])[] = [
  ['../admin', '..%2Fadmin'],
  ['a\\..\\b', 'a%5C..%5Cb'],
  ['?x=1', '%3Fx%3D1'],
  ['#f', '%23f'],
  ['B/2', 'B%2F2'],
  ['50%', '50%25'],
  ['år', '%C3%A5r'],
  ['😀', '%F0%9F%98%80'],
  ['...', '...']
]
for (const [given, written] of IN_PATH) {
  test(`A8 C07 ${JSON.stringify(given)} stays one segment of a path`, () => {
    assert.equal(sent({ in: 'path' }, given), written)
  })
}

test('A8 a filled path has the segments of its template, or the value is refused', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('.', '..', '/', '\\', '%2e', '%2F', '?', '#', ';', '@', '\u2024', '\t', ' ')
  )
  const value = fc.array(unit, { maxLength: 4 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(value, value, (first, second) => {
      const names = { a: first, b: second }
      const parameters = Object.entries(names).map(([name, fallback]) =>
        parameter(name, { in: 'path', fallback })
      )
      let url: string
      try {
        url = plan({ path: '/users/{a}/{a}{b}/x', parameters }).url
      } catch {
        problem('PARAMETER_INVALID', () => plan({ path: '/users/{a}/{a}{b}/x', parameters }))
        return
      }
      const { origin, pathname, search, hash } = new URL(url)
      assert.deepEqual([origin, search, hash], ['https://api.example.com', '', ''])
      const segments = pathname.split('/')
      assert.equal(segments.length, 5)
      assert.equal(decodeURIComponent(segments[2] ?? ''), first)
    }),
    { numRuns: 2_000 }
  )
})

test('A8 two values together cannot make a step that neither makes alone', () => {
  const parameters = [
    parameter('a', { in: 'path', fallback: '%2' }),
    parameter('b', { in: 'path', fallback: 'e' })
  ]
  problem('PARAMETER_INVALID', () => plan({ path: '/x/{a}{b}/y', parameters }))
})

for (const value of ['a\r\nX-Evil: 1', 'a\nb', 'a\u0000', 'a\u007f', '\u20ac', '\ud800', '日本']) {
  test(`A9 a header never takes ${JSON.stringify(value)}`, () => {
    problem('PARAMETER_INVALID', () => sent({ in: 'header' }, value))
  })
}

test('A9 a header takes Latin-1 text, blanks and tabs', () => {
  assert.equal(sent({ in: 'header' }, 'a b\tå;=,"%'), 'a b\tå;=,"%')
})

test('A10 a cookie value cannot end its cookie, and reads back', () => {
  const text = '1; admin=true, "x"\\\r\n%å'
  const cookie = sent({ in: 'cookie' }, text)
  assert.match(cookie, /^color=[\x21\x23-\x2b\x2d-\x3a\x3c\x3e-\x5b\x5d-\x7e]+$/)
  assert.equal(decodeURIComponent(cookie.slice('color='.length)), text)
  assert.equal(sent({ in: 'cookie' }, 'a/b:c'), 'color=a/b:c')
})

test('half of a character is a problem in every place, never a crash', () => {
  for (const place of ['path', 'query', 'header', 'cookie'] as const) {
    problem('PARAMETER_INVALID', () => sent({ in: place }, 'a\udc00'))
    problem('PARAMETER_INVALID', () => sent({ in: place }, { 'a\udc00': 1 }))
  }
})

test('a problem never shows the value', () => {
  const error = problem('PARAMETER_INVALID', () => sent({ in: 'header' }, 's3cret\n'))
  assert.ok(!`${error.message}${error.remedy}`.includes('s3cret'))
})
