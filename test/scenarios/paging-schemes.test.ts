import assert from 'node:assert/strict'
import test from 'node:test'

import type { ListKeys, PageAnswer } from '../support/paged-list.ts'
import {
  envelope,
  integer,
  numberIn,
  range,
  startList,
  text,
  things,
  THINGS
} from '../support/paged-list.ts'
import type { ApiCall } from '../support/start-api.ts'

/** A list of seven things behind pages of three, and every call that reading it to its end costs. */
type Scheme = {
  readonly name: string
  readonly keys: ListKeys
  readonly page: (call: ApiCall) => PageAnswer
  readonly calls: readonly string[]
}

const TOTAL = 7
const SIZE = 3
const ALL = range(0, TOTAL)

const sizes = (call: ApiCall): number => Math.min(SIZE, numberIn(call, 'limit', SIZE))
const byOffset = (call: ApiCall) => things(TOTAL, numberIn(call, 'offset', 0), sizes(call))
const byPage = (call: ApiCall) => things(TOTAL, (numberIn(call, 'page', 1) - 1) * SIZE, SIZE)
const startOf = (call: ApiCall): number => numberIn(call, 'from', 0)
const nextOf = (start: number): number | null => (start + SIZE < TOTAL ? start + SIZE : null)

const paged = (members: string): ListKeys => ({ get: `x-flow-pagination: { ${members} }` })
const listOf = (start: number) => things(TOTAL, start, SIZE)

/** A page of a list whose cursor is where the next page starts. */
const cursorPage = (call: ApiCall, member: (next: number | null) => object): PageAnswer => {
  const start = numberIn(call, 'cursor', 0)
  return { json: { data: listOf(start), ...member(nextOf(start)) } }
}

const linkTo = (start: number): string | null => {
  const next = nextOf(start)
  return next === null ? null : `/v1/things?from=${next}`
}

const OFFSET_CALLS = [
  'GET /v1/things?limit=3&offset=0',
  'GET /v1/things?limit=3&offset=3',
  'GET /v1/things?limit=3&offset=6'
]
const PAGE_CALLS = ['GET /v1/things?page=1', 'GET /v1/things?page=2', 'GET /v1/things?page=3']
const CURSOR_CALLS = ['GET /v1/things', 'GET /v1/things?cursor=3', 'GET /v1/things?cursor=6']
const LINK_CALLS = ['GET /v1/things', 'GET /v1/things?from=3', 'GET /v1/things?from=6']

const schemes: readonly Scheme[] = [
  {
    name: 'E02 E06 an offset grows until a page is short, the size is sent as configured',
    keys: paged('type: offset, pageSize: 3'),
    page: call => ({ json: byOffset(call) }),
    calls: OFFSET_CALLS
  },
  {
    name: 'E02 an offset has the names that are declared',
    keys: paged('type: offset, pageSize: 3, pageSizeParam: top, offsetParam: skip'),
    page: call => ({ json: listOf(numberIn(call, 'skip', 0)) }),
    calls: [0, 3, 6].map(skip => `GET /v1/things?top=3&skip=${skip}`)
  },
  {
    name: 'E03 a page is numbered',
    keys: paged('type: page, pageSize: 3, pageSizeParam: size, pageParam: p'),
    page: call => ({ json: listOf((numberIn(call, 'p', 1) - 1) * SIZE) }),
    calls: [1, 2, 3].map(page => `GET /v1/things?size=3&p=${page}`)
  },
  {
    name: 'E03 the first page has the number that is declared',
    keys: paged('type: page, pageSize: 3, pageSizeParam: size, firstPage: 0'),
    page: call => ({ json: listOf(numberIn(call, 'page', 0) * SIZE) }),
    calls: [0, 1, 2].map(page => `GET /v1/things?size=3&page=${page}`)
  },
  {
    name: 'E04 E14 a cursor of the body, nested, goes into the next query',
    keys: { ...paged('type: cursor, cursorField: meta.next'), answer: envelope() },
    page: call => cursorPage(call, next => ({ meta: { next } })),
    calls: CURSOR_CALLS
  },
  {
    name: 'E04 a cursor that is left out at the end ends the list, and so does a blank one',
    keys: { ...paged('type: cursor'), answer: envelope() },
    page: call => cursorPage(call, next => ({ next_cursor: next === null ? '' : `${next}` })),
    calls: CURSOR_CALLS
  },
  {
    name: 'E09 a cursor stands in a header of the answer',
    keys: paged("type: cursor, cursorField: 'header:X-Next'"),
    page: call => {
      const start = numberIn(call, 'cursor', 0)
      const next = nextOf(start)
      return { json: listOf(start), headers: next === null ? {} : { 'x-next': `${next}` } }
    },
    calls: CURSOR_CALLS
  },
  {
    name: 'E05 E14 E18 a next link is followed until it is null; a relative one from where it stands',
    keys: { ...paged('type: next_link, linkField: links.next'), answer: envelope() },
    page: call => ({
      json: { data: listOf(startOf(call)), links: { next: linkTo(startOf(call)) } }
    }),
    calls: LINK_CALLS
  },
  {
    name: 'E05 E18 a next link that is only a query, under a name with a dot',
    keys: { ...paged("type: next_link, linkField: '@odata.nextLink'"), answer: envelope() },
    page: call => {
      const next = nextOf(startOf(call))
      const link = next === null ? {} : { '@odata.nextLink': `?from=${next}` }
      return { json: { data: listOf(startOf(call)), ...link } }
    },
    calls: LINK_CALLS
  },
  {
    name: 'E08 the Link header names the next page',
    keys: paged('type: link_header'),
    page: call => {
      const next = linkTo(startOf(call))
      const link = `</v1/things?from=0>; rel="first"${next === null ? '' : `, <${next}>; rel="next"`}`
      return { json: listOf(startOf(call)), headers: { link } }
    },
    calls: LINK_CALLS
  },
  {
    name: 'E10 a list ends where its has-more flag says so, though the page is full',
    keys: {
      ...paged('type: offset, pageSize: 3, hasMoreField: meta.more'),
      answer: envelope()
    },
    page: call => {
      const offset = numberIn(call, 'offset', 0)
      return { json: { data: things(6, offset, SIZE), meta: { more: offset < 3 } } }
    },
    calls: OFFSET_CALLS.slice(0, 2)
  },
  {
    name: 'E10 a has-more flag as text counts, also on a short page',
    keys: { ...paged('type: page, pageSize: 3, hasMoreField: more'), answer: envelope() },
    page: call => {
      const page = numberIn(call, 'page', 1)
      const list = [range(0, 2), range(2, 5), range(5, 7)][page - 1] ?? []
      return { json: { data: list.map(id => ({ id })), more: page < 3 ? 'true' : 'False' } }
    },
    calls: PAGE_CALLS.map(call => call.replace('?', '?limit=3&'))
  },
  {
    name: 'E11 a list ends at its total, though the page is full',
    keys: { ...paged('type: offset, pageSize: 3, totalField: total'), answer: envelope() },
    page: call => ({
      json: { data: things(6, numberIn(call, 'offset', 0), SIZE), total: 6 }
    }),
    calls: OFFSET_CALLS.slice(0, 2)
  },
  {
    name: 'E11 a total as text counts, and a short page in the middle does not end the list',
    keys: { ...paged('type: offset, pageSize: 3, totalField: total'), answer: envelope() },
    page: call => {
      const offset = numberIn(call, 'offset', 0)
      return { json: { data: things(TOTAL, offset, offset === 0 ? 2 : SIZE), total: '7' } }
    },
    calls: [
      'GET /v1/things?limit=3&offset=0',
      'GET /v1/things?limit=3&offset=2',
      'GET /v1/things?limit=3&offset=5'
    ]
  },
  {
    name: 'E11 a total that is less than one page is wrong, and loses nothing',
    keys: { ...paged('type: offset, pageSize: 3, totalField: total'), answer: envelope() },
    page: call => ({ json: { data: byOffset(call), total: 1 } }),
    calls: OFFSET_CALLS
  },
  {
    name: 'E12 an empty page ends a list, whatever its total says',
    keys: { ...paged('type: page, pageSize: 3, totalField: total'), answer: envelope() },
    page: call => ({ json: { data: byPage(call), total: 1_000 } }),
    calls: [1, 2, 3, 4].map(page => `GET /v1/things?limit=3&page=${page}`)
  },
  {
    name: 'E12 without a size an empty page ends a list',
    keys: paged('type: page'),
    page: call => ({ json: byPage(call) }),
    calls: [...PAGE_CALLS, 'GET /v1/things?page=4']
  }
]

for (const { name, keys, page, calls } of schemes) {
  test(name, async t => {
    const list = await startList(t, keys, page)
    const loaded = await list.load()
    assert.deepEqual(loaded.calls, calls)
    assert.deepEqual([loaded.more, loaded.token], [false, undefined])
    const expected = calls.length < 3 ? range(0, 6) : ALL
    assert.deepEqual(loaded.ids, expected)
  })
}

test('E13 paging values stand in the body of a POST, at their dotted paths', async t => {
  const keys = {
    item: `post:
      x-flow-pagination:
        { type: offset, pageSize: 3, offsetParam: body.page.from, pageSizeParam: body.page.size }
      requestBody:
        content: { application/json: { schema: { type: object, properties: { page: { type: object } } } } }
      responses: { '200': { description: Some, content: { application/json: { schema: ${THINGS} } } } }`,
    mapping: 'operation: post'
  }
  const { load } = await startList(t, keys, ({ body }) => {
    const { from } = JSON.parse(body).page
    return { json: listOf(from) }
  })
  const { ids, calls } = await load()
  assert.deepEqual(ids, ALL)
  const bodies = [0, 3, 6].map(from => `POST /v1/things {"page":{"size":3,"from":${from}}}`)
  assert.deepEqual(calls, bodies)
})

test('E13 a cursor that stands in the body is not sent with the first page', async t => {
  const keys = {
    item: `post:
      x-flow-pagination: { type: cursor, cursorParam: body.after, cursorField: next }
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': { description: Some, content: { application/json: { schema: ${envelope()} } } } }`,
    mapping: 'operation: post'
  }
  const { load } = await startList(t, keys, ({ body }) => {
    const { after = 0 } = JSON.parse(body)
    return { json: { data: listOf(Number(after)), next: nextOf(Number(after)) } }
  })
  const { ids, calls } = await load()
  assert.deepEqual(ids, ALL)
  const bodies = ['{}', '{"after":"3"}', '{"after":"6"}']
  assert.deepEqual(
    calls,
    bodies.map(body => `POST /v1/things ${body}`)
  )
})

test('P5 paging values go into members of object parameters and of a body that names them', async t => {
  const size = 'size: { type: integer, maximum: 3 }'
  const object = (first: string, more: string): string =>
    `{ name: page, in: query, required: true${more}, schema: { type: object, properties: { ${first}: { type: integer, minimum: 0 }, ${size} } } }`
  const numbered = (name: string) => (call: ApiCall) => ({
    json: listOf(numberIn(call, name, 9) * SIZE)
  })
  for (const [parameter, page, calls] of [
    [
      object('page', '').replace('name: page', 'name: pageable'),
      numbered('page'),
      [0, 1, 2].map(at => `?size=3&page=${at}`)
    ],
    [
      object('number', ', style: deepObject'),
      numbered('page[number]'),
      [0, 1, 2].map(at => `?page%5Bsize%5D=3&page%5Bnumber%5D=${at}`)
    ]
  ] as const) {
    const { load } = await startList(t, { parameters: [parameter] }, page)
    const loaded = await load()
    const expected = calls.map(call => `GET /v1/things${call}`)
    assert.deepEqual([loaded.ids, loaded.more, loaded.calls], [ALL, false, expected])
  }
  const keys = {
    item: `post:
      requestBody:
        content: { application/json: { schema: { type: object, properties: { offset: { type: integer }, limit: { type: integer, maximum: 3 } } } } }
      responses: { '200': { description: Some, content: { application/json: { schema: ${THINGS} } } } }`,
    mapping: 'operation: post'
  }
  const { load } = await startList(t, keys, ({ body }) => ({
    json: listOf(JSON.parse(body).offset)
  }))
  const { ids, calls } = await load()
  assert.deepEqual(ids, ALL)
  assert.deepEqual(
    calls,
    [0, 3, 6].map(offset => `POST /v1/things {"limit":3,"offset":${offset}}`)
  )
})

test('E01 a list of which nothing says how it is paged is exactly one request', async t => {
  const { load } = await startList(t, {}, () => ({ json: things(40, 0, 40) }))
  for (const listFilter of [null, { limit: 0 }, { limit: 60 }]) {
    const { ids, more, calls } = await load(listFilter)
    assert.deepEqual([ids, more, calls], [range(0, 40), false, ['GET /v1/things']])
  }
  const { ids, more, calls } = await load({ limit: 10, offset: 20 })
  assert.deepEqual([ids, more, calls], [range(20, 30), true, ['GET /v1/things']])
})

test('E01 `none` switches paging off, also where the answer shows a next page', async t => {
  const keys = { ...paged('type: none'), answer: envelope(), parameters: [integer('page')] }
  const { load } = await startList(t, keys, () => ({
    json: { data: things(TOTAL, 0, SIZE), next: '/v1/things?from=3' }
  }))
  const { ids, more, calls } = await load()
  assert.deepEqual([ids, more, calls], [range(0, 3), false, ['GET /v1/things']])
})

test('E15 what the first answer shows is followed: a link, a Link header, a cursor for its parameter', async t => {
  const shown: readonly [ListKeys, (call: ApiCall) => PageAnswer, readonly string[]][] = [
    [
      { answer: '{}' },
      call => ({ json: { items: listOf(startOf(call)), next: linkTo(startOf(call)) } }),
      LINK_CALLS
    ],
    [
      { answer: '{}' },
      call => {
        const href = linkTo(startOf(call))
        const _links = href === null ? {} : { next: { href } }
        return { json: { items: listOf(startOf(call)), _links } }
      },
      LINK_CALLS
    ],
    [
      {},
      call => {
        const next = linkTo(startOf(call))
        return {
          json: listOf(startOf(call)),
          ...(next && { headers: { link: `<${next}>; rel=next` } })
        }
      },
      LINK_CALLS
    ],
    [
      { answer: '{}', parameters: [text('cursor')] },
      call => cursorPage(call, next => ({ meta: { next_cursor: next } })),
      CURSOR_CALLS
    ]
  ]
  for (const [keys, page, calls] of shown) {
    const { load } = await startList(t, keys, page)
    const loaded = await load()
    assert.deepEqual([loaded.ids, loaded.more, loaded.calls], [ALL, false, calls])
  }
})

test('E16 a scheme is inferred from the names of a document, and said in a diagnostic', async t => {
  const inferred: readonly [ListKeys, (call: ApiCall) => PageAnswer, readonly string[], string][] =
    [
      [
        { parameters: [integer('limit', ', maximum: 3'), integer('offset')] },
        call => ({ json: byOffset(call) }),
        OFFSET_CALLS,
        'offset in parameter "offset"'
      ],
      [
        { parameters: [integer('page'), integer('per_page', ', default: 3')] },
        call => ({ json: byPage(call) }),
        [1, 2, 3].map(page => `GET /v1/things?page=${page}&per_page=3`),
        'page in parameter "page"'
      ],
      [
        { parameters: [text('cursor')], answer: envelope('next_cursor: { type: string }') },
        call => cursorPage(call, next => ({ next_cursor: next && `${next}` })),
        CURSOR_CALLS,
        'cursor "next_cursor" of the answer in parameter "cursor"'
      ],
      [
        { answer: envelope('paging: { type: object, properties: { next: { type: string } } }') },
        call => ({
          json: { data: listOf(startOf(call)), paging: { next: linkTo(startOf(call)) } }
        }),
        LINK_CALLS,
        'next link "paging.next" of the answer'
      ],
      [
        { headers: '{ Link: { schema: { type: string } } }' },
        call => {
          const next = linkTo(startOf(call))
          return {
            json: listOf(startOf(call)),
            ...(next && { headers: { link: `<${next}>; rel=next` } })
          }
        },
        LINK_CALLS,
        'header Link of the answer'
      ]
    ]
  for (const [keys, page, calls, words] of inferred) {
    const { load, connector } = await startList(t, keys, page)
    const loaded = await load()
    assert.deepEqual([loaded.ids, loaded.more, loaded.calls], [ALL, false, calls])
    const { diagnostics } = await connector.preview()
    const said = diagnostics.filter(({ code }) => code === 'PAGING_INFERRED')
    assert.equal(said.length, 1)
    assert.ok(said[0]?.message.includes(words), said[0]?.message)
  }
})

test('E17 the closest declaration wins: mapping, operation, path item, document root', async t => {
  const key = (name: string): string =>
    `x-flow-pagination: { type: page, pageSize: 3, pageSizeParam: size, pageParam: ${name} }`
  const root = key('atRoot')
  const item = key('atItem')
  const get = key('atOperation')
  const mapping = key('atMapping').replace('x-flow-', '')
  for (const [keys, name] of [
    [{ root }, 'atRoot'],
    [{ root, item }, 'atItem'],
    [{ root, item, get }, 'atOperation'],
    [{ root, item, get, mapping }, 'atMapping']
  ] as const) {
    const { load } = await startList(t, keys, call => ({
      json: listOf((numberIn(call, name, 1) - 1) * SIZE)
    }))
    const { ids, calls } = await load()
    assert.deepEqual(ids, ALL)
    assert.deepEqual(
      calls,
      [1, 2, 3].map(page => `GET /v1/things?size=3&${name}=${page}`)
    )
  }
})

test('E05 E08 what a next link has in its query is not required of the load again', async t => {
  const required =
    '{ name: size, in: query, required: true, schema: { type: integer, maximum: 3 } }'
  const mapping = 'parameters: { size: limit }'
  const rows = [
    {
      keys: { parameters: [required], mapping, answer: envelope('next: { type: string }') },
      header: false
    },
    { keys: { ...paged('type: link_header'), parameters: [required], mapping }, header: true }
  ]
  for (const { keys, header } of rows) {
    const { load } = await startList(t, keys, call => {
      const next = linkTo(startOf(call))
      if (!header) return { json: { data: listOf(startOf(call)), next } }
      return {
        json: listOf(startOf(call)),
        headers: { link: next === null ? '' : `<${next}>; rel="next"` }
      }
    })
    const { ids, more, calls } = await load({ limit: 6 })
    assert.deepEqual([ids, more], [range(0, 6), true])
    assert.deepEqual(calls, ['GET /v1/things?size=3', 'GET /v1/things?from=3'])
  }
})
