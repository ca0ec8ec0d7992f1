import assert from 'node:assert/strict'

import type { JsonObject } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../service/base/json.ts'

/** The fields of a schema of an endpoint, as a server has it. */
export function schemaFields(
  endpoint: JsonObject | undefined,
  schema: 'requestSchema' | 'responseSchema' = 'responseSchema'
): readonly JsonObject[] {
  const fields = member(member(endpoint, schema), 'schemaFields')
  assert.ok(isJsonArray(fields))
  return fields.filter(isJsonObject)
}
