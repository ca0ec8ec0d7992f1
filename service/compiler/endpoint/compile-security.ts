import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import type { EndpointRecord, SecuritySchemeRecord } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileOAuthClient } from '../login/compile-oauth-client.ts'
import type { Report } from '../report.ts'
import { pathItems } from './path-items.ts'
import type { DeclaredScheme, SecuritySchemes } from './types.ts'

/**
 * Finds the security schemes of a document, also under `components.schemas`, where some documents have
 * them by mistake. Of two with one name the second counts.
 */
export function declaredSchemes(compilation: Compilation): DeclaredScheme[] {
  const { components } = compilation.root
  const nested = member(member(components, 'schemas'), 'securitySchemes')
  const misplaced = looksLikeSchemes(nested) ? nested : undefined
  if (misplaced !== undefined) {
    compilation.report.add('SECURITY_SCHEMES_MISPLACED', '/components/schemas/securitySchemes')
  }
  const maps: [JsonValue | undefined, string][] = [
    [misplaced, '/components/schemas/securitySchemes'],
    [member(components, 'securitySchemes'), '/components/securitySchemes']
  ]
  const found = maps.flatMap(([map, at]) =>
    Object.keys(isJsonObject(map) ? map : {}).flatMap(name => {
      const scheme = compilation.resolveObject(member(map, name), pointer(at, name))
      return scheme === undefined ? [] : [[name, { name, ...scheme }] as const]
    })
  )
  return [...new Map(found).values()]
}

/** Compiles the security schemes of a document; an unsupported one is a diagnostic. */
export function compileSecuritySchemes(
  { report }: Compilation,
  schemes: readonly DeclaredScheme[],
  scopes: NamedScopes
): SecuritySchemes {
  return new Map(
    schemes.map(scheme => {
      const { name, at } = scheme
      const record = schemeRecord(report, scheme, scopes)
      if (record.kind === 'other') {
        report.add('SECURITY_SCHEME_UNSUPPORTED', at, { scheme: name, type: record.type })
      }
      return [name, record]
    })
  )
}

/** The scopes that any `security` of the document names, by security scheme. */
export type NamedScopes = ReadonlyMap<string, ReadonlySet<string>>

/** Schemes whose tokens are for scopes. */
const SCOPED = new Set(['oauth2', 'openIdConnect'])

/** Collects the scopes of the document's own `security` and of those of its operations, in its order. */
export function collectScopes(
  compilation: Compilation,
  schemes: readonly DeclaredScheme[]
): NamedScopes {
  const scopes = new Map<string, Set<string>>()
  if (!schemes.some(({ value }) => SCOPED.has(textMember(value, 'type') ?? ''))) return scopes
  const take = (security: JsonValue | undefined): void => {
    for (const alternative of isJsonArray(security) ? security.filter(isJsonObject) : []) {
      for (const [name, named] of Object.entries(alternative)) {
        const known = scopes.get(name) ?? new Set()
        scopes.set(name, known)
        for (const scope of isJsonArray(named) ? named : []) {
          if (typeof scope === 'string') known.add(scope)
        }
      }
    }
  }
  const { security, paths } = compilation.root
  take(security)
  for (const path of Object.keys(isJsonObject(paths) ? paths : {})) {
    for (const { value: item } of pathItems(compilation, path)) {
      for (const operation of Object.values(item)) take(member(operation, 'security'))
    }
  }
  return scopes
}

/** Whether a value is a map of security schemes: each has a `type` that no schema has. */
function looksLikeSchemes(value: JsonValue | undefined): value is JsonObject {
  const schemes = isJsonObject(value) ? Object.values(value) : []
  const type = /^(apiKey|http|oauth2|openIdConnect|mutualTLS)$/
  return schemes.length > 0 && schemes.every(scheme => type.test(textMember(scheme, 'type') ?? ''))
}

function schemeRecord(
  report: Report,
  declared: DeclaredScheme,
  scopes: NamedScopes
): SecuritySchemeRecord {
  const { name, value: scheme } = declared
  const type = textMember(scheme, 'type') ?? ''
  const location = (['query', 'header', 'cookie'] as const).find(known => known === scheme.in)
  const parameter = textMember(scheme, 'name')
  if (type === 'apiKey' && location !== undefined && parameter !== undefined) {
    return { name, kind: 'apiKey', in: location, parameter }
  }
  const http = type === 'http' ? textMember(scheme, 'scheme')?.toLowerCase() : undefined
  if (http === 'basic' || http === 'bearer') return { name, kind: http }
  if (type === 'oauth2') {
    const flow = member(member(scheme, 'flows'), 'clientCredentials')
    const tokenUrl = textMember(flow, 'tokenUrl')
    if (tokenUrl === undefined) return { name, kind: type, clientCredentials: null }
    const scope = [...(scopes.get(name) ?? [])].join(' ')
    const client = compileOAuthClient(report, declared)
    return { name, kind: type, clientCredentials: { tokenUrl, scope, client } }
  }
  if (type === 'openIdConnect' || type === 'mutualTLS') return { name, kind: type }
  if (type === 'apiKey') return { name, kind: 'other', type: 'apiKey without a place or a name' }
  return { name, kind: 'other', type: http === undefined ? type : `http ${http}` }
}

/** What an operation says about the credentials of its calls. */
export function compileSecured(
  compilation: Compilation,
  schemes: SecuritySchemes,
  operation: JsonObject | undefined,
  at: string
): Pick<EndpointRecord, 'security' | 'sendsByName' | 'apiKeySchemes'> {
  const { security } = compilation.root
  return {
    security: compileSecurity(compilation, schemes, operation, at),
    sendsByName: schemes.size === 0 && operation?.security === undefined && security === undefined,
    apiKeySchemes: [...schemes.values()].flatMap(({ kind, name }) =>
      kind === 'apiKey' ? [name] : []
    )
  }
}

/**
 * The security alternatives of an operation: its own `security`, else the root's. None declared and
 * `security: []` both mean that no credential is sent.
 */
function compileSecurity(
  compilation: Compilation,
  schemes: SecuritySchemes,
  operation: JsonObject | undefined,
  at: string
): SecuritySchemeRecord[][] {
  const own = operation?.security
  const declared = own ?? compilation.root.security
  const declaredAt = own === undefined ? '/security' : pointer(at, 'security')
  if (!isJsonArray(declared)) return []
  return declared.filter(isJsonObject).map((alternative, index) =>
    Object.keys(alternative).map(name => {
      const scheme = schemes.get(name)
      if (scheme !== undefined) return scheme
      compilation.report.add('SECURITY_SCHEME_UNKNOWN', pointer(declaredAt, index, name), {
        given: name,
        suggestion: compilation.suggest(name, () => schemes.keys())
      })
      return { name, kind: 'other', type: 'unknown' }
    })
  )
}
