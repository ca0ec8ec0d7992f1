import { follow, pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, textMember } from '../../base/json.ts'
import { splitLocation } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'

/** A Path Item Object of a path, and where it is. */
export type LocatedItem = { readonly value: JsonObject; readonly at: string }

/** Most references from one Path Item to the next. */
const CHAIN_MAX = 20

/**
 * The Path Item Objects of a path: the one under `paths`, then the one that its `$ref` names, and so on. All count,
 * and of members of the same name the first wins. A reference that leads nowhere is a diagnostic.
 *
 * @returns Empty where none is an object, or the document does not declare the path.
 */
export function pathItems(compilation: Compilation, path: string): readonly LocatedItem[] {
  const { root, resolve } = compilation
  let at: string | undefined = pointer('/paths', path)
  let value = member(root.paths, path)
  const items: LocatedItem[] = []
  const visited = new Set<string>()
  // Reports what is wrong with the chain.
  const end = resolve(value, at)
  while (isJsonObject(value) && at !== undefined && items.length < CHAIN_MAX && !visited.has(at)) {
    visited.add(at)
    items.push({ value, at })
    const ref: string | undefined = end === undefined ? undefined : textMember(value, '$ref')
    at = ref === undefined ? undefined : compilation.locate(ref, at)
    value = at === undefined ? undefined : valueAt(compilation, at)
  }
  // One that has nothing but a reference says nothing itself.
  return items.filter(item => textMember(item.value, '$ref') === undefined || hasMore(item.value))
}

function hasMore(item: JsonObject): boolean {
  return Object.keys(item).length > 1
}

function valueAt({ root, partAt }: Compilation, at: string): JsonValue | undefined {
  const { name, pointer: inside } = splitLocation(at)
  const tree = name === '' ? root : partAt(at)?.value
  return tree === undefined ? undefined : follow(tree, inside)
}
