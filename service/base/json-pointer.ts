import type { JsonValue } from './json.ts'
import { isJsonArray, member } from './json.ts'

/** A JSON Pointer (RFC 6901) in text form: blank for the whole document, else `/a/b`. */
export type Pointer = string

/** Appends member names and array indexes to a pointer, escaped (RFC 6901 3). */
export function pointer(base: Pointer, ...parts: (string | number)[]): Pointer {
  return pointerTo(base, parts)
}

/** The same for a list of parts, which may be longer than arguments can be. */
export function pointerTo(base: Pointer, parts: readonly (string | number)[]): Pointer {
  let text = base
  for (const part of parts) text += typeof part === 'number' ? `/${part}` : `/${escaped(part)}`
  return text
}

function escaped(part: string): string {
  // A fast path: few names need escaping.
  if (!part.includes('~') && !part.includes('/')) return part
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Splits a pointer into unescaped parts; undefined for text that is not a pointer. */
export function pointerParts(text: Pointer): string[] | undefined {
  if (text === '') return []
  if (!text.startsWith('/')) return undefined
  return text
    .slice(1)
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Follows a pointer through own members and indexes; undefined when there is no value. */
export function follow(root: JsonValue, at: Pointer): JsonValue | undefined {
  const parts = pointerParts(at)
  let value: JsonValue | undefined = parts === undefined ? undefined : root
  for (const part of parts ?? []) {
    if (isJsonArray(value)) value = /^(0|[1-9]\d*)$/.test(part) ? value[Number(part)] : undefined
    else value = member(value, part)
    if (value === undefined) return undefined
  }
  return value
}
