import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { StopReason } from '../../service/cli/terminal.ts'
import type { LongList } from '../support/long-list.ts'
import { idsUpTo, numbered, startLongList } from '../support/long-list.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

const SCHEMA = 'schema: [{ name: id, type: long }, { name: name, type: string }]'

/** A manifest that moves a list, and the command that runs it. */
async function start(
  t: TestContext,
  {
    outputs = '',
    transform = '',
    input = '',
    count = 250,
    files = {}
  }: {
    readonly outputs?: string
    readonly transform?: string
    /** Further members of the input. */
    readonly input?: string
    readonly count?: number
    readonly files?: { readonly [name: string]: string }
  }
): Promise<{
  readonly list: LongList
  readonly directory: string
  readonly run: (stopped?: Promise<StopReason>) => Promise<CommandRun>
  readonly text: (name: string) => string
}> {
  const list = await startLongList(t, 'cursor', numbered(count))
  const manifest = `MODEL: etl
CONFIG:
  inputs:
    things:
      format: rest_api
      url: "${list.url}/things"
      pagination: { type: cursor, page_size: 100, cursor_field: next_cursor }
      response: { root_key: data }
      ${input}
  ${transform}
  outputs:
    ${outputs.replaceAll('\n', '\n    ')}
`
  const directory = startFolder(t, { 'm.yaml': manifest, ...files })
  return {
    list,
    directory,
    run: stopped =>
      runInTerminal(['run', 'm.yaml'], { directory, ...(stopped !== undefined && { stopped }) }),
    text: name => readFileSync(join(directory, name), 'utf8')
  }
}

const ids = (ndjson: string): unknown[] =>
  ndjson
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line).id)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test('C31 run writes each row of an input once to a new file, and tells what it wrote', async t => {
  const { list, directory, run, text } = await start(t, {
    transform: 'transform: { type: noop }',
    outputs: 'lake: { format: json, path: out/things.ndjson, mode: overwrite }'
  })
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.deepEqual(ids(text('out/things.ndjson')), idsUpTo(250))
  assert.equal(list.calls.length, 3)
  const { run: id, startedAt, finishedAt, ...manifest } = JSON.parse(out)
  assert.ok(id !== '' && startedAt <= finishedAt)
  const written = text('out/things.ndjson')
  assert.deepEqual(manifest, {
    isComplete: true,
    inputs: [{ name: 'things', pages: 3, records: 250, repeated: 0, misfits: 0 }],
    outputs: [
      {
        ...{ name: 'lake', input: 'things', format: 'json', mode: 'overwrite', rows: 250 },
        files: [
          { path: 'out/things.ndjson', bytes: Buffer.byteLength(written), sha256: sha256(written) }
        ]
      }
    ]
  })
  assert.deepEqual(readdirSync(join(directory, 'out')), ['things.ndjson'])
})

test('C31 run overwrites a file, and keeps its permissions', async t => {
  const { directory, run, text } = await start(t, {
    outputs: 'lake: { format: csv, path: things.csv }',
    files: { 'things.csv': 'old\n' },
    input: SCHEMA,
    count: 2
  })
  const before = statSync(join(directory, 'things.csv')).mode
  assert.equal((await run()).code, 0)
  assert.equal(text('things.csv'), 'id,name\n1,Thing 1\n2,Thing 2\n')
  assert.equal(statSync(join(directory, 'things.csv')).mode, before)
})

for (const { format, before, after } of [
  {
    format: 'csv',
    before: 'id,name\n7,Seven\n',
    after: 'id,name\n7,Seven\n1,Thing 1\n'
  },
  { format: 'csv', before: '', after: 'id,name\n1,Thing 1\n' },
  { format: 'csv', before: 'id,name\n7,Seven', after: 'id,name\n7,Seven\n1,Thing 1\n' },
  {
    format: 'json',
    before: '{"id":7}',
    after: '{"id":7}\n{"id":1,"name":"Thing 1"}\n'
  }
]) {
  test(`C31 run appends ${format} to ${JSON.stringify(before)}`, async t => {
    const { run, text } = await start(t, {
      outputs: `lake: { format: ${format}, path: things, mode: append, ${SCHEMA} }`,
      files: { things: before },
      count: 1
    })
    const { code, out, err } = await run()
    assert.equal(code, 0, err)
    assert.equal(text('things'), after)
    const [{ rows, files }] = JSON.parse(out).outputs
    assert.deepEqual([rows, files[0].sha256], [1, sha256(after)])
  })
}

test('C31 one input goes to several outputs in one read, and each takes the input that it names', async t => {
  const { list, run, text } = await start(t, {
    outputs: `a: { format: json, path: a.ndjson }
b: { format: csv, path: b.csv, input: things, ${SCHEMA} }`
  })
  const { code, err } = await run()
  assert.equal(code, 0, err)
  assert.equal(list.calls.length, 3)
  assert.deepEqual(ids(text('a.ndjson')), idsUpTo(250))
  assert.equal(text('b.csv').split('\n').length, 252)
})

for (const { what, outputs = 'lake: { format: json, path: x }', transform, input, says } of [
  {
    what: 'a format of others',
    outputs: 'lake: { format: iceberg, path: x }',
    says: /m\.yaml:\d+:\d+ error PIPELINE_UNFIT `outputs\.lake` cannot be run: its format "iceberg" is not written here.*json, csv/
  },
  {
    what: 'a misspelled format',
    outputs: 'lake: { format: cvs, path: x }',
    says: /its format "cvs" is not written here \(did you mean "csv"\?\); rest_api, json, csv, parquet, delta can be used/
  },
  {
    what: 'another transform',
    transform: 'transform: { type: sql }',
    says: /`transform` cannot be run: its type is "sql", and only `noop`/
  },
  {
    what: 'an unknown mode',
    outputs: 'lake: { format: json, path: x, mode: upsert }',
    says: /`outputs\.lake` cannot be run: mode must be one of overwrite, append/
  },
  {
    what: 'an output without path',
    outputs: 'lake: { format: json }',
    says: /`outputs\.lake` cannot be run: must have required properties path/
  },
  {
    what: 'a path of another store',
    outputs: 'lake: { format: json, path: "gs://lake/x" }',
    says: /its path begins with "gs:"/
  },
  {
    what: 'a template in a path',
    outputs: 'lake: { format: json, path: "{{ dt }}.json" }',
    says: /its path has a template/
  },
  {
    what: 'a directory as path',
    outputs: 'lake: { format: json, path: out/ }',
    says: /its path is that of a directory/
  },
  {
    what: 'an unknown input',
    outputs: 'lake: { format: json, path: x, input: thing }',
    says: /there is no input "thing" that can be read \(did you mean "things"\?\)/
  },
  {
    what: 'two outputs in one file',
    outputs: 'a: { format: json, path: x }\nb: { format: csv, path: x }',
    says: /`outputs\.b` cannot be run: `outputs\.a` is written to "x" too/
  },
  {
    what: 'a field that the input does not have',
    input: SCHEMA,
    outputs: 'lake: { format: csv, path: x, schema: [{ name: nmae, type: string }] }',
    says: /its field "nmae" is none of `schema` of `inputs\.things` \(did you mean "name"\?\)/
  },
  {
    what: 'an incremental input',
    input: 'incremental: { field: id, param: since, state: s.json }',
    says: /`inputs\.things` cannot be run: a run reads whole lists/
  },
  {
    what: 'an input that cannot be called',
    input: 'auth: { type: oauth2 }',
    says: /error MANIFEST_INVALID/
  }
]) {
  test(`C31 run ends before the first call for ${what}`, async t => {
    const given = {
      outputs,
      ...(transform !== undefined && { transform }),
      ...(input !== undefined && { input })
    }
    const { list, directory, run } = await start(t, given)
    const { code, out, err } = await run()
    assert.match(err, says)
    assert.match(err, /the manifest cannot be run; nothing was called$/m)
    assert.deepEqual([code, out, list.calls], [2, '', []])
    assert.deepEqual(readdirSync(directory), ['m.yaml'])
  })
}

test('C31 run ends before the first call for an input of another format', async t => {
  const manifest = `CONFIG:
  inputs: { events: { format: kafka, topic: t } }
  outputs: { lake: { format: json, path: x } }
`
  const directory = startFolder(t, { 'm.yaml': manifest })
  const { code, err } = await runInTerminal(['run', 'm.yaml'], { directory })
  assert.equal(code, 2)
  assert.match(
    err,
    /`inputs\.events` cannot be run: its format "kafka" is not read here; `rest_api`/
  )
})

test('C31 only a manifest can be run', async () => {
  const { code, err } = await runInTerminal(['run', 'openapi-samples/petstore.yaml'])
  assert.deepEqual([code, err], [2, 'only a manifest can be run\n'])
})

test('C31 a directory in the place of a file ends the run before the first call', async t => {
  const { list, run } = await start(t, { outputs: 'lake: { format: json, path: . }' })
  const { code, err } = await run()
  assert.deepEqual([code, err, list.calls], [2, '"." cannot be written: it is a directory\n', []])
})

test('C31 two spellings of one file end the run before the first call', async t => {
  const { list, run } = await start(t, {
    outputs: 'a: { format: json, path: x }\nb: { format: json, path: ./x }'
  })
  const { code, err } = await run()
  assert.equal(code, 2)
  assert.equal(err, '"./x" is the place of another output, "x"\n')
  assert.deepEqual(list.calls, [])
})

test('C31 an output that links make the place of another, or of the manifest, ends the run before the first call', async t => {
  for (const [outputs, message] of [
    [
      'a: { format: json, path: out/x }\nb: { format: json, path: link/x }',
      '"link/x" is the place of another output, "out/x"'
    ],
    [
      'a: { format: delta, path: out }\nb: { format: delta, path: link/ }',
      '"link" is the place of another output, "out"'
    ],
    [
      'a: { format: delta, path: out/new }\nb: { format: delta, path: link/new }',
      '"link/new" is the place of another output, "out/new"'
    ],
    ['a: { format: json, path: link/../m.yaml }', '"link/../m.yaml" is the manifest itself']
  ] as const) {
    const { list, directory, run } = await start(t, { outputs })
    mkdirSync(join(directory, 'out'))
    symlinkSync('out', join(directory, 'link'))
    const { code, err } = await run()
    assert.deepEqual([code, err, list.calls], [2, `${message}\n`, []])
  }
})

test('C31 a member that means nothing is told, and does not end the run', async t => {
  const { run } = await start(t, {
    outputs: 'lake: { format: json, path: x, partition_by: id }',
    count: 1
  })
  const { code, err } = await run()
  assert.equal(code, 0)
  assert.match(err, /^m\.yaml:12:\d+ warning \w+ .*partition_by/m)
})

/** Runs that fail leave the file as it was, and no attempt. */
for (const { what, outputs, failing, says } of [
  {
    what: 'a row does not fit the schema',
    outputs: 'lake: { format: csv, path: x, schema: [{ name: name, type: long }] }',
    failing: 0,
    says: /record 1 of "lake" does not fit its schema: "name" is text, not a whole number of 64 bits/
  },
  {
    what: 'the API fails in the middle',
    outputs: 'lake: { format: json, path: x }',
    failing: 2,
    says: /\[API_ERROR\]/
  },
  {
    what: 'a file to be appended to has other columns',
    outputs: `lake: { format: csv, path: x, mode: append, ${SCHEMA} }`,
    failing: 0,
    says: /"x" has other columns than `outputs\.lake`/
  }
]) {
  test(`C31 nothing is changed where ${what}`, async t => {
    const { list, directory, run, text } = await start(t, { outputs, files: { x: 'old\n' } })
    list.instead = (call, response) => {
      if (call !== failing) return false
      response.writeHead(400).end()
      return true
    }
    const { code, out, err } = await run()
    assert.match(err, says)
    assert.match(err, /^No output was changed\.$/m)
    assert.deepEqual([code, out, text('x')], [1, '', 'old\n'])
    assert.deepEqual(readdirSync(directory).toSorted(), ['m.yaml', 'x'])
  })
}

test('C31 E07 a list that goes on behind max_pages is not taken for the whole one', async t => {
  const list = await startLongList(t, 'cursor', numbered(250))
  const directory = startFolder(t, {
    'm.yaml': `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: cursor, page_size: 100, cursor_field: next_cursor, max_pages: 2 }
      response: { root_key: data }
  outputs: { lake: { format: json, path: x } }
`
  })
  const { code, err } = await runInTerminal(['run', 'm.yaml'], { directory })
  assert.equal(code, 1)
  assert.match(err, /the list of "things" goes on behind the maximum of pages/)
  assert.deepEqual(readdirSync(directory), ['m.yaml'])
})

test('C31 a run that is stopped changes nothing', async t => {
  const { list, directory, run } = await start(t, { outputs: 'lake: { format: json, path: x }' })
  const stop = Promise.withResolvers<StopReason>()
  list.instead = call => {
    if (call === 2) stop.resolve('SIGINT')
    return call === 2
  }
  const { code, err } = await run(stop.promise)
  assert.deepEqual([code, err], [1, 'the run was stopped\nNo output was changed.\n'])
  assert.deepEqual(readdirSync(directory), ['m.yaml'])
})

test('C31 a file that somebody else changes during the run is not replaced', async t => {
  const { list, directory, run, text } = await start(t, {
    outputs: 'lake: { format: json, path: x, mode: append }',
    files: { x: '' }
  })
  list.instead = call => {
    if (call === 3) writeFileSync(join(directory, 'x'), 'theirs\n')
    return false
  }
  const { code, out, err } = await run()
  assert.match(err, /^"x" was changed by somebody else during the run$/m)
  assert.deepEqual([code, text('x'), JSON.parse(out).isComplete], [1, 'theirs\n', false])
})

test('C31 members without a column are named', async t => {
  const { list, run } = await start(t, { outputs: 'lake: { format: csv, path: x }' })
  list.records[249] = '{"id":250,"note":"late"}'
  const { code, err } = await run()
  assert.equal(code, 0)
  assert.match(err, /^warning: `outputs\.lake` has no column for these members of its rows: note$/m)
})
