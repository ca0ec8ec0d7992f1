import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import { isIdempotencyKey, isIfMatch } from '../../base/header-names.ts'
import { isJsonObject, member } from '../../base/json.ts'
import { suggestion } from '../../errors.ts'
import type { Compilation } from '../compilation.ts'
import { compileRecords, declaredAnswers, primaryAnswer } from './compile-answer.ts'
import type { DeclaredOperation } from './compile-body.ts'
import { compileBatch } from './compile-batch.ts'
import { compileBody } from './compile-body.ts'
import { compileConduct } from './compile-conduct.ts'
import { compileExample } from '../example/compile-example.ts'
import { compilePaging } from './compile-paging.ts'
import { declaredParameters } from './compile-parameters.ts'
import type { SecuritySchemes } from './compile-security.ts'
import { compileSecurity } from './compile-security.ts'
import { compileServer } from './compile-server.ts'
import type { SourceScope } from './compile-source.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import { fillParameters } from './fill-parameters.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { ExampleRecord } from '../../model/example-record.ts'
import type { OperationRecord } from '../../model/endpoint-record.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

const DEFAULT_METHOD = { load: 'get', query: 'get', save: 'post', update: 'put', delete: 'delete' }

/** Everything about the document that mappings share. */
export type OperationScope = {
  readonly types: ReadonlyMap<string, TypeDraft>
  readonly securitySchemes: SecuritySchemes
}

export type CompiledOperation = {
  readonly record: OperationRecord
  readonly example: ExampleRecord
}

/** Compiles one mapping of one type into the record that its calls follow (x-flow 4 and 5). */
export function compileOperation(
  compilation: Compilation,
  scope: OperationScope,
  draft: TypeDraft,
  mapping: DeclaredMapping
): CompiledOperation {
  const key = `x-flow-${mapping.verb}`
  const item = pathItem(compilation, mapping)
  const target = declaredOperation(compilation, mapping, item)
  const sources: SourceScope = { type: draft, types: scope.types, verb: mapping.verb, key }
  const declared = declaredParameters(compilation, [
    { value: item?.value.parameters, at: pointer(item?.at ?? '', 'parameters') },
    { value: target.operation?.parameters, at: pointer(target.at, 'parameters') }
  ])
  const parameters = fillParameters(compilation, sources, mapping, target, declared)
  const answers = declaredAnswers(compilation, target)
  const primary = primaryAnswer(answers)
  const body = compileBody(compilation, draft, mapping, target)
  const records = compileRecords(compilation, draft, mapping, primary)
  const chosen = mapping.extension.example
  const isLoad = mapping.verb === 'load' || mapping.verb === 'query'
  const record: OperationRecord = {
    key: `${mapping.verb}:${draft.name}`,
    verb: mapping.verb,
    type: draft.name,
    pointer: mapping.at,
    method: target.method,
    path: target.path,
    server: compileServer(compilation, [
      { value: target.operation, at: target.at },
      { value: item?.value, at: item?.at ?? '' },
      { value: compilation.root, at: '' }
    ]),
    security: compileSecurity(compilation, scope.securitySchemes, target.operation, target.at),
    apiKeySchemes: [...scope.securitySchemes.values()].flatMap(({ kind, name }) =>
      kind === 'apiKey' ? [name] : []
    ),
    parameters,
    body,
    batchSize: compileBatch(compilation, mapping, body),
    records,
    answersJson: isLoad || primary?.media !== undefined,
    paging: compilePaging(compilation, {
      mapping,
      holders: [target.operation, item?.value, compilation.root],
      parameters,
      primary
    }),
    conduct: compileConduct(compilation, mapping, { value: target.operation, at: target.at }, [
      { value: item?.value, at: item?.at ?? '' },
      { value: compilation.root, at: '' }
    ]),
    example:
      chosen === undefined || chosen === false
        ? null
        : {
            response:
              chosen === true || chosen.response === undefined ? null : String(chosen.response),
            name: chosen === true ? null : (chosen.examples ?? null)
          }
  }
  if (record.example === null && target.operation !== undefined) {
    reportUnfilled(compilation, mapping, record)
  }
  const example = compileExample(compilation, { draft, mapping, target, answers, primary, record })
  return { record, example }
}

type PathItem = { readonly value: JsonObject; readonly at: Pointer }

function pathItem(compilation: Compilation, mapping: DeclaredMapping): PathItem | undefined {
  const { path } = mapping.extension
  const { paths } = compilation.root
  const given = member(paths, path)
  if (given === undefined) {
    compilation.report.add('MAPPING_PATH_UNKNOWN', pointer(mapping.at, 'path'), {
      given: path,
      suggestion: compilation.suggest(path, () => (isJsonObject(paths) ? Object.keys(paths) : []))
    })
    return undefined
  }
  const at = pointer('/paths', path)
  const item = compilation.resolve(given, at)
  if (item === undefined) return undefined
  if (isJsonObject(item.value)) return { value: item.value, at: item.at }
  compilation.report.add('PATH_ITEM_MALFORMED', at, { path, reason: 'it is not an object' })
  return undefined
}

function declaredOperation(
  compilation: Compilation,
  mapping: DeclaredMapping,
  item: PathItem | undefined
): DeclaredOperation {
  const given = mapping.extension.operation ?? DEFAULT_METHOD[mapping.verb]
  // A word that is no method at all could not even be sent; it is reported below all the same.
  const method = /^[a-z]+$/i.test(given) ? given.toLowerCase() : DEFAULT_METHOD[mapping.verb]
  const { path } = mapping.extension
  const additional = member(item?.value, 'additionalOperations')
  const known = [
    ...METHODS.filter(name => isJsonObject(item?.value[name])),
    ...Object.keys(isJsonObject(additional) ? additional : {})
  ]
  const name = known.find(word => word.toLowerCase() === given.toLowerCase())
  if (item !== undefined && name === undefined) {
    compilation.report.add('MAPPING_OPERATION_UNKNOWN', pointer(mapping.at, 'operation'), {
      path,
      given,
      suggestion: compilation.suggest(given.toLowerCase(), () => known) || suggestion(known[0])
    })
  }
  const isFixed = METHODS.includes(name ?? '')
  const operation = isFixed ? item?.value[name ?? ''] : member(additional, name ?? '')
  return {
    method: method.toUpperCase(),
    path,
    operation: isJsonObject(operation) ? operation : undefined,
    at: isFixed
      ? pointer(item?.at ?? '', name ?? '')
      : pointer(item?.at ?? '', 'additionalOperations', name ?? '')
  }
}

function reportUnfilled(
  compilation: Compilation,
  mapping: DeclaredMapping,
  record: OperationRecord
): void {
  for (const parameter of record.parameters) {
    const { name, required, sources, fallback } = parameter
    if (!required || sources.length > 0 || fallback !== undefined) continue
    // The connector fills these itself.
    if (isIdempotencyKey(parameter)) continue
    if (isIfMatch(parameter) && record.verb === 'update') continue
    compilation.report.add('PARAMETER_UNFILLED', pointer(mapping.at, 'parameters'), {
      parameter: name,
      method: record.method,
      path: record.path
    })
  }
}
