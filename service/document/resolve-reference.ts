import type { Pointer } from '../base/json-pointer.ts'
import { follow } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { member, textMember } from '../base/json.ts'

/** A value of the document, and where it stands once references are followed. */
export type Located = { readonly value: JsonValue; readonly at: Pointer }

export type ReferenceFault = {
  readonly code: 'REF_UNRESOLVED' | 'REF_NOT_LOCAL' | 'REF_CYCLE'
  readonly ref: string
}

/**
 * Follows `$ref` from a value to the definition it leads to, through any chain of references, within
 * the document. Nothing is copied or expanded, so that cost does not depend on what it refers to.
 */
export function resolveReference(
  root: JsonObject,
  value: JsonValue,
  at: Pointer
): Located | ReferenceFault {
  const passed = new Set<string>()
  let current: Located = { value, at }
  for (;;) {
    const ref = textMember(current.value, '$ref')
    if (ref === undefined) return current
    if (!ref.startsWith('#')) return { code: 'REF_NOT_LOCAL', ref }
    if (passed.has(ref)) return { code: 'REF_CYCLE', ref }
    passed.add(ref)
    const target = decodeFragment(ref.slice(1))
    const found = target === undefined ? undefined : follow(root, target)
    if (target === undefined || found === undefined) return { code: 'REF_UNRESOLVED', ref }
    current = { value: found, at: target }
    // A definition that is a flow type of its own is one, though it refers on.
    if (isFlowType(found)) return current
  }
}

function isFlowType(value: JsonValue): boolean {
  return member(value, 'x-flow-type') !== undefined
}

/** A fragment identifier is percent-encoded (RFC 6901 section 6); undefined when it is malformed. */
function decodeFragment(fragment: string): Pointer | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}
