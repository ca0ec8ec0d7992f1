import { isJsonArray, isJsonObject, member, textMember } from '../../service/base/json.ts'
import type { JsonObject } from '../../service/base/json.ts'
import { pointer } from '../../service/base/json-pointer.ts'
import { createCompilation } from '../../service/compiler/compilation.ts'
import { compileMadeTable } from '../../service/compiler/example/compile-made-example.ts'
import { makeExample } from '../../service/exchange/made/make-example.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'

/** The made table of a schema. */
export type MadeRows = { readonly name: string; readonly rows: readonly JsonObject[] }

/** Makes a table of each schema of a document that has properties. */
export function madeRows(
  text: string,
  isWanted: (name: string) => boolean = () => true
): MadeRows[] {
  const compilation = createCompilation(parseDocument(text, '', 'https://docs.example.com/a.json'))
  const schemas = member(member(compilation.root, 'components'), 'schemas')
  if (!isJsonObject(schemas)) return []
  return Object.entries(schemas).flatMap(([name, schema]) => {
    const hasProperties =
      isJsonObject(member(schema, 'properties')) || member(schema, 'allOf') !== undefined
    if (!hasProperties || textMember(schema, 'type') === 'array' || !isWanted(name)) return []
    const located = { schema, at: pointer(pointer(pointer('', 'components'), 'schemas'), name) }
    const record = compileMadeTable(compilation, located, { type: name, ids: ['id'] })
    const rows = record && makeExample(record)
    return isJsonArray(rows) && rows.every(isJsonObject) ? [{ name, rows }] : []
  })
}
