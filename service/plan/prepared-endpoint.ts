import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { PlannedCredential } from './credentials.ts'
import { planCredential, unsentCredentials } from './credentials.ts'
import { serverQuery, serverUrl } from './server-url.ts'
import type { ApiAccess } from './types.ts'

/** What all calls of an endpoint have in common, as long as the configuration is the same. */
export type PreparedEndpoint = {
  /** Base URL of the calls, as of `serverUrl`. */
  readonly base: string
  /** As of `serverQuery`. */
  readonly query: string
  readonly origin: string
  /** What variables put into the base, to be masked in output. */
  readonly secrets: readonly string[]
  readonly credential: PlannedCredential
  /** The configured credentials that its security does not ask for. */
  readonly unsent: readonly string[]
}

type Kept = PreparedEndpoint & { readonly documentUrl: string }

const prepared = new WeakMap<ApiAccess, WeakMap<EndpointRecord, Kept>>()

/**
 * Prepares the calls of an endpoint once for each configuration.
 *
 * @throws ConnectorError those of `serverUrl` and `planCredential`.
 */
export function prepareEndpoint(
  endpoint: EndpointRecord,
  documentUrl: string,
  access: ApiAccess
): PreparedEndpoint {
  const ofAccess = prepared.get(access) ?? new WeakMap<EndpointRecord, Kept>()
  const kept = ofAccess.get(endpoint)
  if (kept?.documentUrl === documentUrl) return kept
  const base = serverUrl(endpoint, documentUrl, access)
  const { origin } = new URL(base)
  const query = serverQuery(endpoint, access)
  const made = {
    base,
    query,
    origin,
    secrets: baseSecrets(endpoint, base, query),
    credential: planCredential(endpoint, origin, access),
    unsent: unsentCredentials(endpoint, access),
    documentUrl
  }
  prepared.set(access, ofAccess.set(endpoint, made))
  return made
}

/** What a variable with which a manifest's URL begins has behind its host: some URLs have their secret there. */
function baseSecrets(
  { server: { template } }: EndpointRecord,
  base: string,
  query: string
): string[] {
  if (typeof template?.[0] !== 'object') return []
  return [new URL(base).pathname.slice(1), query].filter(text => text !== '')
}
