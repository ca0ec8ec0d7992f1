import type { Pointer } from '../../base/json-pointer.ts'
import { pointerParts } from '../../base/json-pointer.ts'
import { isJsonObject, textMember } from '../../base/json.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import { splitLocation } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { ChoiceRecord } from '../../model/type-record.ts'
import type { SchemaPlace, SchemaView } from './view-schema.ts'

/** Where definitions stand in a document that is no OpenAPI document: at its root, or in these. */
const DEFINITION_MAPS = ['', 'schemas', 'definitions', '$defs']

/**
 * The name that a schema has by its place: the key of a component; in a document that is referred to also
 * that of any other definition, and the document's own name for the schema that it is as a whole.
 * Undefined for a schema inside of another one.
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
  const { value } = holder.discriminator ?? { value: undefined }
  const mapped = mappedWords(compilation, holder)
  return {
    key,
    discriminator: textMember(value, 'propertyName') ?? null,
    options: options.map(({ view, place, name }) => {
      const own = view?.at ?? place.at
      const component = componentKey(compilation, own)
      const declared = [
        ...(mapped.get(`at ${own}`) ?? []),
        ...(mapped.get(`key ${component}`) ?? [])
      ]
      const values = declared.length > 0 || component === undefined ? declared : [component]
      const size = view?.properties.size ?? 0
      const keys = compilation.afford(size) ? [...(view?.properties.keys() ?? [])] : []
      return { property: name, keys, values: [...new Set(values)] }
    })
  }
}

/** The discriminator's words by what they mean: a schema's place, or its key (OpenAPI 3.0.4, 4.7.25). */
function mappedWords(
  compilation: Compilation,
  { discriminator }: SchemaView
): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>()
  const mapping = discriminator?.value.mapping
  if (discriminator === null || !isJsonObject(mapping)) return words
  for (const [word, target] of Object.entries(mapping)) {
    if (typeof target !== 'string') continue
    for (const means of [`key ${target}`, `at ${compilation.locate(target, discriminator.at)}`]) {
      const same = words.get(means)
      if (same === undefined) words.set(means, [word])
      else same.push(word)
    }
  }
  return words
}
