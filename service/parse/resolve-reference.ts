import type { Pointer } from '../base/json-pointer.ts'
import { follow } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { member, textMember } from '../base/json.ts'
import type { ReferenceRefusal } from './links.ts'
import { splitLocation } from './links.ts'
import type { ParsedDocument } from './parse-document.ts'

/** A value and its location after following references. */
export type Located = { readonly value: JsonValue; readonly at: Pointer }

/** The reference of a chain that cannot be resolved. */
export type ReferenceFault = (
  | { readonly code: 'REF_UNRESOLVED' | 'REF_CYCLE' }
  | ReferenceRefusal
) & {
  /** The reference, without its fragment when the other document is the cause. */
  readonly ref: string
  readonly at: Pointer
}

export type Resolver = {
  /**
   * Follows a chain of `$ref`s, also into parts, to its definition. Nothing is copied or expanded, and
   * the end of each chain is cached.
   */
  resolve(value: JsonValue, at: Pointer): Located | ReferenceFault
  /** The location that a reference names, whether a value exists there or not. */
  locate(ref: string, at: Pointer): Pointer | ReferenceFault
}

/** A resolver for one document and its parts. */
export function createResolver({ root, links }: ParsedDocument): Resolver {
  const roots = [root, ...links.parts.map(part => part.root)]
  const names = ['', ...links.parts.map(({ name }) => name)]
  const numbers = new Map(names.map((name, number) => [name, number]))
  /** The end of the chain of references through each location. */
  const ends = new Map<Pointer, Located | ReferenceFault>()

  const locate: Resolver['locate'] = (ref, at) => {
    const mark = ref.indexOf('#')
    const other = mark === -1 ? ref : ref.slice(0, mark)
    const pointer = fragmentPointer(mark === -1 ? '' : ref.slice(mark + 1))
    if (pointer === undefined) return { code: 'REF_UNRESOLVED', ref, at }
    const ownName = splitLocation(at).name
    if (other === '') return locationIn(ownName, pointer)
    const target = links.targets[numbers.get(ownName) ?? 0]?.get(other)
    if (typeof target === 'number') return locationIn(names[target] ?? '', pointer)
    return { ...(target ?? { code: 'REF_NOT_ALLOWED' }), ref: other, at }
  }

  const valueAt = (at: Pointer): JsonValue | undefined => {
    const { name, pointer } = splitLocation(at)
    const tree = roots[numbers.get(name) ?? 0]
    return tree === undefined ? undefined : follow(tree, pointer)
  }

  const walk = (value: JsonValue, at: Pointer, visited: Set<Pointer>): Located | ReferenceFault => {
    let current: Located = { value, at }
    for (;;) {
      const ref = textMember(current.value, '$ref')
      if (ref === undefined) return current
      const target = locate(ref, current.at)
      if (typeof target !== 'string') return target
      const known = ends.get(target)
      if (known !== undefined) return known
      if (visited.has(target)) return { code: 'REF_CYCLE', ref, at: current.at }
      const found = valueAt(target)
      if (found === undefined) return { code: 'REF_UNRESOLVED', ref, at: current.at }
      visited.add(target)
      current = { value: found, at: target }
      // A flow type ends the chain, even if it is a reference itself.
      if (isFlowType(found)) return current
    }
  }

  return {
    locate,
    resolve(value, at) {
      const visited = new Set<Pointer>()
      const end = walk(value, at, visited)
      for (const location of visited) ends.set(location, end)
      return end
    }
  }
}

function locationIn(name: string, pointer: Pointer): Pointer {
  return name === '' ? pointer : `${name}#${pointer}`
}

function isFlowType(value: JsonValue): boolean {
  return member(value, 'x-flow-type') !== undefined
}

/** The percent-decoded pointer of a fragment (RFC 6901 6); undefined when it is not a pointer. */
function fragmentPointer(fragment: string): Pointer | undefined {
  try {
    const pointer = fragment.includes('%') ? decodeURIComponent(fragment) : fragment
    return pointer === '' || pointer.startsWith('/') ? pointer : undefined
  } catch {
    return undefined
  }
}
