import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, member } from '../../base/json.ts'

/** The example that a schema has itself: `example`, else the first of `examples`. */
export function ownExample(schema: JsonValue): JsonValue | undefined {
  const examples = member(schema, 'examples')
  return member(schema, 'example') ?? (isJsonArray(examples) ? examples[0] : undefined)
}

/** The Schema Object that an example value fits, read off its shape (x-flow 3.1, last row). */
export function exampleSchema(value: JsonValue): JsonObject {
  if (isJsonObject(value)) {
    const properties = Object.entries(value).map(([key, held]) => [key, exampleSchema(held)])
    return { type: 'object', properties: Object.fromEntries(properties) }
  }
  if (isJsonArray(value)) {
    const [first] = value
    return first === undefined ? { type: 'array' } : { type: 'array', items: exampleSchema(first) }
  }
  if (typeof value === 'number' || isExactNumber(value)) return { type: 'number' }
  if (typeof value === 'boolean') return { type: 'boolean' }
  return value === null ? {} : { type: 'string' }
}
