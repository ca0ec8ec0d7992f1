import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import type { CatalogScheme } from '../../model/catalog.ts'
import type { SecuritySchemeRecord } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import type { CompiledEndpoint } from '../endpoint/types.ts'

/** Most characters of a scope, and most scopes of a scheme. */
const SCOPE_MAX = 1_000
const SCOPES_MAX = 100

/** The credentials that an operation needs: alternatives of schemes that are needed together. */
export function compileAuth(
  { root }: Compilation,
  { record, target }: Pick<CompiledEndpoint, 'record' | 'target'>
): CatalogScheme[][] {
  const declared = target.operation?.security ?? root.security
  const alternatives = isJsonArray(declared) ? declared.filter(isJsonObject) : []
  return record.security.map((schemes, index) =>
    schemes.map(scheme => catalogScheme(scheme, member(alternatives[index], scheme.name)))
  )
}

/** A security scheme as a catalog shows it, with the scopes that a Security Requirement Object names. */
export function catalogScheme(scheme: SecuritySchemeRecord, scopes?: JsonValue): CatalogScheme {
  const named = (isJsonArray(scopes) ? scopes : [])
    .slice(0, SCOPES_MAX)
    .flatMap(scope => (typeof scope === 'string' ? scope.slice(0, SCOPE_MAX) : []))
  const place =
    scheme.kind === 'apiKey' || (scheme.kind === 'given' && scheme.form === 'plain')
      ? { in: scheme.in, parameter: scheme.parameter }
      : {}
  return { scheme: scheme.name, type: typeOf(scheme), ...place, scopes: named }
}

function typeOf(scheme: SecuritySchemeRecord): string {
  switch (scheme.kind) {
    case 'other':
      return scheme.type
    case 'given':
      return scheme.form === 'plain' ? 'apiKey' : scheme.form
    default:
      return scheme.kind
  }
}
