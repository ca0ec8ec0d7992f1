import { isJsonArray, isJsonObject, member, textMember } from '../../service/base/json.ts'
import type { JsonObject } from '../../service/base/json.ts'
import { pointer } from '../../service/base/json-pointer.ts'
import type { Compilation } from '../../service/compiler/compilation.ts'
import { createCompilation } from '../../service/compiler/compilation.ts'
import { compileMadeTable } from '../../service/compiler/example/compile-made-example.ts'
import { makeExample } from '../../service/exchange/made/make-example.ts'
import type { LocatedSchema } from '../../service/compiler/schema/schema-view.ts'
import { viewSchema } from '../../service/compiler/schema/view-schema.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'

/** The made table of a schema, and the names of the scalars that its objects have. */
export type MadeRows = {
  readonly name: string
  readonly rows: readonly JsonObject[]
  readonly scalars: readonly string[]
}

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
    return isJsonArray(rows) && rows.every(isJsonObject)
      ? [{ name, rows, scalars: scalarsOf(compilation, located) }]
      : []
  })
}

const SCALARS: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean'])

function scalarsOf(compilation: Compilation, located: LocatedSchema): string[] {
  const properties = viewSchema(compilation, located)?.properties ?? []
  return [...properties].flatMap(([key, property]) => {
    const view = viewSchema(compilation, property)
    return view !== undefined && !view.writeOnly && SCALARS.has(view.kind) ? [key] : []
  })
}
