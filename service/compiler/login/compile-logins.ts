import type { Static } from '../../base/form.ts'
import { pointer } from '../../base/json-pointer.ts'
import { member, textMember } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import type { ServerRecord } from '../../model/endpoint-record.ts'
import type { LoginRecord } from '../../model/login-record.ts'
import { IdentityExtension } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import { compileServer } from '../endpoint/compile-server.ts'
import type { DeclaredScheme, NamedScopes } from '../endpoint/compile-security.ts'

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
  scopes: NamedScopes
): LoginRecord[] {
  const declared = schemes.filter(({ value }) => member(value, 'x-flow-identity') !== undefined)
  if (declared.length === 0) return []
  const server = compileServer(compilation, [{ value: compilation.root, at: '' }])
  return declared.flatMap(scheme => {
    const identity = member(scheme.value, 'x-flow-identity')
    // Reported by `lintExtensions`.
    if (!fits(IdentityExtension, identity)) return []
    const login = loginRecord(scheme, identity, server, scopes)
    if (typeof login !== 'string') return [login]
    const holes = { scheme: scheme.name, reason: login }
    compilation.report.add('IDENTITY_UNUSABLE', pointer(scheme.at, 'x-flow-identity'), holes)
    return []
  })
}

/** The record of a scheme's login, or why there is none. */
function loginRecord(
  { name: scheme, value }: DeclaredScheme,
  { me = {}, scope: ownScope }: Identity,
  server: ServerRecord,
  scopes: NamedScopes
): LoginRecord | string {
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
      return { scheme, server, kind: 'oauth2', ...urls, scope, map }
    }
    case 'openIdConnect': {
      const discoveryUrl = textMember(value, 'openIdConnectUrl')
      if (discoveryUrl === undefined) return '`openIdConnectUrl` is missing'
      return { scheme, server, kind: 'openIdConnect', discoveryUrl, scope: openIdScope(scope), map }
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
