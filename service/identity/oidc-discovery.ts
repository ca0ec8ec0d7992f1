import { LRUCache } from 'lru-cache'
import type { AuthorizationServer } from 'oauth4webapi'
import { processDiscoveryResponse } from 'oauth4webapi'

import { textMember } from '../base/json.ts'
import { createSingleFlight } from '../base/single-flight.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { untilAborted } from '../time/deadline.ts'
import { providerFetch } from './provider.ts'
import { providerFailure } from './provider-failure.ts'

/** Maximum providers whose metadata is cached. */
const PROVIDERS_MAX = 500

/** How long metadata is cached (ms). */
const METADATA_TTL_MS = 60 * 60 * 1000

/** Reads the metadata of OpenID Providers (OpenID Connect Discovery 4). */
export type Discovery = {
  /**
   * Returns a provider's metadata from the cache or the provider. Cached metadata is the same object each
   * time, because oauth4webapi caches the provider's keys by that object.
   *
   * @throws ConnectorError `IDENTITY_ANSWER_INVALID` for metadata of a different issuer, `LOGIN_INSECURE`,
   *   `IDENTITY_*`.
   */
  read(url: URL, signal: AbortSignal): Promise<AuthorizationServer>
  /** Bypasses the cache: the provider may have rotated its keys. */
  reload(url: URL, signal: AbortSignal): Promise<AuthorizationServer>
}

/** Caches metadata for an hour. Concurrent callers share one request. */
export function createDiscovery(client: IdentityClient, now: () => number): Discovery {
  const cache = new LRUCache<string, AuthorizationServer>({
    max: PROVIDERS_MAX,
    ttl: METADATA_TTL_MS,
    ttlResolution: 0,
    perf: { now }
  })
  const once = createSingleFlight<AuthorizationServer>()

  const reload = (url: URL, signal: AbortSignal): Promise<AuthorizationServer> => {
    // Other callers may wait for the same answer, so one that gives up does not abort the request.
    const fetched = once(url.href, async () => {
      const server = await fetchMetadata(client, url)
      cache.set(url.href, server)
      return server
    })
    return untilAborted(fetched, signal)
  }
  return {
    reload,
    read: async (url, signal) => cache.get(url.href) ?? reload(url, signal)
  }
}

async function fetchMetadata(client: IdentityClient, url: URL): Promise<AuthorizationServer> {
  const never = new AbortController().signal
  try {
    const headers = { accept: 'application/json' }
    const response = await providerFetch(client, never)(url.href, { method: 'GET', headers })
    if (response.status !== 200) {
      throw new ConnectorError('IDENTITY_FAILED', { host: url.host, status: response.status })
    }
    const expected = expectedIssuer(url, await statedIssuer(response.clone()))
    if (expected !== null) return await processDiscoveryResponse(expected, response)
    const reason = 'its issuer is missing or is not the expected one'
    throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host: url.host, reason })
  } catch (error) {
    throw providerFailure(error, url.host, 'authorization_code')
  }
}

/** The `issuer` of a metadata document; null for none. */
async function statedIssuer(response: Response): Promise<URL | null> {
  const body: unknown = await response.json().catch(() => null)
  return parseUrl(textMember(body, 'issuer') ?? '')
}

/** Issuers of tokens v1 of Microsoft Entra, whose metadata are at the addresses of its clouds. */
const ENTRA_V1 = new Set(['https://sts.windows.net', 'https://sts.chinacloudapi.cn'])

/**
 * The issuer that a metadata URL belongs to: the stated one if both have the same origin (OpenID Connect Discovery 4.3
 * wants the same path too, but Microsoft's names a tenant or a policy in one of them only).
 */
function expectedIssuer({ origin }: URL, stated: URL | null): URL | null {
  if (stated === null || stated.search !== '' || stated.hash !== '') return null
  return stated.origin === origin || ENTRA_V1.has(stated.origin) ? stated : null
}
