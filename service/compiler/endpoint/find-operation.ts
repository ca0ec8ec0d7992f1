import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import { isJsonObject, member } from '../../base/json.ts'
import { suggestion } from '../../errors.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import { ALL_PATH_METHODS } from '../../parse/path-methods.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { LocatedItem } from './path-items.ts'
import { pathItems } from './path-items.ts'
import type { DeclaredOperation } from './types.ts'

/** The usual method of each mapping. */
const DEFAULT_METHOD: { readonly [verb in MappingVerb]: string } = {
  load: 'get',
  query: 'get',
  save: 'post',
  update: 'put',
  delete: 'delete'
}

/** Finds the operation of a mapping by its path and method; an undeclared one is a diagnostic. */
export function findOperation(
  compilation: Compilation,
  mapping: DeclaredMapping
): DeclaredOperation {
  const items = operationItems(compilation, mapping)
  const usual = defaultMethod(mapping.verb, items)
  const given = mapping.extension.operation ?? usual
  // A word that is no method could not be sent; it is reported below.
  const method = /^[a-z]+$/i.test(given) ? given.toLowerCase() : usual
  const { path } = mapping.extension
  const declared = items.flatMap(operationsOf)
  const found = declared.find(({ name }) => name.toLowerCase() === method)
  if (items.length > 0 && (found === undefined || method !== given.toLowerCase())) {
    const known = declared.map(({ name }) => name)
    compilation.report.add('MAPPING_OPERATION_UNKNOWN', pointer(mapping.at, 'operation'), {
      path,
      given,
      suggestion: compilation.suggest(given.toLowerCase(), () => known) || suggestion(known[0])
    })
  }
  return {
    method: method.toUpperCase(),
    path,
    items,
    operation: found?.value,
    at: found?.at ?? pointer(items[0]?.at ?? '', 'additionalOperations', '')
  }
}

/**
 * The method of a mapping that names none. A path without `get` is read by `query`, the other method that only reads
 * (OpenAPI 3.2, 4.9.1).
 *
 * @param items Of its path.
 */
export function defaultMethod(
  verb: MappingVerb,
  items: readonly { readonly value: JsonObject | undefined }[]
): string {
  const usual = DEFAULT_METHOD[verb]
  const has = (method: string): boolean => items.some(({ value }) => isJsonObject(value?.[method]))
  return usual === 'get' && !has('get') && has('query') ? 'query' : usual
}

/** The operations of a Path Item Object by their names there. */
export function operationsOf({ value: item, at }: LocatedItem): {
  readonly name: string
  readonly value: JsonObject
  readonly at: Pointer
}[] {
  const additional = member(item, 'additionalOperations')
  const fixed = ALL_PATH_METHODS.map(name => ({ name, value: item[name], at: pointer(at, name) }))
  const further = Object.entries(isJsonObject(additional) ? additional : {}).map(
    ([name, value]) => ({ name, value, at: pointer(at, 'additionalOperations', name) })
  )
  return [...fixed, ...further].flatMap(({ name, value, at: place }) =>
    isJsonObject(value) ? [{ name, value, at: place }] : []
  )
}

function operationItems(
  compilation: Compilation,
  { extension: { path }, at: mappingAt }: DeclaredMapping
): readonly LocatedItem[] {
  const {
    root: { paths },
    report,
    suggest
  } = compilation
  const given = member(paths, path)
  if (given === undefined) {
    const known = (): string[] => (isJsonObject(paths) ? Object.keys(paths) : [])
    const holes = { given: path, suggestion: suggest(path, known) }
    report.add('MAPPING_PATH_UNKNOWN', pointer(mappingAt, 'path'), holes)
    return []
  }
  const items = pathItems(compilation, path)
  if (items.length === 0 && compilation.peek(given, pointer('/paths', path)) !== undefined) {
    const at = pointer('/paths', path)
    report.add('PATH_ITEM_MALFORMED', at, { path, reason: 'it is not an object' })
  }
  return items
}
