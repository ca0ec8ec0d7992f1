import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { parquetReadObjects } from 'hyparquet'

import { numbered, startLongList } from '../support/long-list.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

type Action = { readonly [name: string]: { readonly [member: string]: unknown } }

const SCHEMA = '[{ name: id, type: long }, { name: name, type: string }]'

/** A pipeline of a list to a table, with what is in the folder at the start. */
async function start(
  t: TestContext,
  { count = 3, log = {} }: { count?: number; log?: { readonly [version: number]: string } } = {}
) {
  const list = await startLongList(t, 'cursor', numbered(count))
  const directory = startFolder(t, {})
  const table = join(directory, 'lake/things')
  const commitName = (version: number): string => `${String(version).padStart(20, '0')}.json`
  const put = (version: number, text: string): void => {
    mkdirSync(join(table, '_delta_log'), { recursive: true })
    writeFileSync(join(table, '_delta_log', commitName(version)), text)
  }
  for (const [version, text] of Object.entries(log)) put(Number(version), text)
  const commit = (version: number): Action[] =>
    readFileSync(join(table, '_delta_log', commitName(version)), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
  const run = (mode = 'overwrite', schema = SCHEMA): Promise<CommandRun> => {
    const manifest = `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: cursor, page_size: 100, cursor_field: next_cursor }
      response: { root_key: data }
      schema: ${schema}
  transform: { type: noop }
  outputs: { things_delta: { format: delta, path: lake/things/, mode: ${mode} } }
`
    writeFileSync(join(directory, 'm.yaml'), manifest)
    return runInTerminal(['run', 'm.yaml'], { directory })
  }
  const rowsOf = async (path: unknown): Promise<unknown[]> => {
    const file = Uint8Array.from(readFileSync(join(table, String(path)))).buffer
    return (await parquetReadObjects({ file })).map(({ id }) => Number(id))
  }
  const parts = (): string[] => readdirSync(table).filter(name => name !== '_delta_log')
  return { list, table, put, commit, run, rowsOf, parts }
}

/** The commit of a table that others made. */
function tableOf(
  columns: readonly object[],
  more: { readonly protocol?: object; readonly metaData?: object } = {}
): string {
  const schemaString = JSON.stringify({ type: 'struct', fields: columns })
  const metaData = {
    ...{ id: 'theirs', format: { provider: 'parquet', options: {} }, schemaString },
    ...{ partitionColumns: [], configuration: {} },
    ...more.metaData
  }
  const protocol = more.protocol ?? { minReaderVersion: 1, minWriterVersion: 2 }
  const add = { path: 'theirs.parquet', partitionValues: {}, size: 10, dataChange: true }
  const actions = [{ protocol }, { metaData }, { add: { ...add, modificationTime: 1 } }]
  return actions.map(action => `${JSON.stringify(action)}\n`).join('')
}

const column = (name: string, type: string, more: object = {}): object => ({
  ...{ name, type, nullable: true, metadata: {} },
  ...more
})
const ID = column('id', 'long')
const NAME = column('name', 'string')

test('C31 a new Delta table has protocol, schema and one file in its first commit', async t => {
  const { commit, run, rowsOf, parts } = await start(t, { count: 250 })
  const { code, out, err } = await run()
  assert.equal(code, 0, err)
  const [info, protocol, metaData, add, ...rest] = commit(0)
  assert.deepEqual(rest, [])
  const { timestamp, ...operation } = info?.commitInfo ?? {}
  assert.ok(Number(timestamp) > Date.UTC(2026, 0))
  assert.deepEqual(operation, {
    operation: 'WRITE',
    operationParameters: { mode: 'Overwrite', partitionBy: '[]' },
    engineInfo: 'openapi-flow'
  })
  assert.deepEqual(protocol, { protocol: { minReaderVersion: 1, minWriterVersion: 2 } })
  const { id, createdTime, schemaString, ...described } = metaData?.metaData ?? {}
  assert.match(String(id), /^[0-9a-f-]{36}$/)
  assert.equal(createdTime, timestamp)
  assert.deepEqual(JSON.parse(String(schemaString)), { type: 'struct', fields: [ID, NAME] })
  assert.deepEqual(described, {
    ...{ format: { provider: 'parquet', options: {} } },
    ...{ partitionColumns: [], configuration: {} }
  })
  const [part = ''] = parts()
  const { files, version, rows } = JSON.parse(out).outputs[0]
  assert.deepEqual(add, {
    add: {
      ...{ path: part, partitionValues: {}, size: files[0].bytes, modificationTime: timestamp },
      ...{ dataChange: true, stats: '{"numRecords":250}' }
    }
  })
  assert.deepEqual([version, rows, files[0].path], [0, 250, `lake/things/${part}`])
  assert.deepEqual(parts(), [part])
  assert.equal((await rowsOf(part)).length, 250)
})

test('C31 overwrite removes what was there in the commit that adds the new file', async t => {
  const { commit, run } = await start(t)
  await run()
  await run('append')
  const before = [commit(0).at(-1)?.add, commit(1).at(-1)?.add]
  assert.equal((await run('overwrite', '[{ name: id, type: long }]')).code, 0)
  const [info, metaData, first, second, add, ...rest] = commit(2)
  assert.deepEqual(rest, [])
  const { timestamp } = info?.commitInfo ?? {}
  assert.deepEqual(
    [first, second],
    before.map(file => ({
      remove: {
        ...{ path: file?.path, deletionTimestamp: timestamp, dataChange: true },
        ...{ extendedFileMetadata: true, partitionValues: {}, size: file?.size }
      }
    }))
  )
  assert.equal(metaData?.metaData?.id, commit(0)[2]?.metaData?.id)
  assert.deepEqual(JSON.parse(String(metaData?.metaData?.schemaString)).fields, [ID])
  assert.equal(add?.add?.stats, '{"numRecords":3}')
})

test('C31 append adds a file, and says nothing else of the table', async t => {
  const { commit, run } = await start(t, { log: { 0: tableOf([ID, NAME, column('x', 'date')]) } })
  const { code, err, out } = await run('append')
  assert.equal(code, 0, err)
  assert.deepEqual(
    commit(1).map(action => Object.keys(action)),
    [['commitInfo'], ['add']]
  )
  assert.equal(JSON.parse(out).outputs[0].version, 1)
})

test('C31 an overwrite by an empty list removes everything and adds no file', async t => {
  const { commit, run, parts } = await start(t, { count: 0, log: { 0: tableOf([ID, NAME]) } })
  assert.equal((await run()).code, 0)
  const actions = commit(1)
  assert.equal(actions.at(-1)?.remove?.path, 'theirs.parquet')
  assert.ok(actions.every(({ add }) => add === undefined))
  assert.deepEqual(parts(), [])
})

for (const { mode, code, versions } of [
  { mode: 'append', code: 0, versions: 3 },
  { mode: 'overwrite', code: 1, versions: 2 }
]) {
  test(`C31 where somebody else commits during the run, ${mode} ends with ${code} and replaces no commit`, async t => {
    const { list, table, put, commit, run, parts } = await start(t, {
      count: 150,
      log: { 0: tableOf([ID, NAME]) }
    })
    const add = { path: 'late.parquet', partitionValues: {}, size: 1, modificationTime: 1 }
    list.instead = call => {
      if (call === 2) put(1, `${JSON.stringify({ add: { ...add, dataChange: true } })}\n`)
      return false
    }
    const done = await run(mode)
    assert.equal(done.code, code, done.err)
    assert.equal(commit(1)[0]?.add?.path, 'late.parquet')
    assert.equal(readdirSync(join(table, '_delta_log')).length, versions)
    assert.equal(parts().length, versions - 2)
    if (code === 1) assert.match(done.err, /"lake\/things" was changed by somebody else/)
  })
}

for (const { what, log, mode = 'append', schema = SCHEMA, says } of [
  {
    what: 'a newer protocol',
    log: tableOf([ID, NAME], { protocol: { minReaderVersion: 3, minWriterVersion: 7 } }),
    says: /its table needs reader 3 and writer 7 of the Delta protocol/
  },
  {
    what: 'partitions',
    log: tableOf([ID, NAME], { metaData: { partitionColumns: ['name'] } }),
    says: /its table is partitioned/
  },
  {
    what: 'a column of another type',
    log: tableOf([column('id', 'string'), NAME]),
    says: /"id" is long, and in its table string/
  },
  { what: 'a missing column', log: tableOf([ID]), says: /its table has no column "name"/ },
  {
    what: 'a column that must have a value',
    log: tableOf([ID, NAME, column('x', 'long', { nullable: false })]),
    says: /its table needs a value in "x"/
  },
  {
    what: 'rules on values',
    log: tableOf([column('id', 'long', { metadata: { 'delta.invariants': '{}' } }), NAME]),
    says: /its table has rules on the values of "id"/
  },
  {
    what: 'appends only',
    mode: 'overwrite',
    log: tableOf([ID, NAME], { metaData: { configuration: { 'delta.appendOnly': 'true' } } }),
    says: /its table takes appended rows only/
  },
  {
    what: 'a name that no table can have',
    schema: '[{ name: "a b", type: long }]',
    log: tableOf([ID]),
    says: /its field "a b" has a blank or one of/
  },
  {
    what: 'names that differ in letter case only',
    schema: '[{ name: Id, type: long }, { name: id, type: long }]',
    log: tableOf([ID]),
    says: /its fields "Id" and "id" differ in letter case only/
  },
  { what: 'no schema', log: '{"commitInfo":{}}\n', says: /has no schema or no protocol/ }
]) {
  test(`C31 a table with ${what} is left as it is`, async t => {
    const { table, run, parts } = await start(t, { log: { 0: log } })
    const { code, err } = await run(mode, schema)
    assert.match(err, says)
    assert.match(err, /^No output was changed\.$/m)
    assert.equal(code, 1)
    assert.deepEqual([parts(), readdirSync(join(table, '_delta_log')).length], [[], 1])
  })
}

for (const { what, log, says } of [
  {
    what: 'lacks its first commit',
    log: { 7: '{}\n' },
    says: /^"lake\/things" cannot be written: its log begins with a checkpoint/
  },
  {
    what: 'has a line that is no JSON',
    log: { 0: '{"add":\n' },
    says: /^"lake\/things\/_delta_log\/0{20}\.json" cannot be read as a commit/
  }
]) {
  test(`C31 a log that ${what} ends the run before the first call`, async t => {
    const { list, run } = await start(t, { log })
    const { code, err } = await run()
    assert.match(err, says)
    assert.deepEqual([code, list.calls], [2, []])
  })
}
