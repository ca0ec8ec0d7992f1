import type { JsonValue } from '../base/json.ts'
import { dictionary, isJsonArray, isJsonObject, member } from '../base/json.ts'
import type { MadeExampleSchema } from '../model/example-record.ts'

/** Digits to which a multiple is rounded, so that 0.1 + 0.2 is 0.3. */
const DIGITS = 12

/**
 * A value that was made from a schema, as the schema has it: with the digits of its given values, without
 * the errors of binary fractions, and nothing that it does not name. Undefined where a part is missing or
 * of another kind.
 */
export function fitMadeExample(
  schema: MadeExampleSchema,
  value: JsonValue | undefined
): JsonValue | undefined {
  if ('const' in schema) return schema.const
  switch (schema.type) {
    case 'object':
      return isJsonObject(value) ? fitMembers(schema.properties, value) : undefined
    case 'array': {
      if (!isJsonArray(value) || value.length < schema.minItems) return undefined
      const items = value.slice(0, schema.maxItems).map(item => fitMadeExample(schema.items, item))
      return items.every(item => item !== undefined) ? items : undefined
    }
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined
    case 'number': {
      if (typeof value !== 'number') return undefined
      return schema.multipleOf === undefined ? value : Number(value.toPrecision(DIGITS))
    }
    default:
      return schema satisfies never
  }
}

function fitMembers(
  properties: { readonly [key: string]: MadeExampleSchema },
  value: JsonValue
): JsonValue | undefined {
  const members = dictionary<JsonValue>()
  for (const [key, schema] of Object.entries(properties)) {
    const fitted = fitMadeExample(schema, member(value, key))
    if (fitted === undefined) return undefined
    members[key] = fitted
  }
  return members
}
