import assert from 'node:assert/strict'

import type { JsonValue } from '../../service/base/json.ts'
import { exampleAnswer } from '../../service/exchange/example-answer.ts'
import { makeExample } from '../../service/exchange/made/make-example.ts'
import type { Answer } from '../../service/exchange/types.ts'
import type { ConnectorModel } from '../../service/model/connector-model.ts'
import { openModel } from './open-model.ts'

/** The answer of a mapping from the document, with generated values made at once. */
export async function answerOf(
  model: ConnectorModel,
  key: string,
  id: string | null = null
): Promise<Answer> {
  const mapping = model.mappings[key]
  const endpoint = model.endpoints[mapping?.endpoint ?? '']
  assert.ok(mapping && endpoint, key)
  const make = async (record: Parameters<typeof makeExample>[0]) => ({ body: makeExample(record) })
  return exampleAnswer({ model: openModel(model), make }, endpoint, mapping, id)
}

/** The objects that a mapping shows, as plain JSON. */
export async function shownBy(
  model: ConnectorModel,
  key: string,
  id: string | null = null
): Promise<readonly { readonly [key: string]: JsonValue }[]> {
  const { shown } = await answerOf(model, key, id)
  assert.ok(shown, `${key} shows no objects`)
  return JSON.parse(JSON.stringify(shown.objects))
}
