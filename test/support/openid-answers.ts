import type { CryptoKey, JWTPayload } from 'jose'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import type {
  AnswerCall,
  ProviderAnswer,
  ProviderCall,
  TokenAnswers
} from './start-fake-provider.ts'
import { FAKE_CLIENT, tokenAnswer } from './start-fake-provider.ts'

const own = await generateKeyPair('RS256')
const foreign = await generateKeyPair('RS256')

/** What a fake OpenID Provider says, with the URLs of its hosts. */
export type OpenIdProvider = Omit<TokenAnswers, 'granted'> & {
  /** The path of its metadata. */
  readonly metadataAt: { readonly host: string; readonly path: string }
  readonly metadata: (at: (host: string) => string) => { readonly [member: string]: unknown }
  /** `iss` of its tokens; that of the metadata by default. */
  readonly issuer?: (at: (host: string) => string) => string
  readonly claims: JWTPayload
  readonly userInfo?: (call: ProviderCall, at: (host: string) => string) => ProviderAnswer
  /** Members of the answer of the token endpoint besides the tokens. */
  readonly granted?: object
  /** Refuses token requests that it does not like. */
  readonly checkToken?: (call: ProviderCall) => ProviderAnswer
}

/** How an ID token is forged. */
export type Forgery = {
  readonly claims?: JWTPayload
  readonly isForeign?: boolean
}

/** Answers as an OpenID Provider: metadata, keys, tokens and user info, each where the metadata say. */
export function openIdAnswers(provider: OpenIdProvider, forgery: Forgery = {}): AnswerCall {
  return async (call, at) => {
    const metadata = provider.metadata(at)
    const here = `${at(call.host)}${call.path}`
    const { host, path } = provider.metadataAt
    if (call.host === host && call.path === path) {
      const algorithms = { id_token_signing_alg_values_supported: ['RS256'] }
      return { json: { ...algorithms, ...metadata } }
    }
    if (here === metadata.jwks_uri) {
      const key = await exportJWK(own.publicKey)
      return { json: { keys: [{ ...key, kid: 'k1', alg: 'RS256', use: 'sig' }] } }
    }
    if (here === metadata.token_endpoint) {
      const refused = provider.checkToken?.(call)
      if (refused !== undefined) return refused
      const issuer = provider.issuer?.(at) ?? metadata.issuer
      const seconds = Math.floor(Date.now() / 1000)
      const claims = {
        iss: String(issuer),
        aud: FAKE_CLIENT.id,
        iat: seconds,
        exp: seconds + 3600,
        ...provider.claims,
        ...forgery.claims
      }
      const key = (forgery.isForeign === true ? foreign : own).privateKey
      const tokens = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600 }
      const json = { ...tokens, id_token: await signed(claims, key), ...provider.granted }
      return tokenAnswer(call, { ...provider, granted: { json } })
    }
    if (here === metadata.userinfo_endpoint) return provider.userInfo?.(call, at)
    return undefined
  }
}

function signed(claims: JWTPayload, key: CryptoKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key)
}
