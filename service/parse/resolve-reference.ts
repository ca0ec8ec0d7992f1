import type { Pointer } from '../base/json-pointer.ts'
import { follow } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { member, textMember } from '../base/json.ts'
import { percentDecoded } from '../base/percent-encoding.ts'
import type { ReferenceRefusal } from './links.ts'
import { splitLocation } from './links.ts'
import { walkDocument } from './walk-document.ts'
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
  /** How many schemas the anchor of a `$dynamicRef` within its document may mean. */
  dynamicTargets(ref: string, at: Pointer): number
}

/** A resolver for one document and its parts. */
export function createResolver({ root, links }: ParsedDocument): Resolver {
  const roots = [root, ...links.parts.map(part => part.root)]
  const names = ['', ...links.parts.map(({ name }) => name)]
  const numbers = new Map(names.map((name, number) => [name, number]))
  /** The end of the chain of references through each location. */
  const ends = new Map<Pointer, Located | ReferenceFault>()

  type Anchor = { readonly at: Pointer; dynamic: number }
  const anchors = new Map<number, ReadonlyMap<string, Anchor>>()

  /** The first place of each `$anchor` and `$dynamicAnchor` of a tree, and how many of the latter there are. */
  const anchorsOf = (tree: number): ReadonlyMap<string, Anchor> => {
    const known = anchors.get(tree)
    if (known !== undefined) return known
    const found = new Map<string, Anchor>()
    walkDocument(roots[tree] ?? null, '', (value, at) => {
      for (const key of ['$anchor', '$dynamicAnchor']) {
        const name = textMember(value, key)
        if (name === undefined) continue
        const anchor = found.get(name) ?? { at, dynamic: 0 }
        if (key === '$dynamicAnchor') anchor.dynamic++
        found.set(name, anchor)
      }
    })
    anchors.set(tree, found)
    return found
  }

  const locate: Resolver['locate'] = (ref, at) => {
    const mark = ref.indexOf('#')
    const other = mark === -1 ? ref : ref.slice(0, mark)
    const fragment = percentDecoded(mark === -1 ? '' : ref.slice(mark + 1))
    const ownName = splitLocation(at).name
    const own = numbers.get(ownName) ?? 0
    const target = other === '' ? own : links.targets[own]?.get(other)
    if (typeof target !== 'number') {
      return { ...(target ?? { code: 'REF_NOT_ALLOWED' }), ref: other, at }
    }
    const pointer = isPointer(fragment) ? fragment : anchorsOf(target).get(fragment ?? '')?.at
    if (pointer === undefined) return { code: 'REF_UNRESOLVED', ref, at }
    return locationIn(names[target] ?? '', pointer)
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
      if (saysMore(found)) return current
    }
  }

  return {
    locate,
    dynamicTargets(ref, at) {
      const own = numbers.get(splitLocation(at).name) ?? 0
      return anchorsOf(own).get(ref.replace(/^#/, ''))?.dynamic ?? 0
    },
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

/** Keywords that only schemas have. */
const OF_SCHEMAS =
  'x-flow-type type properties items allOf oneOf anyOf nullable readOnly writeOnly enum const default format'.split(
    ' '
  )

/** Whether a schema that is a reference itself ends the chain, because it says something beside the reference. */
function saysMore(value: JsonValue): boolean {
  return OF_SCHEMAS.some(word => member(value, word) !== undefined)
}

/** Whether a fragment is a JSON pointer (RFC 6901 6) rather than the name of an anchor. */
function isPointer(fragment: string | undefined): fragment is Pointer {
  return fragment === '' || fragment?.startsWith('/') === true
}
