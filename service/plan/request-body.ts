import { wrapAt } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { BodyRecord } from '../model/endpoint-record.ts'
import type { Refuse } from './parameter-style.ts'
import { scalarText } from './parameter-style.ts'
import type { PlannedBody } from './types.ts'

/**
 * Writes an encoded object, or an array of several, as a request body: wrapped under a dotted path, as
 * JSON, form-urlencoded or multipart. Where the body is declared as an array each object is wrapped;
 * else an array is wrapped as a whole.
 *
 * In forms a scalar is its text, an array repeats its field, an object is JSON text; null is blank.
 *
 * @throws ConnectorError `PARAMETER_INVALID` for lone surrogates in a form.
 */
export function planBody(
  body: BodyRecord,
  wrap: string,
  value: JsonValue,
  refuse: Refuse
): PlannedBody {
  const wrapped = wrapAt(wrap, value)
  switch (body.encoding) {
    case 'json': {
      const objects = isJsonArray(value) ? value : [value]
      const sent = body.list ? objects.map(object => wrapAt(wrap, object)) : wrapped
      return { encoding: 'text', mediaType: body.mediaType, text: JSON.stringify(sent) }
    }
    case 'form': {
      const fields = fieldsOf(wrapped)
      const pairs = fields.map(
        ([name, held]) => [name, fieldText(held, refuse)] as [string, string]
      )
      const text = new URLSearchParams(pairs).toString()
      return { encoding: 'text', mediaType: body.mediaType, text }
    }
    case 'multipart': {
      const parts = fieldsOf(wrapped).map(([name, held]) => ({
        name,
        value: fieldText(held, refuse),
        mediaType: isJsonArray(held) || isJsonObject(held) ? 'application/json' : null
      }))
      return { encoding: 'multipart', parts }
    }
    default:
      return body.encoding satisfies never
  }
}

/** The fields of a form; an array has one for each item. */
function fieldsOf(value: JsonValue): (readonly [name: string, value: JsonValue])[] {
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, held]) =>
    isJsonArray(held) ? held.map(item => [name, item] as const) : [[name, held] as const]
  )
}

function fieldText(value: JsonValue, refuse: Refuse): string {
  return value === null ? '' : scalarText(value, refuse)
}
