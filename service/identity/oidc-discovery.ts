import type { AuthorizationServer } from 'oauth4webapi'
import { processDiscoveryResponse } from 'oauth4webapi'
import { LRUCache } from 'lru-cache'

import { textMember } from '../base/json.ts'
import { createSingleFlight } from '../base/single-flight.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { untilAborted } from '../time/deadline.ts'
import { providerFetch } from './provider.ts'
import { providerFailure } from './provider-failure.ts'

/** Providers that are remembered at the most, and milliseconds for which one is. */
const PROVIDERS_MAX = 500
const LIFE_MS = 60 * 60 * 1000

const WELL_KNOWN = '/.well-known/openid-configuration'

/** Finds out about OpenID Providers (OpenID Connect Discovery 4). */
export type Discovery = {
  /**
   * The metadata of a provider; the same object until it is read again, as the keys that belong to it are
   * remembered with the object.
   *
   * @throws ConnectorError `IDENTITY_ANSWER_INVALID` for a document that speaks for another issuer,
   *   `LOGIN_INSECURE`, `IDENTITY_*`.
   */
  read(url: URL, signal: AbortSignal): Promise<AuthorizationServer>
  /** Reads it anew, because what is known did not serve: a provider may have changed its keys. */
  renew(url: URL, signal: AbortSignal): Promise<AuthorizationServer>
}

/** Discovery that reads each provider once an hour, however many ask. */
export function createDiscovery(client: IdentityClient, now: () => number): Discovery {
  const known = new LRUCache<string, AuthorizationServer>({
    max: PROVIDERS_MAX,
    ttl: LIFE_MS,
    ttlResolution: 0,
    perf: { now }
  })
  const once = createSingleFlight<AuthorizationServer>()

  const renew = (url: URL, signal: AbortSignal): Promise<AuthorizationServer> => {
    // Others may wait for the same answer, so one caller who leaves does not end it.
    const fetched = once(url.href, async () => {
      const server = await fetchMetadata(client, url)
      known.set(url.href, server)
      return server
    })
    return untilAborted(fetched, signal)
  }
  return {
    renew,
    read: async (url, signal) => known.get(url.href) ?? renew(url, signal)
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
    throw providerFailure(error, url.host, 'user')
  }
}

/** The issuer that a metadata document names; null for none. */
async function statedIssuer(response: Response): Promise<URL | null> {
  const body: unknown = await response.json().catch(() => null)
  return URL.parse(textMember(body, 'issuer') ?? '')
}

/**
 * The issuer whose metadata may stand at an address (OpenID Connect Discovery 4.1). An address of another
 * form names none; then it is the stated one, if that has the address's origin.
 */
function expectedIssuer({ origin, pathname, search }: URL, stated: URL | null): URL | null {
  if (pathname.endsWith(WELL_KNOWN) && search === '') {
    // An issuer may end with a slash, which its address does not repeat.
    const path = pathname.slice(0, -WELL_KNOWN.length)
    const issuer = stated === null ? null : stated.origin + stated.pathname.replace(/\/$/, '')
    return issuer === origin + path && stated?.search === '' ? stated : null
  }
  return stated?.origin === origin ? stated : null
}
