import { pointer, pointerParts } from '../../base/json-pointer.ts'
import type { CatalogDataType } from '../../model/catalog.ts'
import { splitLocation } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import { listedKinds } from '../schema/schema-kind.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'

/** How many lists and maps around each other a display kind names. */
const DISPLAY_DEPTH_MAX = 4

/** How many alternatives a display kind names. */
const ALTERNATIVES_SHOWN = 5

/** Most characters of a name or a format in a display kind. */
const WORD_MAX = 100

/** The kind of a schema's values, in the words of OpenMetadata. */
export function dataTypeOf(view: SchemaView): CatalogDataType {
  if (view.onlyNull) return 'NULL'
  if (isUnion(view)) return 'UNION'
  switch (view.kind) {
    case 'object':
      return isMap(view) ? 'MAP' : 'RECORD'
    case 'array':
      return 'ARRAY'
    case 'string':
      return 'STRING'
    case 'boolean':
      return 'BOOLEAN'
    case 'integer':
      return 'INT'
    case 'number':
      return view.format.toLowerCase() === 'float' ? 'FLOAT' : 'DOUBLE'
    default:
      return 'UNKNOWN'
  }
}

/** The kind of a schema's values for people: `STRING(date-time)`, `ARRAY<Pet>`. */
export function displayOf(compilation: Compilation, view: SchemaView, depth = 0): string {
  const type = dataTypeOf(view)
  const inner = (held: SchemaView | undefined): string =>
    held === undefined || depth >= DISPLAY_DEPTH_MAX
      ? ''
      : `<${displayOf(compilation, held, depth + 1)}>`
  switch (type) {
    case 'RECORD':
      return schemaName(view) ?? 'OBJECT'
    case 'UNKNOWN':
      return 'OBJECT'
    case 'ARRAY':
      return type + inner(viewItems(compilation, view))
    case 'MAP':
      return (
        type + inner(view.mapValues === null ? undefined : viewSchema(compilation, view.mapValues))
      )
    case 'UNION': {
      if (depth >= DISPLAY_DEPTH_MAX) return type
      const held = alternativesOf(compilation, view)
      const shown = held
        .slice(0, ALTERNATIVES_SHOWN)
        .map(each => displayOf(compilation, each, depth + 1))
      const more = held.length > ALTERNATIVES_SHOWN ? ' | …' : ''
      return `${type}<${shown.join(' | ')}${more}>`
    }
    default:
      return view.format === '' ? type : `${type}(${view.format.slice(0, WORD_MAX)})`
  }
}

/** The name of a schema under `components.schemas`; null for one of its own place. */
export function schemaName({ at }: SchemaView): string | null {
  const parts = pointerParts(splitLocation(at).pointer) ?? []
  const isNamed = parts.at(-2) === 'schemas' || parts.at(-2) === 'definitions'
  const name = parts.length <= 3 && isNamed ? parts.at(-1) : undefined
  return name?.slice(0, WORD_MAX) ?? null
}

/** An object of which only the schema of its values is known. */
export function isMap({ kind, properties, mapValues }: SchemaView): boolean {
  return kind === 'object' && properties.size === 0 && mapValues !== null
}

/** Whether a value fits one of several schemas, or is of one of several kinds. Numbers are one kind. */
export function isUnion({ choices, keywords }: SchemaView): boolean {
  return choices.length > 0 || listedKinds(keywords.type).length > 1
}

/** The schemas of which a value fits one. Of a list of types it is the same schema with each of them. */
export function alternativesOf(compilation: Compilation, view: SchemaView): SchemaView[] {
  const listed = view.choices.length > 0 ? view.choices : view.alternatives
  if (listed.length > 0) return listed.flatMap(each => viewSchema(compilation, each) ?? [])
  return listedKinds(view.keywords.type).map(kind => ({
    ...view,
    at: pointer(view.at, 'type', kind),
    keywords: { ...view.keywords, type: kind },
    kind,
    format: kind === 'string' || kind === 'number' || kind === 'integer' ? view.format : '',
    nullable: false,
    title: null,
    description: null
  }))
}
