import type { UserLogin } from '../identity/open-login.ts'
import type { LoginMethod } from '../identity/types.ts'
import type { LoginRecord } from '../model/login-record.ts'
import type { OpenModel } from '../model/connector-model.ts'
import { identityUrl } from '../plan/server-url.ts'
import { NO_CREDENTIAL, planKeys } from '../plan/credentials.ts'
import type { ApiAccess, RequestPlan } from '../plan/types.ts'
import { assertApproved, loginScope, originScope } from './approved-origins.ts'
import { callerAccess, requiredDocument } from './configuration.ts'
import { sendAuthorized } from './send-authorized.ts'
import type { Ports, Session } from './session.ts'
import type { Caller } from './types.ts'

/** The caller's document, and what the configuration says about its API. */
export type OpenDocument = { readonly model: OpenModel; readonly access: ApiAccess }

/** The ways to log in that a document declares. */
export type LoginMethods = {
  /** The first in document order that the configuration supports; undefined for none. */
  readonly preferred: LoginMethod | undefined
  /** The method of a security scheme; undefined if the document declares none. */
  ofScheme(scheme: string): LoginMethod | undefined
}

/**
 * Opens the caller's document; without a promise if it is in memory.
 *
 * @throws ConnectorError `CONFIG_REQUIRED` without a Schema URL, `CONFIG_INVALID`, and those of the opener.
 */
export function openDocument(
  { open, settings }: Ports,
  caller: Caller
): OpenDocument | Promise<OpenDocument> {
  const { configuration, deadline, owner } = caller
  const request = requiredDocument(configuration)
  const access = callerAccess(caller, settings)
  const opening = { owner, signal: deadline.signal, mustRevalidate: false }
  const opened = open(request, opening)
  if (!(opened instanceof Promise)) return { model: opened.model, access }
  return opened.then(({ model }) => ({ model, access }))
}

/**
 * Opens the caller's document and the login token that came with the request. A token that is not ours, or
 * belongs to another tenant, document or user, makes the caller anonymous (docs/x-flow.md#login-handles).
 *
 * @throws ConnectorError as `openDocument`.
 */
export async function openSession(ports: Ports, caller: Caller): Promise<Session> {
  const opened = openDocument(ports, caller)
  const { model, access } = opened instanceof Promise ? await opened : opened
  caller.deadline.reached = 'nothing had been read or written'
  // Most requests need no login.
  const mayHaveLogin = caller.token !== null && model.index.logins.length > 0
  const login = mayHaveLogin
    ? await openUserLogin(ports, caller, await loginMethods(ports, caller, { model, access }))
    : null
  return {
    ports,
    owner: caller.owner,
    caller,
    model,
    access: login === null ? access : { ...access, login },
    login,
    user: caller.user,
    signal: caller.deadline.signal,
    makeExample: ports.makeExample,
    watch: caller.watch,
    callApi: sendAuthorized
  }
}

/** Opens the login token that came with a request; null for an anonymous caller. */
export async function openUserLogin(
  { identity }: Ports,
  caller: Caller,
  { ofScheme }: LoginMethods
): Promise<UserLogin | null> {
  const { token, user, deadline } = caller
  if (token === null) return null
  const handle = { token, userId: user.UserID ?? '' }
  return identity.open(handle, loginScope(caller), ofScheme, deadline.signal)
}

/** Whether a document declares a login that the configuration supports. */
export function hasLogin({ index }: OpenModel, access: ApiAccess): boolean {
  return index.logins.some(login => isSupported(login, access))
}

/** The login methods of a document, each with a check of the hosts that may receive its secrets. */
export async function loginMethods(
  { origins }: Ports,
  caller: Caller,
  { model, access }: OpenDocument
): Promise<LoginMethods> {
  const { logins, documentUrl } = model.index
  const base = { documentUrl, access }
  const first = await origins.first(originScope(caller), model.index.origins, false)
  const methodOf = (login: LoginRecord | undefined): LoginMethod | undefined =>
    login && {
      login,
      base,
      client: access.client,
      userKeys: () => userKeys(login, access),
      assertHost(url) {
        // A provider's discovery document decides where its endpoints are.
        const isDiscovered = login.kind === 'openIdConnect' && access.allowedHosts === null
        const asked = isDiscovered ? identityUrl(login, login.discoveryUrl, 'provider', base) : url
        assertApproved(asked, first, access)
      }
    }
  return {
    preferred: methodOf(logins.find(login => isSupported(login, access))),
    ofScheme: scheme => methodOf(logins.find(login => login.scheme === scheme))
  }
}

function userKeys(login: LoginRecord, access: ApiAccess): RequestPlan['credential'] {
  const { userOperation } = login
  return userOperation === null ? NO_CREDENTIAL : planKeys(userOperation, login, access)
}

function isSupported({ kind }: LoginRecord, { client }: ApiAccess): boolean {
  return kind === 'basic' || client !== null
}
