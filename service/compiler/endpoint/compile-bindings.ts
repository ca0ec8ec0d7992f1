import { isRefusedHeader } from '../../base/header-names.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject, member } from '../../base/json.ts'
import type { ParameterLocation } from '../../model/endpoint-record.ts'
import type { BindingRecord } from '../../model/mapping-record.ts'
import { templateNames } from './compile-endpoint.ts'
import type { CompiledSource } from './compile-source.ts'
import { compileSource, compileWhere } from './compile-source.ts'
import type { CompiledEndpoint, MappingContext } from './types.ts'

type Named = { readonly in: ParameterLocation; readonly name: string }

/**
 * Which parameters a mapping fills, and from what: every declared parameter of a name under `parameters`,
 * else a new one in the path or the query; then `headers`, which win over declared ones.
 */
export function compileBindings(context: MappingContext): BindingRecord[] {
  const { mapping, endpoint } = context
  const inPath = new Set(templateNames(endpoint.target.path))
  const bindings = new Map<string, BindingRecord>()
  const added = new Map<string, Named>()
  const fill = (name: string, source: CompiledSource, at: Pointer): void => {
    const own = added.get(name)
    const matches = [...namedParameters(endpoint, name), ...(own === undefined ? [] : [own])]
    if (matches.length === 0) {
      const parameter = { in: inPath.has(name) ? 'path' : 'query', name } as const
      reportUndeclared(context, parameter, at)
      added.set(name, parameter)
      matches.push(parameter)
    }
    for (const match of matches) {
      reportEncode(context, match, source, at)
      const key = `${match.in} ${match.name}`
      bindings.set(key, boundTo(match, source, bindings.get(key)))
    }
  }
  for (const [name, given] of Object.entries(asJson(mapping.extension.parameters))) {
    const at = pointer(mapping.at, 'parameters', name)
    if (name === 'where' && isJsonObject(given) && !isSourceOf(endpoint, given)) {
      for (const { parameter, source, at: entryAt } of compileWhere(context, given, at)) {
        fill(parameter, { sources: [source] }, entryAt)
      }
    } else {
      fill(name, compileSource(context, given, at), at)
    }
  }
  return [...bindings.values(), ...compileHeaders(context)]
}

/** Whether `where` is the source of a parameter of that name, and no list of conditions. */
function isSourceOf({ declared }: CompiledEndpoint, given: JsonValue): boolean {
  const isParameter = (declared.get('where') ?? []).some(({ name }) => name === 'where')
  return isParameter && (member(given, 'from') ?? member(given, 'default')) !== undefined
}

/** The declared parameters of a name; header names are the same in any letter case. */
function namedParameters({ declared }: CompiledEndpoint, wanted: string): Named[] {
  const same = declared.get(wanted.toLowerCase()) ?? []
  return same.filter(({ in: location, name }) => location === 'header' || name === wanted)
}

/** A binding with more sources; of the other members the last ones count. */
function boundTo(
  { in: location, name }: Named,
  { sources, ...members }: CompiledSource,
  known?: BindingRecord
): BindingRecord {
  const { sources: before = [], ...kept } = known ?? { encodeTwice: false, fromHeaders: false }
  return { ...kept, in: location, name, ...members, sources: [...before, ...sources] }
}

/** The mapping's own `headers`. */
function compileHeaders(context: MappingContext): BindingRecord[] {
  const { compilation, mapping } = context
  return Object.entries(asJson(mapping.extension.headers)).map(([name, given]) => {
    const at = pointer(mapping.at, 'headers', name)
    if (isRefusedHeader(name)) {
      const reason = 'the header belongs to the connection'
      const holes = { parameter: name, reason, remedy: 'Remove it' }
      compilation.report.add('PARAMETER_UNSUPPORTED', at, holes)
    }
    const source = compileSource(context, given, at)
    const header = { in: 'header', name } as const
    reportEncode(context, header, source, at)
    return { ...boundTo(header, source), fromHeaders: true }
  })
}

function reportEncode(
  { compilation }: MappingContext,
  { in: location }: Named,
  { encodeTwice }: CompiledSource,
  at: Pointer
): void {
  if (encodeTwice === undefined || location === 'path' || location === 'query') return
  const reason = `a ${location} is not percent-encoded like an address`
  compilation.report.add('ENCODE_UNUSABLE', pointer(at, 'encode'), { given: 'double', reason })
}

/** The members of an extension that come from JSON, though its schema says `unknown`. */
function asJson(members: { readonly [name: string]: unknown } | undefined): {
  readonly [name: string]: JsonValue
} {
  const value: unknown = members ?? {}
  return isJsonObject(value) ? value : {}
}

function reportUndeclared(
  { compilation, endpoint: { target, declared } }: MappingContext,
  { in: place, name: given }: Named,
  at: Pointer
): void {
  const { operation, method, path } = target
  if (operation === undefined) return
  const known = (): string[] => [...declared.values()].flat().map(({ name }) => name)
  const suggestion = compilation.suggest(given, known)
  compilation.report.add('PARAMETER_UNKNOWN', at, { method, path, given, suggestion, place })
}
