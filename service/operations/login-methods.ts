import type { Identity } from '../identity/create-identity.ts'
import type { UserLogin } from '../identity/open-login.ts'
import type { LoginMethod, LoginScope } from '../identity/types.ts'
import type { OpenModel } from '../model/open-model.ts'
import type { LoginRecord } from '../model/login-record.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { ApprovedOrigins } from './approved-origins.ts'
import { assertApproved } from './approved-origins.ts'
import type { Caller } from './types.ts'

/** For whom a login of a caller counts. */
export function loginScope({ tenant, configuration }: Caller): LoginScope {
  return { tenant, schemaUrl: configuration['schema url'] ?? '' }
}

/** Opens the login that came with a request; null for nobody (x-flow 10). */
export async function openUserLogin(
  identity: Identity,
  caller: Caller,
  { named }: LoginMethods
): Promise<UserLogin | null> {
  const { token, user, signal } = caller
  if (token === null) return null
  return identity.open({ token, userId: user.UserID ?? '' }, loginScope(caller), named, signal)
}

/** Whether a document has a login that the configuration can serve (protocol 3.3). */
export function hasLogin(model: OpenModel, { client }: Pick<ApiAccess, 'client'>): boolean {
  return model.index.logins.some(login => isServable(login, client))
}

function isServable({ kind }: LoginRecord, client: ApiAccess['client']): boolean {
  return kind === 'basic' || client !== null
}

/** The ways to log in of a caller's document. */
export type LoginMethods = {
  /** The first in document order that the configuration can serve (x-flow 10); undefined for none. */
  readonly servable: LoginMethod | undefined
  /** The way through a security scheme; undefined where the document has none. */
  named(scheme: string): LoginMethod | undefined
}

/** The ways to log in, each with the addresses to which its secrets may go. */
export async function loginMethods(
  origins: ApprovedOrigins,
  model: OpenModel,
  scope: LoginScope,
  access: ApiAccess
): Promise<LoginMethods> {
  const { logins, documentUrl } = model.index
  const base = { documentUrl, access }
  const first = await origins.first(scope, model.index.origins)
  const methodOf = (login: LoginRecord): LoginMethod => ({
    login,
    base,
    client: access.client,
    assertHost(url) {
      // Where a provider's endpoints are is the word of its discovery document.
      const isDiscovered = login.kind === 'openIdConnect' && access.allowedHosts === null
      const asked = isDiscovered ? identityUrl(login, login.discoveryUrl, 'provider', base) : url
      assertApproved(asked, first, access)
    }
  })
  const servable = logins.find(login => isServable(login, access.client))
  return {
    servable: servable && methodOf(servable),
    named(scheme) {
      const login = logins.find(known => known.scheme === scheme)
      return login && methodOf(login)
    }
  }
}
