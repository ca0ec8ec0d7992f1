import type { JsonArray, JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'

/**
 * What a server of an older version refuses. It is learned from its refusals, because no version says it.
 */
export type ServerDialect = {
  /** A request without what the server is known to refuse. */
  adapt(body: JsonObject): JsonObject
  /**
   * Learns from the words of a refusal. Words that name nothing known make the server a suspect of refusing all of it.
   *
   * @returns Forgets what was only suspected, if the request is refused again.
   */
  learn(words: string): () => void
}

/** Members and words that came with later versions, with what does without them. */
const LATER = {
  sourceHash: (body: JsonObject): JsonObject => without(body, 'sourceHash'),
  dataTypeDisplay: (body: JsonObject): JsonObject =>
    mapFields(body, field => without(field, 'dataTypeDisplay')),
  UNKNOWN: (body: JsonObject): JsonObject =>
    mapFields(body, field =>
      field.dataType === 'UNKNOWN' ? { ...field, dataType: 'RECORD' } : field
    )
} as const

type Later = keyof typeof LATER

const WORDS: readonly Later[] = ['sourceHash', 'dataTypeDisplay', 'UNKNOWN']

export function createServerDialect(): ServerDialect {
  const refused = new Set<Later>()
  return {
    adapt(body) {
      let adapted = body
      for (const word of refused) adapted = LATER[word](adapted)
      return adapted
    },
    learn(words) {
      const named = WORDS.filter(word => words.includes(word))
      const suspects = named.length > 0 ? [] : WORDS.filter(word => !refused.has(word))
      for (const word of [...named, ...suspects]) refused.add(word)
      return () => {
        for (const word of suspects) refused.delete(word)
      }
    }
  }
}

function without(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object
  return rest
}

function mapFields(body: JsonObject, change: (field: JsonObject) => JsonObject): JsonObject {
  const mapped = Object.entries(body).map(([name, value]) => [
    name,
    name === 'requestSchema' || name === 'responseSchema' ? mapSchema(value, change) : value
  ])
  return Object.fromEntries(mapped)
}

function mapSchema(schema: JsonValue, change: (field: JsonObject) => JsonObject): JsonValue {
  if (!isJsonObject(schema) || !isJsonArray(schema.schemaFields)) return schema
  return { ...schema, schemaFields: changed(schema.schemaFields, change) }
}

function changed(fields: JsonArray, change: (field: JsonObject) => JsonObject): JsonArray {
  return fields.map(field => {
    if (!isJsonObject(field)) return field
    const { children } = field
    return change(isJsonArray(children) ? { ...field, children: changed(children, change) } : field)
  })
}
