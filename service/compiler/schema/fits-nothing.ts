import type { Pointer } from '../../base/json-pointer.ts'
import { isJsonArray, isJsonObject, jsonEqual } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import { listedSchemas } from './schema-keywords.ts'
import type { LocatedSchema } from './schema-view.ts'

/** How many references and `allOf` inside each other are looked through. */
const DEPTH_MAX = 20

const known = new WeakMap<Compilation, Map<Pointer, boolean>>()

/** Whether no value fits a schema: `false`, `not` of everything, or a combination that needs one of these. */
export function fitsNothing(
  compilation: Compilation,
  { schema, at }: LocatedSchema,
  depth = 0
): boolean {
  if (!isJsonObject(schema)) return schema === false
  const { not } = schema
  if (not === true || jsonEqual(not, {})) return true
  const refers = typeof schema.$ref === 'string'
  const isCombined = refers || isJsonArray(schema.allOf) || isJsonArray(schema.oneOf)
  if (!(isCombined || isJsonArray(schema.anyOf)) || depth > DEPTH_MAX) return false
  const cache = known.get(compilation) ?? new Map<Pointer, boolean>()
  known.set(compilation, cache)
  const found = cache.get(at)
  if (found !== undefined) return found
  // A cycle of references decides nothing.
  cache.set(at, false)
  const inside = (located: LocatedSchema): boolean => fitsNothing(compilation, located, depth + 1)
  const target = refers ? compilation.peek(schema, at) : undefined
  const choices = ['oneOf', 'anyOf'].map(keyword => listedSchemas(schema, keyword, at))
  const result =
    (target !== undefined && inside({ schema: target.value, at: target.at })) ||
    listedSchemas(schema, 'allOf', at).some(inside) ||
    choices.some(listed => listed.length > 0 && listed.every(inside))
  cache.set(at, result)
  return result
}
