import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ConnectorError } from '../errors.ts'
import type { LoginScope } from '../identity/types.ts'
import type { DocumentOrigins } from '../model/connector-model.ts'
import { isApproved, originHosts } from '../plan/origin-hosts.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { Store } from '../store/types.ts'

/** Remembers which addresses a document named when a tenant used it first (x-flow 14). */
export type ApprovedOrigins = {
  /** The addresses of the first version; those of this one if it is the first. */
  first(scope: LoginScope, now: DocumentOrigins): Promise<DocumentOrigins>
}

/** Seconds since the last use for which the first version is remembered. */
const LIFE_S = 90 * 24 * 60 * 60

/** Documents of tenants that are remembered in this process, and milliseconds after which the store is asked again. */
const KNOWN_MAX = 10_000
const RENEW_MS = 60 * 60 * 1000

/** First versions in a store, so that all who share it have the same. */
export function createApprovedOrigins(store: Store, now: () => number): ApprovedOrigins {
  const known = new LRUCache<string, { readonly first: DocumentOrigins; readonly askedAt: number }>(
    {
      max: KNOWN_MAX
    }
  )
  return {
    async first({ tenant, schemaUrl }, current) {
      const parts = JSON.stringify([tenant, schemaUrl])
      const key = `origins:1:${createHash('sha256').update(parts).digest('hex')}`
      const remembered = known.get(key)
      if (remembered !== undefined && now() - remembered.askedAt < RENEW_MS) return remembered.first
      const kept = await store.get(key)
      // A store may forget; what this process still knows was there before.
      const before = kept === undefined ? remembered?.first : JSON.parse(kept)
      const first: DocumentOrigins = before ?? current
      // What is used stays.
      await store.set(key, JSON.stringify(first), LIFE_S, tenant)
      known.set(key, { first, askedAt: now() })
      return first
    }
  }
}

/**
 * Refuses an address that a credential may not go to.
 *
 * @throws ConnectorError `ORIGIN_NOT_APPROVED`
 */
export function assertApproved(url: URL, first: DocumentOrigins, access: ApiAccess): void {
  if (isApproved(url, first, access)) return
  throw new ConnectorError('ORIGIN_NOT_APPROVED', { host: url.host })
}

/** Hosts that a document names now and did not at first, where it is the document that says it. */
export function addedHosts(
  now: DocumentOrigins,
  first: DocumentOrigins,
  access: ApiAccess
): string[] {
  if (access.allowedHosts !== null) return []
  const before = new Set(originHosts(first, access))
  return [...new Set(originHosts(now, access))].filter(host => host !== '' && !before.has(host))
}
