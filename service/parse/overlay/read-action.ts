import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import type { OverlayAction } from './overlay.ts'

/** Why an action is not applied, and where. */
export type ActionFault = { readonly fault: string; readonly at: Pointer }

/** The members of an Action Object. */
export const ACTION_MEMBERS = ['target', 'description', 'update', 'remove', 'copy']

/**
 * Reads an Action Object.
 *
 * @param minor The second number of the version of its overlay.
 */
export function readAction(
  value: JsonValue,
  { at, minor }: { readonly at: Pointer; readonly minor: number }
): OverlayAction | ActionFault {
  if (!isJsonObject(value)) return { fault: 'it is not an object', at }
  const { target, update, remove, copy } = value
  if (target === undefined) return { fault: 'it has no `target`', at }
  if (typeof target !== 'string') {
    return { fault: 'its `target` is not text', at: pointer(at, 'target') }
  }
  if (remove !== undefined && typeof remove !== 'boolean') {
    return { fault: 'its `remove` is neither true nor false', at: pointer(at, 'remove') }
  }
  if (remove === true) return { at, target, change: { kind: 'remove' } }
  if (copy === undefined) {
    if (update !== undefined) return { at, target, change: { kind: 'update', value: update } }
    const words =
      minor === 0 ? '`update` and `remove: true`' : '`update`, `copy` and `remove: true`'
    return { fault: `it has none of ${words}`, at }
  }
  const copyAt = pointer(at, 'copy')
  if (minor === 0) return { fault: '`copy` needs `overlay: 1.1.0`', at: copyAt }
  if (update !== undefined) return { fault: 'it has both `update` and `copy`', at: copyAt }
  if (typeof copy !== 'string') return { fault: 'its `copy` is not text', at: copyAt }
  return { at, target, change: { kind: 'copy', path: copy } }
}

/** Members that an Action Object does not have. */
export function unknownMembers(value: JsonValue): string[] {
  if (!isJsonObject(value)) return []
  return Object.keys(value).filter(key => !ACTION_MEMBERS.includes(key) && !key.startsWith('x-'))
}
