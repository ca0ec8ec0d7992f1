import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NO_PAGING } from '../../../service/model/endpoint-record.ts'
import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import type { Diagnostic } from '../../../service/model/diagnostic.ts'
import type { PagingRecord } from '../../../service/model/endpoint-record.ts'
import { compile, operationOf } from '../../support/compile.ts'
import type { ListKeys } from '../../support/paged-list.ts'
import { envelope, integer, listDocument, text } from '../../support/paged-list.ts'

function pagingOf(keys: ListKeys): PagingRecord {
  return operationOf(compile(listDocument(keys)), 'query:Thing').paging
}

function declared(members: string, keys: ListKeys = {}): PagingRecord {
  return pagingOf({ ...keys, get: `x-flow-pagination: { ${members} }` })
}

/** What was found, but for where the objects of an answer stand. */
function diagnosticsOf({ index }: ConnectorModel): Diagnostic[] {
  return index.diagnostics.filter(({ code }) => code !== 'RECORDS_INFERRED')
}

test('E01 a list of which nothing says how it is paged has no paging, and no diagnostic', () => {
  const model = compile(listDocument({}))
  assert.deepEqual(operationOf(model, 'query:Thing').paging, NO_PAGING)
  assert.deepEqual(diagnosticsOf(model), [])
})

test('E02 E03 E04 E05 what a declaration leaves open has the usual names', () => {
  const open = { ...NO_PAGING, origin: 'declared' }
  assert.deepEqual(declared('type: offset'), { ...open, type: 'offset', positionParam: 'offset' })
  assert.deepEqual(declared('type: page'), { ...open, type: 'page', positionParam: 'page' })
  assert.deepEqual(declared('type: cursor'), {
    ...open,
    type: 'cursor',
    positionParam: 'cursor',
    nextField: 'next_cursor'
  })
  assert.deepEqual(declared('type: next_link'), { ...open, type: 'next_link', nextField: 'next' })
  assert.deepEqual(declared('type: link_header'), { ...open, type: 'link_header' })
  assert.deepEqual(declared('type: none'), open)
})

test('E06 E07 E21 every member of a declaration is kept', () => {
  assert.deepEqual(
    declared(
      'type: page, pageSize: 25, maxPages: 7, pageSizeParam: size, pageParam: p, firstPage: 0, ' +
        'totalField: meta.total, hasMoreField: meta.more, pauseMs: 30'
    ),
    {
      ...NO_PAGING,
      type: 'page',
      pageSize: 25,
      pageSizeParam: 'size',
      positionParam: 'p',
      firstPage: 0,
      firstPageIsGuessed: false,
      totalField: 'meta.total',
      hasMoreField: 'meta.more',
      maxPages: 7,
      pauseMs: 30,
      origin: 'declared'
    }
  )
})

test('E06 a size goes into the parameter that is declared, mapped, named so, else `limit`', () => {
  const parameters = [integer('limit', ', maximum: 40'), integer('per_page', ', default: 15')]
  const mapped = { parameters, mapping: 'parameters: { per_page: limit }' }
  const sizeOf = ({ pageSizeParam, pageSize, usualSize }: PagingRecord) => [
    pageSizeParam,
    pageSize,
    usualSize
  ]
  assert.deepEqual(sizeOf(declared('type: page, pageSizeParam: top', mapped)), ['top', null, null])
  assert.deepEqual(sizeOf(declared('type: page', mapped)), ['per_page', null, 15])
  assert.deepEqual(sizeOf(declared('type: page', { parameters })), ['limit', 40, null])
  assert.deepEqual(sizeOf(declared('type: page, pageSize: 9')), ['limit', 9, null])
  assert.deepEqual(sizeOf(declared('type: next_link, pageSize: 9')), [null, 9, null])
})

test('E23 parameters mapped from `limit` and `offset` declare offset paging, before any inference', () => {
  const keys = {
    parameters: [integer('take', ', maximum: 50, default: 20'), integer('skip'), integer('page')],
    answer: envelope('total: { type: integer }'),
    mapping: 'parameters: { take: limit, skip: offset }'
  }
  assert.deepEqual(pagingOf(keys), {
    ...NO_PAGING,
    type: 'offset',
    pageSize: 50,
    usualSize: 20,
    pageSizeParam: 'take',
    positionParam: 'skip',
    totalField: 'total',
    origin: 'mapped'
  })
  assert.deepEqual(diagnosticsOf(compile(listDocument(keys))), [])
})

test('P1 an offset that is declared as text is a number where the answer has it as one beside a total', () => {
  const parameters = [text('limit'), text('offset')]
  const stated = (members: string): PagingRecord =>
    pagingOf({ parameters, answer: envelope(members) })
  const number = 'offset: { type: integer }'
  for (const more of [
    'total: { type: integer }',
    'total_count: { type: integer }, next: { type: string }'
  ]) {
    const { type, positionParam, positionField } = stated(`${number}, ${more}`)
    assert.deepEqual([type, positionParam, positionField], ['offset', 'offset', 'offset'], more)
  }
  // A mark of the API's own, which goes into the next request as it is.
  assert.equal(stated('offset: { type: string }, total: { type: integer }').type, 'cursor')
  assert.equal(stated('offset: { type: string }').type, 'cursor')
})

test('P1 a mapped `limit` is the size of a page, and the position is inferred beside it', () => {
  const mapping = 'parameters: { take: limit }'
  const take = integer('take', ', maximum: 50, default: 20')
  const sized = { pageSizeParam: 'take', pageSize: 50, usualSize: 20 }
  const rows: readonly (readonly [ListKeys, Partial<PagingRecord>])[] = [
    [
      { parameters: [take, integer('skip')] },
      { type: 'offset', positionParam: 'skip', origin: 'inferred' }
    ],
    [
      { parameters: [take, integer('page'), integer('limit')] },
      { type: 'page', positionParam: 'page' }
    ],
    [
      { parameters: [take, text('cursor')], answer: envelope('next_cursor: { type: string }') },
      { type: 'cursor', positionParam: 'cursor', nextField: 'next_cursor' }
    ],
    [{ parameters: [take], answer: envelope('next: { type: string }') }, { type: 'next_link' }],
    [{ parameters: [take], headers: '{ Link: {} }' }, { type: 'link_header' }],
    [
      { parameters: [take, text('cursor')] },
      { type: 'none', positionParam: 'cursor', origin: 'answer' }
    ],
    [
      { parameters: [take, integer('limit')] },
      { type: 'offset', positionParam: null, origin: 'mapped' }
    ]
  ]
  for (const [keys, expected] of rows) {
    const paging = pagingOf({ ...keys, mapping })
    assert.deepEqual({ ...paging, ...sized, ...expected }, paging)
  }
  const offsetOnly = { parameters: [take, integer('skip'), integer('limit')] }
  const { type, positionParam, pageSizeParam, origin } = pagingOf({
    ...offsetOnly,
    mapping: 'parameters: { skip: offset }'
  })
  assert.deepEqual(
    [type, positionParam, pageSizeParam, origin],
    ['offset', 'skip', 'limit', 'mapped']
  )
})

const inferred: readonly (readonly [string, ListKeys, Partial<PagingRecord>])[] = [
  [
    'a cursor of a parameter and a member of the same meaning',
    {
      parameters: [text('pageToken'), integer('maxResults', ', maximum: 250'), integer('page')],
      answer: envelope('nextPageToken: { type: string }')
    },
    { type: 'cursor', positionParam: 'pageToken', nextField: 'nextPageToken', pageSize: 250 }
  ],
  [
    'an offset beside a size',
    { parameters: [integer('skip'), integer('$top', ', default: 30'), integer('top')] },
    { type: 'offset', positionParam: 'skip', pageSizeParam: '$top' }
  ],
  [
    'a numbered page, from 0 where its default is 0',
    { parameters: [integer('page', ', default: 0'), integer("'page[size]'")] },
    { type: 'page', positionParam: 'page', firstPage: 0, pageSizeParam: 'page[size]' }
  ],
  [
    'a next link of the answer, the least nested',
    {
      answer: envelope(
        'links: { type: object, properties: { next: { type: string } } }, nextLink: { type: string }'
      )
    },
    { type: 'next_link', nextField: 'nextLink' }
  ],
  [
    'a next link whose name has a dot',
    { answer: envelope("'@odata.nextLink': { type: string }") },
    { type: 'next_link', nextField: '@odata\\.nextLink' }
  ],
  ['a Link header', { headers: '{ LINK: { schema: { type: string } } }' }, { type: 'link_header' }],
  [
    'a total and a has-more flag beside any of them',
    {
      parameters: [integer('page')],
      answer: envelope(
        'meta: { type: object, properties: { total_count: { type: integer }, hasMore: { type: boolean } } }'
      )
    },
    { type: 'page', totalField: 'meta.total_count', hasMoreField: 'meta.hasMore' }
  ]
]
for (const [name, keys, expected] of inferred) {
  test(`E16 inferred from names: ${name}`, () => {
    const model = compile(listDocument(keys))
    const { paging } = operationOf(model, 'query:Thing')
    assert.deepEqual({ ...paging, ...expected }, paging)
    assert.equal(paging.origin, 'inferred')
    const [diagnostic, ...others] = diagnosticsOf(model)
    assert.deepEqual(others, [])
    assert.deepEqual([diagnostic?.code, diagnostic?.severity], ['PAGING_INFERRED', 'info'])
    assert.equal(diagnostic?.pointer, '/components/schemas/Thing/x-flow-query')
  })
}

const not: readonly (readonly [string, ListKeys])[] = [
  ['a start without a size', { parameters: [integer('start')] }],
  ['a size alone', { parameters: [integer('limit')] }],
  ['a cursor that no member of the answer gives', { parameters: [text('cursor')] }],
  [
    'a date between others',
    {
      parameters: [
        '{ name: start, in: query, schema: { type: string, format: date } }',
        integer('limit')
      ]
    }
  ],
  [
    'what a filter of the flow fills',
    {
      parameters: [integer('start'), integer('count'), integer('page')],
      properties: 'first: { type: integer }, many: { type: integer }, sheet: { type: integer }',
      mapping: 'parameters: { where: { first: start, many: count, sheet: page } }'
    }
  ],
  [
    'a page that is a header',
    { item: 'parameters: [{ name: page, in: header, schema: { type: integer } }]' }
  ],
  ['a member of the objects themselves', { properties: 'next: { type: string }' }],
  ['a next that is an object', { answer: envelope('next: { type: object }') }]
]
for (const [name, keys] of not) {
  test(`E16 nothing is inferred from ${name}`, () => {
    const model = compile(listDocument(keys))
    assert.equal(operationOf(model, 'query:Thing').paging.type, 'none')
    assert.deepEqual(diagnosticsOf(model), [])
  })
}

test('E17 the closest declaration wins, also over mapped parameters and over names', () => {
  const keys = {
    parameters: [integer('limit'), integer('offset'), integer('page')],
    mapping: 'parameters: { limit: limit, offset: offset }',
    root: 'x-flow-pagination: { type: link_header }',
    item: 'x-flow-pagination: { type: cursor }'
  }
  assert.equal(pagingOf(keys).type, 'cursor')
  assert.equal(declared('type: none', keys).type, 'none')
  const mapping = 'pagination: { type: page, pageSize: 5 }'
  assert.equal(declared('type: none', { ...keys, mapping }).type, 'page')
})

test('E17 a declaration that cannot be read is an error, and the next one around it counts', () => {
  const model = compile(
    listDocument({
      root: 'x-flow-pagination: { type: page }',
      get: 'x-flow-pagination: { type: pages }'
    })
  )
  assert.equal(operationOf(model, 'query:Thing').paging.type, 'page')
  assert.deepEqual(
    model.index.diagnostics.map(({ code, pointer }) => [code, pointer]),
    [['EXTENSION_MALFORMED', '/paths/~1things/get/x-flow-pagination']]
  )
})
