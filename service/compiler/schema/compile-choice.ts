import type { Pointer } from '../../base/json-pointer.ts'
import { pointerParts } from '../../base/json-pointer.ts'
import { isJsonObject, textMember } from '../../base/json.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { ChoiceRecord } from '../../model/type-record.ts'
import { splitLocation } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from './view-schema.ts'

/** Where a document that is no OpenAPI document has definitions: at its root, or in these maps. */
const DEFINITION_MAPS = ['', 'schemas', 'definitions', '$defs']

/**
 * The name of a schema by its pointer: the key of a component; in another document also that of any
 * definition, and for the document as a whole its file name. Undefined for a schema inside of another.
 */
export function componentKey(compilation: Compilation, at: Pointer): string | undefined {
  const names = pointerParts(splitLocation(at).pointer) ?? []
  const key = names.at(-1)
  const map = names.slice(0, -1).join('/')
  if (map === 'components/schemas') return key
  const part = compilation.partAt(at)
  if (part === undefined) return undefined
  if (key === undefined) return fileName(part.url)
  return DEFINITION_MAPS.includes(map) ? key : undefined
}

/** The last segment of a path or a URL, without its extension. */
function fileName(url: string): string {
  const path = trimTrailing(url, '/')
  const segment = path.slice(path.lastIndexOf('/') + 1)
  const dot = segment.lastIndexOf('.')
  return dot > 0 ? segment.slice(0, dot) : segment
}

/** A choice with the property that it fills. */
type Option = {
  readonly view: SchemaView | undefined
  readonly at: Pointer
  readonly name: string
}

/** The record of a `oneOf` or `anyOf` of objects, with the discriminator values of each choice. */
export function compileChoice(
  compilation: Compilation,
  holder: SchemaView,
  key: string | null,
  options: readonly Option[]
): ChoiceRecord {
  const mapped = mappedValues(compilation, holder)
  return {
    key,
    discriminator: textMember(holder.discriminator?.value, 'propertyName') ?? null,
    options: options.map(({ view, at, name }) => {
      const component = componentKey(compilation, at)
      const declared = [
        ...(mapped.get(`at ${at}`) ?? []),
        ...(mapped.get(`key ${component}`) ?? [])
      ]
      const values = declared.length > 0 || component === undefined ? declared : [component]
      const isAfforded = compilation.afford(view?.properties.size ?? 0)
      const keys = isAfforded ? [...(view?.properties.keys() ?? [])] : []
      return { property: name, keys, values: [...new Set(values)] }
    })
  }
}

/** Discriminator values by their schema in `mapping`, a pointer or a key (OpenAPI 3.0.4, 4.7.25). */
function mappedValues(
  compilation: Compilation,
  { discriminator }: SchemaView
): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  const mapping = discriminator?.value.mapping
  if (discriminator === null || !isJsonObject(mapping)) return values
  for (const [value, target] of Object.entries(mapping)) {
    if (typeof target !== 'string') continue
    for (const means of [`key ${target}`, `at ${compilation.locate(target, discriminator.at)}`]) {
      const same = values.get(means)
      if (same === undefined) values.set(means, [value])
      else same.push(value)
    }
  }
  return values
}
