import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isIdempotencyKey, isIfMatch, isRefusedHeader } from '../base/header-names.ts'
import { isJsonObject, member } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { suggestion } from '../errors.ts'
import type { Compilation } from './compilation.ts'
import { compileRecords, declaredAnswers, primaryAnswer } from './compile-answer.ts'
import type { DeclaredOperation } from './compile-body.ts'
import { compileBatch } from './compile-batch.ts'
import { compileBody } from './compile-body.ts'
import { compileConduct } from './compile-conduct.ts'
import { compileExample } from './compile-example.ts'
import { compilePaging } from './compile-paging.ts'
import { declaredParameters, undeclaredParameter } from './compile-parameters.ts'
import type { SecuritySchemes } from './compile-security.ts'
import { compileSecurity } from './compile-security.ts'
import { compileServer } from './compile-server.ts'
import type { CompiledSource, SourceScope } from './compile-source.ts'
import { compileSource } from './compile-source.ts'
import type { TypeDraft } from './compile-types.ts'
import { compileWhere } from './compile-where.ts'
import type { DeclaredMapping } from './named-types.ts'
import type { ExampleRecord, OperationRecord, ParameterRecord } from './types.ts'

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
  const given = member(compilation.root.paths, path)
  if (given === undefined) {
    const known = isJsonObject(compilation.root.paths) ? Object.keys(compilation.root.paths) : []
    compilation.report.add('MAPPING_PATH_UNKNOWN', pointer(mapping.at, 'path'), {
      given: path,
      suggestion: suggestion(nearest(path, known))
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
      suggestion: suggestion(nearest(given.toLowerCase(), known) ?? known[0])
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

/** Puts the mapping's sources to the declared parameters, and adds those that are not declared. */
function fillParameters(
  compilation: Compilation,
  scope: SourceScope,
  mapping: DeclaredMapping,
  target: DeclaredOperation,
  declared: readonly ParameterRecord[]
): ParameterRecord[] {
  const parameters = [...declared]
  const fill = (name: string, words: CompiledSource, at: Pointer): void => {
    const matches = parameters.filter(parameter => isNamed(parameter, name))
    if (matches.length === 0) {
      const added = unknownParameter(compilation, target, declared, name, at)
      parameters.push({ ...added, ...words })
      return
    }
    for (const match of matches) {
      reportEncode(compilation, match, words, at)
      parameters[parameters.indexOf(match)] = {
        ...match,
        ...words,
        sources: [...match.sources, ...words.sources]
      }
    }
  }
  for (const [name, given] of Object.entries(asJson(mapping.extension.parameters))) {
    const at = pointer(mapping.at, 'parameters', name)
    const isParameter = declared.some(parameter => parameter.name === name)
    const isSource =
      isParameter && (member(given, 'from') ?? member(given, 'default')) !== undefined
    if (name === 'where' && isJsonObject(given) && !isSource) {
      for (const filter of compileWhere(compilation, scope, given, at)) {
        fill(filter.parameter, { sources: [filter.source] }, filter.at)
      }
    } else {
      fill(name, compileSource(compilation, scope, given, at), at)
    }
  }
  for (const name of templateNames(target.path)) {
    if (!parameters.some(parameter => parameter.in === 'path' && parameter.name === name)) {
      parameters.push(undeclaredParameter(name, 'path'))
    }
  }
  const headers = Object.entries(asJson(mapping.extension.headers)).map(([name, given]) => {
    const at = pointer(mapping.at, 'headers', name)
    if (isRefusedHeader(name)) {
      compilation.report.add('PARAMETER_UNSUPPORTED', at, {
        parameter: name,
        reason: 'the header belongs to the connection',
        remedy: 'Remove it'
      })
    }
    const words = compileSource(compilation, scope, given, at)
    const header = undeclaredParameter(name, 'header')
    reportEncode(compilation, header, words, at)
    return { ...header, ...words, fromHeaders: true }
  })
  const replaced = headers.map(({ name }) => name.toLowerCase())
  return [
    ...parameters.filter(
      ({ in: place, name }) => place !== 'header' || !replaced.includes(name.toLowerCase())
    ),
    ...headers
  ]
}

function reportEncode(
  compilation: Compilation,
  { in: place }: ParameterRecord,
  { encodeTwice }: CompiledSource,
  at: Pointer
): void {
  if (encodeTwice === undefined || place === 'path' || place === 'query') return
  const reason = `a ${place} is not percent-encoded like an address`
  compilation.report.add('ENCODE_UNUSABLE', pointer(at, 'encode'), { given: 'double', reason })
}

/** The extension's members are read from JSON and are JSON; the schema only says `unknown`. */
function asJson(members: { readonly [name: string]: unknown } | undefined): {
  readonly [name: string]: JsonValue
} {
  const value: unknown = members ?? {}
  return isJsonObject(value) ? value : {}
}

function isNamed(parameter: ParameterRecord, name: string): boolean {
  return parameter.in === 'header'
    ? parameter.name.toLowerCase() === name.toLowerCase()
    : parameter.name === name
}

function unknownParameter(
  compilation: Compilation,
  target: DeclaredOperation,
  declared: readonly ParameterRecord[],
  name: string,
  at: Pointer
): ParameterRecord {
  const place = templateNames(target.path).includes(name) ? 'path' : 'query'
  if (target.operation !== undefined) {
    compilation.report.add('PARAMETER_UNKNOWN', at, {
      method: target.method,
      path: target.path,
      given: name,
      suggestion: suggestion(
        nearest(
          name,
          declared.map(parameter => parameter.name)
        )
      ),
      place
    })
  }
  return undeclaredParameter(name, place)
}

/** Names in braces of a path template, in order. */
function templateNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
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
