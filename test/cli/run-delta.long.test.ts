import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import type { DeltaSnapshot } from '../support/delta-protocol.ts'
import { replayDeltaLog } from '../support/delta-protocol.ts'
import { columnsOf, openDuckDb } from '../support/duck-db.ts'
import { startLongList } from '../support/long-list.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

const FIELDS =
  'id long, n integer, x double, f float, ok boolean, moment timestamp, day date, text string, raw binary'

/** The types of DuckDB for those of Delta. */
const DUCK_TYPES: { readonly [type: string]: string } = {
  ...{ long: 'BIGINT', integer: 'INTEGER', double: 'DOUBLE', float: 'FLOAT', boolean: 'BOOLEAN' },
  ...{ timestamp: 'TIMESTAMP WITH TIME ZONE', date: 'DATE', string: 'VARCHAR', binary: 'BLOB' }
}

function records(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = from + index
    const text = id % 7 === 0 ? 'null' : `"é${id}"`
    return `{"id":"${9007199254740993n + BigInt(id)}","n":${id},"x":${id / 8},"f":0.5,"ok":${id % 2 === 0},"moment":"2026-01-31T08:00:00.123456Z","day":"2026-01-31","text":${text},"raw":"AAH/"}`
  })
}

test('C31 each version of a Delta table fits the protocol, and DuckDB reads of its files what the log says', async t => {
  const query = await openDuckDb(t)
  const list = await startLongList(t, 'offset', [])
  const directory = startFolder(t, {})
  const table = join(directory, 'lake/things')
  const run = async (mode: string, fields: string, rows: readonly string[]): Promise<void> => {
    list.records.splice(0, Number.POSITIVE_INFINITY, ...rows)
    const schema = fields.split(', ').map(field => `{ name: ${field.replace(' ', ', type: ')} }`)
    const manifest = `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: offset }
      response: { root_key: data }
      schema: [${schema.join(', ')}]
  outputs: { lake: { format: delta, path: lake/things, mode: ${mode} } }
`
    writeFileSync(join(directory, 'm.yaml'), manifest)
    const { code, err } = await runInTerminal(['run', 'm.yaml'], { directory })
    assert.equal(code, 0, err)
  }
  /** Reads a snapshot by its files alone, as a reader of Delta does. */
  const read = async ({ columns, rows }: DeltaSnapshot, select: string): Promise<unknown[][]> => {
    const files = [...rows.keys()].map(path => `'${join(table, decodeURIComponent(path))}'`)
    const from = `FROM read_parquet([${files.join()}], union_by_name = true)`
    assert.deepEqual(
      await columnsOf(query, `SELECT * ${from}`),
      columns.map(column => column.replace(/ (\w+)$/, (_, type) => ` ${DUCK_TYPES[type]}`))
    )
    for (const [path, count] of rows) {
      const file = `'${join(table, decodeURIComponent(path))}'`
      assert.deepEqual(await query(`SELECT count(*) FROM read_parquet(${file})`), [[`${count}`]])
    }
    return query(`SELECT ${select} ${from}`)
  }

  await run('overwrite', FIELDS, records(0, 2_000))
  await run('append', FIELDS, records(2_000, 500))
  await run('append', FIELDS, [])
  await run('overwrite', 'n integer, text string', records(0, 40))
  await run('overwrite', 'n integer, text string', [])

  const [first, second, third, fourth, fifth, ...rest] = replayDeltaLog(table)
  assert.deepEqual(rest, [])
  assert.ok(first && second && third && fourth && fifth)
  const sums = 'count(*), sum(n), sum(x), count(text), min(id), max(epoch_us(moment)), max(day)'
  const of = (count: number): unknown[][] => {
    const sum = (count * (count - 1)) / 2
    const texts = count - Math.ceil(count / 7)
    return [
      [
        `${count}`,
        `${sum}`,
        sum / 8,
        `${texts}`,
        '9007199254740993',
        '1769846400123456',
        '2026-01-31'
      ]
    ]
  }
  assert.deepEqual(await read(first, sums), of(2_000))
  assert.deepEqual(await read(second, sums), of(2_500))
  assert.deepEqual(third, second)
  assert.deepEqual(await read(fourth, 'count(*), sum(n), count(text)'), [['40', '780', '34']])
  assert.deepEqual(
    await query(
      `SELECT hex(raw), f FROM read_parquet('${join(table, [...first.rows.keys()][0] ?? '')}') LIMIT 1`
    ),
    [['0001FF', 0.5]]
  )
  assert.equal(fifth.rows.size, 0)
})
