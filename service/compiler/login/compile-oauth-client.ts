import type { Static } from '../../base/form.ts'
import { pointer } from '../../base/json-pointer.ts'
import { dictionary, member, plainText } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import type { OAuthClientRecord } from '../../model/oauth-client-record.ts'
import { IdentityExtension } from '../../parse/extension-forms.ts'
import type { DeclaredScheme } from '../endpoint/types.ts'
import type { Report } from '../report.ts'

/** Parameters that the connector or the platform sets itself (RFC 6749 4.1, RFC 7636 4.3). */
const RESERVED = new Set([
  ...['client_id', 'client_secret', 'response_type', 'redirect_uri', 'state', 'scope', 'code'],
  ...['grant_type', 'refresh_token', 'code_verifier', 'nonce']
])

/**
 * Parameters of the authorization request alone: those of OpenID Connect Core 3.1.2.1 and RFC 7636 4.3, then those of
 * Google, Slack, Microsoft and Dropbox. Google refuses a token request that has one.
 */
const OF_AUTHORIZATION = new Set([
  ...['prompt', 'display', 'max_age', 'ui_locales', 'id_token_hint', 'login_hint', 'acr_values'],
  ...['claims', 'claims_locales', 'response_mode', 'request', 'request_uri', 'registration'],
  ...['code_challenge', 'code_challenge_method'],
  ...['access_type', 'include_granted_scopes', 'approval_prompt', 'hd'],
  ...['user_scope', 'team', 'domain_hint', 'token_access_type']
])

/** Compiles what the `x-flow-identity` of a scheme says about its provider. A reserved parameter is a diagnostic. */
export function compileOAuthClient(
  report: Report,
  { name: scheme, value, at }: DeclaredScheme
): OAuthClientRecord {
  const identity = member(value, 'x-flow-identity')
  const { clientAuth, parameters = {} } = fits(IdentityExtension, identity) ? identity : NOTHING
  const given = Object.entries(parameters).filter(([name]) => {
    if (!RESERVED.has(name)) return true
    const holes = { scheme, given: name }
    report.add(
      'IDENTITY_PARAMETER_RESERVED',
      pointer(at, 'x-flow-identity', 'parameters', name),
      holes
    )
    return false
  })
  const texts = given.map(([name, text]) => [name, plainText(text)] as const)
  return {
    auth: clientAuth ?? null,
    authorizeParameters: dictionary(texts),
    tokenParameters: dictionary(texts.filter(([name]) => !OF_AUTHORIZATION.has(name)))
  }
}

const NOTHING: Static<typeof IdentityExtension> = {}
