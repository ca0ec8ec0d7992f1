import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, member } from '../base/json.ts'
import { misfit } from '../document/extensions.ts'
import type { Compilation } from './compilation.ts'

/** Members that hold entries by an author's names, each of which can be left out alone. */
const ENTRY_MEMBERS = new Set(['customProperties', 'parameters', 'exclude', 'headers'])

/**
 * Reads the value of a key. What does not fit is an error and is left out, so that one bad member does
 * not sink the rest (x-flow 1); undefined when what is left is not enough.
 *
 * @param key Name of the key, for findings.
 * @param section Of the vocabulary.
 */
export function readExtension<T extends TSchema>(
  compilation: Compilation,
  schema: T,
  value: JsonValue,
  place: { readonly key: string; readonly section: string; readonly at: Pointer }
): Static<T> | undefined {
  let rest = value
  for (;;) {
    if (Value.Check(schema, rest)) return rest
    const wrong = misfit(schema, rest)
    const path = wrong?.path.slice(0, ENTRY_MEMBERS.has(wrong.path[0] ?? '') ? 2 : 1) ?? []
    compilation.report.add('EXTENSION_MALFORMED', pointer(place.at, ...path), {
      key: place.key,
      reason: wrong?.reason ?? '',
      section: place.section
    })
    if (!isJsonObject(rest) || path.length === 0) return undefined
    rest = without(rest, path)
  }
}

function without(object: JsonObject, [name, inner]: readonly string[]): JsonObject {
  const { [name ?? '']: held, ...rest } = object
  if (name === undefined || inner === undefined || !isJsonObject(held)) return rest
  const { [inner]: _, ...kept } = held
  return member(object, name) === undefined ? rest : { ...rest, [name]: kept }
}
