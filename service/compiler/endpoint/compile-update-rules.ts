import { pointer } from '../../base/json-pointer.ts'
import type { MappingOrigin, MappingRecord } from '../../model/mapping-record.ts'
import type { MappingContext } from './types.ts'

/**
 * What an update does with blank properties, and when it reads the object first
 * (docs/x-flow.md#merged-updates): by default where it is a PUT, which replaces the whole, and the type has a
 * load; always where the mapping is inferred. `blank` and `merge` that have no effect are a diagnostic.
 */
export function compileUpdateRules(
  context: MappingContext,
  origin: MappingOrigin
): Pick<MappingRecord, 'blank' | 'merge'> {
  const { compilation, draft, mapping, endpoint } = context
  const { verb, key, at, extension } = mapping
  const ignore = (option: 'blank' | 'merge', reason: string): void => {
    const holes = { option, key, path: extension.path, reason }
    compilation.report.add('UPDATE_OPTION_UNUSABLE', pointer(at, option), holes)
  }
  const { blank = null, merge } = extension
  const { method, body } = endpoint.record
  if (verb !== 'update' || body === null) {
    const reason = verb === 'update' ? 'the operation takes no body' : 'it is for `x-flow-update`'
    if (blank !== null) ignore('blank', reason)
    if (merge === true) ignore('merge', reason)
    return { blank: null, merge: 'never' }
  }
  const load = draft.named?.mappings.find(each => each.verb === 'load')
  // An example is not the object that is updated.
  const isReadable = load !== undefined && (load.extension.example ?? false) === false
  if (merge === true && !isReadable) ignore('merge', 'no `x-flow-load` reads the object')
  if (merge === false || !isReadable) return { blank, merge: 'never' }
  const isAlways = merge === true || origin.from === 'inferred'
  return { blank, merge: isAlways ? 'always' : method === 'PUT' ? 'where unseen' : 'never' }
}
