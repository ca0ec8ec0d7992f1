import { isRefusedHeader } from '../../base/header-names.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject, member, ownMember } from '../../base/json.ts'
import type { BodyPlace } from '../../model/body-record.ts'
import type { ParameterLocation } from '../../model/endpoint-record.ts'
import type { BindingRecord, BoundLocation } from '../../model/mapping-record.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { compileBodyPlace } from './compile-body-place.ts'
import { templateNames } from './template-names.ts'
import type { CompiledSource } from './compile-source.ts'
import { compileSource, compileWhere } from './compile-source.ts'
import type { CompiledEndpoint, MappingContext } from './types.ts'

/** What a left side names. */
type Target = {
  readonly in: BoundLocation
  readonly name: string
  readonly place?: BodyPlace
}

/** Header parameters that OpenAPI ignores (3.1, 4.8.12), and what to write instead. */
const IGNORED: { readonly [name: string]: string } = {
  'content-type': 'Remove it; the media type of the body is sent',
  authorization: 'Describe it as a security scheme, or fill it under `headers` of the mapping'
}

/** The locations of parameters, that which a bare name means first. */
const LOCATIONS: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie']

/**
 * What a mapping fills, and from what: the parameters and members of the body under `parameters`; then
 * `headers`, which win over declared ones (docs/x-flow.md#left-sides).
 */
export function compileBindings(context: MappingContext): BindingRecord[] {
  const { mapping, endpoint } = context
  const bindings = new Map<string, BindingRecord>()
  const targets = new Map<string, Target | undefined>()
  const fill = (given: string, source: CompiledSource, at: Pointer): void => {
    if (!targets.has(given)) targets.set(given, findTarget(context, given, at))
    const target = targets.get(given)
    if (target === undefined) return
    reportEncode(context, target, source, at)
    const key = `${target.in} ${target.name}`
    bindings.set(key, boundTo(target, source, bindings.get(key)))
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

/**
 * The parameter of a name: of several the one in the path, else in the query, a header, a cookie. Else the
 * location in front of it chooses: `query.id`, `body.id`. Else it is a new one in the path or the query.
 */
function findTarget(context: MappingContext, given: string, at: Pointer): Target | undefined {
  const { endpoint } = context
  const [declared] = declaredTargets(endpoint, given)
  if (declared !== undefined) return declared
  const ignored = ownMember(IGNORED, given.toLowerCase().replace(/^header\./, ''))
  if (ignored !== undefined) {
    context.compilation.report.add('PARAMETER_IGNORED', at, { given, remedy: ignored })
    return undefined
  }
  const [, word = '', name = ''] =
    /^(path|querystring|query|header|cookie|body)\.(.+)$/s.exec(given) ?? []
  if (word === 'body') {
    const place = compileBodyPlace(context, name, at)
    return place && { in: 'body', name: given, place }
  }
  const inQuery = wholeQueryMembers(context)
  const part = word === 'querystring' ? name : given
  if (inQuery.has(part)) return { in: 'query', name: part }
  const chosen = word === 'querystring' ? 'query' : LOCATIONS.find(location => location === word)
  const found = declaredTargets(endpoint, name).find(({ in: location }) => location === chosen)
  if (found !== undefined) return found
  const inPath = templateNames(endpoint.target.path)
  const usual = inPath.includes(given) ? 'path' : 'query'
  const added: Target = chosen === undefined ? { in: usual, name: given } : { in: chosen, name }
  if (added.in === 'path' && !inPath.includes(added.name)) {
    const reason = 'the path has no such name'
    const holes = { parameter: given, reason, remedy: `Use one of: ${inPath.join(', ')}` }
    context.compilation.report.add('PARAMETER_UNSUPPORTED', at, holes)
    return undefined
  }
  reportUndeclared(context, added, at)
  return added
}

/** The members of a query that a parameter in `querystring` describes as a whole (OpenAPI 3.2, 4.12.1). */
function wholeQueryMembers({ compilation, endpoint }: MappingContext): ReadonlySet<string> {
  const whole = [...endpoint.given.values()].find(({ value }) => value?.in === 'querystring')
  const content = isJsonObject(whole?.value?.content) ? Object.entries(whole.value.content) : []
  const [[type, media] = []] = content
  const schema = member(media, 'schema')
  if (whole === undefined || type === undefined || schema === undefined) return new Set()
  const at = pointer(whole.at, 'content', type, 'schema')
  return new Set(viewSchema(compilation, { schema, at })?.properties.keys() ?? [])
}

/** The declared parameters of a name; header names are the same in any letter case. */
function declaredTargets({ declared }: CompiledEndpoint, wanted: string): Target[] {
  const same = (declared.get(wanted.toLowerCase()) ?? []).filter(
    ({ in: location, name }) => location === 'header' || name === wanted
  )
  return LOCATIONS.flatMap(place => {
    const inPlace = same.filter(({ in: location }) => location === place)
    return inPlace.map(({ name }) => ({ in: place, name }))
  })
}

/** A binding with more sources; of the other members the last ones count. */
function boundTo(
  target: Target,
  { sources, ...members }: CompiledSource,
  known?: BindingRecord
): BindingRecord {
  const { sources: before = [], ...kept } = known ?? { encodeTwice: false, fromHeaders: false }
  return { ...kept, ...target, ...members, sources: [...before, ...sources] }
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
  { in: location }: Target,
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
  { in: place, name: given }: Target,
  at: Pointer
): void {
  const { operation, method, path } = target
  if (operation === undefined) return
  const known = (): string[] => [...declared.values()].flat().map(({ name }) => name)
  const suggestion = compilation.suggest(given, known)
  compilation.report.add('PARAMETER_UNKNOWN', at, { method, path, given, suggestion, place })
}
