import type { Pointer } from '../../base/json-pointer.ts'
import { pointerParts } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { dictionary, isJsonObject, jsonEqual, plainText, textMember } from '../../base/json.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import type { ChoiceRecord } from '../../model/type-record.ts'
import { splitLocation } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from './schema-view.ts'
import { onlyValue, viewSchema } from './view-schema.ts'

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

/**
 * The record of a `oneOf` or `anyOf` of objects, with what tells its choices apart: the discriminator values of
 * each, and its members with only one possible value.
 */
export function compileChoice(
  compilation: Compilation,
  holder: SchemaView,
  key: string | null,
  options: readonly Option[]
): ChoiceRecord {
  const mapped = mappedValues(compilation, holder)
  const discriminator = textMember(holder.discriminator?.value, 'propertyName') ?? null
  const constantsByOption = options.map(({ view }) => constantsOf(compilation, view))
  const fallback = textMember(holder.discriminator?.value, 'defaultMapping')
  const usual =
    fallback === undefined || holder.discriminator === null
      ? undefined
      : options.find(({ at }) => {
          const located = compilation.locate(fallback, holder.discriminator?.at ?? '')
          return at === located || componentKey(compilation, at) === fallback
        })?.name
  return {
    key,
    discriminator,
    ...(usual !== undefined && { usual }),
    options: options.map(({ view, at, name }, index) => {
      const component = componentKey(compilation, at)
      const declared = [
        ...(mapped.get(`at ${at}`) ?? []),
        ...(mapped.get(`key ${component}`) ?? [])
      ]
      const isAfforded = compilation.afford(view?.properties.size ?? 0)
      const keys = isAfforded ? [...(view?.properties.keys() ?? [])] : []
      const constants = constantsByOption[index] ?? {}
      // What the schema of a choice allows is what can be written.
      const only = discriminator === null ? undefined : constants[discriminator]
      const named = declared.length > 0 || component === undefined ? declared : [component]
      const values = [...new Set(only === undefined ? named : [plainText(only), ...named])]
      const telling = Object.entries(constants).filter(([member, value]) =>
        constantsByOption.some(other => !jsonEqual(other[member], value))
      )
      const own = telling.length === 0 ? {} : { constants: dictionary(telling) }
      return { property: name, keys, values, ...own }
    })
  }
}

/** The members of a choice that have only one possible value. */
function constantsOf(
  compilation: Compilation,
  view: SchemaView | undefined
): { readonly [member: string]: JsonValue } {
  const constants = dictionary<JsonValue>()
  for (const [key, located] of view?.properties ?? []) {
    const only = compilation.afford(0) ? onlyValue(viewSchema(compilation, located)) : undefined
    if (only !== undefined) constants[key] = only
  }
  return constants
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
