import { pointer } from '../../base/json-pointer.ts'
import { isJsonObject, member } from '../../base/json.ts'
import { suggestion } from '../../errors.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { DeclaredOperation, LocatedObject } from './types.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

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
  const item = pathItem(compilation, mapping)
  const usual = defaultMethod(mapping, item)
  const given = mapping.extension.operation ?? usual
  // A word that is no method could not be sent; it is reported below.
  const method = /^[a-z]+$/i.test(given) ? given.toLowerCase() : usual
  const { path } = mapping.extension
  const additional = member(item?.value, 'additionalOperations')
  const known = [
    ...METHODS.filter(name => isJsonObject(item?.value?.[name])),
    ...Object.keys(isJsonObject(additional) ? additional : {})
  ]
  const name = known.find(word => word.toLowerCase() === method)
  if (item !== undefined && (name === undefined || method !== given.toLowerCase())) {
    compilation.report.add('MAPPING_OPERATION_UNKNOWN', pointer(mapping.at, 'operation'), {
      path,
      given,
      suggestion: compilation.suggest(given.toLowerCase(), () => known) || suggestion(known[0])
    })
  }
  const isFixed = METHODS.includes(name ?? '')
  const operation = isFixed ? item?.value?.[name ?? ''] : member(additional, name ?? '')
  const itemAt = item?.at ?? ''
  return {
    method: method.toUpperCase(),
    path,
    item: { value: item?.value, at: itemAt },
    operation: isJsonObject(operation) ? operation : undefined,
    at: isFixed ? pointer(itemAt, name ?? '') : pointer(itemAt, 'additionalOperations', name ?? '')
  }
}

/** A path without `get` is read by `query`, the other method that only reads (OpenAPI 3.2, 4.9.1). */
function defaultMethod({ verb }: DeclaredMapping, item: LocatedObject | undefined): string {
  const usual = DEFAULT_METHOD[verb]
  const has = (method: string): boolean => isJsonObject(item?.value?.[method])
  return usual === 'get' && !has('get') && has('query') ? 'query' : usual
}

function pathItem(
  { root, report, suggest, resolve }: Compilation,
  { extension: { path }, at: mappingAt }: DeclaredMapping
): LocatedObject | undefined {
  const { paths } = root
  const given = member(paths, path)
  if (given === undefined) {
    const known = (): string[] => (isJsonObject(paths) ? Object.keys(paths) : [])
    const holes = { given: path, suggestion: suggest(path, known) }
    report.add('MAPPING_PATH_UNKNOWN', pointer(mappingAt, 'path'), holes)
    return undefined
  }
  const at = pointer('/paths', path)
  const item = resolve(given, at)
  if (item === undefined) return undefined
  if (isJsonObject(item.value)) return { value: item.value, at: item.at }
  report.add('PATH_ITEM_MALFORMED', at, { path, reason: 'it is not an object' })
  return undefined
}
