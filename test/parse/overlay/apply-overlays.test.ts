import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConnectorError } from '../../../service/errors.ts'
import { findPlaces } from '../../../service/parse/find-places.ts'
import { applyOverlays } from '../../../service/parse/overlay/apply-overlays.ts'
import { readOverlay } from '../../../service/parse/overlay/read-overlay.ts'
import type { ParsedDocument } from '../../../service/parse/parse-document.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

const URL = 'https://docs.example.com/v1/openapi.yaml'

const DOCUMENT = `openapi: 3.0.3
info: { title: Shop, version: '1' }
tags: [{ name: old }, { name: new }, { name: odd }]
paths:
  /orders:
    get:
      tags: [read, slow]
      parameters: [{ name: limit, in: query }, { name: debug, in: query }]
      responses: {}
  /customers:
    get: { responses: {} }
components:
  schemas:
    Order: &order
      type: object
      properties: { id: { type: integer } }
    Copy: *order
`

/** Overlays of actions in YAML, each list on lines from the 4th on. */
function overlaid(...actions: readonly string[]): ParsedDocument {
  return withOverlays(
    actions.map(each => `overlay: 1.1.0\ninfo: { title: o, version: '1' }\nactions:\n${each}\n`)
  )
}

function withOverlays(texts: readonly string[], document = DOCUMENT): ParsedDocument {
  const overlays = texts.map((text, index) =>
    readOverlay(
      {
        name: `overlay ${index + 1}`,
        url: `${index + 1}.yaml`,
        base: `https://overlays.example.com/${index + 1}.yaml`,
        text,
        contentType: ''
      },
      URL
    )
  )
  return applyOverlays(parseDocument(document, '', URL), overlays, [URL])
}

/** What an overlay is told about, each as `line CODE reason`. */
function told(document: ParsedDocument): string[] {
  const { notes } = document.origin
  const places = findPlaces(
    document,
    notes.map(({ at }) => at)
  )
  return notes.map(({ code, at, holes }) => {
    const { file, line, column } = places.get(at) ?? { file: '', line: 0, column: 0 }
    return `${file}:${line}:${column} ${code} ${holes.reason ?? holes.rule ?? holes.given ?? holes.suggestion ?? ''}`.trim()
  })
}

const at = (document: ParsedDocument, pointer: string): string => {
  const place = findPlaces(document, [pointer]).get(pointer)
  return `${place?.file}:${place?.line}:${place?.column} ${place?.pointer}`
}

test('A29 update merges objects, adds to lists and replaces single values, in the order of the actions', () => {
  const document = overlaid(
    `  - target: $.components.schemas.Order
    update: { title: An order, properties: { id: { format: int64 }, text: { type: string } } }
  - target: $.tags
    update: { name: more }
  - target: $.paths['/orders'].get.tags
    update: [a, b]
  - target: $.info.title
    update: Shop 2
  - target: $
    update: { info: { version: '2' }, servers: [{ url: /v2 }] }`,
    `  - target: $.info
    update: { title: Shop 3 }`
  )
  const { info, tags, servers, paths, components } = document.root
  assert.deepEqual(told(document), [])
  assert.deepEqual(info, { title: 'Shop 3', version: '2' })
  assert.deepEqual(tags, [{ name: 'old' }, { name: 'new' }, { name: 'odd' }, { name: 'more' }])
  assert.deepEqual(servers, [{ url: '/v2' }])
  assert.deepEqual(JSON.stringify(paths).includes('"tags":["read","slow","a","b"]'), true)
  // What an alias names stands at two places, of which one is changed.
  assert.deepEqual(components, {
    schemas: {
      Order: {
        type: 'object',
        properties: { id: { type: 'integer', format: 'int64' }, text: { type: 'string' } },
        title: 'An order'
      },
      Copy: { type: 'object', properties: { id: { type: 'integer' } } }
    }
  })
})

test('A29 remove takes members, items and single values away, also several at once and inside of each other', () => {
  const document = overlaid(
    `  - target: $.tags[?@.name == 'old' || @.name == 'odd']
    remove: true
  - target: $.paths['/orders'].get.tags[?@ == 'slow']
    remove: true
  - target: $.paths['/orders'].get.parameters[?match(@.name, 'de.*g')]
    remove: true
  - target: $..responses
    remove: true
  - target: $['components', 'components']..*
    remove: true`
  )
  assert.deepEqual(told(document), [])
  assert.deepEqual(document.root, {
    openapi: '3.0.3',
    info: { title: 'Shop', version: '1' },
    tags: [{ name: 'new' }],
    paths: {
      '/orders': { get: { tags: ['read'], parameters: [{ name: 'limit', in: 'query' }] } },
      '/customers': { get: {} }
    },
    components: {}
  })
})

test('A29 copy merges what is there at that moment, and later changes of either do not reach the other', () => {
  const document = overlaid(
    `  - target: $.paths
    update: { /new: {} }
  - target: $.paths['/new']
    copy: $.paths['/orders']
  - target: $.paths['/new'].get
    update: { summary: New }
  - target: $.paths['/orders']
    remove: true
  - target: $.info
    copy: $.paths['/customers']`
  )
  assert.deepEqual(told(document), [])
  const { paths, info } = document.root
  assert.deepEqual(Object.keys(Object(paths)), ['/customers', '/new'])
  assert.match(JSON.stringify(paths), /"responses":\{\},"summary":"New"\}/)
  assert.deepEqual(info, { title: 'Shop', version: '1', get: { responses: {} } })
})

test('A29 copying the document into itself ends, as a copy of what was there', () => {
  const document = overlaid(
    `  - target: $.info
    update: { x-whole: {} }
  - target: $.info.x-whole
    copy: $
  - target: $.info.x-whole.info.x-whole
    copy: $.info.x-whole.tags[0]`
  )
  assert.deepEqual(told(document), [])
  assert.match(
    JSON.stringify(document.root),
    /"x-whole":\{"openapi":"3.0.3","info":\{.*"x-whole":\{"name":"old"\}/
  )
})

test('A29 H19 each action that cannot be applied is told with its index and its place, and the others are applied', () => {
  const actions = `  - target: $.components.schemas[
    update: {}
  - target: $.components.schemas.Ordre.properties
    update: {}
  - target: $
    remove: true
  - target: $.tags
    remove: yes
  - { update: {} }
  - target: $.tags
    updates: {}
  - target: $.info
    update: { title: { text: a }, version: [1], x-new: 1 }
  - target: $.tags
    copy: $.tags[*]
  - target: $.tags
    copy: $.nothing
  - target: $.info
    update: a
  - target: $..*
    update: {}
  - text
  - target: $.info
    update: { x-last: 1 }
  - target: $.info
    update: { x-last: 1 }
    copy: $.tags`
  const document = overlaid(actions)
  const [syntax, ...others] = told(document)
  assert.match(syntax ?? '', /^1.yaml:4:5 OVERLAY_ACTION_INVALID its JSONPath is invalid: /)
  assert.deepEqual(others, [
    '1.yaml:6:5 OVERLAY_TARGET_MISSING  (did you mean "Order"?)',
    '1.yaml:8:5 OVERLAY_ACTION_INVALID the document itself cannot be removed',
    '1.yaml:11:5 OVERLAY_ACTION_INVALID its `remove` is neither true nor false',
    '1.yaml:12:5 OVERLAY_ACTION_INVALID it has no `target`',
    '1.yaml:14:5 MEMBER_UNKNOWN updates',
    '1.yaml:13:5 OVERLAY_ACTION_INVALID it has none of `update`, `copy` and `remove: true`',
    '1.yaml:16:15 OVERLAY_ACTION_INVALID an object cannot be merged into a single value, which is at #/info/title',
    '1.yaml:16:35 OVERLAY_ACTION_INVALID a list cannot be merged into a single value, which is at #/info/version',
    '1.yaml:18:5 OVERLAY_ACTION_INVALID there are 3 values to copy, and only one can be copied',
    '1.yaml:20:5 OVERLAY_ACTION_INVALID there is nothing to copy',
    '1.yaml:22:5 OVERLAY_ACTION_INVALID a single value cannot be merged into an object, which is at #/info',
    '1.yaml:23:5 OVERLAY_ACTION_INVALID its target is a single value and an object and a list, which one update cannot change',
    '1.yaml:25:5 OVERLAY_ACTION_INVALID it is not an object',
    '1.yaml:30:5 OVERLAY_ACTION_INVALID it has both `update` and `copy`'
  ])
  const { notes } = document.origin
  assert.deepEqual(
    notes.map(({ holes }) => holes.action ?? holes.key),
    [0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 10, 11, 13].map(index => `actions[${index}]`)
  )
  assert.deepEqual(document.root.info, { title: 'Shop', version: '1', 'x-new': 1, 'x-last': 1 })
})

test('A29 what needs version 1.1 is told in an overlay of 1.0', () => {
  const text = `overlay: 1.0.0
info: { title: o, version: '1' }
actions:
  - { target: $.info.title, update: New }
  - { target: $.tags, copy: '$.tags[0]' }
  - { target: '$.tags[0].name', remove: true }
`
  const document = withOverlays([text])
  assert.deepEqual(
    told(document),
    [
      '1.yaml:4:5 OVERLAY_ACTION_INVALID its target is a single value, which needs `overlay: 1.1.0`; update the object that has it',
      '1.yaml:5:23 OVERLAY_ACTION_INVALID `copy` needs `overlay: 1.1.0`'
    ].map((line, index) => (index === 0 ? line.replace(':5 ', ':7 ') : line))
  )
  assert.deepEqual(document.root.tags, [{}, { name: 'new' }, { name: 'odd' }])
})

test('A29 a value is found in the text that it stands in, however it was moved', () => {
  const document = overlaid(
    `  - target: $.components.schemas.Order
    update:
      x-flow-type: { name: Order }
      properties:
        id: { format: int64 }
        text: { type: string }
  - target: $.tags[0]
    remove: true
  - target: $.tags
    update: [{ name: a }, { name: b }]
  - target: $.tags[0]
    remove: true
  - target: $.paths
    update: { /new: { get: {} } }
  - target: $.paths['/new']
    copy: $.paths['/orders']`,
    `  - target: $.components.schemas.Order.x-flow-type
    update: { summary: Text }`
  )
  const order = '/components/schemas/Order'
  const places: readonly (readonly [string, string])[] = [
    [`${order}/type`, `openapi.yaml:15:7 ${order}/type`],
    [`${order}/x-flow-type`, '1.yaml:6:7 /actions/0/update/x-flow-type'],
    [`${order}/x-flow-type/name`, '1.yaml:6:22 /actions/0/update/x-flow-type/name'],
    [`${order}/x-flow-type/summary`, '2.yaml:5:15 /actions/0/update/summary'],
    [`${order}/x-flow-type/nothing`, '1.yaml:6:7 /actions/0/update/x-flow-type/nothing'],
    [`${order}/properties/id/type`, `openapi.yaml:16:27 ${order}/properties/id/type`],
    [`${order}/properties/id/format`, '1.yaml:8:15 /actions/0/update/properties/id/format'],
    [`${order}/properties/text/type`, '1.yaml:9:17 /actions/0/update/properties/text/type'],
    [`${order}/nothing`, `openapi.yaml:14:5 ${order}/nothing`],
    ['/tags/0/name', 'openapi.yaml:3:40 /tags/2/name'],
    ['/tags/1/name', '1.yaml:13:16 /actions/2/update/0/name'],
    ['/tags/2', '1.yaml:13:27 /actions/2/update/1'],
    ['/paths/~1new', '1.yaml:17:15 /actions/4/update/~1new'],
    ['/paths/~1new/get', '1.yaml:17:23 /actions/4/update/~1new/get'],
    ['/paths/~1new/get/tags/1', 'openapi.yaml:7:20 /paths/~1orders/get/tags/1'],
    ['', 'openapi.yaml:1:1 ']
  ]
  for (const [pointer, place] of places) {
    assert.equal(at(document, pointer).replace('https://docs.example.com/v1/', ''), place)
  }
})

test('A29 relative references in an overlay are found from its own address, others as they are', () => {
  const document = overlaid(
    `  - target: $.components.schemas
    update:
      A: { $ref: parts/a.yaml#/A }
      B: { $ref: '#/components/schemas/Order' }
      C: { $ref: 'https://other.example/c.yaml' }
      D: { items: [{ $ref: ../d.json }], description: parts/a.yaml }`
  )
  const schemas = Object(document.root.components).schemas
  assert.deepEqual(schemas.A, { $ref: 'https://overlays.example.com/parts/a.yaml#/A' })
  assert.deepEqual(schemas.B, { $ref: '#/components/schemas/Order' })
  assert.deepEqual(schemas.C, { $ref: 'https://other.example/c.yaml' })
  assert.deepEqual(schemas.D, {
    items: [{ $ref: 'https://overlays.example.com/d.json' }],
    description: 'parts/a.yaml'
  })
})

test('A29 an overlay that extends another document is told, one of this document is not', () => {
  const extending = (url: string): string[] =>
    told(
      withOverlays([
        `overlay: 1.0.0\nextends: '${url}'\nactions: [{ target: $.info, update: { x: 1 } }]`
      ])
    )
  assert.deepEqual(extending('HTTPS://docs.example.com:443/v1/openapi.yaml'), [])
  assert.deepEqual(extending('https://docs.example.com/v1/other.yaml?key=1'), [
    '1.yaml:2:1 OVERLAY_EXTENDS_OTHER https://docs.example.com/v1/other.yaml'
  ])
  assert.deepEqual(extending('./openapi.yaml'), [
    '1.yaml:2:1 OVERLAY_EXTENDS_OTHER https://overlays.example.com/openapi.yaml'
  ])
})

test('A29 what is no overlay of a known version is refused with its place', () => {
  const refusal = (text: string): string => {
    try {
      withOverlays([text])
    } catch (error) {
      if (error instanceof ConnectorError)
        return `${error.code} ${error.holes.reason} ${error.holes.line}:${error.holes.column}`
      throw error
    }
    return 'accepted'
  }
  const actions = 'actions: [{ target: $.info, update: {} }]'
  for (const version of ["'1.0.0'", '1.0.0', '1.0', '1.1', '1.1.9', "'1.1'"]) {
    assert.equal(refusal(`overlay: ${version}\n${actions}`), 'accepted')
  }
  for (const version of ['2.0.0', '1.2.0', '1.10.0', 'next', '[1]', 'null', '10']) {
    const reason = 'OVERLAY_INVALID its version is not 1.0 or 1.1 2:1'
    assert.equal(refusal(`info: {}\noverlay: ${version}\n${actions}`), reason)
  }
  const none = 'OVERLAY_INVALID it has no member `overlay`'
  assert.equal(refusal(DOCUMENT), `${none}, as it is an OpenAPI document 1:1`)
  assert.equal(refusal('a text'), `${none} 1:1`)
  assert.equal(refusal('<html></html>'), `${none} 1:1`)
  assert.equal(refusal('[]'), `${none} 1:1`)
  assert.equal(refusal('overlay: 1.0.0'), 'OVERLAY_INVALID it has no member `actions` 1:1')
  assert.equal(
    refusal('overlay: 1.0.0\naction: []'),
    'OVERLAY_INVALID it has no member `actions`, but one named "action" 1:1'
  )
  assert.equal(
    refusal('overlay: 1.0.0\nactions: {}'),
    'OVERLAY_INVALID its `actions` are not a list 2:1'
  )
  assert.equal(refusal('overlay: 1.0.0\nactions: []'), 'OVERLAY_INVALID it has no action 2:1')
  assert.match(refusal('overlay: ['), /^DOCUMENT_NOT_PARSED /)
  const versionGone = `overlay: 1.0.0\nactions: [{ target: $.openapi, remove: true }]`
  assert.match(refusal(versionGone), /^DOCUMENT_NOT_OPENAPI/)
})

test('A29 overlays end at their limits on actions, added values and depth, and what they did before remains', () => {
  const list = (count: number): string => Array.from({ length: count }, () => 0).join(',')
  const many = overlaid(`  - target: $.info\n    update: { x: [${list(1_000)}] }
  - target: $.info.x
    update: [${list(999)}]
  - target: $.info.x[*]
    update: 1
  - target: $.tags
    copy: $.info`)
  assert.deepEqual(told(many), [])

  const doubling = Array.from({ length: 60 }, () => `  - { target: $.info.x, copy: $.info.x }`)
  const wide = overlaid(`  - target: $.info\n    update: { x: [1, 2, 3] }\n${doubling.join('\n')}`)
  assert.match(
    told(wide).join(),
    /^1.yaml:\d+:5 OVERLAY_LIMIT overlays may add 500000 values in all$/
  )

  const nesting = Array.from(
    { length: 20 },
    (_, index) => `  - { target: $.info, update: { 'x-${index + 1}': { a: {} } } }
  - { target: '$.info.x-${index + 1}.a', copy: '$.info' }`
  )
  const deep = overlaid(nesting.join('\n'))
  assert.match(told(deep).join(), /OVERLAY_LIMIT /)

  const actions = Array.from({ length: 10_001 }, () => '  - { target: $.info, update: { x: 1 } }')
  assert.deepEqual(told(overlaid(actions.join('\n'))), [
    '1.yaml:10004:5 OVERLAY_LIMIT all overlays together may have 10000 actions'
  ])
})
