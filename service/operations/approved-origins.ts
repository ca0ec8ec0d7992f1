import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ownerKey } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import type { LoginScope } from '../identity/types.ts'
import type { DocumentOrigins } from '../model/connector-model.ts'
import { isApproved, originHosts } from '../plan/origin-hosts.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { Store } from '../store/types.ts'
import type { Caller } from './types.ts'

/** Remembers the origins that a document named when a tenant first used it (docs/x-flow.md#allowed-hosts). */
export type ApprovedOrigins = {
  /** Returns the origins of the first version; `now` becomes the first version if there is none. */
  first(scope: LoginScope, now: DocumentOrigins): Promise<DocumentOrigins>
}

/** How long a first version is remembered after its last use. */
const LIFE_S = 90 * 24 * 60 * 60

/** How many first versions a process caches, and how long before it asks the store again. */
const CACHED_MAX = 10_000
const CACHED_MS = 60 * 60 * 1000

/** Keeps first versions in the store, so that all replicas have the same. */
export function createApprovedOrigins(store: Store, now: () => number): ApprovedOrigins {
  type Cached = { readonly first: DocumentOrigins; readonly readAt: number }
  const cache = new LRUCache<string, Cached>({ max: CACHED_MAX })
  return {
    async first({ owner, schemaUrl }, current) {
      const parts = JSON.stringify([ownerKey(owner), schemaUrl])
      const key = `origins:1:${createHash('sha256').update(parts).digest('hex')}`
      const cached = cache.get(key)
      if (cached !== undefined && now() - cached.readAt < CACHED_MS) return cached.first
      const stored = await store.get(key)
      // The store may have lost the entry; the cached one is older than `current`.
      const before = stored === undefined ? cached?.first : JSON.parse(stored)
      const first: DocumentOrigins = before ?? current
      // Each use extends the life of the entry.
      await store.set(key, JSON.stringify(first), LIFE_S, owner)
      cache.set(key, { first, readAt: now() })
      return first
    }
  }
}

/** Tenant and document that a login or a first version belongs to. */
export function loginScope({ owner, configuration }: Caller): LoginScope {
  return { owner, schemaUrl: configuration['schema url'] ?? '' }
}

/** @throws ConnectorError `ORIGIN_NOT_APPROVED` for a URL that no credential may be sent to. */
export function assertApproved(url: URL, first: DocumentOrigins, access: ApiAccess): void {
  if (isApproved(url, first, access)) return
  throw new ConnectorError('ORIGIN_NOT_APPROVED', { host: url.host })
}

/** Hosts that the document has added since its first version; none where `Allowed Hosts` decides. */
export function addedHosts(
  now: DocumentOrigins,
  first: DocumentOrigins,
  access: ApiAccess
): string[] {
  if (access.allowedHosts !== null) return []
  const before = new Set(originHosts(first, access))
  return [...new Set(originHosts(now, access))].filter(host => host !== '' && !before.has(host))
}
