import { loginOf, loginUrlOf, TENANT } from '../support/login.ts'
import type { Configuration, StartedConnector } from '../support/start-connector.ts'
import { FAKE_CLIENT, GOOD_CODE } from '../support/start-fake-provider.ts'
import { REDIRECT_URI } from '../support/start-provider.ts'

/**
 * Logs a user in with a code, in place of a configured token.
 *
 * @returns The connector as such users call it, where their browser is sent, and the answer to the code.
 */
export async function logIn(connector: StartedConnector, configuration: Configuration) {
  const client = connector.as({
    configuration: {
      ...configuration,
      'Bearer Token': '',
      'OAuth2/OIDC: Client Id': FAKE_CLIENT.id,
      'OAuth2/OIDC: Client Secret': FAKE_CLIENT.secret
    }
  })
  const url = new URL(await loginUrlOf(client))
  const body = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
  const login = loginOf(await client.send('POST', '/authentication', { ...body, code: GOOD_CODE }))
  return { client, url, login }
}
