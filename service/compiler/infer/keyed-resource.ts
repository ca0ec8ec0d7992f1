import { splitPath } from '../../base/dotted-path.ts'
import { member, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { BuiltResource } from './build-resource.ts'
import type { ItemKey } from './item-key.ts'
import { fillsItem, itemKey } from './item-key.ts'
import type { Judgement } from './judge-writes.ts'
import type { TypeFields } from './parameter-property.ts'
import type { ReadOperation } from './read-operations.ts'
import { scalarMembers } from './scalar-members.ts'

/** A resource with what its objects are known by. */
export type KeyedResource = BuiltResource & {
  readonly fields: TypeFields
  /** Dotted path of the id that its type declares; null for none. */
  readonly declaredId: string | null
  /** Null where the id alone is enough. */
  readonly key: ItemKey | null
  /** The version that the document has. */
  readonly version: string | undefined
}

/** Finds the key of a resource by the path of its objects, and leaves loads that the key cannot fill. */
export function keyedResource(
  compilation: Compilation,
  resource: BuiltResource,
  leave: (operation: ReadOperation, judgement: Judgement) => void
): KeyedResource {
  const { view, id, load, update } = resource
  const fields = {
    members: [...view.properties.keys()],
    scalars: scalarMembers(compilation, view),
    custom: {}
  }
  const declaredId =
    id !== null && view.properties.has(splitPath(id.path)[0] ?? '') ? id.path : null
  const version = textMember(member(compilation.root, 'info'), 'version')
  const item = load ?? update ?? resource.delete
  const idParam = item?.use.idParam ?? null
  const key =
    item === null || idParam === null ? null : itemKey(item.operation, idParam, declaredId, fields)
  const otherLoads = resource.otherLoads.filter(({ operation, use }) => {
    const isFilled = fillsItem(key?.parents ?? [], operation, use.idParam, fields)
    if (!isFilled)
      leave(operation, {
        score: use.score,
        reasons: ['its path needs more than the id of its objects has']
      })
    return isFilled
  })
  return { ...resource, otherLoads, fields, declaredId, key, version }
}
