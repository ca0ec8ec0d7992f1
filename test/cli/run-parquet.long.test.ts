import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { columnsOf, openDuckDb } from '../support/duck-db.ts'
import { startLongList } from '../support/long-list.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

test('C31 DuckDB reads a Parquet file with each declared type', async t => {
  const records = Array.from(
    { length: 3_000 },
    (_, id) =>
      `{"id":"${9007199254740993n + BigInt(id)}","n":${id},"x":${id / 8},"ok":${id % 2 === 0},"moment":"2026-01-31T08:00:00.123456Z","day":"2026-01-31","text":${id === 7 ? 'null' : `"é${id}"`},"raw":"AAH/"}`
  )
  const list = await startLongList(t, 'offset', records)
  const types =
    'id long, n integer, x double, ok boolean, moment timestamp, day date, text string, raw binary'
  const schema = types.split(', ').map(field => `{ name: ${field.replace(' ', ', type: ')} }`)
  const directory = startFolder(t, {
    'm.yaml': `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      pagination: { type: offset }
      response: { root_key: data }
      schema: [${schema.join(', ')}]
  outputs: { lake: { format: parquet, path: x.parquet } }
`
  })
  const { code, err } = await runInTerminal(['run', 'm.yaml'], { directory })
  assert.equal(code, 0, err)
  const rowsOf = await openDuckDb(t)
  const from = `FROM read_parquet('${join(directory, 'x.parquet')}')`
  assert.deepEqual(await columnsOf(rowsOf, `SELECT * ${from}`), [
    ...['id BIGINT', 'n INTEGER', 'x DOUBLE', 'ok BOOLEAN', 'moment TIMESTAMP WITH TIME ZONE'],
    ...['day DATE', 'text VARCHAR', 'raw BLOB']
  ])
  assert.deepEqual(await rowsOf(`SELECT count(*), sum(n), sum(x), count(text) ${from}`), [
    ['3000', '4498500', 562312.5, '2999']
  ])
  assert.deepEqual(
    await rowsOf(`SELECT id, epoch_us(moment), day, hex(raw), text ${from} WHERE n = 2999`),
    [['9007199254743992', '1769846400123456', '2026-01-31', '0001FF', 'é2999']]
  )
})
