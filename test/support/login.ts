import assert from 'node:assert/strict'

import { isJsonObject, textMember } from '../../service/base/json.ts'
import type { FlowAnswer, StartedConnector } from './start-connector.ts'
import { data, userHeader } from './start-connector.ts'
import { logInAt } from './browser.ts'
import { REDIRECT_URI } from './start-provider.ts'

/** The tenant of the tests' platform. */
export const TENANT = '7f0c2d4e-1111-4a6b-9a57-0c6f3b2e9d10'

/** The members of a login's answer. */
export function loginOf({ status, body, text }: FlowAnswer): { readonly [name: string]: string } {
  assert.equal(status, 200, text)
  assert.ok(isJsonObject(body))
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : []
    )
  )
}

/** `Status` and the other properties of the `$User` of a check of access. */
export function verdictOf(answer: FlowAnswer): { readonly [property: string]: string | null } {
  const [user, ...others] = data(answer).objectData
  assert.ok(user !== undefined && others.length === 0)
  assert.equal(user.developerName, '$User')
  return Object.fromEntries(user.properties.map(p => [p.developerName, p.contentValue]))
}

/** The login URL that the connector returns for an anonymous user. */
export async function loginUrlOf(connector: StartedConnector): Promise<string> {
  const { Status, LoginUrl } = verdictOf(await connector.send('POST', '/authorization'))
  assert.equal(Status, '401')
  return LoginUrl ?? ''
}

/** Logs a user in from the first check of access to the answer of `/authentication`, as a platform does. */
export async function logInByBrowser(
  connector: StartedConnector,
  login: string,
  more: {
    readonly challenge?: { readonly [name: string]: string }
    readonly verifier?: string
  } = {}
): Promise<{ readonly [name: string]: string }> {
  const { code } = await logInAt(await loginUrlOf(connector), login, more.challenge)
  const body = {
    authenticationType: 'OAUTH2',
    tenantId: TENANT,
    redirectUri: REDIRECT_URI,
    code,
    verifier: more.verifier ?? null
  }
  return loginOf(await connector.send('POST', '/authentication', body))
}

/** Logs a user in by name and password. */
export async function logInByPassword(
  connector: StartedConnector,
  username: string,
  password: string
): Promise<FlowAnswer> {
  const body = { authenticationType: 'USERNAME_PASSWORD', tenantId: TENANT, username, password }
  return connector.send('POST', '/authentication', body)
}

/** The user header of a user who has logged in. */
export function headerOf(login: { readonly [name: string]: string }): { authorization: string } {
  const { userId, username, email, firstName, lastName, directoryId, directoryName, token } = login
  return userHeader({
    ManyWhoTenantId: TENANT,
    ManyWhoUserId: '2b9e6c1a-2222-4c0e-8d34-5a7f10b3c4d5',
    ManyWhoToken: 'q83vASNFZw%3D%3D',
    DirectoryId: directoryId ?? '',
    DirectoryName: directoryName ?? '',
    Email: email ?? '',
    IdentityProvider: login.identityProvider ?? '',
    TenantName: login.tenantName ?? '',
    Token: token ?? '',
    Username: username ?? '',
    UserId: userId ?? '',
    FirstName: firstName ?? '',
    LastName: lastName ?? ''
  })
}

/** The message of a login that was denied. */
export function denialOf({ status, body, text }: FlowAnswer): string {
  assert.equal(status, 200, text)
  assert.equal(textMember(body, 'status'), 'ACCESS_DENIED', text)
  const message = textMember(body, 'statusMessage')
  assert.ok(message !== undefined && message !== '', text)
  return message
}
