import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { StopReason } from '../../service/cli/terminal.ts'
import { idsUpTo, numbered, startLongList } from '../support/long-list.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import type { ProcessRun } from '../support/run-as-process.ts'
import { runAsProcess } from '../support/run-as-process.ts'
import { startFolder } from '../support/start-folder.ts'
import { sendJson, startRowStore } from '../support/start-row-store.ts'

/** A pipeline from one API to another. */
async function start(
  t: TestContext,
  {
    count = 250,
    input = '',
    output = '',
    outputs = ''
  }: {
    readonly count?: number
    /** Further members of the input and of the output. */
    readonly input?: string
    readonly output?: string
    /** Further outputs. */
    readonly outputs?: string
  } = {}
) {
  const [list, store] = await Promise.all([
    startLongList(t, 'cursor', numbered(count)),
    startRowStore(t)
  ])
  const manifest = `CONFIG:
  inputs:
    source:
      format: rest_api
      url: "${list.url}/things"
      pagination: { type: cursor, page_size: 100, cursor_field: next_cursor }
      response: { root_key: data }
      ${input}
  outputs:
    things:
      format: rest_api
      url: "${store.url}/things"
      ${output}
    ${outputs}
`
  const directory = startFolder(t, { 'm.yaml': manifest })
  return {
    list,
    store,
    directory,
    names: (): string[] => readdirSync(directory).toSorted(),
    rejects: (): { outcome: string; reason: string; row: { id: number } }[] =>
      readFileSync(join(directory, 'things.rejects.ndjson'), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line)),
    run: (options: readonly string[] = [], stopped?: Promise<StopReason>): Promise<CommandRun> =>
      runInTerminal(['run', 'm.yaml', ...options], {
        directory,
        ...(stopped !== undefined && { stopped })
      })
  }
}

const FIELDS = 'schema: [{ name: id, type: long }, { name: name, type: string }]'

test('C31 rows go from one API to another as they are, in batches', async t => {
  const { list, store, run, names } = await start(t, { output: 'batch_size: 40' })
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.deepEqual(
    store.applied.toSorted((a, b) => Number(a.id) - Number(b.id)),
    list.records.map(record => JSON.parse(record))
  )
  assert.deepEqual([list.calls.length, store.calls.length], [3, 7])
  const { isComplete, outputs } = JSON.parse(out)
  assert.deepEqual(
    [isComplete, outputs],
    [
      true,
      [
        {
          ...{ name: 'things', input: 'source', format: 'rest_api', rows: 250 },
          ...{ saved: 250, failed: 0, unknown: 0, unsent: 0, rejects: 'things.rejects.ndjson' }
        }
      ]
    ]
  )
  assert.deepEqual(names(), ['m.yaml', 'things.rejects.ndjson'])
})

test('C31 an endpoint gets the fields that it declares, beside a file of the same input', async t => {
  const { list, store, run, directory } = await start(t, {
    count: 5,
    output: FIELDS,
    outputs: 'lake: { format: json, path: lake.ndjson }'
  })
  const { code, err } = await run()
  assert.equal(code, 0, err)
  assert.deepEqual(
    store.applied,
    idsUpTo(5).map(id => ({ id, name: `Thing ${id}` }))
  )
  assert.equal(list.calls.length, 1)
  assert.equal(readFileSync(join(directory, 'lake.ndjson'), 'utf8').split('\n').length, 6)
})

test('C31 an empty list writes nothing', async t => {
  const { store, run } = await start(t, { count: 0 })
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.deepEqual([store.calls, JSON.parse(out).outputs[0].rows], [[], 0])
})

test('C31 a run that is killed while it writes goes on, and no row is written twice', async t => {
  const count = 400
  const { list, store, directory, names, rejects } = await start(t, {
    count,
    output: 'batch_size: 5',
    outputs: 'lake: { format: json, path: lake.ndjson, mode: append }'
  })
  let running: ProcessRun | null = null
  store.instead = () => {
    if (store.calls.length === 30) running?.child.kill('SIGKILL')
    return false
  }
  running = runAsProcess(directory, ['run', 'm.yaml'])
  const killed = await running.ended
  assert.equal(killed.signal, 'SIGKILL', killed.err)
  assert.deepEqual(names().slice(0, 4), ['lake.ndjson', 'm.yaml', 'm.yaml.run', 'm.yaml.run.lock'])
  const calls = list.calls.length
  running = runAsProcess(directory, ['run', 'm.yaml'])
  const { code, err } = await running.ended
  assert.equal(list.calls.length, calls)
  const applied = store.applied.map(({ id }) => Number(id))
  assert.equal(new Set(applied).size, applied.length)
  const unknown = rejects().map(({ outcome, row }) => {
    assert.equal(outcome, 'unknown')
    return row.id
  })
  assert.equal(code, unknown.length === 0 ? 0 : 3, err)
  assert.deepEqual(
    [...new Set([...applied, ...unknown])].toSorted((a, b) => a - b),
    idsUpTo(count)
  )
  assert.equal(readFileSync(join(directory, 'lake.ndjson'), 'utf8').split('\n').length, count + 1)
  assert.deepEqual(names(), ['lake.ndjson', 'm.yaml', 'things.rejects.ndjson'])
})

test('C31 rows that are refused are rejects, which can be given again', async t => {
  const { store, run, rejects, directory } = await start(t, {
    count: 9,
    output: `${FIELDS}\n      batch_size: 1`
  })
  store.instead = ({ rows }, response) => {
    const isRefused = rows[0]?.id === 4
    if (isRefused) sendJson(response, 422, { error: 'taken' })
    return isRefused
  }
  const { code, out, err } = await run(['--dir', 'kept'])
  assert.equal(code, 3, err)
  const { isComplete, outputs } = JSON.parse(out)
  assert.deepEqual([isComplete, outputs[0].saved, outputs[0].failed], [false, 8, 1])
  const told = await run(['--dir', 'kept'])
  assert.deepEqual([told.code, JSON.parse(told.out)], [3, JSON.parse(out)])
  assert.deepEqual(
    rejects().map(({ outcome, row }) => [outcome, row.id]),
    [['failed', 4]]
  )
  store.instead = () => false
  const again = await runInTerminal(
    ['write', 'm.yaml', 'things', '--in', 'things.rejects.ndjson'],
    { directory }
  )
  assert.equal(again.code, 0, again.err)
  assert.equal(store.applied.length, 9)
})

test('C31 an endpoint that refuses everything stops the run, which goes on later', async t => {
  const { list, store, run, names } = await start(t, { output: 'batch_size: 1' })
  store.instead = (_call, response) => {
    sendJson(response, 403, { error: 'no' })
    return true
  }
  const refused = await run()
  assert.match(refused.err, /things: stopped: 20 requests one after another saved nothing/)
  assert.match(refused.err, /the same command goes on/)
  assert.equal(refused.code, 1)
  assert.ok(names().includes('m.yaml.run'))
  store.instead = () => false
  const { code, out, err } = await run()
  assert.equal(code, 3, err)
  const [{ saved, failed, unknown, unsent }] = JSON.parse(out).outputs
  assert.deepEqual([saved + failed, unknown, unsent, list.calls.length], [250, 0, 0, 3])
  assert.equal(store.applied.length, saved)
  assert.deepEqual(names(), ['m.yaml', 'things.rejects.ndjson'])
})

test('C31 a stop awaits the requests that have left, and the same command writes the rest', async t => {
  const { store, run } = await start(t, { output: 'batch_size: 10' })
  const stop = Promise.withResolvers<StopReason>()
  store.instead = () => {
    if (store.calls.length === 5) stop.resolve('SIGINT')
    return false
  }
  const stopped = await run([], stop.promise)
  assert.equal(stopped.code, 3, stopped.err)
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  assert.deepEqual([JSON.parse(out).outputs[0].saved, store.applied.length], [250, 250])
})

for (const { what, input = '', output = '', options = [], code, says } of [
  {
    what: 'a row that does not fit the fields of the endpoint',
    output: 'schema: [{ name: id, type: long }, { name: name, type: long }]',
    code: 1,
    says: /outputs\.things:1: .*name.*\[VALUE_INVALID\]|outputs\.things:1: .*name/
  },
  {
    what: 'a field that the input does not have',
    input: FIELDS,
    output: 'schema: [{ name: nmae, type: string }]',
    code: 2,
    says: /its field "nmae" is none of `schema` of `inputs\.source` \(did you mean "name"\?\)/
  },
  {
    what: 'an unknown input',
    output: 'input: sources',
    code: 2,
    says: /there is no input "sources" that can be read \(did you mean "source"\?\)/
  },
  {
    what: 'a method that writes nothing',
    output: 'method: DELETE',
    code: 2,
    says: /MANIFEST_INVALID/
  },
  {
    what: 'examples in place of rows',
    input: FIELDS,
    options: ['--set-config', 'Responses=example'],
    code: 2,
    says: /examples are not written to an API/
  },
  {
    what: 'a directory in S3',
    options: ['--dir', 's3://lake/run'],
    code: 2,
    says: /needs a directory of this machine with --dir, for its ledger/
  },
  {
    what: 'a file of rejects that is an output',
    output: 'rejects: lake.ndjson',
    code: 2,
    says: /is written to "lake\.ndjson" too/
  }
]) {
  test(`C31 nothing is written, and no file is changed, for ${what}`, async t => {
    const { store, run, directory } = await start(t, {
      ...{ input, output, outputs: 'lake: { format: json, path: lake.ndjson }' }
    })
    const ended = await run(options)
    assert.match(ended.err, says)
    assert.deepEqual([ended.code, store.calls], [code, []])
    assert.ok(!existsSync(join(directory, 'lake.ndjson')))
  })
}

for (const { what, rejects, says } of [
  { what: 'an output by another name', rejects: './lake.ndjson', says: /"lake\.ndjson"\n$/ },
  { what: 'an output by a link', rejects: 'link/lake.ndjson', says: /"lake\.ndjson"\n$/ },
  { what: 'the manifest', rejects: 'link/m.yaml', says: /"link\/m\.yaml" is the manifest itself/ },
  {
    what: 'the rejects of another output',
    rejects: 'link/more.rejects.ndjson',
    says: /"more\.rejects\.ndjson" is the place of another output, "link\/more\.rejects\.ndjson"/
  },
  {
    what: 'a file of the run',
    rejects: 'm.yaml.run/head.json',
    says: /is in "m\.yaml\.run", the directory of the run/
  },
  {
    what: 'a file in a directory that is not there',
    rejects: 'none/x.ndjson',
    says: /"none\/x\.ndjson" cannot be written: there is no such file/
  },
  {
    what: 'a file below a file',
    rejects: 'm.yaml/x.ndjson',
    says: /"m\.yaml\/x\.ndjson" cannot be written: part of its path is not a directory/
  },
  { what: 'a directory', rejects: 'link', says: /"link" cannot be written: it is a directory/ },
  {
    what: 'an object in S3',
    rejects: 's3://lake/rejects',
    says: /its `rejects` begins with "s3:"; a path of this machine can be used/
  },
  {
    what: 'a directory by its name',
    rejects: 'rejects/',
    says: /its `rejects` is that of a directory/
  },
  {
    what: 'a template',
    rejects: '"{{ env.X }}.ndjson"',
    says: /template/
  }
]) {
  test(`C31 rejects in the place of ${what} are refused before the first call`, async t => {
    const { list, store, run, directory } = await start(t, {
      output: `rejects: ${rejects}`,
      outputs: `lake: { format: json, path: lake.ndjson }
    more: { format: rest_api, url: "http://127.0.0.1:1/more", input: source }`
    })
    symlinkSync('.', join(directory, 'link'))
    writeFileSync(join(directory, 'lake.ndjson'), 'kept')
    const { code, err } = await run()
    assert.match(err, says)
    assert.deepEqual([code, list.calls, store.calls], [2, [], []])
    assert.equal(readFileSync(join(directory, 'lake.ndjson'), 'utf8'), 'kept')
  })
}

test('C31 rows that cannot be written to the rejects keep the run, which goes on', async t => {
  const { list, store, run, rejects, directory, names } = await start(t, {
    count: 9,
    output: `${FIELDS}\n      batch_size: 1\n      concurrency: 1`
  })
  const refused: unknown[] = []
  store.instead = ({ rows }, response) => {
    const isRefused = rows[0]?.id === 4
    if (isRefused) {
      refused.push(4)
      sendJson(response, 422, { error: 'taken' })
    }
    return isRefused
  }
  const file = join(directory, 'things.rejects.ndjson')
  symlinkSync('/dev/full', file)
  const full = await run()
  assert.match(full.err, /"things\.rejects\.ndjson" cannot be written: no space is left/)
  assert.match(full.err, /not all rows of `outputs\.things` are accounted for/)
  assert.deepEqual([full.code, JSON.parse(full.out).isComplete], [1, false])
  assert.ok(names().includes('m.yaml.run'))
  rmSync(file)
  const calls = list.calls.length
  const { code, out, err } = await run()
  assert.equal(code, 3, err)
  const [{ saved, failed }] = JSON.parse(out).outputs
  assert.deepEqual([saved, failed, store.applied.length, refused], [8, 1, 8, [4]])
  assert.deepEqual(
    rejects().map(({ row }) => row.id),
    [4]
  )
  assert.equal(list.calls.length, calls)
  assert.deepEqual(names(), ['m.yaml', 'things.rejects.ndjson'])
})

test('C31 rows of a part that was changed are not sent', async t => {
  const { store, run, directory } = await start(t, { count: 9 })
  assert.equal((await run(['--dir', 'kept', '--part', '0/1'])).code, 0)
  const folder = join(directory, 'kept')
  const file = readdirSync(folder).find(name => name.endsWith('.ndjson')) ?? ''
  writeFileSync(join(folder, file), '{"id":77,"name":"Nobody"}\n')
  const { code, err } = await run(['--dir', 'kept'])
  assert.match(err, /is not what part 0 has written; remove "part-0\.json" from "kept"/)
  assert.deepEqual([code, store.calls], [1, []])
})

test('C31 a run whose rows are all refused is told again as it was', async t => {
  const { store, run } = await start(t, { count: 3, output: 'batch_size: 1' })
  store.instead = (_, response) => {
    sendJson(response, 422, { error: 'no' })
    return true
  }
  const first = await run(['--dir', 'kept'])
  const again = await run(['--dir', 'kept'])
  assert.match(again.err, /was finished before/)
  assert.deepEqual([first.code, again.code, again.out], [1, 1, first.out])
})

test('C31 of two runs of one directory at once the second one is refused', async t => {
  const { list, run } = await start(t)
  let second: Promise<CommandRun> | null = null
  list.instead = call => {
    if (call === 2) second = run()
    return false
  }
  const first = await run()
  assert.equal(first.code, 0, first.err)
  const refused = await second
  assert.deepEqual(refused, { code: 2, out: '', err: '"m.yaml.run" is in use by another run\n' })
})
