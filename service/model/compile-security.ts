import { pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../base/json.ts'
import type { Compilation } from './compilation.ts'
import type { SecuritySchemeRecord } from './types.ts'

/** The document's security schemes by name, and where the map stands. */
export type SecuritySchemes = ReadonlyMap<string, SecuritySchemeRecord>

/**
 * Reads the security schemes of a document, also where they are nested under `components.schemas`,
 * as a sample of the reference connector has them (x-flow 1).
 */
export function compileSecuritySchemes(compilation: Compilation): SecuritySchemes {
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
  return new Map(
    maps.flatMap(([map, at]) =>
      isJsonObject(map)
        ? Object.keys(map).flatMap(name => {
            const found = compilation.resolveObject(map[name], pointer(at, name))
            return found === undefined ? [] : [[name, schemeRecord(name, found.value)] as const]
          })
        : []
    )
  )
}

/** A map of security schemes, each with a `type` that no schema has, is no schema. */
function looksLikeSchemes(value: JsonValue | undefined): value is JsonObject {
  const types = ['apiKey', 'http', 'oauth2', 'openIdConnect', 'mutualTLS']
  const schemes = isJsonObject(value) ? Object.values(value) : []
  return (
    schemes.length > 0 && schemes.every(scheme => types.includes(textMember(scheme, 'type') ?? ''))
  )
}

function schemeRecord(name: string, scheme: JsonObject): SecuritySchemeRecord {
  const type = textMember(scheme, 'type') ?? ''
  const place = (['query', 'header', 'cookie'] as const).find(known => known === scheme.in)
  const parameter = textMember(scheme, 'name')
  if (type === 'apiKey' && place !== undefined && parameter !== undefined) {
    return { name, kind: 'apiKey', in: place, parameter }
  }
  const http = type === 'http' ? textMember(scheme, 'scheme')?.toLowerCase() : undefined
  if (http === 'basic' || http === 'bearer') return { name, kind: http }
  if (type === 'oauth2' || type === 'openIdConnect') return { name, kind: type }
  return { name, kind: 'other', type: http ?? type }
}

/**
 * The security alternatives of an operation: its own `security`, else the root's. None declared and
 * `security: []` both mean that no credential is sent.
 */
export function compileSecurity(
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
