import assert from 'node:assert/strict'

import { data, found, problem } from './start-connector.ts'
import type { StartedFakeProvider } from './start-fake-provider.ts'
import { GOOD_CODE } from './start-fake-provider.ts'
import { denialOf, headerOf, loginOf, loginUrlOf, verdictOf } from './login.ts'

/** What a login through a fake provider must show. */
export type ExpectedLogin = {
  /** Host and path of the authorization URL, and parameters that it must have; null for one that it must not have. */
  readonly authorization: readonly [host: string, path: string]
  readonly parameters?: { readonly [name: string]: string | null }
  readonly user: { readonly [field: string]: string }
  /** The access token that calls of the API carry. */
  readonly token: string
  /** Groups that admit the user; no other does. */
  readonly groups?: readonly string[]
}

/** Asserts where a browser is sent to log in. */
export async function assertLoginUrl(
  { connector, at }: StartedFakeProvider,
  { authorization: [host, path], parameters = {} }: ExpectedLogin
): Promise<void> {
  const url = new URL(await loginUrlOf(connector))
  assert.equal(url.origin + url.pathname, at(host) + path)
  assert.equal(url.searchParams.get('client_id'), 'flow-client')
  assert.equal(url.searchParams.get('response_type'), 'code')
  for (const [name, value] of Object.entries(parameters)) {
    assert.equal(url.searchParams.get(name), value, name)
  }
}

/** Asserts that a good code logs the user in, and that the API and access rules know the user. */
export async function assertLogsIn(
  provider: StartedFakeProvider,
  { user, token, groups = [] }: ExpectedLogin
): Promise<void> {
  const { connector, logIn } = provider
  const login = loginOf(await logIn(GOOD_CODE))
  assert.equal(login.status, 'AUTHENTICATED', JSON.stringify(login))
  for (const [field, value] of Object.entries(user)) assert.equal(login[field], value, field)
  const asUser = connector.as({ headers: headerOf(login) })
  assert.deepEqual(
    found(await asUser.load('Thing')).map(({ id }) => id),
    [`Bearer ${token}`]
  )
  for (const group of [...groups, 'strangers']) {
    const verdict = verdictOf(await asUser.send('POST', '/authorization', ruleFor(group)))
    assert.equal(verdict.Status, group === 'strangers' ? '401' : '200', group)
  }
}

/** Asserts that a code that was used or made up denies the login. */
export async function assertDeniesUsedCode({ logIn }: StartedFakeProvider): Promise<void> {
  assert.match(denialOf(await logIn('used-code')), /refuses this login/)
}

/** Asserts that a wrong secret is a problem of the connector, which names no secret. */
export async function assertRefusesWrongSecret({
  connector,
  logIn
}: StartedFakeProvider): Promise<void> {
  const answer = await logIn(GOOD_CODE, 'wr0ng')
  assert.equal(problem(answer).code, 'IDENTITY_CLIENT_REFUSED', answer.text)
  assert.ok(!JSON.stringify([answer.text, connector.log]).includes('wr0ng'))
}

/** Asserts that nobody is logged in by what the provider answers to a good code. */
export async function assertLogsNobodyIn({ connector, logIn }: StartedFakeProvider): Promise<void> {
  denialOf(await logIn(GOOD_CODE))
  const header = headerOf({ userId: 'anybody', token: 'none' })
  const loaded = await connector.as({ headers: header }).load('Thing')
  assert.deepEqual(data(loaded).objectData[0]?.properties[0]?.contentValue, 'nobody')
}

function ruleFor(group: string): object {
  return {
    authorization: {
      globalAuthenticationType: 'SPECIFIED',
      users: [],
      groups: [{ authenticationId: group, attribute: 'users' }],
      runningAuthenticationId: null
    }
  }
}
