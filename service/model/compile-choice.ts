import type { Pointer } from '../base/json-pointer.ts'
import { pointerParts } from '../base/json-pointer.ts'
import { isJsonObject, member, textMember } from '../base/json.ts'
import { splitPlace } from '../document/links.ts'
import type { Compilation } from './compilation.ts'
import type { ChoiceRecord } from './types.ts'
import type { SchemaPlace, SchemaView } from './view-schema.ts'

/** The last segment of a path or a URL, without its extension. */
const FILE_NAME = /([^/]+?)(?:\.\w+)?\/*$/

/** Where definitions stand in a document that is no OpenAPI document: at its root, or in these. */
const DEFINITION_MAPS = ['', 'schemas', 'definitions', '$defs']

/**
 * The name that a schema has by its place: the key of a component; in a document that is referred to also
 * that of any other definition, and the document's own name for the schema that it is as a whole.
 * Undefined for a schema inside of another one.
 */
export function componentKey(compilation: Compilation, at: Pointer): string | undefined {
  const names = pointerParts(splitPlace(at).pointer) ?? []
  const key = names.at(-1)
  const map = names.slice(0, -1).join('/')
  if (map === 'components/schemas') return key
  const part = compilation.partAt(at)
  if (part === undefined) return undefined
  if (key === undefined) return FILE_NAME.exec(part.url)?.[1]
  return DEFINITION_MAPS.includes(map) ? key : undefined
}

/** What a choice is called: its flow type, else its component key, title, number (x-flow 3.1). */
export function choiceLabel(
  compilation: Compilation,
  view: SchemaView | undefined,
  place: SchemaPlace,
  index: number,
  nameAt: ReadonlyMap<Pointer, string>
): string {
  const at = view?.at ?? place.at
  return nameAt.get(at) ?? componentKey(compilation, at) ?? view?.title ?? String(index + 1)
}

/** A choice that is read: its schema, and the property that it fills. */
type Option = {
  readonly view: SchemaView | undefined
  readonly place: SchemaPlace
  readonly name: string
}

/** The record of a `oneOf` or `anyOf` of objects, with the discriminator values of each choice. */
export function compileChoice(
  compilation: Compilation,
  holder: SchemaView,
  key: string | null,
  options: readonly Option[]
): ChoiceRecord {
  const { value, at } = holder.discriminator ?? { value: undefined, at: holder.at }
  const mapping = member(value, 'mapping')
  const mapped = isJsonObject(mapping)
    ? Object.entries(mapping).flatMap(([word, target]) =>
        typeof target === 'string' ? [{ word, target, at: compilation.locate(target, at) }] : []
      )
    : []
  return {
    key,
    discriminator: textMember(value, 'propertyName') ?? null,
    options: options.map(({ view, place, name }) => {
      const own = view?.at ?? place.at
      const component = componentKey(compilation, own)
      const declared = mapped
        .filter(meant => meant.target === component || meant.at === own)
        .map(({ word }) => word)
      const values = declared.length > 0 || component === undefined ? declared : [component]
      return { property: name, keys: [...(view?.properties.keys() ?? [])], values }
    })
  }
}
