import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, textMember } from '../../base/json.ts'
import { FORM_FORMAT } from './prepare-swagger.ts'

/** How the arrays of a form are written, by their `collectionFormat`; others repeat the field. */
const ENCODINGS: { readonly [format: string]: JsonObject } = {
  csv: { style: 'form', explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true }
}

/** Gives the forms of a converted document the formats of their arrays, as Encoding Objects. */
export function repairForms(root: JsonObject): JsonObject {
  const repaired = repair(root)
  return isJsonObject(repaired) ? repaired : root
}

function repair(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(repair)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([key, held]): [string, JsonValue] => {
    return [key, key.startsWith('x-') ? held : repair(held)]
  })
  return withEncoding(Object.fromEntries(members))
}

/** A Media Type Object whose members have formats. */
function withEncoding(media: JsonObject): JsonObject {
  const { schema } = media
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return media
  const encoding: [string, JsonValue][] = []
  const properties = Object.entries(schema.properties).map(([name, held]): [string, JsonValue] => {
    const format = textMember(held, FORM_FORMAT)
    if (format === undefined || !isJsonObject(held)) return [name, held]
    encoding.push([name, ENCODINGS[format] ?? {}])
    const { [FORM_FORMAT]: _, ...property } = held
    return [name, property]
  })
  if (encoding.length === 0) return media
  const whole = { ...schema, properties: Object.fromEntries(properties) }
  return { ...media, schema: whole, encoding: Object.fromEntries(encoding) }
}
