import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { dictionary, isJsonObject, member } from '../base/json.ts'
import { knownMembers, misfit } from '../parse/extensions.ts'
import type { Compilation } from './compilation.ts'

/** Members that hold entries by an author's names, each of which can be left out alone. */
const ENTRY_MEMBERS = new Set(['customProperties', 'parameters', 'exclude', 'headers'])

/**
 * Reads the value of a key. What does not fit is an error and is left out, so that one bad member does
 * not sink the rest (x-flow 1); undefined when what is left is not enough.
 *
 * @param key Name of the key, for diagnostics.
 * @param place.section The heading of docs/x-flow.md that describes the key, as an anchor.
 */
export function readExtension<T extends TSchema>(
  compilation: Compilation,
  schema: T,
  value: JsonValue,
  place: { readonly key: string; readonly section: string; readonly at: Pointer }
): Static<T> | undefined {
  const { key, section, at } = place
  const leaveOut = (path: readonly string[], reason: string): void => {
    compilation.report.add('EXTENSION_MALFORMED', pointer(at, ...path), { key, reason, section })
  }
  let rest = withoutBadEntries(schema, value, leaveOut)
  for (;;) {
    if (Value.Check(schema, rest)) return rest
    const wrong = misfit(schema, rest)
    const [name] = wrong?.path ?? []
    leaveOut(name === undefined ? [] : [name], wrong?.reason ?? '')
    if (!isJsonObject(rest) || name === undefined || member(rest, name) === undefined) {
      return undefined
    }
    const { [name]: _, ...kept } = rest
    rest = kept
  }
}

/** Looks at entries one by one, so that many bad ones cost no more than many good ones. */
function withoutBadEntries(
  schema: TSchema,
  value: JsonValue,
  leaveOut: (path: readonly string[], reason: string) => void
): JsonValue {
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([name, held]): [string, JsonValue] => {
    const form = ENTRY_MEMBERS.has(name) ? knownMembers(schema)?.[name] : undefined
    if (form === undefined || !isJsonObject(held)) return [name, held]
    const entries = Object.entries(held).filter(([inner, entry]) => {
      const wrong = misfit(form, dictionary([[inner, entry]]))
      if (wrong !== undefined) leaveOut([name, inner], `${name}.${wrong.reason}`)
      return wrong === undefined
    })
    return [name, dictionary(entries)]
  })
  return dictionary(members)
}
