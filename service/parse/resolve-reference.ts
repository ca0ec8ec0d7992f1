import type { Pointer } from '../base/json-pointer.ts'
import { follow } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { member, textMember } from '../base/json.ts'
import type { ReferenceRefusal } from './links.ts'
import { splitLocation } from './links.ts'
import type { ParsedDocument } from './parse-document.ts'

/** A value of the document or of a part, and where it stands once references are followed. */
export type Located = { readonly value: JsonValue; readonly at: Pointer }

/** Why a chain of references ends nowhere: the one that fails, and where it stands. */
export type ReferenceFault = (
  | { readonly code: 'REF_UNRESOLVED' | 'REF_CYCLE' }
  | ReferenceRefusal
) & {
  /** The reference; without its fragment where the document that it leads to is the reason. */
  readonly ref: string
  readonly at: Pointer
}

export type Resolver = {
  /**
   * Follows `$ref` from a value to the definition it leads to, through any chain of references and
   * into the parts that were read. Nothing is copied or expanded, and a chain is walked once however
   * often it is entered, so that cost does not depend on what references refer to.
   */
  resolve(value: JsonValue, at: Pointer): Located | ReferenceFault
  /** The place that a reference means, whether something stands there or not. */
  locate(ref: string, at: Pointer): Pointer | ReferenceFault
}

/** A resolver for one document and its parts. */
export function createResolver({ root, links }: ParsedDocument): Resolver {
  const roots = [root, ...links.parts.map(part => part.root)]
  const names = ['', ...links.parts.map(({ name }) => name)]
  const numbers = new Map(names.map((name, number) => [name, number]))
  /** Where a chain of references that goes through a place ends. */
  const ends = new Map<Pointer, Located | ReferenceFault>()

  const locate: Resolver['locate'] = (ref, at) => {
    const mark = ref.indexOf('#')
    const other = mark === -1 ? ref : ref.slice(0, mark)
    const pointer = fragmentPointer(mark === -1 ? '' : ref.slice(mark + 1))
    if (pointer === undefined) return { code: 'REF_UNRESOLVED', ref, at }
    const holder = splitLocation(at).name
    if (other === '') return placeIn(holder, pointer)
    const target = links.targets[numbers.get(holder) ?? 0]?.get(other)
    if (typeof target === 'number') return placeIn(names[target] ?? '', pointer)
    return { ...(target ?? { code: 'REF_NOT_ALLOWED' }), ref: other, at }
  }

  const valueAt = (at: Pointer): JsonValue | undefined => {
    const { name, pointer } = splitLocation(at)
    const tree = roots[numbers.get(name) ?? 0]
    return tree === undefined ? undefined : follow(tree, pointer)
  }

  const walk = (value: JsonValue, at: Pointer, passed: Set<Pointer>): Located | ReferenceFault => {
    let current: Located = { value, at }
    for (;;) {
      const ref = textMember(current.value, '$ref')
      if (ref === undefined) return current
      const target = locate(ref, current.at)
      if (typeof target !== 'string') return target
      const known = ends.get(target)
      if (known !== undefined) return known
      if (passed.has(target)) return { code: 'REF_CYCLE', ref, at: current.at }
      const found = valueAt(target)
      if (found === undefined) return { code: 'REF_UNRESOLVED', ref, at: current.at }
      passed.add(target)
      current = { value: found, at: target }
      // A definition that is a flow type of its own is one, though it refers on.
      if (isFlowType(found)) return current
    }
  }

  return {
    locate,
    resolve(value, at) {
      const passed = new Set<Pointer>()
      const end = walk(value, at, passed)
      for (const place of passed) ends.set(place, end)
      return end
    }
  }
}

function placeIn(name: string, pointer: Pointer): Pointer {
  return name === '' ? pointer : `${name}#${pointer}`
}

function isFlowType(value: JsonValue): boolean {
  return member(value, 'x-flow-type') !== undefined
}

/** The pointer in a fragment, percent-decoded (RFC 6901 section 6); undefined where it is none. */
function fragmentPointer(fragment: string): Pointer | undefined {
  try {
    const pointer = fragment.includes('%') ? decodeURIComponent(fragment) : fragment
    return pointer === '' || pointer.startsWith('/') ? pointer : undefined
  } catch {
    return undefined
  }
}
