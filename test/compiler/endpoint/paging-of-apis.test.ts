import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { PagingRecord } from '../../../service/model/endpoint-record.ts'
import { compile, operationOf } from '../../support/compile.ts'
import type { ListKeys } from '../../support/paged-list.ts'
import { envelope, integer, listDocument, text, THINGS } from '../../support/paged-list.ts'

function pagingOf(keys: ListKeys): PagingRecord {
  return operationOf(compile(listDocument(keys)), 'query:Thing').paging
}

/** An object with such members, in YAML. */
function object(members: string): string {
  return `{ type: object, properties: { ${members} } }`
}

const TEXT = '{ type: string }'
const URI = '{ type: string, format: uri, nullable: true }'
const INTEGER = '{ type: integer }'
const FLAG = '{ type: boolean }'

/** How well-known APIs describe their lists, and how these are paged. */
const apis: readonly (readonly [name: string, keys: ListKeys, expected: Partial<PagingRecord>])[] =
  [
    [
      'Spring Data',
      {
        parameters: [integer('page', ', minimum: 0, default: 0'), integer('size', ', default: 20')],
        answer: object(
          `content: ${THINGS}, totalElements: ${INTEGER}, totalPages: ${INTEGER}, number: ${INTEGER}, size: ${INTEGER}, first: ${FLAG}, last: ${FLAG}`
        )
      },
      {
        ...{ type: 'page', firstPage: 0, firstPageIsGuessed: false, totalField: 'totalElements' },
        ...{
          pagesField: 'totalPages',
          lastField: 'last',
          sizeField: 'size',
          positionField: 'number'
        }
      }
    ],
    [
      'Box, whose markers have to be asked for',
      {
        parameters: [text('marker'), integer('offset', ', default: 0'), integer('limit')],
        answer: object(
          `total_count: ${INTEGER}, offset: ${INTEGER}, limit: ${INTEGER}, next_marker: ${TEXT}, entries: ${THINGS}`
        )
      },
      { type: 'offset', positionParam: 'offset', totalField: 'total_count' }
    ],
    [
      'a start index that the answer states beside a total and a token',
      {
        parameters: [text('pageToken'), integer('startIndex'), integer('maxResults')],
        answer: object(
          `total: ${INTEGER}, startIndex: ${INTEGER}, nextPageToken: ${TEXT}, items: ${THINGS}`
        )
      },
      { type: 'offset', positionParam: 'startIndex', totalField: 'total' }
    ],
    [
      'an offset that no answer states, beside a cursor',
      {
        parameters: [text('cursor'), integer('offset'), integer('limit')],
        answer: object(`total: ${INTEGER}, next_cursor: ${TEXT}, items: ${THINGS}`)
      },
      { type: 'cursor', positionParam: 'cursor', nextField: 'next_cursor' }
    ],
    [
      'an offset of an answer without a total, beside a cursor',
      {
        parameters: [text('cursor'), integer('offset'), integer('limit')],
        answer: object(`offset: ${INTEGER}, next_cursor: ${TEXT}, items: ${THINGS}`)
      },
      { type: 'cursor', positionParam: 'cursor', nextField: 'next_cursor' }
    ],
    [
      'Spring HATEOAS',
      {
        parameters: [integer('page'), integer('size')],
        answer: object(
          `_embedded: ${object(`things: ${THINGS}`)}, _links: ${object(`next: ${object(`href: ${TEXT}`)}`)}, page: ${object(`totalElements: ${INTEGER}, number: ${INTEGER}, size: ${INTEGER}`)}`
        )
      },
      { type: 'next_link', nextField: '_links.next.href', totalField: 'page.totalElements' }
    ],
    [
      'Django REST framework',
      {
        parameters: [integer('page')],
        answer: object(`count: ${INTEGER}, next: ${URI}, previous: ${URI}, results: ${THINGS}`)
      },
      { type: 'next_link', nextField: 'next', totalField: 'count' }
    ],
    [
      'Django REST framework by offset',
      {
        parameters: [integer('limit'), integer('offset')],
        answer: object(`count: ${INTEGER}, next: ${URI}, previous: ${URI}, results: ${THINGS}`)
      },
      { type: 'offset', positionParam: 'offset', totalField: 'count' }
    ],
    [
      'Laravel',
      {
        parameters: [integer('page'), integer('per_page')],
        answer: object(
          `data: ${THINGS}, links: ${object(`next: ${TEXT}`)}, meta: ${object(`current_page: ${INTEGER}, last_page: ${INTEGER}, per_page: ${INTEGER}, total: ${INTEGER}`)}`
        )
      },
      {
        ...{ type: 'next_link', nextField: 'links.next', positionParam: 'page' },
        ...{ totalField: 'meta.total', pagesField: 'meta.last_page', sizeField: 'meta.per_page' }
      }
    ],
    [
      'Jira',
      {
        parameters: [integer('startAt', ', default: 0'), integer('maxResults', ', default: 50')],
        answer: object(
          `values: ${THINGS}, startAt: ${INTEGER}, maxResults: ${INTEGER}, total: ${INTEGER}, isLast: ${FLAG}, nextPage: ${URI}`
        )
      },
      {
        ...{ type: 'offset', positionParam: 'startAt', pageSizeParam: 'maxResults', usualSize: 50 },
        ...{ lastField: 'isLast', sizeField: 'maxResults', positionField: 'startAt' }
      }
    ],
    [
      'Stripe',
      {
        parameters: [
          text('starting_after'),
          text('ending_before'),
          integer('limit', ', maximum: 100')
        ],
        answer: envelope(`has_more: ${FLAG}, url: ${TEXT}`)
      },
      {
        type: 'cursor',
        positionParam: 'starting_after',
        nextField: 'data[-1].id',
        hasMoreField: 'has_more'
      }
    ],
    [
      'OpenAI',
      {
        parameters: [text('after'), text('before'), integer('limit')],
        answer: envelope(`first_id: ${TEXT}, last_id: ${TEXT}, has_more: ${FLAG}`)
      },
      { type: 'cursor', positionParam: 'after', nextField: 'last_id' }
    ],
    [
      'ids of last objects inside of items',
      {
        parameters: [text('after_id')],
        answer: object(
          `edges: { type: array, items: ${object(`node: { $ref: '#/components/schemas/Thing' }`)} }, hasMore: ${FLAG}`
        )
      },
      { type: 'cursor', positionParam: 'after_id', nextField: 'edges[-1].node.id' }
    ],
    [
      'GitHub',
      {
        parameters: [integer('per_page', ', default: 30'), integer('page', ', default: 1')],
        headers: '{ Link: { schema: { type: string } } }'
      },
      { type: 'page', firstPage: 1, firstPageIsGuessed: false, usualSize: 30 }
    ],
    [
      'GitLab',
      {
        parameters: [integer('page', ', default: 1'), integer('per_page')],
        headers: '{ X-Next-Page: { schema: { type: integer } }, X-Total: {} }'
      },
      { type: 'page', nextField: 'header:X-Next-Page' }
    ],
    [
      'Zendesk',
      {
        parameters: [integer("'page[size]'"), text("'page[after]'")],
        answer: object(
          `things: ${THINGS}, meta: ${object(`has_more: ${FLAG}, after_cursor: ${TEXT}`)}, links: ${object(`next: ${URI}`)}`
        )
      },
      {
        ...{ type: 'cursor', positionParam: 'page[after]', nextField: 'meta.after_cursor' },
        ...{ pageSizeParam: 'page[size]', hasMoreField: 'meta.has_more' }
      }
    ],
    [
      'HubSpot',
      {
        parameters: [text('after'), integer('limit')],
        answer: object(
          `results: ${THINGS}, paging: ${object(`next: ${object(`after: ${TEXT}, link: ${TEXT}`)}`)}`
        )
      },
      { type: 'cursor', positionParam: 'after', nextField: 'paging.next.after' }
    ],
    [
      'Slack',
      {
        parameters: [text('cursor'), integer('limit')],
        answer: object(`members: ${THINGS}, response_metadata: ${object(`next_cursor: ${TEXT}`)}`)
      },
      { type: 'cursor', nextField: 'response_metadata.next_cursor' }
    ],
    [
      'Twilio',
      {
        parameters: [
          integer('PageSize', ', minimum: 1, maximum: 1000'),
          integer('Page', ', minimum: 0'),
          text('PageToken')
        ],
        answer: object(
          `things: ${THINGS}, next_page_uri: ${URI}, page: ${INTEGER}, page_size: ${INTEGER}, start: ${INTEGER}, end: ${INTEGER}`
        )
      },
      { type: 'next_link', nextField: 'next_page_uri', pageSizeParam: 'PageSize', pageSize: 1000 }
    ],
    [
      'Microsoft Graph',
      {
        parameters: [
          integer('$top'),
          integer('$skip'),
          '{ name: $count, in: query, schema: { type: boolean } }'
        ],
        answer: object(`value: ${THINGS}, '@odata.nextLink': ${TEXT}, '@odata.count': ${INTEGER}`)
      },
      {
        type: 'next_link',
        nextField: '@odata\\.nextLink',
        pageSizeParam: '$top',
        totalField: '@odata\\.count'
      }
    ],
    [
      'OData without next links',
      {
        parameters: [integer('$top'), integer('$skip')],
        answer: object(`d: ${object(`results: ${THINGS}`)}`)
      },
      { type: 'offset', positionParam: '$skip', pageSizeParam: '$top' }
    ],
    [
      'SCIM',
      {
        parameters: [integer('startIndex'), integer('count')],
        answer: object(
          `totalResults: ${INTEGER}, itemsPerPage: ${INTEGER}, startIndex: ${INTEGER}, Resources: ${THINGS}`
        )
      },
      {
        ...{ type: 'offset', positionParam: 'startIndex', pageSizeParam: 'count', firstOffset: 1 },
        ...{ totalField: 'totalResults', sizeField: 'itemsPerPage', positionField: 'startIndex' }
      }
    ],
    [
      'Elasticsearch',
      {
        parameters: [integer('from'), integer('size')],
        answer: object(
          `hits: ${object(`total: ${object(`value: ${INTEGER}`)}, hits: { type: array, items: ${object(`_source: { $ref: '#/components/schemas/Thing' }`)} }`)}`
        )
      },
      {
        type: 'offset',
        positionParam: 'from',
        pageSizeParam: 'size',
        totalField: 'hits.total.value'
      }
    ],
    [
      'Google',
      {
        parameters: [text('pageToken'), integer('maxResults', ', minimum: 1, maximum: 2500')],
        answer: object(`items: ${THINGS}, nextPageToken: ${TEXT}, nextSyncToken: ${TEXT}`)
      },
      { type: 'cursor', positionParam: 'pageToken', nextField: 'nextPageToken', pageSize: 2500 }
    ],
    [
      'Google AIP',
      {
        parameters: [text('page_token'), integer('page_size')],
        answer: object(`things: ${THINGS}, next_page_token: ${TEXT}, total_size: ${INTEGER}`)
      },
      { type: 'cursor', positionParam: 'page_token', totalField: 'total_size' }
    ],
    [
      'AWS',
      {
        parameters: [text('Marker'), integer('MaxItems')],
        answer: object(`Things: ${THINGS}, IsTruncated: ${FLAG}, NextMarker: ${TEXT}`)
      },
      {
        type: 'cursor',
        positionParam: 'Marker',
        nextField: 'NextMarker',
        hasMoreField: 'IsTruncated'
      }
    ],
    [
      'S3',
      {
        parameters: [text('continuation-token'), integer('max-keys')],
        answer: object(`Contents: ${THINGS}, NextContinuationToken: ${TEXT}, IsTruncated: ${FLAG}`)
      },
      { type: 'cursor', positionParam: 'continuation-token', nextField: 'NextContinuationToken' }
    ],
    [
      'Contentful',
      {
        parameters: [
          integer('skip', ', default: 0'),
          integer('limit', ', maximum: 1000, default: 100')
        ],
        answer: object(`items: ${THINGS}, total: ${INTEGER}, skip: ${INTEGER}, limit: ${INTEGER}`)
      },
      { type: 'offset', positionField: 'skip', sizeField: 'limit', pageSize: 1000 }
    ],
    [
      'Salesforce',
      {
        answer: object(
          `records: ${THINGS}, totalSize: ${INTEGER}, done: ${FLAG}, nextRecordsUrl: ${TEXT}`
        )
      },
      { type: 'next_link', nextField: 'nextRecordsUrl', lastField: 'done', totalField: 'totalSize' }
    ],
    [
      'Twitter',
      {
        parameters: [
          integer('max_results', ', minimum: 10, maximum: 100, default: 10'),
          text('pagination_token')
        ],
        answer: envelope(`meta: ${object(`next_token: ${TEXT}, result_count: ${INTEGER}`)}`)
      },
      {
        ...{ type: 'cursor', positionParam: 'pagination_token', nextField: 'meta.next_token' },
        ...{ pageSize: 100, sizes: { minimum: 10, step: 1, allowed: null } }
      }
    ],
    [
      'Airtable',
      {
        parameters: [text('offset'), integer('pageSize')],
        answer: object(`records: ${THINGS}, offset: ${TEXT}`)
      },
      { type: 'cursor', positionParam: 'offset', nextField: 'offset' }
    ],
    [
      'Asana',
      {
        parameters: [text('offset'), integer('limit')],
        answer: envelope(`next_page: ${object(`offset: ${TEXT}, path: ${TEXT}, uri: ${URI}`)}`)
      },
      { type: 'cursor', positionParam: 'offset', nextField: 'next_page.offset' }
    ],
    [
      'Harvest',
      {
        parameters: [integer('page'), integer('per_page', ', maximum: 2000')],
        answer: object(
          `things: ${THINGS}, per_page: ${INTEGER}, total_pages: ${INTEGER}, next_page: ${INTEGER}, page: ${INTEGER}`
        )
      },
      { type: 'page', nextField: 'next_page', pagesField: 'total_pages', positionField: 'page' }
    ],
    [
      'JSON:API',
      {
        parameters: [integer("'page[number]'"), integer("'page[size]'")],
        answer: envelope(
          `links: ${object(`self: ${TEXT}, next: ${TEXT}, last: ${TEXT}`)}, meta: ${object(`totalPages: ${INTEGER}`)}`
        )
      },
      { type: 'next_link', nextField: 'links.next', pagesField: 'meta.totalPages' }
    ],
    [
      'a next cursor that is a link',
      { parameters: [text('cursor')], answer: envelope(`next_cursor: ${URI}`) },
      { type: 'next_link', nextField: 'next_cursor', positionParam: 'cursor' }
    ],
    [
      'a cursor in a header',
      { parameters: [text('cursor'), integer('limit')], headers: '{ X-Next-Cursor: {} }' },
      { type: 'cursor', nextField: 'header:X-Next-Cursor' }
    ],
    [
      'a cursor in one of two answers',
      {
        parameters: [text('cursor')],
        answer: `{ oneOf: [${envelope(`next_cursor: ${TEXT}`)}, ${object(`error: ${TEXT}`)}] }`
      },
      { type: 'cursor', nextField: 'next_cursor' }
    ],
    [
      'an element to start from',
      { parameters: [integer('startElement'), integer('pageSize')] },
      { type: 'offset', positionParam: 'startElement' }
    ]
  ]
for (const [name, keys, expected] of apis) {
  test(`P5 P4 paging is inferred as of ${name}`, () => {
    const paging = pagingOf(keys)
    assert.deepEqual({ ...paging, ...expected }, paging)
    assert.equal(paging.origin, 'inferred')
  })
}

test('P5 members of object parameters and of a body page like parameters', () => {
  const members = 'number: { type: integer, minimum: 0 }, size: { type: integer, maximum: 40 }'
  const schema = `schema: { type: object, properties: { ${members} } }`
  const deep = pagingOf({ parameters: [`{ name: page, in: query, style: deepObject, ${schema} }`] })
  assert.deepEqual(
    [deep.type, deep.positionParam, deep.firstPage, deep.pageSizeParam, deep.pageSize],
    ['page', 'page[number]', 0, 'page[size]', 40]
  )
  const pageable = `{ name: pageable, in: query, required: true, ${schema.replace('number', 'page')} }`
  const model = compile(listDocument({ parameters: [pageable] }))
  const { type, positionParam, pageSizeParam } = operationOf(model, 'query:Thing').paging
  assert.deepEqual([type, positionParam, pageSizeParam], ['page', 'page', 'size'])
  assert.ok(!model.index.diagnostics.some(({ code }) => code === 'PARAMETER_UNFILLED'))
  const inText = pagingOf({
    parameters: [`{ name: page, in: query, style: form, explode: false, ${schema} }`]
  })
  assert.equal(inText.type, 'none')

  const body = (properties: string): PagingRecord => {
    const media = `{ application/json: { schema: { type: object, properties: { ${properties} } } } }`
    const document = listDocument({
      get: `requestBody: { content: ${media} }`,
      mapping: 'operation: post',
      answer: envelope('next_cursor: { type: string }')
    })
    return operationOf(compile(document.replace('    get:', '    post:')), 'query:Thing').paging
  }
  const flat = body('query: { type: string }, cursor: { type: string }, limit: { type: integer }')
  assert.deepEqual(
    [flat.type, flat.positionParam, flat.pageSizeParam],
    ['cursor', 'body.cursor', 'body.limit']
  )
  const inner = body(
    `paging: { type: object, properties: { page: { type: integer, default: 0 }, pageSize: { type: integer } } }`
  )
  assert.deepEqual(
    [inner.type, inner.positionParam, inner.firstPage, inner.pageSizeParam],
    ['page', 'body.paging.page', 0, 'body.paging.pageSize']
  )
})

test('P5 a parameter takes as a cursor what the answer names as its next value', () => {
  const batch = { parameters: [text('batch')], answer: envelope('next_batch: { type: string }') }
  const { type, positionParam, nextField } = pagingOf(batch)
  assert.deepEqual([type, positionParam, nextField], ['cursor', 'batch', 'next_batch'])
  const page = { parameters: [integer('page')], answer: envelope('next_page: { type: integer }') }
  assert.equal(pagingOf(page).type, 'page')
})

test('P4 a required page is sent although the answer has a next link, and needs no mapping', () => {
  const required = integer('page').replace('in: query', 'in: query, required: true')
  const model = compile(
    listDocument({ parameters: [required], answer: envelope('next: { type: string }') })
  )
  assert.equal(operationOf(model, 'query:Thing').paging.type, 'page')
  assert.deepEqual(
    model.index.diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
})

test('P5 `from` is a position only beside `size`, and not in a range', () => {
  for (const parameters of [
    [integer('from'), integer('limit')],
    [integer('from'), integer('to'), integer('size')],
    [integer('from'), integer('until'), integer('size')],
    [text('from'), integer('size')],
    ['{ name: from, in: query, schema: { type: string, format: date-time } }', integer('size')]
  ]) {
    assert.equal(pagingOf({ parameters }).positionParam, null, parameters.join())
  }
})

test('P5 an `after_id` without a flag for more, and a text `offset` without a token, are no cursors', () => {
  assert.equal(pagingOf({ parameters: [text('after_id')], answer: envelope() }).type, 'none')
  const parameters = [text('offset'), integer('limit')]
  const open = pagingOf({ parameters, answer: envelope() })
  assert.deepEqual([open.type, open.positionParam, open.origin], ['none', 'offset', 'answer'])
  assert.equal(
    pagingOf({ parameters, answer: envelope('total: { type: integer }') }).type,
    'offset'
  )
  assert.equal(pagingOf({ parameters }).type, 'offset')
  const number = "{ name: offset, in: query, schema: { type: string, default: '0' } }"
  assert.equal(pagingOf({ parameters: [number], answer: envelope() }).type, 'offset')
})

test('P3 the document says from where pages count', () => {
  const page = (more: string, around = ''): string =>
    `{ name: page, in: query${around}, schema: { type: integer${more} } }`
  for (const [parameter, first] of [
    [page(', minimum: 0'), 0],
    [page(', default: 0'), 0],
    ["{ name: page, in: query, schema: { type: string, default: '0' } }", 0],
    [page(', example: 0'), 0],
    [page('', ', example: 0'), 0],
    [page('', ', examples: { first: { value: 0 } }'), 0],
    [page('', ', description: Zero-based page index (0..N)'), 0],
    [page('', ', description: The 0-based number of the page'), 0],
    [page('', ', description: "Page number, starting from 0"'), 0],
    [page(', description: "Pages are counted from zero"'), 0],
    [page('', ', description: "Page (0-indexed)"'), 0],
    [page('', ', description: "The first page is 0."'), 0],
    [page('', ', description: "Which page, 0 being the first"'), 0],
    [page('', ', description: "Pages begin with page 0"'), 0],
    [page(', minimum: 1'), 1],
    [page(', default: 1'), 1],
    [page(', minimum: 0, default: 1'), null],
    [page('', ', description: "1-based"'), 1],
    [page(''), null],
    [page(', example: 1'), null],
    [page('', ', description: "Up to 0 or 10 pages"'), null]
  ] as const) {
    const { firstPage, firstPageIsGuessed } = pagingOf({ parameters: [parameter] })
    const expected = first === null ? [1, true] : [first, false]
    assert.deepEqual([firstPage, firstPageIsGuessed], expected, parameter)
  }
  const declared = { get: 'x-flow-pagination: { type: page }', parameters: [page(', minimum: 0')] }
  assert.equal(pagingOf(declared).firstPage, 0)
  const own = { ...declared, get: 'x-flow-pagination: { type: page, firstPage: 1 }' }
  assert.deepEqual([pagingOf(own).firstPage, pagingOf(own).firstPageIsGuessed], [1, false])
})

test('P6 the sizes that a parameter allows are kept, and the largest of them is the page size', () => {
  const sizesOf = (more: string, get = ''): unknown => {
    const parameters = [
      `{ name: limit, in: query, schema: { type: integer${more} } }`,
      integer('offset')
    ]
    const { pageSize, sizes } = pagingOf({ parameters, get })
    return [pageSize, sizes]
  }
  const rows: readonly (readonly [string, number | null, PagingRecord['sizes']])[] = [
    ['', null, null],
    [', minimum: 1, maximum: 100', 100, null],
    [', minimum: 10, maximum: 100', 100, { minimum: 10, step: 1, allowed: null }],
    [', enum: [50, 10, 25, 100]', 100, { minimum: 1, step: 1, allowed: [10, 25, 50, 100] }],
    [', enum: [10, 25, 50], maximum: 30', 25, { minimum: 1, step: 1, allowed: [10, 25, 50] }],
    [', multipleOf: 10, maximum: 95', 90, { minimum: 1, step: 10, allowed: null }],
    [', multipleOf: 5', null, { minimum: 1, step: 5, allowed: null }],
    [', exclusiveMaximum: true, maximum: 100', 99, null],
    [', exclusiveMinimum: true, minimum: 4, maximum: 9', 9, { minimum: 5, step: 1, allowed: null }]
  ]
  for (const [more, pageSize, sizes] of rows)
    assert.deepEqual(sizesOf(more), [pageSize, sizes], more)
  const declared = 'x-flow-pagination: { type: offset, pageSize: 30 }'
  const allowed = { minimum: 1, step: 1, allowed: [10, 25, 50] }
  assert.deepEqual(sizesOf(', enum: [10, 25, 50]', declared), [25, allowed])
})

test('P6 a maximum in the words of a description counts where the schema has none', () => {
  for (const [words, most] of [
    ['Number of results, max 100', 100],
    ['Page size (default 20, maximum is 50)', 50],
    ['Up to 200 items', 200],
    ['Between 1 and 1000', 1000],
    ['How many, 1-25', 25],
    ['Must not exceed 40', 40],
    ['The maximum number of items. Default: 20', null],
    ['Number of results', null]
  ] as const) {
    const parameters = [
      `{ name: limit, in: query, description: "${words}", schema: { type: integer } }`,
      integer('offset')
    ]
    assert.equal(pagingOf({ parameters }).pageSize, most, words)
  }
})

test('P6 OpenAPI 3.1 has exclusive limits as numbers, and sizes as text', () => {
  const sizeOf = (schema: string): unknown => {
    const parameters = [`{ name: limit, in: query, schema: ${schema} }`, integer('offset')]
    const document = listDocument({ parameters }).replace('3.0.3', '3.1.0')
    const { pageSize, sizes } = operationOf(compile(document), 'query:Thing').paging
    return [pageSize, sizes?.allowed ?? null]
  }
  assert.deepEqual(sizeOf('{ type: integer, exclusiveMaximum: 100 }'), [99, null])
  assert.deepEqual(sizeOf("{ type: string, enum: ['20', '5'] }"), [20, [5, 20]])
})
