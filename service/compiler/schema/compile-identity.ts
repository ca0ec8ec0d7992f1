import { splitPath } from '../../base/dotted-path.ts'
import { pointer } from '../../base/json-pointer.ts'
import { plainName } from '../../base/plain-name.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { IdentityRecord } from '../../model/type-record.ts'
import { usualIdentity } from '../../model/usual-identity.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from './compile-types.ts'

/**
 * Decides where the external ids of a type's objects are (docs/x-flow.md#external-ids): the declared id;
 * the property named like the path parameter that the id fills, or like it without the type's name; `id`; the
 * type's name with `id`; and the names that usually identify. Only scalars of the schema count.
 */
export function compileIdentity(
  compilation: Compilation,
  draft: TypeDraft,
  mappings: readonly MappingRecord[]
): IdentityRecord {
  const declared = draft.named?.extension.id
  const composite = Array.isArray(declared)
    ? declared.map(part => ({ part, path: partPath(compilation, draft, part) }))
    : null
  const bindings = mappings.flatMap(mapping => mapping.bindings)
  const filled = bindings.flatMap(({ in: location, name, sources }) => {
    const isId = sources.some(source => source.from === 'id' && source.part === null)
    return location === 'path' && isId ? [plainName(name)] : []
  })
  const { candidates: found } = usualIdentity(draft.name, draft.properties, filled)
  const paths =
    typeof declared === 'string' ? [pathOf(compilation, draft, declared), ...found] : found
  const distinct = new Map(paths.map(path => [JSON.stringify(path), path]))
  return { composite, candidates: [...distinct.values()] }
}

/** The place of a part of a composite id; a custom property has a value where it fed a parameter of the load. */
function partPath(compilation: Compilation, draft: TypeDraft, part: string): string[] {
  const isCustom = draft.properties.some(({ custom, name }) => custom && name === part)
  return isCustom ? [part] : pathOf(compilation, draft, part)
}

/** A declared id as a list of member names; the first is a property of the type. */
function pathOf(compilation: Compilation, draft: TypeDraft, given: string): string[] {
  const keys = draft.properties.flatMap(property => property.key ?? [])
  if (keys.includes(given)) return [given]
  const path = splitPath(given)
  if (!keys.includes(path[0] ?? '')) {
    const holes = {
      type: draft.name,
      given,
      suggestion: compilation.suggest(given, () => keys)
    }
    compilation.report.add(
      'ID_PROPERTY_UNKNOWN',
      pointer(draft.pointer, 'x-flow-type', 'id'),
      holes
    )
  }
  return path
}
