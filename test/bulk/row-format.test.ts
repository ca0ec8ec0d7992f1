import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonObject } from '../../service/base/json.ts'
import { isJsonObject } from '../../service/base/json.ts'
import { csvFormat } from '../../service/bulk/csv-format.ts'
import type { RowFormat } from '../../service/bulk/row-format.ts'
import { jsonFormat, ndjsonFormat } from '../../service/bulk/row-format.ts'
import { createTextSink } from '../../service/bulk/row-sink.ts'

function rows(...texts: string[]): JsonObject[] {
  return texts.map(parseJson).filter(isJsonObject)
}

/** Collects text. */
function textTarget() {
  const parts: string[] = []
  return {
    write: async (more: string | Uint8Array): Promise<void> =>
      void parts.push(Buffer.from(more).toString()),
    text: () => parts.join('')
  }
}

/** What a sink writes of some pages, from a number of earlier rows on. */
async function written(
  format: RowFormat,
  pages: readonly (readonly JsonObject[])[],
  begun: number | null = null
): Promise<string> {
  const target = textTarget()
  const sink = createTextSink(target, format, begun)
  for (const page of pages) await sink.write({ values: page, items: null })
  await sink.close()
  return target.text()
}

const [a, b, c] = [rows('{"n":1}'), rows('{"n":2}'), rows('{"n":3}')]

test('NDJSON is a line a row', async () => {
  assert.equal(await written(ndjsonFormat(), [a, [], b]), '{"n":1}\n{"n":2}\n')
  assert.equal(await written(ndjsonFormat(), []), '')
})

test('a JSON array is closed, however its rows come', async () => {
  assert.equal(await written(jsonFormat(), []), '[]\n')
  assert.equal(await written(jsonFormat(), [[], []]), '[]\n')
  assert.equal(
    await written(jsonFormat(), [[], a, [], [...b, ...c]]),
    '[\n{"n":1},\n{"n":2},\n{"n":3}\n]\n'
  )
})

test('what is written in two parts is one whole', async () => {
  for (const format of [ndjsonFormat(), jsonFormat(), csvFormat([['n']])]) {
    const whole = await written(format, [a, b, c])
    const target = textTarget()
    const sink = createTextSink(target, format, null)
    await sink.write({ values: a, items: null })
    assert.equal(target.text() + (await written(format, [b, c], 1)), whole)
  }
})

test('numbers have all digits and no exponent, and text is left as it is', async () => {
  const text =
    '{"big":123456789012345678901234567890,"long":0.1234567890123456789,"tiny":0.0000001,"neg":-0.00000025,"text":"1e-7"}'
  assert.equal(await written(ndjsonFormat(), [rows(text)]), `${text}\n`)
})

test('CSV quotes what needs it, and tells blank text from no value', async () => {
  const columns = ['a', 'b', 'c'].map(name => [name] as const)
  const page = rows(
    '{"a":"x,y","b":"say \\"hi\\"","c":"two\\nlines"}',
    '{"a":"","b":null}',
    '{"a":true,"b":[1,2],"c":{"d":0.0000001}}',
    '{"a":12345678901234567890,"b":0.0000001,"c":"cr\\rhere"}'
  )
  assert.equal(
    await written(csvFormat(columns), [page]),
    [
      'a,b,c',
      '"x,y","say ""hi""","two\nlines"',
      '"",,',
      'true,"[1,2]","{""d"":0.0000001}"',
      '12345678901234567890,0.0000001,"cr\rhere"',
      ''
    ].join('\n')
  )
  assert.equal(await written(csvFormat(columns), []), 'a,b,c\n')
  assert.equal(await written(csvFormat([]), []), '')
})
