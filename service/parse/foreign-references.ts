import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import { walkDocument } from './walk-document.ts'

/** A `$ref`, in JSON or YAML, whose value does not begin with `#`. */
const REFERS_OUT = /\$ref["']?\s*:(?!\s*["']?#)/

/**
 * Whether a text can hold a reference to another document: a scan that costs next to nothing and
 * spares the documents without one the walk.
 */
export function mayReferExternally(text: string): boolean {
  return REFERS_OUT.test(text)
}

/**
 * The other documents that a tree refers to, in document order: what stands in front of `#`, and where
 * it first does. References in examples, other data and extensions mean nothing.
 */
export function externalReferences(root: JsonValue): Map<string, Pointer> {
  const found = new Map<string, Pointer>()
  const look = (value: JsonValue, at: Pointer): void => {
    const document = textMember(value, '$ref')?.split('#', 1)[0] ?? ''
    if (document !== '' && !found.has(document)) found.set(document, at)
  }
  walkDocument(root, '', (value, at) => {
    look(value, at)
    // The examples of a media type or a parameter are data, but each may be a reference.
    if (!isJsonObject(value.examples)) return
    for (const [name, example] of Object.entries(value.examples)) {
      look(example, pointer(at, 'examples', name))
    }
  })
  return found
}
