import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { assertRate } from '../support/assert-rate.ts'
import type { ListPaging, LongList } from '../support/long-list.ts'
import { idsUpTo, manifestOf, numbered, startLongList } from '../support/long-list.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

type Started = {
  readonly list: LongList
  readonly directory: string
  read(...args: string[]): Promise<CommandRun>
}

/** A manifest of a list, and the command over it. */
async function start(
  t: TestContext,
  paging: ListPaging,
  records: string[],
  more = ''
): Promise<Started> {
  const list = await startLongList(t, paging, records)
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, paging, more) })
  const read = (...args: string[]): Promise<CommandRun> =>
    runInTerminal(['read', 'm.yaml', 'things', ...args], { directory })
  return { list, directory, read }
}

function rowsOf(ndjson: string): { readonly [name: string]: unknown }[] {
  return ndjson
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

const ids = (ndjson: string): unknown[] => rowsOf(ndjson).map(({ id }) => id)

const CALLS: { readonly [paging in ListPaging]: number } = {
  offset: 3,
  page: 3,
  cursor: 3,
  next_link: 3,
  none: 1
}

for (const paging of ['offset', 'page', 'cursor', 'next_link', 'none'] as const) {
  test(`E01 E02 E03 E04 E05 E06 E12 read writes each record of a list paged by ${paging} once, and asks for each page once`, async t => {
    const { list, read } = await start(t, paging, numbered(250))
    const { code, out, err } = await read()
    assert.deepEqual([code, ids(out)], [0, idsUpTo(250)])
    assert.equal(list.calls.length, CALLS[paging])
    assert.match(err, new RegExp(`^250 records in ${CALLS[paging]} pages?, in \\d+ s$`, 'm'))
  })
}

test('E07 read stops at max_pages with a token, and goes on with it', async t => {
  const list = await startLongList(t, 'cursor', numbered(250))
  const manifest = manifestOf(list.url, 'cursor').replace(
    'page_size: 100',
    'page_size: 100, max_pages: 2'
  )
  const directory = startFolder(t, { 'm.yaml': manifest })
  const first = await runInTerminal(['read', 'm.yaml', 'things'], { directory })
  assert.deepEqual([first.code, ids(first.out)], [3, idsUpTo(200)])
  assert.equal(list.calls.length, 2)
  const token = /--resume (\S+)$/m.exec(first.err)?.[1] ?? ''
  const rest = await runInTerminal(['read', 'm.yaml', 'things', '--resume', token], { directory })
  assert.equal(rest.code, 0)
  assert.deepEqual([...ids(first.out), ...ids(rest.out)], idsUpTo(250))
})

test('a row is the record as the API wrote it, with every digit', async t => {
  const record =
    '{"z":1,"id":12345678901234567890,"amount":0.12345678901234567891,"tiny":0.0000001,"text":"1e-7 \\u0000 é","n":null,"deep":{"b":[1,{"c":true}]}}'
  const { read } = await start(t, 'none', [record])
  const { code, out } = await read()
  assert.equal(code, 0)
  assert.equal(out, `${record}\n`)
})

test('read writes CSV with dotted columns of what the type describes, and JSON text of the rest', async t => {
  const records = [
    '{"id":1,"name":"a, \\"b\\"","at":{"city":"York"},"tags":["x"],"n":null,"blank":""}',
    '{"id":2,"name":"two\\nlines","at":null,"n":1e3,"blank":" "}'
  ]
  const { read } = await start(t, 'none', records)
  const { code, out } = await read('--format', 'csv')
  assert.equal(code, 0)
  assert.equal(
    out,
    [
      'id,name,at,tags,n,blank',
      '1,"a, ""b""","{""city"":""York""}","[""x""]",,""',
      '2,"two\nlines",,,1000, ',
      ''
    ].join('\n')
  )
  const columns = await read('--format', 'csv', '--columns', 'name,at.city', '--columns', 'id')
  assert.equal(columns.out, 'name,at.city,id\n"a, ""b""",York,1\n"two\nlines",,2\n')
})

test('CSV names members that the type has no column for', async t => {
  const { read } = await start(t, 'offset', [
    ...numbered(100),
    '{"id":101,"name":"late","extra":1}'
  ])
  const { code, out, err } = await read('--format', 'csv')
  assert.equal(code, 0)
  assert.match(out, /^101,late,,,$/m)
  assert.match(err, /^warning: the type has no column for these members of its records: extra$/m)
})

test('read writes a JSON array, also of nothing', async t => {
  const { list, read } = await start(t, 'offset', numbered(201))
  const { out } = await read('--format', 'json', '--columns', 'id')
  assert.deepEqual(
    JSON.parse(out),
    idsUpTo(201).map(id => ({ id }))
  )
  list.records.length = 0
  const empty = await read('--format', 'json')
  assert.deepEqual([empty.code, empty.out], [0, '[]\n'])
  const none = await read()
  assert.deepEqual([none.code, none.out], [0, ''])
})

test('--columns picks members, nested ones in their objects, and names the nearest for an unknown one', async t => {
  const { read } = await start(t, 'none', ['{"id":1,"at":{"city":"York","zip":"1"},"tags":[1]}'])
  const { out } = await read('--columns', 'at.zip,id,at.city,tags')
  assert.equal(out, '{"at":{"zip":"1","city":"York"},"id":1,"tags":[1]}\n')
  for (const [column, near] of [
    ['idd', 'id'],
    ['tag', 'tags'],
    ['id.x', 'id']
  ] as const) {
    const { code, err, out: nothing } = await read('--columns', column)
    assert.deepEqual([code, nothing], [2, ''])
    assert.match(err, new RegExp(`has no property "${column}" \\(did you mean "${near}"\\?\\)`))
  }
})

const conditions: readonly (readonly [condition: string, expected: readonly number[]])[] = [
  ['size=0', [7, 14]],
  ['size!=0', [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15]],
  ['id>13', [14, 15]],
  ['id>=14', [14, 15]],
  ['id<3', [1, 2]],
  ['id<=2', [1, 2]],
  ['name*=thing 1', [1, 10, 11, 12, 13, 14, 15]],
  ['name^=Thing 15', [15]],
  ['name$=g 2', [2]],
  ['note is empty', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]],
  ['note is not empty', []]
]
for (const [condition, expected] of conditions) {
  test(`--where '${condition}' is evaluated page by page over the rows of a manifest`, async t => {
    const records = numbered(15).map(record => record.replace('{', '{"note":null,'))
    const { read } = await start(t, 'none', records)
    const { code, out } = await read('--where', condition)
    assert.deepEqual([code, ids(out)], [0, expected])
  })
}

test('--limit stops a read, also where rows are evaluated here, and asks for no page behind', async t => {
  const { list, read } = await start(t, 'offset', numbered(1_000))
  const plain = await read('--limit', '150')
  assert.deepEqual([plain.code, ids(plain.out)], [0, idsUpTo(150)])
  list.calls.length = 0
  const filtered = await read('--where', 'size=1', '--limit', '20')
  assert.equal(filtered.code, 0)
  assert.deepEqual(
    ids(filtered.out),
    Array.from({ length: 20 }, (_, index) => 1 + 7 * index)
  )
  assert.equal(list.calls.length, 2)
})

test('--order of an API that takes none is made here, within SCAN_MAX_RECORDS', async t => {
  const { list, directory, read } = await start(t, 'offset', numbered(120))
  const { code, out } = await read('--order', 'size:desc', '--order', 'id', '--limit', '3')
  assert.deepEqual([code, ids(out)], [0, [6, 13, 20]])
  list.records.push(...numbered(1_000, 121))
  const long = await read('--order', 'size')
  assert.deepEqual([long.code, long.out], [1, ''])
  assert.match(long.err, /to evaluate the order by "size" \[FILTER_SCAN_LIMIT\]/)
  const raised = await runInTerminal(['read', 'm.yaml', 'things', '--order', 'id:desc'], {
    directory,
    environment: { SCAN_MAX_RECORDS: '2000' }
  })
  assert.deepEqual([raised.code, ids(raised.out)], [0, idsUpTo(1_120).reverse()])
})

test('--search is evaluated over the text of rows', async t => {
  const { read } = await start(t, 'offset', numbered(130))
  const { code, out } = await read('--search', 'thing 12')
  assert.deepEqual([code, ids(out)], [0, [12, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129]])
})

test('H02 H03 E22 a page that fails is read again, and one that keeps failing ends the read with a token', async t => {
  const { list, read } = await start(
    t,
    'cursor',
    numbered(400),
    'rate_limit: { retry_on: [429, 503], max_retries: 3 }'
  )
  // Each page fails three times before it comes.
  list.instead = (call, response) => {
    if (call % 4 === 0) return false
    response.writeHead(call % 4 === 1 ? 429 : 503, { 'retry-after': '0' }).end()
    return true
  }
  const { code, out } = await read()
  assert.deepEqual([code, ids(out), list.calls.length], [0, idsUpTo(400), 16])
  list.calls.length = 0
  list.instead = (call, response) => {
    if (call < 4) return false
    response.writeHead(503, { 'retry-after': '0' }).end()
    return true
  }
  const failed = await read()
  assert.deepEqual([failed.code, ids(failed.out), list.calls.length], [1, idsUpTo(300), 7])
  assert.match(failed.err, /\[API_ERROR\]/)
  const token = /--resume (\S+)$/m.exec(failed.err)?.[1] ?? ''
  list.instead = () => false
  const rest = await read('--resume', token)
  assert.deepEqual([rest.code, [...ids(failed.out), ...ids(rest.out)]], [0, idsUpTo(400)])
})

test('H01 requests_per_second paces a read, however long that takes', async t => {
  const times: number[] = []
  const { list, read } = await start(
    t,
    'cursor',
    numbered(1_200),
    'rate_limit: { requests_per_second: 4 }'
  )
  list.instead = () => {
    times.push(performance.now())
    return false
  }
  const { code, out } = await read()
  assert.deepEqual([code, ids(out).length, times.length], [0, 1_200, 12])
  assertRate(times, 4, 1_000)
})

test('a cursor that never ends is a named problem', async t => {
  const { list, read } = await start(t, 'cursor', numbered(10))
  list.instead = (_, response) => {
    response.end(JSON.stringify({ data: [{ id: 1 }, { id: 2 }], next_cursor: 'c' }))
    return true
  }
  const { code, err } = await read()
  assert.equal(code, 1)
  assert.match(err, /\[PAGING_REPEATED\]/)
})

test('cursors that go round in a long circle are a named problem', async t => {
  const { list, read } = await start(t, 'cursor', numbered(10))
  list.instead = (call, response) => {
    const data = [{ id: `new ${call}` }]
    response.end(JSON.stringify({ data, next_cursor: `c${call % 500}` }))
    return true
  }
  const { code, err } = await read()
  assert.equal(code, 1)
  assert.match(err, /\[PAGING_REPEATED\]/)
  assert.ok(list.calls.length < 2_000)
})

test('B20 B21 the fields of schema are enforced, in their order, and a misfit names record and field', async t => {
  const schema = 'schema: [{ name: name, type: string }, { name: id, type: integer }]'
  const { list, read } = await start(t, 'offset', numbered(150), schema)
  const { code, out } = await read('--limit', '2')
  assert.equal(code, 0)
  assert.equal(out, '{"name":"Thing 1","id":1}\n{"name":"Thing 2","id":2}\n')
  list.records[119] = '{"id":"x","name":"broken"}'
  const broken = await read()
  assert.equal(broken.code, 1)
  assert.match(broken.err, /^record 120 of "things" .*"id" is text, .*\[RECORD_MISFIT\]$/m)
  assert.equal(ids(broken.out).length, 100)
})

test('F12 F13 F14 C17 C18 C19 C20 read sends the credential, headers and parameters of a manifest', async t => {
  const list = await startLongList(t, 'none', numbered(1))
  const more = [
    'headers: { X-Client: nightly }',
    'params: { since: "{{ dt | default(\'2025-01-01\') }}", status: active }',
    'auth: { type: bearer, token: "{{ env.API_TOKEN }}" }'
  ].join('\n')
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'none', more) })
  const run = await runInTerminal(
    ['read', 'm.yaml', 'things', '--set-config', 'Variables=API_TOKEN=t0p-s3cret'],
    { directory }
  )
  assert.equal(run.code, 0)
  assert.deepEqual(list.calls, ['/things?since=2025-01-01&status=active'])
  assert.deepEqual(list.authorizations, ['Bearer t0p-s3cret'])
  assert.ok(!(run.out + run.err.replace(/^warning.*$/m, '')).includes('t0p-s3cret'))
})

test('--explain says what is pushed down and evaluated here, calls nothing and shows no secret', async t => {
  const { list, directory } = await start(
    t,
    'offset',
    numbered(1),
    'auth: { type: bearer, token: "{{ env.TOKEN }}" }\nrate_limit: { requests_per_second: 5 }\nschema: [{ name: id, type: long }]'
  )
  const { code, out } = await runInTerminal(
    [
      ...['read', 'm.yaml', 'things', '--where', 'id>5', '--order', 'id', '--explain'],
      ...['--out', 'x.csv', '--format', 'csv']
    ],
    { directory, environment: { OPENAPI_FLOW_VARIABLES: 'TOKEN=t0p-s3cret' } }
  )
  assert.equal(code, 0)
  assert.deepEqual(list.calls, [])
  assert.deepEqual(readdirSync(directory), ['m.yaml'])
  assert.ok(!out.includes('t0p-s3cret'))
  assert.match(out, /^first call +GET http:\S+\/things\?limit=100&offset=0$/m)
  assert.match(out, /^calls +1 for every 100 records$/m)
  assert.match(out, /^pace +5 calls a second; 3 repeats after 429, 503$/m)
  assert.match(out, /^credential +env\.TOKEN, in header Authorization$/m)
  assert.match(out, /^pushed down +nothing$/m)
  assert.match(out, /^evaluated here +id .*5.*order by id ASC$/m)
  assert.match(out, /^output +csv to x\.csv, all columns$/m)
})

test('--out writes the file when it is complete, and leaves nothing else', async t => {
  const { directory, read } = await start(t, 'offset', numbered(150))
  const { code, out } = await read('--out', 'rows.ndjson')
  assert.deepEqual([code, out], [0, ''])
  assert.deepEqual(ids(readFileSync(join(directory, 'rows.ndjson'), 'utf8')), idsUpTo(150))
  assert.deepEqual(readdirSync(directory).sort(), ['m.yaml', 'rows.ndjson'])
})

test('--out keeps the earlier file of a read that fails, and says where the rows are', async t => {
  const { list, directory, read } = await start(t, 'offset', numbered(150))
  await read('--out', 'rows.ndjson')
  const before = readFileSync(join(directory, 'rows.ndjson'), 'utf8')
  list.calls.length = 0
  list.instead = (call, response) => {
    if (call === 1) return false
    response.writeHead(403).end()
    return true
  }
  const failed = await read('--out', 'rows.ndjson')
  assert.equal(failed.code, 1)
  assert.match(failed.err, /their rows are in "rows\.ndjson\.part"/)
  assert.equal(readFileSync(join(directory, 'rows.ndjson'), 'utf8'), before)
  list.calls.length = 1
  const nothing = await read('--out', 'other.ndjson')
  assert.equal(nothing.code, 1)
  assert.ok(!existsSync(join(directory, 'other.ndjson.part')))
  assert.ok(!nothing.err.includes('--resume'))
})

const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [['--format', 'cvs'], /there is no format "cvs" \(did you mean "csv"\?\)/],
  [['--columns', 'a,,b'], /--columns "a,,b" has a blank name/],
  [['--limit', '0'], /--limit "0" is not a whole number from 1/],
  [['--where', 'nothing'], /--where "nothing" is no condition/],
  [['--where', 'nam=x'], /no property "nam" \(did you mean "name"\?\)/],
  [['--order', 'nam'], /no property "nam" \(did you mean "name"\?\)/],
  [['--resume', 'abc'], /the token of --resume does not open/],
  [
    ['--out', 'no/such/rows.csv'],
    /"no\/such\/rows\.csv\.part" cannot be written: there is no such directory/
  ],
  [['--out', '.'], /"\." cannot be written: it is a directory/],
  [['--nosuch'], /has no option "--nosuch"/]
]
for (const [args, says] of wrong) {
  test(`read ${args.join(' ')} is a wrong command and ends with 2`, async t => {
    const schema = 'schema: [{ name: id, type: long }, { name: name, type: string }]'
    const { list, read } = await start(t, 'offset', numbered(3), schema)
    const { code, out, err } = await read(...args)
    assert.equal(code, 2)
    assert.equal(out, '')
    assert.match(err, says)
    assert.deepEqual(list.calls, [])
  })
}

test('an unknown type, a manifest that is none and one without the type end with 2', async t => {
  const { directory } = await start(t, 'offset', [])
  const type = await runInTerminal(['read', 'm.yaml', 'thing'], { directory })
  assert.equal(type.code, 2)
  assert.match(type.err, /has no type "thing" \(did you mean "things"\?\) \[TYPE_UNKNOWN\]/)
  const file = await runInTerminal(['read', 'none.yaml', 'things'], { directory })
  assert.equal(file.code, 2)
  assert.match(file.err, /"none\.yaml" cannot be read: there is no such file/)
})

test('read answers from the examples of a document and of a manifest without a call', async t => {
  const document = await runInTerminal([
    ...['read', 'sample:petstore', 'Pet', '--set-config', 'Responses=example', '--columns', 'id']
  ])
  assert.equal(document.code, 0)
  assert.ok(rowsOf(document.out).length > 1)
  const schema = 'schema: [{ name: id, type: long }, { name: name, type: string }]'
  const { list, read } = await start(t, 'offset', numbered(3), schema)
  const manifest = await read('--set-config', 'Responses=example')
  assert.equal(manifest.code, 0)
  assert.ok(rowsOf(manifest.out).length > 0)
  assert.deepEqual(list.calls, [])
})
