import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { parquetMetadata, parquetReadObjects } from 'hyparquet'

import { createParquetSink } from '../../service/bulk/parquet-sink.ts'
import { numbered, startLongList } from '../support/long-list.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

/** Runs a manifest that moves records to a Parquet file. */
async function moveRecords(t: TestContext, records: string[], schema = '', mode = 'overwrite') {
  const list = await startLongList(t, 'none', records)
  const directory = startFolder(t, {
    'm.yaml': `CONFIG:
  inputs: { things: { url: "${list.url}/things", response: { root_key: data } } }
  outputs: { lake: { format: parquet, path: x.parquet, mode: ${mode}${schema} } }
`
  })
  const run = await runInTerminal(['run', 'm.yaml'], { directory })
  const file = (): ArrayBuffer => arrayBufferOf(readFileSync(join(directory, 'x.parquet')))
  return { ...run, list, directory, file }
}

function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

const FIELDS =
  's string, i integer, l long, f float, d double, b boolean, t timestamp, day date, bin binary'
    .split(', ')
    .map(field => field.split(' '))
const EVERY_TYPE = `, schema: [${FIELDS.map(([name, type]) => `{ name: ${name}, type: ${type} }`).join(', ')}]`

test('B21 C31 a Parquet file has each declared type exactly', async t => {
  const { code, err, out, file } = await moveRecords(
    t,
    [
      `{"s":"é","i":-2147483648,"l":9223372036854775807,"f":0.5,"d":0.1,"b":true,
        "t":"2026-01-31T08:00:00.123456+02:00","day":"1969-12-31","bin":"AAH/","more":1}`,
      '{"s":5,"i":"7","l":"-9007199254740993","f":1,"d":1e300,"b":"false","t":null}'
    ],
    EVERY_TYPE
  )
  assert.equal(code, 0, err)
  const { schema, num_rows } = parquetMetadata(file())
  assert.equal(num_rows, 2n)
  assert.deepEqual(
    schema
      .slice(1)
      .map(({ name, type, converted_type = '', repetition_type }) =>
        [name, type, converted_type, repetition_type].join(' ').replace('  ', ' ')
      ),
    [
      's BYTE_ARRAY UTF8 OPTIONAL',
      'i INT32 OPTIONAL',
      'l INT64 OPTIONAL',
      'f FLOAT OPTIONAL',
      'd DOUBLE OPTIONAL',
      'b BOOLEAN OPTIONAL',
      't INT64 TIMESTAMP_MICROS OPTIONAL',
      'day INT32 DATE OPTIONAL',
      'bin BYTE_ARRAY OPTIONAL'
    ]
  )
  const parsers = {
    timestampFromMicroseconds: (micros: bigint) => micros,
    dateFromDays: (days: number) => days
  }
  const rows = await parquetReadObjects({ file: file(), utf8: false, parsers })
  assert.deepEqual(rows, [
    {
      ...{ s: 'é', i: -2147483648, l: 9223372036854775807n, f: 0.5, d: 0.1, b: true },
      t: BigInt(Date.UTC(2026, 0, 31, 6)) * 1000n + 123456n,
      ...{ day: -1, bin: new Uint8Array([0, 1, 255]) }
    },
    {
      ...{ s: '5', i: 7, l: -9007199254740993n, f: 1, d: 1e300, b: false },
      ...{ t: null, day: null, bin: null }
    }
  ])
  assert.equal(JSON.parse(out).outputs[0].rows, 2)
})

test('C31 without schema a Parquet file has the fields of the first page', async t => {
  const { code, err, file } = await moveRecords(t, [
    '{"id":1,"name":"a","ok":true,"at":{"city":"C"},"tags":["x"],"mixed":1}',
    '{"id":2.5,"name":null,"ok":false,"at":null,"tags":[],"mixed":"two"}'
  ])
  assert.equal(code, 0, err)
  assert.deepEqual(await parquetReadObjects({ file: file() }), [
    { id: 1, name: 'a', ok: true, at: '{"city":"C"}', tags: '["x"]', mixed: '1' },
    { id: 2.5, name: null, ok: false, at: null, tags: '[]', mixed: 'two' }
  ])
})

for (const { what, records, schema, says } of [
  {
    what: 'a number that a float cannot hold',
    records: ['{"f":1}', '{"f":1e300}'],
    schema: ', schema: [{ name: f, type: float }]',
    says: /record 2 of "lake" does not fit its schema: "f" is .*number.*, not a number that it can hold/
  },
  {
    what: 'a whole number of 33 bits',
    records: ['{"i":4294967296}'],
    schema: ', schema: [{ name: i, type: integer }]',
    says: /record 1 of "lake" does not fit its schema: "i" is a whole number, not a whole number of 32 bits/
  },
  {
    what: 'an empty list without schema',
    records: [],
    schema: '',
    says: /\[FIELDS_UNKNOWN\]/
  }
]) {
  test(`C31 ${what} ends a run to Parquet without a file`, async t => {
    const { code, err, directory } = await moveRecords(t, [...records], schema)
    assert.match(err, says)
    assert.deepEqual([code, readdirSync(directory)], [1, ['m.yaml']])
  })
}

test('C31 nothing is appended to a Parquet file, which is said before the first call', async t => {
  const { code, err, list } = await moveRecords(t, numbered(1), '', 'append')
  assert.match(err, /`outputs\.lake` cannot be run: nothing can be appended to a Parquet file/)
  assert.deepEqual([code, list.calls], [2, []])
})

test('C31 many rows become row groups, of which one is in memory at a time', async () => {
  const chunks: Uint8Array[] = []
  const target = {
    write: async (bytes: string | Uint8Array) => void chunks.push(Buffer.from(bytes))
  }
  const fields = [
    { name: 'id', type: 'long' },
    { name: 'text', type: 'string' }
  ] as const
  const sink = createParquetSink(target, 'lake', fields)
  const long = 'x'.repeat(1024 * 1024)
  for (let id = 0; id < 70; id++) {
    await sink.write({ values: [{ id, text: `${id} ${long}` }], items: null })
  }
  await sink.close()
  const file = arrayBufferOf(Buffer.concat(chunks))
  const { row_groups, num_rows } = parquetMetadata(file)
  assert.deepEqual([num_rows, row_groups.map(group => group.num_rows)], [70n, [32n, 32n, 6n]])
  const rows = await parquetReadObjects({ file, columns: ['id'] })
  assert.deepEqual(
    rows.map(({ id }) => Number(id)),
    Array.from({ length: 70 }, (_, id) => id)
  )
})
