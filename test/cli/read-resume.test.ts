import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import type { StopReason } from '../../service/cli/terminal.ts'
import { idsUpTo, manifestOf, numbered, startLongList } from '../support/long-list.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { runAsProcess } from '../support/run-as-process.ts'
import { startFolder } from '../support/start-folder.ts'

const ids = (ndjson: string): unknown[] =>
  ndjson
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line).id)

function tokenOf({ err }: CommandRun): string {
  const token = /--resume (\S+)$/m.exec(err)?.[1]
  assert.ok(token, err)
  return token
}

/** Numbers from 0 below 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state / 2 ** 32
  }
}

for (const paging of ['offset', 'page', 'cursor', 'next_link'] as const) {
  test(`a read by ${paging} that is stopped at random moments and resumed has each row once`, async t => {
    const random = seeded(paging.length)
    const list = await startLongList(t, paging, numbered(2_000))
    const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, paging) })
    let token: string[] = []
    for (let stops = 0; ; stops++) {
      const stop = Promise.withResolvers<StopReason>()
      // The first page of each part is read: without any there is nothing to go on from.
      const last = list.calls.length + 2 + Math.floor(random() * 6)
      list.instead = call => {
        if (call >= last) setTimeout(() => stop.resolve('SIGINT'), random() * 4)
        return false
      }
      const run = await runInTerminal(
        ['read', 'm.yaml', 'things', '--out', 'rows.ndjson', ...token],
        { directory, stopped: stop.promise }
      )
      if (run.code === 0) {
        assert.ok(stops > 1)
        break
      }
      assert.equal(run.code, 3, run.err)
      assert.ok(!existsSync(join(directory, 'rows.ndjson')))
      // Half a row, as a process that dies leaves it.
      if (stops % 2 === 0) appendFileSync(join(directory, 'rows.ndjson.part'), '{"id":99')
      token = ['--resume', tokenOf(run)]
    }
    assert.deepEqual(ids(readFileSync(join(directory, 'rows.ndjson'), 'utf8')), idsUpTo(2_000))
    assert.deepEqual(readdirSync(directory).sort(), ['m.yaml', 'rows.ndjson'])
  })
}

for (const format of ['csv', 'json'] as const) {
  test(`a read as ${format} on standard output that is stopped and resumed is one whole`, async t => {
    const list = await startLongList(t, 'cursor', numbered(700))
    const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor') })
    const args = ['read', 'm.yaml', 'things', '--format', format, '--where', 'size>2']
    const whole = await runInTerminal(args, { directory })
    assert.equal(whole.code, 0)
    list.calls.length = 0
    const stop = Promise.withResolvers<StopReason>()
    list.instead = call => {
      if (call === 4) stop.resolve('SIGTERM')
      return false
    }
    const first = await runInTerminal(args, { directory, stopped: stop.promise })
    assert.equal(first.code, 3)
    list.instead = () => false
    const rest = await runInTerminal([...args, '--resume', tokenOf(first)], { directory })
    assert.equal(rest.code, 0)
    assert.equal(first.out + rest.out, whole.out)
  })
}

test('a limit counts over all parts of a read', async t => {
  const list = await startLongList(t, 'offset', numbered(900))
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'offset') })
  const args = ['read', 'm.yaml', 'things', '--limit', '450']
  const stop = Promise.withResolvers<StopReason>()
  list.instead = call => {
    if (call === 2) stop.resolve('SIGINT')
    return false
  }
  const first = await runInTerminal(args, { directory, stopped: stop.promise })
  assert.equal(first.code, 3)
  list.instead = () => false
  const rest = await runInTerminal([...args, '--resume', tokenOf(first)], { directory })
  assert.deepEqual([rest.code, [...ids(first.out), ...ids(rest.out)]], [0, idsUpTo(450)])
})

test('a token opens for the same read only, and with the same key', async t => {
  const list = await startLongList(t, 'offset', numbered(500))
  const manifest = manifestOf(list.url, 'offset')
  const directory = startFolder(t, { 'm.yaml': manifest, 'other.yaml': manifest })
  const stop = Promise.withResolvers<StopReason>()
  list.instead = call => {
    if (call === 2) stop.resolve('SIGINT')
    return false
  }
  const key = Buffer.alloc(32, 7).toString('base64')
  const environment = { STORE_KEY: key }
  const args = ['read', 'm.yaml', 'things']
  const first = await runInTerminal(args, { directory, environment, stopped: stop.promise })
  const token = tokenOf(first)
  list.instead = () => false
  const others: readonly (readonly [string[], { readonly [name: string]: string }])[] = [
    [['read', 'other.yaml', 'things'], environment],
    [[...args, '--where', 'id>1'], environment],
    [[...args, '--order', 'id'], environment],
    [[...args, '--format', 'csv'], environment],
    [[...args, '--columns', 'id'], environment],
    [[...args, '--set-config', `Server URL=${list.url}/v2`], environment],
    [args, {}]
  ]
  for (const [other, given] of others) {
    const run = await runInTerminal([...other, '--resume', token], {
      directory,
      environment: given
    })
    assert.equal(run.code, 2, other.join(' '))
    assert.match(run.err, /the token of --resume does not open/)
  }
  const out = await runInTerminal([...args, '--resume', token, '--out', 'x'], {
    directory,
    environment
  })
  assert.equal(out.code, 2)
  assert.match(out.err, /goes on in standard output/)
  const rotated = { STORE_KEY: `${Buffer.alloc(32, 8).toString('base64')},${key}` }
  const rest = await runInTerminal([...args, '--resume', token], {
    directory,
    environment: rotated
  })
  assert.deepEqual([rest.code, [...ids(first.out), ...ids(rest.out)]], [0, idsUpTo(500)])
})

test('a token does not go on in another file', async t => {
  const list = await startLongList(t, 'offset', numbered(500))
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'offset') })
  const stop = Promise.withResolvers<StopReason>()
  list.instead = call => {
    if (call === 2) stop.resolve('SIGINT')
    return false
  }
  const args = ['read', 'm.yaml', 'things', '--out', 'rows.ndjson']
  const first = await runInTerminal(args, { directory, stopped: stop.promise })
  const resumed = [...args, '--resume', tokenOf(first)]
  assert.equal(readFileSync(join(directory, 'rows.ndjson.resume'), 'utf8').trim(), tokenOf(first))
  const part = join(directory, 'rows.ndjson.part')
  const rows = readFileSync(part, 'utf8')
  for (const other of [
    rows.slice(0, -1),
    '',
    rows.replace('Thing', 'Theng').replaceAll('}', ']')
  ]) {
    writeFileSync(part, other)
    const run = await runInTerminal(resumed, { directory })
    assert.equal(run.code, 2)
    assert.match(run.err, /"rows\.ndjson\.part" is not the file in which/)
  }
  writeFileSync(part, rows)
  list.instead = () => false
  const rest = await runInTerminal(resumed, { directory })
  assert.equal(rest.code, 0, rest.err)
  assert.deepEqual(ids(readFileSync(join(directory, 'rows.ndjson'), 'utf8')), idsUpTo(500))
})

test('a process that is killed goes on by the token that its file has', async t => {
  const list = await startLongList(t, 'cursor', numbered(3_000))
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor') })
  const args = ['read', 'm.yaml', 'things', '--out', 'rows.ndjson']
  const first = runAsProcess(directory, args)
  const tokenFile = join(directory, 'rows.ndjson.resume')
  list.instead = call => {
    if (call < 12 || !existsSync(tokenFile)) return false
    first.child.kill('SIGKILL')
    return true
  }
  assert.equal((await first.ended).signal, 'SIGKILL')
  const token = readFileSync(tokenFile, 'utf8').trim()
  appendFileSync(join(directory, 'rows.ndjson.part'), '{"id":12')
  list.instead = () => false
  const rest = runAsProcess(directory, [...args, '--resume', token])
  rest.child.stdout.resume()
  const { code, err } = await rest.ended
  assert.equal(code, 0, err)
  assert.deepEqual(ids(readFileSync(join(directory, 'rows.ndjson'), 'utf8')), idsUpTo(3_000))
  assert.deepEqual(readdirSync(directory).sort(), ['m.yaml', 'rows.ndjson'])
})

test('SIGINT stops a process with exit code 3, and a closed pipe ends it with a named failure', async t => {
  const list = await startLongList(t, 'cursor', numbered(3_000))
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor') })
  const stopped = runAsProcess(directory, ['read', 'm.yaml', 'things', '--out', 'rows.ndjson'])
  list.instead = call => {
    if (call === 5) stopped.child.kill('SIGINT')
    return false
  }
  const first = await stopped.ended
  assert.equal(first.code, 3, first.err)
  assert.match(first.err, /go on with the same command and --resume \S+$/m)
  list.instead = () => false
  const piped = runAsProcess(directory, ['read', 'm.yaml', 'things'])
  piped.child.stdout.once('data', () => piped.child.stdout.destroy())
  const { code, err } = await piped.ended
  assert.equal(code, 1, err)
  assert.match(err, /^standard output cannot be written: its reader has closed it$/m)
  assert.ok(!err.includes('--resume'))
})

test('a full disk is named, whatever the output is', async t => {
  const list = await startLongList(t, 'cursor', numbered(300))
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor') })
  const run = await runInTerminal(['read', 'm.yaml', 'things', '--out', '/dev/full'], { directory })
  assert.equal(run.code, 1)
  assert.match(run.err, /^"\/dev\/full" cannot be written: no space is left on the disk$/m)
  const full = spawn(
    'sh',
    [
      '-c',
      `"${process.execPath}" "${join(process.cwd(), 'service/main.ts')}" read m.yaml things > /dev/full`
    ],
    { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] }
  )
  const err = (await full.stderr.toArray()).join('')
  const [code] = full.exitCode === null ? await once(full, 'close') : [full.exitCode]
  assert.equal(code, 1)
  assert.match(err, /^standard output cannot be written: no space is left on the disk$/m)
})

test('a list that changes while it is paged by offset has no record twice, and says how many came again', async t => {
  const list = await startLongList(t, 'offset', numbered(500))
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'offset') })
  list.instead = call => {
    if (call === 3) list.records.unshift('{"id":9001}', '{"id":9002}')
    return false
  }
  const { code, out, err } = await runInTerminal(['read', 'm.yaml', 'things'], { directory })
  assert.deepEqual([code, ids(out)], [0, idsUpTo(500)])
  assert.match(err, /^records that came again and were written once: 2$/m)
})

test('a cursor by which each page begins with the end of the one before gives each row once, also where it is resumed', async t => {
  const list = await startLongList(t, 'cursor', [])
  const all = numbered(400)
  const stop = Promise.withResolvers<StopReason>()
  list.instead = (call, response) => {
    if (call === 2) stop.resolve('SIGINT')
    const url = new URL(list.calls.at(-1) ?? '', list.url)
    const start = Number(url.searchParams.get('cursor') ?? 0)
    const end = start + 100
    const next = end < all.length ? `"${end - 2}"` : 'null'
    response.end(`{"data":[${all.slice(start, end).join()}],"next_cursor":${next}}`)
    return true
  }
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor') })
  const args = ['read', 'm.yaml', 'things', '--limit', '350']
  const first = await runInTerminal(args, { directory, stopped: stop.promise })
  assert.equal(first.code, 3, first.err)
  const rest = await runInTerminal([...args, '--resume', tokenOf(first)], { directory })
  assert.deepEqual([rest.code, [...ids(first.out), ...ids(rest.out)]], [0, idsUpTo(350)])
})

const boundaries: readonly (readonly [
  name: string,
  keeps: (at: string, since: string) => boolean
])[] = [
  ['included', (at, since) => at >= since],
  ['left out', (at, since) => at > since],
  ['of the day', (at, since) => at.slice(0, 10) >= since.slice(0, 10)]
]
for (const [name, keeps] of boundaries) {
  test(`an incremental read has each row once where the API takes the bound as ${name}`, async t => {
    const record = (id: number, at: string) => JSON.stringify({ id, updated_at: at })
    const all = [
      record(1, '2026-01-01T08:00:00Z'),
      record(2, '2026-01-02T08:00:00Z'),
      record(3, '2026-01-02T08:00:00Z')
    ]
    const list = await startLongList(t, 'none', [])
    list.instead = () => {
      const since = new URL(list.calls.at(-1) ?? '', list.url).searchParams.get('since')
      const kept = all.filter(text => since === null || keeps(JSON.parse(text).updated_at, since))
      list.records.splice(0, list.records.length, ...kept)
      return false
    }
    const more =
      'incremental: { field: updated_at, param: since, state: state.json }\nschema: [{ name: id, type: long }, { name: updated_at, type: timestamp }]'
    const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'none', more) })
    const read = async (...args: string[]): Promise<unknown[]> => {
      const run = await runInTerminal(['read', 'm.yaml', 'things', ...args], { directory })
      assert.equal(run.code, 0, run.err)
      return ids(run.out)
    }
    assert.deepEqual(await read(), [1, 2, 3])
    assert.deepEqual(list.calls, ['/things'])
    assert.deepEqual(await read(), [])
    assert.equal(list.calls[1], '/things?since=2026-01-02T08%3A00%3A00Z')
    // The same instant in another zone, and a later one.
    all.push(record(5, '2026-01-03T09:00:00+01:00'), record(6, '2026-01-03T08:00:00Z'))
    if (name !== 'left out') all.push(record(4, '2026-01-02T09:00:00+01:00'))
    const expected = name === 'included' ? [5, 6, 4] : name === 'left out' ? [5, 6] : [5, 6, 4]
    assert.deepEqual(await read('--limit', '9'), expected)
    assert.deepEqual(await read(), expected)
    assert.deepEqual(await read(), [])
    const filtered = await runInTerminal(['read', 'm.yaml', 'things', '--where', 'id>1'], {
      directory
    })
    assert.equal(filtered.code, 2)
    assert.match(filtered.err, /"state\.json" is the state of a read with another type/)
  })
}

test('an incremental read that is stopped moves its state only when it is complete', async t => {
  const records = Array.from(
    { length: 500 },
    (_, index) => `{"id":${index + 1},"seq":${index + 1}}`
  )
  const list = await startLongList(t, 'cursor', records)
  const more = 'incremental: { field: seq, param: after, state: state.json }'
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor', more) })
  const args = ['read', 'm.yaml', 'things']
  const stop = Promise.withResolvers<StopReason>()
  list.instead = call => {
    if (call === 3) stop.resolve('SIGINT')
    return false
  }
  const first = await runInTerminal(args, { directory, stopped: stop.promise })
  assert.equal(first.code, 3, first.err)
  assert.ok(!existsSync(join(directory, 'state.json')))
  list.instead = () => false
  const rest = await runInTerminal([...args, '--resume', tokenOf(first)], { directory })
  assert.deepEqual([rest.code, [...ids(first.out), ...ids(rest.out)]], [0, idsUpTo(500)])
  const state = JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8'))
  assert.equal(state.value, 500)
  const again = await runInTerminal(args, { directory })
  assert.deepEqual([again.code, again.out], [0, ''])
})

test('the rows of a read do not replace its document or its state', async t => {
  const list = await startLongList(t, 'cursor', numbered(3))
  const more = 'incremental: { field: id, param: after, state: kept/state.json }'
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor', more) })
  mkdirSync(join(directory, 'kept'))
  symlinkSync('kept', join(directory, 'link'))
  symlinkSync('m.yaml', join(directory, 'linked.yaml'))
  for (const [out, message] of [
    ['m.yaml', '"m.yaml" is the document'],
    ['./linked.yaml', '"./linked.yaml" is the document'],
    ['kept/state.json', '"kept/state.json" keeps the state of the read'],
    ['link/state.json', '"link/state.json" keeps the state of the read']
  ] as const) {
    const args = ['read', 'm.yaml', 'things', '--out', out]
    const { code, err } = await runInTerminal(args, { directory })
    assert.deepEqual([code, err], [2, `${message}; name another file with --out\n`])
  }
  assert.deepEqual(list.calls, [])
})

const states = ['', '{', '[]', '{"version":1}', '{"version":2,"read":"x","value":1,"rows":[]}']
for (const state of states) {
  test(`the state ${JSON.stringify(state)} is refused, and nothing is read`, async t => {
    const list = await startLongList(t, 'cursor', numbered(3))
    const more = 'incremental: { field: id, param: after, state: state.json }'
    const directory = startFolder(t, {
      'm.yaml': manifestOf(list.url, 'cursor', more),
      'state.json': state
    })
    const { code, err } = await runInTerminal(['read', 'm.yaml', 'things'], { directory })
    assert.equal(code, 2)
    assert.match(err, /"state\.json" is no state of an incremental read/)
    assert.deepEqual(list.calls, [])
  })
}

test('a record without the field of an incremental read is refused', async t => {
  const list = await startLongList(t, 'cursor', ['{"id":1,"seq":1}', '{"id":2,"seq":null}'])
  const more = 'incremental: { field: seq, param: after, state: state.json }'
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'cursor', more) })
  const { code, err } = await runInTerminal(['read', 'm.yaml', 'things'], { directory })
  assert.equal(code, 1)
  assert.match(err, /^record 2 of "things" has no value in "seq".*\[INCREMENTAL_VALUE\]$/m)
  assert.ok(!existsSync(join(directory, 'state.json')))
})

test('C20 a read that goes on has the fields of the first page, and not those of the page where it goes on', async t => {
  const list = await startLongList(t, 'next_link', [...numbered(250), '{"id":251,"late":true}'])
  const directory = startFolder(t, { 'm.yaml': manifestOf(list.url, 'next_link') })
  const args = ['read', 'm.yaml', 'things', '--format', 'csv', '--where', 'id>40']
  const stop = Promise.withResolvers<StopReason>()
  list.instead = call => {
    if (call === 2) stop.resolve('SIGINT')
    return false
  }
  const first = await runInTerminal(args, { directory, stopped: stop.promise })
  assert.equal(first.code, 3, first.err)
  list.instead = () => false
  list.calls.length = 0
  const rest = await runInTerminal([...args, '--resume', tokenOf(first)], { directory })
  assert.equal(rest.code, 0, rest.err)
  assert.match(first.out + rest.out, /^id,name,size,at,tags\n41,/)
  assert.match(rest.out, /^251,,,,$/m)
  assert.ok(!list.calls.includes('/things'))
})
