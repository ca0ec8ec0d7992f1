import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { randomUUID } from 'node:crypto'

import type { JWK } from 'jose'
import { exportJWK, generateKeyPair } from 'jose'
import type { Configuration } from 'oidc-provider'
import Provider from 'oidc-provider'

import { startUpstream } from './start-upstream.ts'

/** The platform's `redirect_uri`. */
export const REDIRECT_URI = 'https://flow.example.com/api/run/1/oauth2'

/** How the connector is known to the provider. */
export const CLIENT = { id: 'flow-client', secret: 'client s3cret/+:%&' } as const

const CONFIGURATION: Configuration = {
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code']
    }
  ],
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  cookies: { keys: ['a key of tests'] },
  claims: {
    openid: ['sub', 'groups'],
    email: ['email', 'email_verified'],
    profile: ['name', 'given_name', 'family_name', 'preferred_username']
  },
  features: { clientCredentials: { enabled: true } },
  pkce: { required: () => false },
  scopes: ['openid', 'offline_access', 'email', 'profile', 'notes'],
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id}@example.com`,
      email_verified: true,
      given_name: 'Ana',
      family_name: 'Ruiz',
      preferred_username: `${id}.ruiz`,
      groups: [`friends-of-${id}`, 'staff']
    })
  })
}

export type StartedProvider = {
  /** Its issuer, without a slash at its end. */
  readonly url: string
  /** Requests so far, as `METHOD /path`. */
  readonly requests: readonly string[]
  /** What each request of the token endpoint said of the connector, in order. */
  readonly tokenRequests: readonly { readonly authorization: string | undefined }[]
  /** Whose access token it is; undefined for one that is not valid. */
  accountOf(authorization: string | undefined): Promise<string | undefined>
  /** Client and scopes of a client token; undefined for an invalid one. */
  clientOf(authorization: string | undefined): Promise<string | undefined>
  /** Every refresh token that it gave out so far. */
  refreshTokens(): readonly string[]
  /** Makes an access token worthless before its time. */
  revoke(authorization: string | undefined): Promise<void>
  /** Replaces all signing keys. */
  rotateKeys(): Promise<void>
  /** Answers every further request so, in place of the provider; null for the provider again. */
  replaceBy(handler: ((request: IncomingMessage, response: ServerResponse) => void) | null): void
}

/**
 * Starts a certified OpenID Provider on a free port, until the test ends. It accepts every login.
 *
 * @param changes Changes to its configuration.
 */
export async function startProvider(
  t: TestContext,
  changes: Configuration = {}
): Promise<StartedProvider> {
  const requests: string[] = []
  const tokenRequests: { authorization: string | undefined }[] = []
  let replaced: ((request: IncomingMessage, response: ServerResponse) => void) | null = null
  const started: { provider?: Provider } = {}
  const url = await startUpstream(t, (request, response) => {
    requests.push(`${request.method} ${request.url?.split('?', 1)[0]}`)
    if (request.url === '/token')
      tokenRequests.push({ authorization: request.headers.authorization })
    if (replaced !== null) replaced(request, response)
    else started.provider?.callback()(request, response)
  })
  const refreshTokens: string[] = []
  const withKeys = async (): Promise<Provider> => {
    const jwks = { keys: [await newKey()] }
    const provider = new Provider(url, { ...CONFIGURATION, jwks, ...changes })
    // The value of a token is the id of its record.
    provider.on('refresh_token.saved', ({ jti }) => refreshTokens.push(jti))
    return provider
  }
  started.provider = await withKeys()
  const tokenIn = (authorization = ''): string => authorization.replace(/^Bearer /, '')
  const tokenOf = (authorization: string | undefined) =>
    started.provider?.AccessToken.find(tokenIn(authorization))
  const ownTokenOf = (authorization: string | undefined) =>
    started.provider?.ClientCredentials.find(tokenIn(authorization))
  return {
    url,
    requests,
    tokenRequests,
    async clientOf(authorization) {
      const token = await ownTokenOf(authorization)
      return token?.isValid ? `${token.clientId} ${token.scope}` : undefined
    },
    refreshTokens: () => refreshTokens,
    async accountOf(authorization) {
      const token = await tokenOf(authorization)
      return token?.isValid ? token.accountId : undefined
    },
    async revoke(authorization) {
      await (await tokenOf(authorization))?.destroy()
      await (await ownTokenOf(authorization))?.destroy()
    },
    async rotateKeys() {
      started.provider = await withKeys()
    },
    replaceBy(handler) {
      replaced = handler
    }
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomUUID() }
}
