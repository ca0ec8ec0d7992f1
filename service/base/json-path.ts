import type { JsonValue } from './json.ts'
import { isJsonArray, member } from './json.ts'
import type { Pointer } from './json-pointer.ts'
import { pointerParts } from './json-pointer.ts'

/**
 * A pointer as a JSONPath (RFC 9535): `$.components.schemas.Pet`, with brackets where a name needs them.
 *
 * @param root Says which parts are indexes.
 */
export function jsonPathOf(root: JsonValue, at: Pointer): string {
  let value: JsonValue | undefined = root
  let path = '$'
  for (const part of pointerParts(at) ?? []) {
    const isIndex = isJsonArray(value)
    path += isIndex ? `[${part}]` : segment(part)
    value = isJsonArray(value) ? value[Number(part)] : member(value, part)
  }
  return path
}

function segment(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return `.${name}`
  const escaped = name.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, unicodeEscape)
  return `['${escaped}']`
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
