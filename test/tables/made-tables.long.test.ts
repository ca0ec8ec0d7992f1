import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../service/base/json.ts'
import { madeRows } from '../support/made-rows.ts'
import { corpusDocuments } from './corpus.ts'

const DOCUMENTS = 220

/** How many tables of one document are looked at. */
const TABLES_MAX = 30

/** Whether an answer of a document has an example of its own. */
const MEDIA_EXAMPLE = /"content":\{"[^"]+":\{[^{}]*"examples?"/

/** The lists in a value whose objects repeat an id. */
function repeated(value: JsonValue): JsonValue[] {
  if (isJsonArray(value)) {
    const ids = value.flatMap(item => member(item, 'id') ?? [])
    const own = new Set(ids.map(id => JSON.stringify(id))).size < ids.length ? [ids] : []
    return [...own, ...value.flatMap(repeated)]
  }
  return isJsonObject(value) ? Object.values(value).flatMap(repeated) : []
}

test('E1 E6 E14 of 220 real documents without examples of answers, at least 95% of the scalars of a row are filled, and no list repeats an id', async t => {
  let documents = 0
  let tables = 0
  const total = { scalars: 0, filled: 0 }
  const repeats: string[] = []
  for await (const { file, text } of corpusDocuments(3)) {
    if (documents === DOCUMENTS) break
    if (MEDIA_EXAMPLE.test(text)) continue
    const made = madeRows(text).slice(0, TABLES_MAX)
    if (made.length === 0) continue
    documents++
    for (const { name, rows, scalars } of made) {
      tables++
      const values = rows.flatMap(row => scalars.map(key => row[key]))
      total.scalars += values.length
      total.filled += values.filter(value => (value ?? '') !== '').length
      const lists = repeated(rows)
      if (lists.length > 0) repeats.push(`${file} ${name} ${JSON.stringify(lists[0])}`)
    }
  }
  const share = total.filled / total.scalars
  t.diagnostic(`${tables} tables of ${documents} documents, ${(100 * share).toFixed(2)} % filled`)
  assert.equal(documents, DOCUMENTS)
  assert.ok(share >= 0.95, `${share} of ${tables} tables`)
  assert.deepEqual(repeats, [])
})
