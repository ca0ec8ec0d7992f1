import type { Static } from '../../base/form.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import { member, textMember } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import type { EndpointRecord, ServerRecord } from '../../model/endpoint-record.ts'
import type { LoginRecord, UserOperation } from '../../model/login-record.ts'
import { IdentityExtension } from '../../parse/extension-forms.ts'
import type { Compilation } from '../compilation.ts'
import { compileServer } from '../endpoint/compile-server.ts'
import type { NamedScopes } from '../endpoint/compile-security.ts'
import type { DeclaredScheme, SecuritySchemes } from '../endpoint/types.ts'
import { compileOAuthClient } from './compile-oauth-client.ts'
import { compileUserFailure, compileUserOperation, userInfoPath } from './compile-user-operation.ts'

type Identity = Static<typeof IdentityExtension>

/** What a login with OpenID Connect asks for when the document says nothing (OpenID Connect Core 5.4). */
const USUAL_SCOPE = 'openid email profile'

/**
 * The ways in which flow users log in: the security schemes that have `x-flow-identity`, in the
 * document's order. An unusable one is a diagnostic that says why.
 */
export function compileLogins(
  compilation: Compilation,
  schemes: readonly DeclaredScheme[],
  scopes: NamedScopes,
  securitySchemes: SecuritySchemes
): LoginRecord[] {
  const declared = schemes.filter(
    ({ value }) => member(value, 'x-flow-identity') !== undefined && !isOfConnectorAlone(value)
  )
  if (declared.length === 0) return []
  const server = compileServer(compilation, [{ value: compilation.root, at: '' }])
  return declared.flatMap(scheme => {
    const identity = member(scheme.value, 'x-flow-identity')
    // Reported by `lintExtensions`.
    if (!fits(IdentityExtension, identity)) return []
    const found = { compilation, server, scopes, securitySchemes }
    const login = loginRecord(found, scheme, identity)
    if (typeof login !== 'string') return [login]
    const holes = { scheme: scheme.name, reason: login }
    compilation.report.add('IDENTITY_UNUSABLE', pointer(scheme.at, 'x-flow-identity'), holes)
    return []
  })
}

/** Whether `x-flow-identity` only says how the connector requests tokens of its own. */
function isOfConnectorAlone(scheme: JsonObject): boolean {
  const identity = member(scheme, 'x-flow-identity')
  return (
    member(member(scheme, 'flows'), 'clientCredentials') !== undefined &&
    member(identity, 'me') === undefined &&
    member(identity, 'scope') === undefined
  )
}

type LoginScope = {
  readonly compilation: Compilation
  readonly server: ServerRecord
  readonly scopes: NamedScopes
  readonly securitySchemes: SecuritySchemes
}

/** The record of a scheme's login, or why there is none. */
function loginRecord(
  { compilation, server, scopes, securitySchemes }: LoginScope,
  declared: DeclaredScheme,
  { me = {}, scope: ownScope }: Identity
): LoginRecord | string {
  const { name: scheme, value } = declared
  const client = compileOAuthClient(compilation.report, declared)
  const userOperation = (url: string): UserOperation | null =>
    compileUserOperation(compilation, securitySchemes, server, url)
  const failure = (url: string): EndpointRecord['failure'] =>
    compileUserFailure(compilation, server, url)
  const scope = ownScope?.trim() || [...(scopes.get(scheme) ?? [])].join(' ')
  const { userInfoUrl, defaultUrl, ...map } = me
  switch (textMember(value, 'type')) {
    case 'oauth2': {
      const flow = member(member(value, 'flows'), 'authorizationCode')
      const authorizationUrl = textMember(flow, 'authorizationUrl')
      const tokenUrl = textMember(flow, 'tokenUrl')
      if (authorizationUrl === undefined || tokenUrl === undefined) {
        return 'it has no `authorizationCode` flow with both URLs'
      }
      if (userInfoUrl === undefined) return '`me.userInfoUrl` is missing'
      const refreshUrl = textMember(flow, 'refreshUrl') ?? null
      const urls = { authorizationUrl, tokenUrl, refreshUrl, userInfoUrl }
      const called = {
        userOperation: userOperation(userInfoUrl),
        failure: failure(userInfoUrl),
        map
      }
      return { scheme, server, kind: 'oauth2', ...urls, scope, client, ...called }
    }
    case 'openIdConnect': {
      const discoveryUrl = textMember(value, 'openIdConnectUrl')
      if (discoveryUrl === undefined) return '`openIdConnectUrl` is missing'
      const path = userInfoPath(compilation)
      const asked = { scope: openIdScope(scope), client }
      const called = { userOperation: path === undefined ? null : userOperation(path), map }
      return { scheme, server, kind: 'openIdConnect', discoveryUrl, ...asked, ...called }
    }
    case 'http': {
      const http = textMember(value, 'scheme')?.toLowerCase() ?? ''
      if (http !== 'basic') return `http ${http} does not take a user name and a password`
      const checkUrl = userInfoUrl ?? defaultUrl
      if (checkUrl === undefined) return '`me` needs `defaultUrl` or `userInfoUrl`'
      return {
        scheme,
        server,
        kind: 'basic',
        checkUrl,
        userOperation: userOperation(checkUrl),
        failure: failure(checkUrl),
        map: userInfoUrl === undefined ? null : map
      }
    }
    case 'apiKey':
      return 'API keys are set in the configuration'
    default:
      return 'its type does not support a login'
  }
}

/** OpenID Connect begins with the scope `openid` (OpenID Connect Core 3.1.2.1). */
function openIdScope(scope: string): string {
  if (scope === '') return USUAL_SCOPE
  return scope.split(/\s+/).includes('openid') ? scope : `openid ${scope}`
}
