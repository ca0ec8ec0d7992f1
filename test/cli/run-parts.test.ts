import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { StopReason } from '../../service/cli/terminal.ts'
import { numbered, startLongList } from '../support/long-list.ts'
import type { ProcessRun } from '../support/run-as-process.ts'
import { runAsProcess } from '../support/run-as-process.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'
import { startS3 } from '../support/start-s3.ts'
import { startUpstream } from '../support/start-upstream.ts'

type Thing = { readonly id: number; readonly at: string | null; readonly owner: string }

/** Things with ids from 1, a time every eight hours of 2025, and one of three owners. */
function thingsUpTo(count: number): Thing[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    at: new Date(Date.UTC(2025, 0, 1, 8 * index)).toISOString(),
    owner: 'abc'.charAt(index % 3)
  }))
}

/** How an API takes the bounds of a range. */
type Bounds = { readonly from: 'included' | 'excluded'; readonly to: 'included' | 'excluded' }

/** Starts an API with a list of things, also of one owner, that filters by id and time. */
async function startThings(
  t: TestContext,
  things: readonly Thing[],
  { from, to }: Bounds = { from: 'included', to: 'excluded' }
) {
  const api = {
    url: '',
    calls: [] as string[],
    instead: (_call: string, _response: ServerResponse): boolean => false
  }
  api.url = await startUpstream(t, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', api.url)
    api.calls.push(pathname + request.url?.slice(pathname.length))
    if (api.instead(request.url ?? '', response)) return
    const bound = (name: string): string | null => searchParams.get(name)
    const isAbove = (value: number, least: number): boolean =>
      value > least || (value === least && from === 'included')
    const isBelow = (value: number, most: number): boolean =>
      value < most || (value === most && to === 'included')
    const [, owner] = /^\/owners\/(\w)\/things$/.exec(pathname) ?? []
    const found = things.filter(thing => {
      const time = Date.parse(thing.at ?? '')
      const [least, most] = [bound('min_id'), bound('max_id')]
      const [since, until] = [bound('since'), bound('until')]
      return (
        (owner === undefined || thing.owner === owner) &&
        (least === null || isAbove(thing.id, Number(least))) &&
        (most === null || isBelow(thing.id, Number(most))) &&
        (since === null || isAbove(time, Date.parse(since))) &&
        (until === null || isBelow(time, Date.parse(until)))
      )
    })
    const start = Number(bound('offset') ?? 0)
    const page = found.slice(start, start + Number(bound('limit') ?? 10))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ data: page }))
  })
  return api
}

type Api = Awaited<ReturnType<typeof startThings>>

function manifestOf({ url }: Api, partition: string, outputs: string, path = '/things'): string {
  return `CONFIG:
  inputs:
    things:
      url: "${url}${path}"
      pagination: { type: offset, page_size: 10 }
      response: { root_key: data }
      ${partition === '' ? '' : `partition: ${partition}`}
  outputs:
    ${outputs.replaceAll('\n', '\n    ')}
`
}

const FILES = `lake: { format: json, path: things.ndjson }
table: { format: csv, path: things.csv }`

/** A pipeline of an API in a folder. */
function startRun(t: TestContext, manifest: string) {
  const directory = startFolder(t, { 'm.yaml': manifest })
  return {
    directory,
    text: (name: string): string => readFileSync(join(directory, name), 'utf8'),
    names: (): string[] => readdirSync(directory).toSorted(),
    run: (options: readonly string[] = [], stopped?: Promise<StopReason>): Promise<CommandRun> =>
      runInTerminal(['run', 'm.yaml', ...options], {
        directory,
        ...(stopped !== undefined && { stopped })
      })
  }
}

const BY_ID = '{ by: id, from: 1, to: 96, count: 4, from_param: min_id, to_param: max_id }'

for (const { what, partition } of [
  { what: 'ids', partition: BY_ID },
  {
    what: 'days',
    partition:
      '{ by: at, from: 2025-01-01, to: 2025-02-02, count: 5, from_param: since, to_param: until }'
  },
  {
    what: 'seconds',
    partition:
      '{ by: at, from: "2025-01-01T00:00:00Z", to: "2025-02-02T01:00:00+01:00", count: 7, from_param: since, to_param: until }'
  },
  {
    what: 'a range that the API does not take',
    partition: '{ by: id, from: 0, to: 1000, count: 2 }'
  },
  { what: 'pages', partition: '{ by: page, to: 9, count: 4 }' },
  { what: 'more pages than there are', partition: '{ by: page, to: 40, count: 4 }' },
  { what: 'fewer pages than there are', partition: '{ by: page, to: 3, count: 2 }' }
]) {
  test(`C31 a list that is cut by ${what} is written as one that is read whole`, async t => {
    for (const bounds of [
      { from: 'included', to: 'excluded' },
      { from: 'excluded', to: 'included' }
    ] as const) {
      const api = await startThings(t, thingsUpTo(95), bounds)
      const whole = startRun(t, manifestOf(api, '', FILES))
      const cut = startRun(t, manifestOf(api, partition, FILES))
      assert.equal((await whole.run()).code, 0)
      const { code, out, err } = await cut.run()
      assert.equal(code, 0, err)
      assert.equal(cut.text('things.ndjson'), whole.text('things.ndjson'))
      assert.equal(cut.text('things.csv'), whole.text('things.csv'))
      const { isComplete, parts, inputs } = JSON.parse(out)
      const rows = parts.reduce((sum: number, part: { rows: number }) => sum + part.rows, 0)
      assert.deepEqual([isComplete, rows, inputs.length], [true, 95, 1])
      assert.deepEqual(cut.names(), ['m.yaml', 'things.csv', 'things.ndjson'])
    }
  })
}

test('C31 rows are byte for byte as the API wrote them, also by way of parts', async t => {
  const records = [
    '{"id":1,"v":1.0,"big":12345678901234567890}',
    '{"id":2, "s" : "\\u00e9 \u2028" }',
    '{"id":3,"nested":{"a":[1.50,{}]},"none":null}',
    '{"id":4,"v":-0.000001,"e":1e3}'
  ]
  const list = await startLongList(t, 'offset', records)
  const written = new Set<string>()
  for (const partition of ['', 'partition: { by: page, to: 2, count: 2 }']) {
    const manifest = `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: offset, page_size: 2 }
      response: { root_key: data }
      ${partition}
  outputs:
    lake: { format: json, path: things.ndjson }
    table: { format: csv, path: things.csv }
`
    const { run, text } = startRun(t, manifest)
    const { code, err } = await run()
    assert.equal(code, 0, err)
    const lines = text('things.ndjson').split('\n')
    assert.equal(lines[0], records[0])
    assert.equal(lines[1], records[1])
    written.add(text('things.ndjson') + text('things.csv'))
  }
  assert.equal(written.size, 1)
})

test('C31 a part that the API does not cut is told, and its rows are still each written once', async t => {
  const api = await startThings(t, thingsUpTo(60))
  const partition = '{ by: id, from: 1, to: 61, count: 3, from_param: least, to_param: most }'
  const { run, text } = startRun(t, manifestOf(api, partition, FILES))
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.match(err, /^warning: 40 of 60 records of part 1 belong to other parts/m)
  assert.equal(text('things.ndjson').split('\n').length, 61)
  assert.equal(JSON.parse(out).inputs[0].outside, 120)
})

test('C31 of several inputs each is cut as it says, and goes to the outputs that name it', async t => {
  const api = await startThings(t, thingsUpTo(30))
  const list = await startLongList(t, 'offset', numbered(5))
  const manifest =
    `${manifestOf(api, BY_ID, 'lake: { format: json, path: things.ndjson, input: things }')}
    others: { format: json, path: others.ndjson }
`.replace(
      '  outputs:',
      `    others:
      url: "${list.url}/things"
      pagination: { type: offset }
      response: { root_key: data }
  outputs:`
    )
  const { run, text } = startRun(t, manifest)
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.equal(text('things.ndjson').split('\n').length, 31)
  assert.equal(text('others.ndjson').split('\n').length, 6)
  assert.equal(JSON.parse(out).parts.length, 5)
})

test('C31 the lists of parents are read one after another, and one without records is no end', async t => {
  const api = await startThings(t, thingsUpTo(45))
  const partition = '{ by: env.OWNER, ids: [z, c, a, b, a], count: 2 }'
  const manifest = manifestOf(api, partition, FILES, '/owners/{{ env.OWNER }}/things')
  const { run, text } = startRun(t, manifest)
  const { code, err } = await run()
  assert.equal(code, 0, err)
  const owners = text('things.csv')
    .split('\n')
    .slice(1, -1)
    .map(line => line.slice(-1))
  assert.equal(owners.join(''), 'c'.repeat(15) + 'a'.repeat(15) + 'b'.repeat(15))
})

test('C31 a plan is data, and calls nothing', async t => {
  const api = await startThings(t, thingsUpTo(5))
  const { run, names } = startRun(t, manifestOf(api, BY_ID, FILES))
  const { code, out, err } = await run(['--plan', '--partition', 'count=2,to=9'])
  assert.equal(code, 0, err)
  const params = [
    { min_id: '0', max_id: '5' },
    { min_id: '4', max_id: '9' }
  ]
  const bounds = [
    { from: '1', to: '5' },
    { from: '5', to: '9' }
  ]
  assert.deepEqual(
    JSON.parse(out),
    [0, 1].map(part => ({
      part,
      input: 'things',
      partition: {
        by: 'range',
        field: 'id',
        kind: 'number',
        ...bounds[part],
        params: params[part]
      },
      calls: { least: 1, most: null, recordsOfOne: 10 }
    }))
  )
  assert.deepEqual([api.calls, names()], [[], ['m.yaml']])
})

for (const { what, partition, path, says } of [
  {
    what: 'no count',
    partition: '{ by: id, from: 1, to: 9 }',
    says: /must have required properties count/
  },
  {
    what: 'no end',
    partition: '{ by: id, from: 1, count: 2 }',
    says: /with `by: id` it lacks `to`/
  },
  {
    what: 'an end before the start',
    partition: '{ by: at, from: 2025-02-01, to: 2025-01-01, count: 2 }',
    says: /its `to` "2025-01-01" is not above its `from` "2025-02-01"/
  },
  {
    what: 'a day that is none',
    partition: '{ by: at, from: 2025-02-01, to: 2025-02-30, count: 2 }',
    says: /from "2025-02-01" to "2025-02-30" is no range of whole numbers, of dates/
  },
  {
    what: 'more parts than numbers',
    partition: '{ by: id, from: 1, to: 3, count: 4 }',
    says: /its `count` of 4 is more than the 2 numbers of its range/
  },
  {
    what: 'a variable that no call has',
    partition: '{ by: env.OWENR, ids: [a], count: 1 }',
    path: '/owners/{{ env.OWNER }}/things',
    says: /no call of the input has the variable "OWENR" \(did you mean "OWNER"\?\)/
  },
  {
    what: 'a misspelled member',
    partition: '{ by: id, from: 1, to: 3, count: 1, fromparam: a }',
    says: /MEMBER_UNKNOWN/
  }
]) {
  test(`C31 a partition with ${what} ends the run before the first call`, async t => {
    const api = await startThings(t, thingsUpTo(5))
    const { run, names } = startRun(t, manifestOf(api, partition, FILES, path))
    const { code, err } = await run(what === 'a misspelled member' ? ['--plan'] : [])
    assert.match(err, says)
    if (what !== 'a misspelled member') assert.deepEqual([code, names()], [2, ['m.yaml']])
    assert.deepEqual(api.calls, [])
  })
}

test('C31 a row without a value to be cut by ends the run, and no output is changed', async t => {
  const things = thingsUpTo(20).map(thing => (thing.id === 15 ? { ...thing, at: null } : thing))
  const api = await startThings(t, things)
  const partition = '{ by: at, from: 2025-01-01, to: 2025-03-01, count: 2 }'
  const { run, text } = startRun(t, manifestOf(api, partition, FILES))
  const { code, err } = await run()
  assert.match(err, /record 15 of a part of "things" has no date in "at".*\[PARTITION_VALUE\]/)
  assert.equal(code, 1)
  assert.throws(() => text('things.csv'))
})

test('C31 parts that are read by themselves are put together by --commit, once all are there', async t => {
  const api = await startThings(t, thingsUpTo(95))
  const whole = startRun(t, manifestOf(api, '', FILES))
  await whole.run()
  const { run, text, names } = startRun(t, manifestOf(api, BY_ID, FILES))
  for (const share of ['1/3', '0/3']) {
    const { code, err } = await run(['--dir', 'parts', '--part', share])
    assert.equal(code, 0, err)
  }
  const early = await run(['--dir', 'parts', '--commit'])
  assert.deepEqual([early.code, early.err], [2, '1 of 4 parts are missing in "parts": 2\n'])
  assert.deepEqual(names(), ['m.yaml', 'parts'])
  const calls = api.calls.length
  const again = await run(['--dir', 'parts', '--part', '0/3'])
  assert.deepEqual([again.code, api.calls.length], [0, calls])
  assert.equal((await run(['--dir', 'parts', '--part', '2/3'])).code, 0)
  const { code, out, err } = await run(['--dir', 'parts', '--commit'])
  assert.equal(code, 0, err)
  assert.equal(text('things.ndjson'), whole.text('things.ndjson'))
  const told = await run(['--dir', 'parts', '--commit'])
  assert.deepEqual([told.code, JSON.parse(told.out)], [0, JSON.parse(out)])
  assert.match(told.err, /was finished before; nothing was called/)
})

test('C31 parts on different machines meet in S3', async t => {
  const [api, s3] = await Promise.all([startThings(t, thingsUpTo(95)), startS3(t)])
  const whole = startRun(t, manifestOf(api, '', FILES))
  await whole.run()
  const manifest = manifestOf(api, BY_ID, 'lake: { format: json, path: "s3://lake/things" }')
  const directory = startFolder(t, { 'm.yaml': manifest })
  const run = (...options: string[]): Promise<CommandRun> =>
    runInTerminal(['run', 'm.yaml', '--dir', 's3://lake/runs/7', ...options], {
      directory,
      environment: s3.environment
    })
  for (const index of [3, 0, 2, 1]) {
    const { code, err } = await run('--part', `${index}/4`)
    assert.equal(code, 0, err)
  }
  const { code, err } = await run('--commit')
  assert.equal(code, 0, err)
  assert.equal(String(s3.objects.get('lake/things')), whole.text('things.ndjson'))
  assert.equal([...s3.objects.keys()].filter(key => key.includes('part-')).length, 0)
})

test('C31 a run that fails goes on with the parts that are missing', async t => {
  const api = await startThings(t, thingsUpTo(95))
  const { run, text, names } = startRun(t, manifestOf(api, BY_ID, FILES))
  api.instead = (call, response) => {
    const isRefused = call.includes('min_id=47')
    if (isRefused) response.writeHead(403).end()
    return isRefused
  }
  const failed = await run()
  assert.equal(failed.code, 1)
  assert.match(
    failed.err,
    /"m\.yaml\.run" has the parts that are complete: the same command goes on/
  )
  assert.deepEqual(names(), ['m.yaml', 'm.yaml.run'])
  api.instead = () => false
  api.calls.length = 0
  const { code, err } = await run()
  assert.equal(code, 0, err)
  assert.ok(
    api.calls.every(call => /min_id=(47|71)/.test(call)),
    String(api.calls)
  )
  assert.equal(text('things.ndjson').split('\n').length, 96)
  assert.deepEqual(names(), ['m.yaml', 'things.csv', 'things.ndjson'])
})

test('C31 a run that is stopped goes on, but not with another manifest', async t => {
  const api = await startThings(t, thingsUpTo(95))
  const { run, directory } = startRun(t, manifestOf(api, BY_ID, FILES))
  const stop = Promise.withResolvers<StopReason>()
  api.instead = call => {
    const isLast = call.includes('min_id=47')
    if (isLast) stop.resolve('SIGINT')
    return isLast
  }
  const { code, err } = await run([], stop.promise)
  assert.match(err, /^the run was stopped$/m)
  assert.equal(code, 3)
  writeFileSync(
    join(directory, 'm.yaml'),
    manifestOf(api, BY_ID, FILES).replace('size: 10', 'size: 9')
  )
  const other = await run()
  assert.equal(other.code, 2)
  assert.match(other.err, /"m\.yaml\.run" belongs to a run of another manifest, partition or date/)
})

test('C31 a part that was changed is not written', async t => {
  const api = await startThings(t, thingsUpTo(95))
  const { run, directory, names } = startRun(t, manifestOf(api, BY_ID, FILES))
  assert.equal((await run(['--dir', 'parts', '--part', '0/1'])).code, 0)
  const file = readdirSync(join(directory, 'parts')).find(name => /^part-2\..*ndjson$/.test(name))
  writeFileSync(join(directory, 'parts', file ?? ''), '{"id":1}\n')
  const { code, err } = await run(['--dir', 'parts', '--commit'])
  assert.match(err, /is not what part 2 has written/)
  assert.deepEqual([code, names()], [1, ['m.yaml', 'parts']])
})

for (const { what, damage, says } of [
  {
    what: 'a file of rows that is no JSON',
    damage: (folder: string, file: string) => writeFileSync(join(folder, file), 'oops\n'),
    says: /"parts\/part-2\..*\.ndjson" is not what part 2 has written; remove "part-2\.json" from "parts"/
  },
  {
    what: 'a file of rows that is cut off',
    damage: (folder: string, file: string) => truncateSync(join(folder, file), 40),
    says: /is not what part 2 has written; remove "part-2\.json" from "parts"/
  },
  {
    what: 'a file of rows that is gone',
    damage: (folder: string, file: string) => rmSync(join(folder, file)),
    says: /is not what part 2 has written; remove "part-2\.json" from "parts"/
  },
  {
    what: 'a record that is cut off',
    damage: (folder: string) => truncateSync(join(folder, 'part-2.json'), 9),
    says: /"parts\/part-2\.json" is no part of a run; remove it, and the same command reads/
  },
  {
    what: 'a record that is none',
    damage: (folder: string) => writeFileSync(join(folder, 'part-2.json'), 'null'),
    says: /"parts\/part-2\.json" is no part of a run; remove it, and the same command reads/
  }
]) {
  test(`C31 ${what} is told with what to do, and that mends it`, async t => {
    const api = await startThings(t, thingsUpTo(95))
    const { run, directory, text } = startRun(t, manifestOf(api, BY_ID, FILES))
    const folder = join(directory, 'parts')
    assert.equal((await run(['--dir', 'parts', '--part', '0/1'])).code, 0)
    damage(folder, readdirSync(folder).find(name => /^part-2\..*ndjson$/.test(name)) ?? '')
    const damaged = await run(['--dir', 'parts'])
    assert.match(damaged.err, says)
    assert.notEqual(damaged.code, 0)
    assert.throws(() => text('things.ndjson'), { code: 'ENOENT' })
    rmSync(join(folder, 'part-2.json'))
    const { code, err } = await run(['--dir', 'parts'])
    assert.equal(code, 0, err)
    assert.equal(text('things.ndjson').split('\n').length, 96)
  })
}

test('C31 a run that is killed while it writes its outputs goes on, and nothing is left of its attempts', async t => {
  const [api, s3] = await Promise.all([startThings(t, thingsUpTo(95)), startS3(t)])
  const { directory, names, text } = startRun(
    t,
    manifestOf(
      api,
      BY_ID,
      `${FILES}
deep: { format: parquet, path: lake/things.parquet, schema: [{ name: id, type: long }] }
delta: { format: delta, path: lake/delta, schema: [{ name: id, type: long }] }
object: { format: json, path: "s3://lake/things" }`
    )
  )
  // All files before it are begun when that of the object is.
  let running: ProcessRun | null = null
  let kills = 2
  s3.instead = call => {
    if (call.startsWith('POST ') && kills-- > 0) running?.child.kill('SIGKILL')
    return undefined
  }
  const command = async () => {
    running = runAsProcess(directory, ['run', 'm.yaml'], s3.environment)
    return running.ended
  }
  assert.equal((await command()).signal, 'SIGKILL')
  assert.equal((await command()).signal, 'SIGKILL')
  assert.equal(names().filter(name => name.endsWith('.attempt')).length, 2)
  const calls = api.calls.length
  const { code, err } = await command()
  assert.equal(code, 0, err)
  assert.equal(api.calls.length, calls)
  assert.equal(text('things.ndjson').split('\n').length, 96)
  assert.equal(String(s3.objects.get('lake/things')), text('things.ndjson'))
  assert.deepEqual(names(), ['lake', 'm.yaml', 'things.csv', 'things.ndjson'])
  const lake = readdirSync(join(directory, 'lake'), { recursive: true, encoding: 'utf8' })
  assert.equal(lake.filter(name => name.includes('attempt')).length, 0, String(lake))
  assert.equal(lake.filter(name => name.endsWith('.parquet')).length, 2)
})

test('C31 a directory is that of one run, also where only values of variables are others', async t => {
  const api = await startThings(t, thingsUpTo(45))
  const manifest = manifestOf(api, '', FILES, '/owners/{{ env.OWNER }}/things').replace(
    'response:',
    `auth: { type: bearer, token: "{{ env.TOKEN }}" }
      params: { kind: "{{ env.KIND | default('all') }}" }
      headers: { X-Api-Key: "{{ env.KEY }}" }
      response:`
  )
  const { directory, text } = startRun(t, manifest)
  const environment = { OWNER: 'a', TOKEN: 't', KEY: 'k' }
  const run = (more: { readonly [name: string]: string }, ...options: string[]) =>
    runInTerminal(['run', 'm.yaml', '--dir', 'd', ...options], {
      directory,
      environment: { ...environment, ...more }
    })
  assert.equal((await run({}, '--part', '0/1')).code, 0)
  for (const other of [{ OWNER: 'b' }, { KIND: 'all' }, { KIND: '' }]) {
    const { code, err } = await run(other)
    assert.match(err, /^"d" belongs to a run .* with other values of variables; name another/)
    assert.equal(code, 2)
  }
  const { code, err } = await run({ TOKEN: 'rotated', KEY: 'rotated', OTHER: 'x' })
  assert.equal(code, 0, err)
  assert.equal(text('things.csv').match(/,a$/gm)?.length, 15)
})

test('C31 rows of examples and those of the API are not of one run', async t => {
  const api = await startThings(t, thingsUpTo(5))
  const schema = 'schema: [{ name: id, type: long }]\n      response:'
  const { run } = startRun(t, manifestOf(api, '', FILES).replace('response:', schema))
  const example = ['--set-config', 'Responses=example']
  assert.equal((await run(['--dir', 'd', '--part', '0/1', ...example])).code, 0)
  assert.match((await run(['--dir', 'd'])).err, /^"d" belongs to a run of another manifest/)
})

test('C31 a directory that cannot be finished is a warning, behind what was written', async t => {
  const [api, s3] = await Promise.all([startThings(t, thingsUpTo(20)), startS3(t)])
  const directory = startFolder(t, { 'm.yaml': manifestOf(api, '', FILES) })
  s3.instead = call => (/^PUT .*\/run\.json/.test(call) ? 403 : undefined)
  const { code, out, err } = await runInTerminal(['run', 'm.yaml', '--dir', 's3://lake/run'], {
    directory,
    environment: s3.environment
  })
  assert.equal(code, 0, err)
  assert.match(
    err,
    /^warning: "s3:\/\/lake\/run" still has parts of the run: .*403, AccessDenied$/m
  )
  assert.equal(JSON.parse(out).isComplete, true)
})

for (const { what, outputs, options = [], says } of [
  {
    what: 'below the usual directory',
    outputs: 'lake: { format: json, path: m.yaml.run/things.ndjson }',
    says: /^"m\.yaml\.run\/things\.ndjson" is in "m\.yaml\.run", the directory of the run/
  },
  {
    what: 'named as a part',
    outputs: 'lake: { format: json, path: ./d/part-things.ndjson }',
    options: ['--dir', 'd'],
    says: /is in "d", the directory of the run/
  },
  {
    what: 'a table in it',
    outputs: 'lake: { format: delta, path: "s3://lake/d/", schema: [{ name: id, type: long }] }',
    options: ['--dir', 'S3://lake/d'],
    says: /is in "S3:\/\/lake\/d", the directory of the run/
  }
]) {
  test(`C31 an output in the directory of the run is refused before the first call: ${what}`, async t => {
    const [api, s3] = await Promise.all([startThings(t, thingsUpTo(5)), startS3(t)])
    const directory = startFolder(t, { 'm.yaml': manifestOf(api, BY_ID, outputs) })
    const { code, err } = await runInTerminal(['run', 'm.yaml', ...options], {
      directory,
      environment: s3.environment
    })
    assert.match(err, says)
    assert.deepEqual([code, api.calls], [2, []])
  })
}

for (const { options, says } of [
  { options: ['--part', '0/4'], says: /^--part needs --dir DIR/ },
  { options: ['--commit'], says: /^--commit needs --dir DIR/ },
  {
    options: ['--dir', 'd', '--part', '4/4'],
    says: /^--part "4\/4" is no I\/N with I from 0 to N-1/
  },
  { options: ['--dir', 'd', '--part', '0/1', '--commit'], says: /do not go together/ },
  { options: ['--partition', 'count'], says: /^--partition needs NAME=VALUE/ },
  { options: ['--dir', 'm.yaml'], says: /^"m\.yaml" cannot be written: it is no directory/ }
]) {
  test(`C31 run ${options.join(' ')} is refused`, async t => {
    const api = await startThings(t, [])
    const { run, names } = startRun(t, manifestOf(api, BY_ID, FILES))
    const { code, err } = await run(options)
    assert.match(err, says)
    assert.deepEqual([code, api.calls, names()], [2, [], ['m.yaml']])
  })
}

test('C31 members that are null are absent', async t => {
  const api = await startThings(t, thingsUpTo(5))
  const outputs = 'lake: { format: json, path: things.ndjson, url: null }'
  const manifest = manifestOf(api, '', outputs).replace(
    'response:',
    'incremental: null\n      response:'
  )
  const { run, text } = startRun(t, manifest)
  const { code, err } = await run()
  assert.equal(code, 0, err)
  assert.equal(text('things.ndjson').split('\n').length, 6)
  const untold = startRun(t, manifest.replace('format: json, ', ''))
  assert.match((await untold.run()).err, /it has no `format`/)
})

for (const { what, file } of [
  { what: 'the record of an output', file: 'output-lake.json' },
  { what: 'what a run has printed', file: 'run.json' }
]) {
  test(`C31 ${what} that is damaged is named with what to do`, async t => {
    const api = await startThings(t, thingsUpTo(5))
    const { run, directory } = startRun(t, manifestOf(api, '', FILES))
    assert.equal((await run(['--dir', 'd'])).code, 0)
    if (file !== 'run.json') rmSync(join(directory, 'd', 'run.json'))
    truncateSync(join(directory, 'd', file), 5)
    const { err } = await run(['--dir', 'd'])
    assert.match(err, /is damaged; remove it, and the same command goes on without it/)
    assert.ok(err.includes(`"d/${file}"`))
    rmSync(join(directory, 'd', file))
    const { code, out } = await run(['--dir', 'd'])
    assert.deepEqual([code, JSON.parse(out).outputs.length], [0, 2])
  })
}
