import { isRefusedHeader } from '../../base/header-names.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject, member } from '../../base/json.ts'
import type { ParameterPlace } from '../../model/endpoint-record.ts'
import type { BindingRecord } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { CompiledEndpoint } from './compile-endpoint.ts'
import { templateNames } from './compile-endpoint.ts'
import type { CompiledSource, SourceScope } from './compile-source.ts'
import { compileSource, compileWhere } from './compile-source.ts'

type Named = { readonly in: ParameterPlace; readonly name: string }

/**
 * What of a mapping fills which parameters: every declared parameter of the name that `parameters` gives, else
 * one that is added to the path or the query; then `headers`, which win over declared ones.
 */
export function compileBindings(
  compilation: Compilation,
  scope: SourceScope,
  mapping: DeclaredMapping,
  endpoint: CompiledEndpoint
): BindingRecord[] {
  const { declared, target } = endpoint
  const inPath = new Set(templateNames(target.path))
  const bindings = new Map<string, BindingRecord>()
  const added = new Map<string, Named>()
  const fill = (name: string, words: CompiledSource, at: Pointer): void => {
    const own = added.get(name)
    const matches = [...namedParameters(declared, name), ...(own === undefined ? [] : [own])]
    if (matches.length === 0) {
      const place = inPath.has(name) ? 'path' : 'query'
      reportUndeclared(compilation, endpoint, { name, place, at })
      added.set(name, { in: place, name })
      matches.push({ in: place, name })
    }
    for (const match of matches) {
      reportEncode(compilation, match, words, at)
      const key = `${match.in} ${match.name}`
      bindings.set(key, boundTo(match, words, bindings.get(key)))
    }
  }
  for (const [name, given] of Object.entries(asJson(mapping.extension.parameters))) {
    const at = pointer(mapping.at, 'parameters', name)
    if (name === 'where' && isJsonObject(given) && !isSourceOf(endpoint, given)) {
      for (const { parameter, source, at: place } of compileWhere(compilation, scope, given, at)) {
        fill(parameter, { sources: [source] }, place)
      }
    } else {
      fill(name, compileSource(compilation, scope, given, at), at)
    }
  }
  return [...bindings.values(), ...compileHeaders(compilation, scope, mapping)]
}

/** Whether `where` is the source of a parameter of that name, and no list of conditions. */
function isSourceOf({ declared }: CompiledEndpoint, given: JsonValue): boolean {
  const isParameter = (declared.get('where') ?? []).some(({ name }) => name === 'where')
  return isParameter && (member(given, 'from') ?? member(given, 'default')) !== undefined
}

/** The declared parameters of a name; that of a header is the same in any letter case. */
function namedParameters(declared: CompiledEndpoint['declared'], wanted: string): Named[] {
  const same = declared.get(wanted.toLowerCase()) ?? []
  return same.filter(({ in: place, name }) => place === 'header' || name === wanted)
}

/** A binding with more sources; of the other words the last count. */
function boundTo(
  { in: place, name }: Named,
  { sources, ...words }: CompiledSource,
  known?: BindingRecord
): BindingRecord {
  const { sources: before = [], ...rest } = known ?? { encodeTwice: false, fromHeaders: false }
  return { ...rest, in: place, name, ...words, sources: [...before, ...sources] }
}

/** The mapping's own `headers`. */
function compileHeaders(
  compilation: Compilation,
  scope: SourceScope,
  mapping: DeclaredMapping
): BindingRecord[] {
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
    const header = { in: 'header', name } as const
    reportEncode(compilation, header, words, at)
    return { ...boundTo(header, words), fromHeaders: true }
  })
}

function reportEncode(
  compilation: Compilation,
  { in: place }: Named,
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

function reportUndeclared(
  compilation: Compilation,
  { target: { operation, method, path }, declared }: CompiledEndpoint,
  { name, place, at }: { name: string; place: 'path' | 'query'; at: Pointer }
): void {
  if (operation === undefined) return
  const known = (): string[] => [...declared.values()].flat().map(parameter => parameter.name)
  compilation.report.add('PARAMETER_UNKNOWN', at, {
    method,
    path,
    given: name,
    suggestion: compilation.suggest(name, known),
    place
  })
}
