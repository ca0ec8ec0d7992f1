/** How a client proves itself to a token endpoint: in the header, or in the body (RFC 6749 2.3.1). */
export type ClientAuth = 'basic' | 'post'

/** What the provider of a security scheme wants of its clients (docs/x-flow.md#token-endpoints). */
export type OAuthClientRecord = {
  /** Null to find out. */
  readonly auth: ClientAuth | null
  /** Added to the authorization URL. */
  readonly authorizeParameters: { readonly [name: string]: string }
  /** Added to every request for tokens. */
  readonly tokenParameters: { readonly [name: string]: string }
}
