import { textMember } from '../../base/json.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import { ConnectorError } from '../../errors.ts'
import type { Answer, Exchange } from '../../exchange/types.ts'
import { statusOf } from '../server/metadata-client.ts'
import type { PlainCall } from '../server/plain-call.ts'
import { sendPlain } from '../server/plain-call.ts'
import type { Environment, SecretLookup } from './local-secrets.ts'

const AUTHORITY = 'https://login.microsoftonline.com'
const SCOPE = 'https://vault.azure.net/.default'
const VERSION = '7.4'

/** Variables that the look-up needs. */
const NEEDED = [
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_KEY_VAULT_NAME'
] as const

/**
 * Looks secrets up in Azure Key Vault, as the application of the environment (docs/catalog.md#secrets). A name is that of the vault's
 * secret, where `/a/b` is `a-b`.
 *
 * @throws ConnectorError of each look-up: `ENVIRONMENT_MISSING`, `API_ERROR` where it is refused.
 */
export function createAzureLookup(environment: Environment, exchange: Exchange): SecretLookup {
  const send = (call: PlainCall): Promise<Answer> => sendPlain(exchange, call)
  let token: Promise<string> | undefined
  return async name => {
    const values = NEEDED.map(variable => environment[variable] ?? '')
    const missing = NEEDED.find((_, index) => values[index] === '')
    if (missing !== undefined) throw new ConnectorError('ENVIRONMENT_MISSING', { name: missing })
    const [tenant = '', client = '', secret = '', vault = ''] = values
    const authority = trimTrailing(environment.AZURE_AUTHORITY_HOST ?? AUTHORITY, '/')
    token ??= requestToken(`${authority}/${tenant}/oauth2/v2.0/token`, client, secret, send)
    const base = /^https?:/.test(vault)
      ? trimTrailing(vault, '/')
      : `https://${vault}.vault.azure.net`
    const path = name
      .split('/')
      .filter(part => part !== '')
      .join('-')
    try {
      const { body } = await send({
        operation: 'GET secrets',
        method: 'GET',
        url: `${base}/secrets/${encodeURIComponent(path)}?api-version=${VERSION}`,
        secretHeaders: { authorization: `Bearer ${await token}` }
      })
      return textMember(body, 'value') ?? null
    } catch (error) {
      if (statusOf(error) === 404) return null
      throw error
    }
  }
}

/** Requests a token by client credentials (RFC 6749 4.4). */
async function requestToken(
  url: string,
  client: string,
  secret: string,
  send: (call: PlainCall) => Promise<Answer>
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client,
    client_secret: secret,
    scope: SCOPE
  })
  const { body } = await send({
    operation: 'POST token',
    method: 'POST',
    url,
    body: { mediaType: 'application/x-www-form-urlencoded', text: form.toString() },
    secrets: [secret]
  })
  const token = textMember(body, 'access_token')
  if (token !== undefined) return token
  throw new ConnectorError('METADATA_SERVER_WRONG', {
    host: new URL(url).host,
    reason: 'it gives no token'
  })
}
