import assert from 'node:assert/strict'
import { linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { StopReason } from '../../service/cli/terminal.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import type { RowStore } from '../support/start-row-store.ts'
import {
  batchManifest,
  sendJson,
  startRowStore,
  thingDocument
} from '../support/start-row-store.ts'
import { startFolder } from '../support/start-folder.ts'

type Started = {
  readonly store: RowStore
  readonly directory: string
  write(...args: string[]): Promise<CommandRun>
  file(name: string): string
}

type Doc = (url: string) => string

/** An API, a folder with its document and files, and the command. */
async function start(
  t: TestContext,
  document: Doc,
  files: { readonly [name: string]: string | Uint8Array } = {}
): Promise<Started> {
  const store = await startRowStore(t)
  const text = document(store.url)
  const directory = startFolder(t, { doc: text, ...files })
  const type = text.startsWith('{') ? 'Thing' : 'things'
  return {
    store,
    directory,
    write: (...args) => runInTerminal(['write', 'doc', type, ...args], { directory }),
    file: name => readFileSync(join(directory, name), 'utf8')
  }
}

const things = (count: number, first = 1): { id: number; name: string; size: number }[] =>
  Array.from({ length: count }, (_, at) => ({
    id: first + at,
    name: `Thing ${first + at}`,
    size: 0.5
  }))

const ndjson = (rows: readonly object[]): string =>
  rows.map(row => `${JSON.stringify(row)}\n`).join('')

test('C21 rows are written in their order, in batches of one request each', async t => {
  const rows = things(250)
  const { store, write } = await start(t, batchManifest, { 'in.ndjson': ndjson(rows) })
  const { code, err } = await write('--in', 'in.ndjson', '--concurrency', '1')
  assert.equal(code, 0, err)
  assert.deepEqual(store.applied, rows)
  assert.deepEqual(
    store.calls.map(call => call.rows.length),
    [100, 100, 50]
  )
  assert.match(err, /^250 rows: 250 saved, in \d+ s$/m)
})

test('C22 each row of a batch is told: those that the answer refuses are rejects with its reasons', async t => {
  const rows = things(200)
  const { store, write, file } = await start(t, batchManifest, { 'in.ndjson': ndjson(rows) })
  store.instead = ({ rows: sent }, response) => {
    const results = sent.map(({ id }) =>
      Number(id) % 50 === 7
        ? { id, status: 422, error: `size of ${String(id)} is taken` }
        : { id, status: 201 }
    )
    store.applied.push(...sent.filter((_, index) => results[index]?.status === 201))
    sendJson(response, 207, results)
    return true
  }
  const { code, err } = await write('--in', 'in.ndjson', '--rejects', 'rejects.ndjson')
  assert.equal(code, 3, err)
  assert.equal(store.applied.length, 196)
  assert.deepEqual(
    file('rejects.ndjson')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
      .sort((a, b) => a.line - b.line),
    [7, 57, 107, 157].map(line => ({
      ...{ line, outcome: 'failed', reason: `size of ${line} is taken` },
      row: rows[line - 1]
    }))
  )
  assert.match(err, /^200 rows: 196 saved, 4 failed, in/m)
  store.instead = () => false
  const again = await write('--in', 'rejects.ndjson')
  assert.equal(again.code, 0, again.err)
  assert.deepEqual(new Set(store.applied.map(({ id }) => id)).size, 200)
  assert.equal(store.applied.length, 200)
})

test('C31 what read has written is written again as it is, from NDJSON and from CSV', async t => {
  const rows = [
    '{"id":1,"name":"a, \\"b\\"","size":0.1234567890123456789,"tags":["x","y"],"at":{"city":"York","zip":"01"}}',
    '{"id":12345678901234567,"name":"","tags":[]}'
  ]
  const { store, write } = await start(t, thingDocument, {
    'in.ndjson': `${rows.join('\n')}\n`,
    'in.csv': [
      'id,name,size,tags,at.city,at.zip',
      '1,"a, ""b""",0.1234567890123456789,"[""x"",""y""]",York,01',
      '12345678901234567,"",,[],,',
      ''
    ].join('\r\n')
  })
  const texts: string[] = []
  store.instead = () => false
  for (const name of ['in.ndjson', 'in.csv']) {
    const { code, err } = await write('--in', name, '--concurrency', '1')
    assert.equal(code, 0, err)
    texts.push(JSON.stringify(store.applied.splice(0)))
  }
  assert.equal(texts[0], texts[1])
  assert.match(texts[0] ?? '', /"tags":\["x","y"\],"at":\{"city":"York","zip":"01"\}/)
})

test('rows of standard input are written, also passwords', async t => {
  const { store, directory } = await start(t, thingDocument)
  const run = await runInTerminal(['write', 'doc', 'Thing'], {
    directory,
    input: '\ufeff{"name":"a","secret":"s3"}\r\n\r\n{"name":"b"}'
  })
  assert.equal(run.code, 0, run.err)
  assert.deepEqual(
    new Set(store.applied.map(row => JSON.stringify(row))),
    new Set(['{"name":"a","secret":"s3"}', '{"name":"b"}'])
  )
})

test('a row with an id updates, and creates what the API does not have', async t => {
  const { store, write } = await start(t, url => thingDocument(url, { update: true }), {
    'one.ndjson': '{"id":5,"name":"new"}\n',
    'two.ndjson': '{"id":5,"name":"newer"}\n{"name":"other"}\n'
  })
  assert.equal((await write('--in', 'one.ndjson')).code, 0)
  assert.equal((await write('--in', 'two.ndjson', '--concurrency', '1')).code, 0)
  assert.deepEqual(
    store.calls.map(({ method, path }) => `${method} ${path}`),
    [...['PUT /things/5', 'POST /things'], ...['PUT /things/5', 'POST /things']]
  )
  assert.deepEqual(
    store.applied.map(({ name }) => name),
    ['new', 'newer', 'other']
  )
})

test('rows of one id are never under way at once', async t => {
  const rows = Array.from({ length: 20 }, (_, at) => ({ id: 1, name: `v${at}` }))
  const { store, write } = await start(t, url => thingDocument(url, { update: true }), {
    'in.ndjson': ndjson(rows)
  })
  assert.equal((await write('--in', 'in.ndjson', '--concurrency', '8')).code, 0)
  assert.deepEqual(
    store.applied.map(({ name }) => name),
    rows.map(({ name }) => name)
  )
  assert.equal(store.most.atOnce, 1)
})

test('several requests are under way at once, and no more than --concurrency', async t => {
  const { store, write } = await start(t, thingDocument, { 'in.ndjson': ndjson(things(12)) })
  const held: (() => void)[] = []
  store.instead = async () => {
    await new Promise<void>(resolve => {
      held.push(resolve)
      if (held.length === 3) for (const go of held.splice(0)) go()
    })
    return false
  }
  const { code } = await write('--in', 'in.ndjson', '--concurrency', '3')
  assert.deepEqual([code, store.most.atOnce, store.applied.length], [0, 3, 12])
})

for (const [what, name, text, fault] of [
  [
    'a row that is no JSON',
    'in.ndjson',
    '{"id":1}\n{"id":2,}\n',
    /in\.ndjson:2: the row is no JSON$/m
  ],
  [
    'a row that is no object',
    'in.ndjson',
    '{"id":1}\n\n7\n',
    /in\.ndjson:3: the row is no JSON object$/m
  ],
  [
    'a JSON array',
    'in.ndjson',
    '[\n{"id":1}\n]\n',
    /in\.ndjson:1: it is a JSON array; give NDJSON/
  ],
  [
    'a value that does not fit',
    'in.ndjson',
    '{"id":1}\n{"id":"x"}\n',
    /in\.ndjson:2: .*"id" of type "Thing" is not a whole number.*\[ROW_MISFIT\]/
  ],
  [
    'a row of another type',
    'in.ndjson',
    '{"nmae":"x"}\n',
    /in\.ndjson:1: .*none of the members of the type \(did you mean "name"\?\)/
  ],
  ['a byte of zero', 'in.ndjson', '\u0000', /in\.ndjson:1: the row is no JSON$/m],
  [
    'a CSV with too few columns',
    'in.csv',
    'id,name\n1,a\n"2\n\n3"\n',
    /in\.csv:3: the row has too few columns: 1, and the header has 2$/m
  ],
  [
    'a CSV with too many columns',
    'in.csv',
    'id,name\n1,a,b\n',
    /in\.csv:2: the row has too many columns: 3/
  ],
  [
    'a quote that does not end',
    'in.csv',
    'id,name\n1,a\n2,"b\n',
    /in\.csv:3: the row is no CSV: a quoted cell does not end$/m
  ],
  ['an unknown column', 'in.csv', 'id,nam\n1,a\n', /"nam".*did you mean "name"/],
  [
    'bytes in a CSV that are no UTF-8',
    'in.csv',
    Buffer.from('id,name\n1,\xe9\n', 'latin1'),
    /in\.csv:1: the file is not in UTF-8$/m
  ],
  [
    'bytes that are no UTF-8',
    'in.ndjson',
    Buffer.from('{"id":1}\n{"name":"\xe9"}\n', 'latin1'),
    /in\.ndjson:2: the row is not in UTF-8$/m
  ],
  [
    'a column that comes twice',
    'in.csv',
    'id,id\n1,a\n',
    /in\.csv:1: the header has the column "id" twice$/m
  ],
  [
    'a list that is no JSON',
    'in.csv',
    'id,tags\n1,a\n',
    /in\.csv:2: the cell of column "tags" is no JSON list or object$/m
  ]
] as const) {
  test(`a file with ${what} is refused by its line before the first call`, async t => {
    const { store, write } = await start(t, thingDocument, { [name]: text })
    const { code, err } = await write('--in', name)
    assert.equal(code, 2, err)
    assert.match(err, fault)
    assert.deepEqual(store.calls, [])
  })
}

test('H04 an output takes a rate limit, statuses to be sent again, and how often', async t => {
  const manifest: Doc = url =>
    batchManifest(
      url,
      'batch_size: 1\nrate_limit: { requests_per_second: 10, retry_on: [503], max_retries: 5 }'
    )
  const { store, write } = await start(t, manifest, { 'in.ndjson': ndjson(things(20)) })
  let calls = 0
  const times: number[] = []
  store.instead = (_, response) => {
    times.push(performance.now())
    if (++calls % 4 !== 0) return false
    sendJson(response, 503, { error: 'busy' })
    return true
  }
  const { code, err } = await write('--in', 'in.ndjson', '--concurrency', '1')
  assert.equal(code, 0, err)
  assert.equal(store.applied.length, 20)
  assert.equal(calls, 26)
  // Of ten in a second, 26 calls take at least one second and a half.
  assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) >= 1_000)
})

test('an output that refuses everything stops the run, and nothing is lost', async t => {
  const { store, write, file } = await start(t, thingDocument, { 'in.ndjson': ndjson(things(100)) })
  store.instead = (_, response) => {
    sendJson(response, 422, { message: 'closed for today' })
    return true
  }
  const run = await write(
    '--in',
    'in.ndjson',
    '--rejects',
    'r.ndjson',
    '--stop-after',
    '5',
    '--concurrency',
    '1'
  )
  assert.equal(run.code, 1, run.err)
  assert.equal(store.calls.length, 5)
  assert.match(
    run.err,
    /^stopped: 5 requests one after another saved nothing; the last one: closed for today/m
  )
  assert.equal(file('r.ndjson').trim().split('\n').length, 100)
  store.instead = () => false
  const again = await write('--in', 'r.ndjson')
  assert.equal(again.code, 0, again.err)
  assert.equal(store.applied.length, 100)
})

test('a write without an answer is unknown, and not sent again by itself', async t => {
  const { store, write, file } = await start(t, thingDocument, { 'in.ndjson': ndjson(things(30)) })
  store.instead = ({ rows: [row] }, response) => {
    if (row?.id !== 7 && row?.id !== 9) return false
    if (row.id === 7) store.applied.push(row)
    response.destroy()
    return true
  }
  const run = await write('--in', 'in.ndjson', '--rejects', 'r.ndjson', '--ledger', 'l')
  assert.equal(run.code, 3, run.err)
  assert.match(run.err, /^30 rows: 28 saved, 2 unknown, in/m)
  store.instead = () => false
  const calls = store.calls.length
  const same = await write('--in', 'in.ndjson', '--rejects', 'r.ndjson', '--ledger', 'l')
  assert.equal(same.code, 3)
  const rejects = await write('--in', 'r.ndjson', '--rejects', 'r2.ndjson')
  assert.equal(rejects.code, 1)
  assert.equal(store.calls.length, calls)
  const rows = file('r2.ndjson')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(rows.map(({ outcome, row }) => [outcome, row.id]).sort(), [
    ['unknown', 7],
    ['unknown', 9]
  ])
  const sent = await write('--in', 'r2.ndjson', '--include-unknown')
  assert.equal(sent.code, 0, sent.err)
  assert.equal(store.calls.length, calls + 2)
})

test('a write with an idempotency key that is unknown is sent again by the same command, with the same key', async t => {
  const { store, write } = await start(t, url => thingDocument(url, { key: true, batch: true }), {
    'in.ndjson': ndjson(things(30))
  })
  const lost: string[] = []
  store.instead = ({ rows, key }, response) => {
    if (rows[0]?.id !== 11) return false
    lost.push(key ?? '')
    response.destroy()
    return true
  }
  const run = await write('--in', 'in.ndjson', '--ledger', 'l')
  assert.equal(run.code, 3, run.err)
  store.instead = () => false
  const again = await write('--in', 'in.ndjson', '--ledger', 'l')
  assert.equal(again.code, 0, again.err)
  const last = store.calls.at(-1)
  assert.deepEqual([last?.key, last?.rows.length], [lost[0], 10])
  assert.equal(store.applied.length, 30)
})

test('a key stays that of its rows where an attempt may have been applied and the last one was turned away', async t => {
  const { store, write, file } = await start(t, url => thingDocument(url, { key: true }), {
    'in.ndjson': '{"id":1,"name":"x"}\n'
  })
  const turnAway = (): void => {
    let calls = 0
    store.instead = ({ rows }, response) => {
      if (++calls === 1) store.applied.push(...rows)
      sendJson(response, calls === 1 ? 503 : 429, { error: 'busy' })
      return true
    }
  }
  turnAway()
  const run = await write('--in', 'in.ndjson', '--ledger', 'l')
  assert.equal(run.code, 1, run.err)
  store.instead = () => false
  assert.equal((await write('--in', 'in.ndjson', '--ledger', 'l')).code, 0)
  assert.equal(new Set(store.calls.map(({ key }) => key)).size, 1)
  turnAway()
  await write('--in', 'in.ndjson', '--rejects', 'r')
  assert.match(file('r'), /"outcome":"unknown"/)
})

test('a ledger of another input, target or kind is refused, and so are two runs of one at once', async t => {
  const { store, write, directory } = await start(t, thingDocument, {
    'in.ndjson': ndjson(things(3)),
    'other.ndjson': ndjson(things(4)),
    'notes.txt': 'half a line'
  })
  assert.equal((await write('--in', 'in.ndjson', '--ledger', 'l')).code, 0)
  const calls = store.calls.length
  const other = await write('--in', 'other.ndjson', '--ledger', 'l')
  assert.deepEqual([other.code, store.calls.length], [2, calls])
  assert.match(other.err, /"l" is the ledger of another input/)
  const target = await write(
    '--in',
    'in.ndjson',
    '--ledger',
    'l',
    '--set-config',
    'Server URL=http://127.0.0.1:9'
  )
  assert.equal(target.code, 2)
  assert.match(target.err, /"l" is the ledger of another target/)
  const notes = await write('--in', 'in.ndjson', '--ledger', 'notes.txt')
  assert.equal(notes.code, 2)
  assert.match(notes.err, /"notes.txt" is no ledger/)
  assert.equal(readFileSync(join(directory, 'notes.txt'), 'utf8'), 'half a line')
  const same = await write('--in', 'in.ndjson', '--ledger', 'l')
  assert.deepEqual([same.code, store.calls.length], [0, calls])

  const [isHeld, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  store.instead = async () => {
    isHeld.resolve()
    await go.promise
    return false
  }
  const first = write('--in', 'in.ndjson', '--ledger', 'l2')
  await isHeld.promise
  const second = await write('--in', 'in.ndjson', '--ledger', 'l2')
  assert.equal(second.code, 2)
  assert.match(second.err, /"l2" is in use by another run/)
  go.resolve()
  assert.equal((await first).code, 0)
  writeFileSync(join(directory, 'l2'), 'x', { flag: 'a' })
  assert.equal((await write('--in', 'in.ndjson', '--ledger', 'l2')).code, 0)
})

test('a signal stops the run after what has left, and the same command goes on', async t => {
  const { store, directory, write } = await start(t, thingDocument, {
    'in.ndjson': ndjson(things(50))
  })
  const stop = Promise.withResolvers<StopReason>()
  store.instead = () => {
    if (store.calls.length === 10) stop.resolve('SIGINT')
    return false
  }
  const args = ['--in', 'in.ndjson', '--ledger', 'l']
  const run = await runInTerminal(['write', 'doc', 'Thing', ...args], {
    directory,
    stopped: stop.promise
  })
  assert.equal(run.code, 3, run.err)
  assert.ok(store.applied.length >= 10 && store.applied.length < 50)
  assert.match(run.err, /^50 rows: \d+ saved, \d+ not sent, in/m)
  assert.match(run.err, /^the same command goes on with the rows that were not sent$/m)
  assert.equal((await write(...args)).code, 0)
  assert.deepEqual(
    store.applied.map(({ id }) => Number(id)).sort((a, b) => a - b),
    things(50).map(({ id }) => id)
  )
})

test('rows that cannot be sent stay for the same command, and without a ledger are rejects', async t => {
  const { directory, write, file } = await start(t, () => thingDocument('http://127.0.0.1:9'), {
    'in.ndjson': ndjson(things(40))
  })
  const run = await write('--in', 'in.ndjson', '--rejects', 'r')
  assert.equal(run.code, 1, run.err)
  assert.match(run.err, /^stopped: 127\.0\.0\.1:9 cannot be reached/m)
  const rejects = file('r')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(new Set(rejects.map(({ outcome }) => outcome)), new Set(['unsent']))
  assert.deepEqual(
    rejects.map(({ line }) => line).sort((a, b) => a - b),
    things(40).map(({ id }) => id)
  )
  const store = await startRowStore(t)
  writeFileSync(join(directory, 'doc'), thingDocument(store.url))
  const again = await write('--in', 'r')
  assert.deepEqual([again.code, store.applied.length], [0, 40], again.err)
})

test('an update sends what the row has: a member that lacks stays, and null clears', async t => {
  const { store, write } = await start(
    t,
    url =>
      thingDocument(url, { update: true }).replace('"put"', '"patch"').replace('"put"', '"patch"'),
    { 'in.ndjson': '{"id":1,"name":null}\n{"id":1,"at":{"zip":"2"}}\n' }
  )
  store.instead = ({ method, rows: [row] }, response) => {
    store.applied.push(row ?? {})
    sendJson(response, 200, row)
    return method === 'PATCH'
  }
  const { code, err } = await write('--in', 'in.ndjson')
  assert.equal(code, 0, err)
  assert.deepEqual(store.applied, [
    { id: 1, name: '' },
    { id: 1, at: { zip: '2' } }
  ])
})

test('--check sends nothing, and members that the type does not have are named', async t => {
  const { store, write } = await start(t, thingDocument, {
    'in.ndjson': '{"id":1,"nmae":"x","other":2}\n'
  })
  const checked = await write('--in', 'in.ndjson', '--check')
  assert.equal(checked.code, 0)
  assert.match(checked.err, /not sent: nmae \(did you mean "name"\?\), other/)
  assert.deepEqual(store.calls, [])
})

test('C21 no file of a write is written over by another, whatever the names by which they are given', async t => {
  const rows = ndjson(things(2))
  const { store, directory, write, file } = await start(t, thingDocument, { 'in.ndjson': rows })
  assert.equal((await write('--in', 'in.ndjson', '--ledger', 'l')).code, 0)
  const ledger = file('l')
  symlinkSync('l', join(directory, 'link'))
  linkSync(join(directory, 'l'), join(directory, 'hard'))
  symlinkSync('in.ndjson', join(directory, 'rows'))
  symlinkSync('new', join(directory, 'to-new'))
  const calls = store.calls.length
  for (const [ledgerName, rejects, message] of [
    ['l', 'l', /"l" is the file of --ledger/],
    ['l', join(directory, 'l'), /is the file of --ledger/],
    ['l', 'link', /"link" is the file of --ledger; name another file with --rejects/],
    ['link', 'hard', /"hard" is the file of --ledger/],
    ['new', 'to-new', /"to-new" is the file of --ledger/],
    ['l', 'rows', /"rows" is the file of --in; name another file with --rejects/],
    ['l', './in.ndjson', /is the file of --in/],
    ['rows', 'r', /"rows" is the file of --in; name another file with --ledger/]
  ] as const) {
    const args = ['--in', 'in.ndjson', '--ledger', ledgerName, '--rejects', rejects]
    const { code, err } = await write(...args)
    assert.equal(code, 2, err)
    assert.match(err, message)
  }
  assert.equal(file('l'), ledger)
  assert.equal(file('in.ndjson'), rows)
  assert.equal(store.calls.length, calls)
})

test('a wrong command is told before anything is read', async t => {
  const { write } = await start(t, thingDocument, { 'in.ndjson': '{"id":1}\n' })
  for (const [args, message] of [
    [['--in', 'no.ndjson'], /"no\.ndjson" cannot be read: there is no such file/],
    [['--in', 'in.ndjson', '--format', 'cvs'], /did you mean "csv"/],
    [
      ['--in', 'in.ndjson', '--concurrency', '0'],
      /--concurrency "0" is not a whole number from 1 to 32/
    ],
    [['--in', 'in.ndjson', '--ledger', 'no/l'], /"no\/l" cannot be written/]
  ] as const) {
    const { code, err } = await write(...args)
    assert.equal(code, 2, err)
    assert.match(err, message)
  }
})
