import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { isRefusedHeader } from '../../base/header-names.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject, member } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredOperation } from './compile-body.ts'
import { undeclaredParameter } from './compile-parameters.ts'
import type { CompiledSource, SourceScope } from './compile-source.ts'
import { compileSource } from './compile-source.ts'
import { compileWhere } from './compile-where.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'
import type { Source } from '../../model/mapping-record.ts'

/** A parameter that is being filled: its record but for the sources, which grow. */
type Filling = { record: ParameterRecord; readonly sources: Source[] }

/** Puts the mapping's sources to the declared parameters, and adds those that are not declared. */
export function fillParameters(
  compilation: Compilation,
  scope: SourceScope,
  mapping: DeclaredMapping,
  target: DeclaredOperation,
  declared: readonly ParameterRecord[]
): ParameterRecord[] {
  const inPath = new Set(templateNames(target.path))
  const fillings: Filling[] = []
  const byName = new Map<string, Filling[]>()
  const named = (name: string): readonly Filling[] => byName.get(name.toLowerCase()) ?? []
  const add = (record: ParameterRecord): void => {
    const filling = { record, sources: [...record.sources] }
    fillings.push(filling)
    const lower = record.name.toLowerCase()
    const same = byName.get(lower)
    if (same === undefined) byName.set(lower, [filling])
    else same.push(filling)
  }
  const fill = (name: string, words: CompiledSource, at: Pointer): void => {
    const matches = named(name).filter(({ record }) => isNamed(record, name))
    if (matches.length === 0) {
      const place = inPath.has(name) ? 'path' : 'query'
      reportUndeclared(compilation, target, declared, { name, place, at })
      add({ ...undeclaredParameter(name, place), ...words })
    }
    for (const match of matches) {
      reportEncode(compilation, match.record, words, at)
      match.record = { ...match.record, ...words }
      match.sources.push(...words.sources)
    }
  }

  for (const record of declared) add(record)
  for (const [name, given] of Object.entries(asJson(mapping.extension.parameters))) {
    const at = pointer(mapping.at, 'parameters', name)
    const isParameter = named(name).some(({ record }) => record.name === name)
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
  for (const name of inPath) {
    const isThere = named(name).some(({ record }) => record.in === 'path' && record.name === name)
    if (!isThere) add(undeclaredParameter(name, 'path'))
  }
  const headers = compileHeaders(compilation, scope, mapping)
  const replaced = new Set(headers.map(({ name }) => name.toLowerCase()))
  const filled = fillings.map(({ record, sources }) => ({ ...record, sources }))
  return [
    ...filled.filter(
      ({ in: place, name }) => place !== 'header' || !replaced.has(name.toLowerCase())
    ),
    ...headers
  ]
}

/** The mapping's own `headers`, which win over declared ones. */
function compileHeaders(
  compilation: Compilation,
  scope: SourceScope,
  mapping: DeclaredMapping
): ParameterRecord[] {
  return Object.entries(asJson(mapping.extension.headers)).map(([name, given]) => {
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

function reportUndeclared(
  compilation: Compilation,
  { operation, method, path }: DeclaredOperation,
  declared: readonly ParameterRecord[],
  { name, place, at }: { name: string; place: 'path' | 'query'; at: Pointer }
): void {
  if (operation === undefined) return
  compilation.report.add('PARAMETER_UNKNOWN', at, {
    method,
    path,
    given: name,
    suggestion: compilation.suggest(name, () => declared.map(parameter => parameter.name)),
    place
  })
}

/** Names in braces of a path template, in order. */
function templateNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
}
