import { createHash } from 'node:crypto'

import { parseWritten } from '../base/exact-number.ts'
import { doorKey, ownerKey } from '../base/owner.ts'
import { SAMPLE_SCHEME } from '../documents/source-document.ts'
import { ConnectorError } from '../errors.ts'
import type { LoginScope } from '../identity/types.ts'
import type { DocumentOrigins } from '../model/connector-model.ts'
import { isApproved, originHosts } from '../plan/origin-hosts.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { SharedMark } from '../store/redis-mark.ts'
import type { Store } from '../store/types.ts'
import { documentRequest, schemaUrlOf } from './configuration.ts'
import type { Caller } from './types.ts'

/**
 * Why the first version of a document is not known: a shared store may have lost it, or its door token has as many
 * documents as may be remembered.
 */
type Unknown = 'lost' | 'full'

/** A document of a tenant, and the configuration value `Overlay URL`; blank for none, which is the default. */
export type OriginScope = LoginScope & { readonly overlays?: string }

/** The origins of a first version; only that of the document itself if it is not known. */
export type FirstOrigins = DocumentOrigins & { readonly unknown?: Unknown }

/** Remembers the origins that a document named when a tenant first used it (docs/x-flow.md#allowed-hosts). */
export type ApprovedOrigins = {
  /**
   * Returns the origins of the first version; `now` becomes the first version if there is none. With other overlays it
   * is another document.
   *
   * @param isInstall Whether it is described, previewed or installed. While a shared store may have lost first
   *   versions, only then a version becomes the first.
   */
  first(scope: OriginScope, now: DocumentOrigins, isInstall: boolean): Promise<FirstOrigins>
}

export type ApprovedOriginsPorts = {
  /** What all replicas know, and since when; null for a single one. */
  readonly shared: { readonly store: Store; readonly mark: SharedMark } | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** `APPROVED_DOCUMENTS_MAX`: first versions that are remembered for one door token. */
  readonly max: number
}

/** A first version. Of two, that counts which was seen earlier. */
type Version = { readonly origins: DocumentOrigins; readonly seenAt: number }

/** The same in the shared store. */
type Stored = Version & { readonly writtenAt: number }

/** The same as this process knows it (times in ms since 1970). */
type Known = Version & {
  readonly owner: LoginScope['owner']
  usedAt: number
  /** When the shared store was last asked. */
  readonly askedAt: number
}

/** How long a first version is remembered after its last use. */
const LIFE_MS = 90 * 24 * 60 * 60 * 1000

/** How long before the shared store is asked again for a first version, and for its mark. */
const ASK_MS = 60 * 60 * 1000
const MARK_MS = 60 * 1000

/** How long after it was written a shared entry in use is written again, so that its life begins anew. */
const EXTEND_MS = 24 * 60 * 60 * 1000

/** A document that names many hosts counts as several: one for each so many characters. */
const UNIT_LENGTH = 1_024

/**
 * Keeps first versions in memory that is theirs alone, bounded for each door token, and in the shared store. When the
 * shared store has lost its values, each process writes back what it knows.
 */
export function createApprovedOrigins(ports: ApprovedOriginsPorts): ApprovedOrigins {
  const { shared, now, max } = ports
  const doors = new Map<string, Map<string, Known>>()
  const units = new Map<string, number>()
  let markedSince: number | null = null
  let markReadAt = Number.NEGATIVE_INFINITY

  const forget = (door: string, key: string, { origins }: Version): void => {
    doors.get(door)?.delete(key)
    units.set(door, (units.get(door) ?? 0) - unitsOf(origins))
  }
  const hasRoom = (door: string, origins: DocumentOrigins): boolean => {
    const needed = unitsOf(origins)
    if ((units.get(door) ?? 0) + needed <= max) return true
    for (const [key, known] of doors.get(door) ?? []) {
      if (now() - known.usedAt > LIFE_MS) forget(door, key, known)
    }
    return (units.get(door) ?? 0) + needed <= max
  }
  const remember = (door: string, key: string, known: Known): void => {
    const versions = doors.get(door) ?? new Map<string, Known>()
    const before = versions.get(key)
    if (before !== undefined) forget(door, key, before)
    doors.set(door, versions.set(key, known))
    units.set(door, (units.get(door) ?? 0) + unitsOf(known.origins))
  }
  const share = async (store: Store, key: string, version: Known): Promise<void> => {
    const { owner, origins, seenAt } = version
    const stored: Stored = { origins, seenAt, writtenAt: now() }
    await store.set(key, JSON.stringify(stored), LIFE_MS / 1000, owner)
  }
  const writeBack = async (store: Store): Promise<void> => {
    for (const versions of [...doors.values()]) {
      for (const [key, known] of [...versions]) {
        const stored = readVersion(await store.get(key))
        if (stored === undefined || stored.seenAt > known.seenAt) await share(store, key, known)
      }
    }
  }
  /** Since when the shared store remembers; 0 while it cannot be asked. */
  const sharedSince = async (store: Store, mark: SharedMark): Promise<number> => {
    markReadAt = now()
    const since = await mark.since()
    const isLost = since !== null && markedSince !== null && since !== markedSince
    if (since !== null) markedSince = since
    // Nobody awaits this.
    if (isLost) void writeBack(store).catch(() => {})
    return since ?? 0
  }

  return {
    async first(scope, current, isInstall) {
      const door = doorKey(scope.owner)
      const { owner, schemaUrl, overlays = '' } = scope
      const changed = overlays === '' ? [] : [overlays]
      const parts = JSON.stringify([ownerKey(owner), schemaUrl, ...changed])
      const key = `origins:1:${createHash('sha256').update(parts).digest('hex')}`
      const kept = doors.get(door)?.get(key)
      const known = kept !== undefined && now() - kept.usedAt <= LIFE_MS ? kept : undefined
      if (known !== undefined) known.usedAt = now()
      if (known !== undefined && shared !== null && now() - markReadAt > MARK_MS) {
        // Nobody awaits this.
        sharedSince(shared.store, shared.mark).catch(() => {})
      }
      if (known !== undefined && (shared === null || now() - known.askedAt < ASK_MS)) {
        return known.origins
      }
      const stored = shared === null ? undefined : readVersion(await shared.store.get(key), current)
      const before = earlier(known, stored)
      if (before === undefined && shared !== null) {
        const since = await sharedSince(shared.store, shared.mark)
        const mayBeFirst = isInstall || isSample(scope) || now() - since >= LIFE_MS
        if (!mayBeFirst) return unknownOrigins(scope, 'lost')
      }
      const { origins, seenAt } = before ?? { origins: current, seenAt: now() }
      if (known === undefined && !hasRoom(door, origins)) {
        return stored?.origins ?? unknownOrigins(scope, 'full')
      }
      const version = { origins, seenAt, owner: scope.owner, usedAt: now(), askedAt: now() }
      remember(door, key, version)
      const isShared = stored?.seenAt === seenAt && now() - stored.writtenAt < EXTEND_MS
      if (shared !== null && !isShared) await share(shared.store, key, version)
      return origins
    }
  }
}

function earlier(a: Version | undefined, b: Version | undefined): Version | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.seenAt < a.seenAt ? b : a
}

/** @param like Origins that take no further memory if they are the same. */
function readVersion(text: string | undefined, like?: DocumentOrigins): Stored | undefined {
  if (text === undefined) return undefined
  const written = parseWritten<Stored | DocumentOrigins>(text)
  // An earlier version of the service wrote the origins alone.
  const isOlder = !('origins' in written)
  const version = isOlder ? { origins: written, seenAt: 0, writtenAt: 0 } : written
  const isAlike = JSON.stringify(like) === JSON.stringify(version.origins)
  return like !== undefined && isAlike ? { ...version, origins: like } : version
}

function unitsOf(origins: DocumentOrigins): number {
  return Math.ceil(JSON.stringify(origins).length / UNIT_LENGTH)
}

/** The samples are ours, and change with the service only. */
function isSample({ schemaUrl, overlays = '' }: OriginScope): boolean {
  return schemaUrl.startsWith(SAMPLE_SCHEME) && overlays === ''
}

function unknownOrigins({ schemaUrl }: OriginScope, unknown: Unknown): FirstOrigins {
  return { documentUrl: schemaUrl, servers: [], identityUrls: [], unknown }
}

/** Tenant and document that a login belongs to. */
export function loginScope({ owner, configuration }: Caller): LoginScope {
  return { owner, schemaUrl: schemaUrlOf(configuration) }
}

/** Tenant, document and overlays that a first version belongs to. */
export function originScope(caller: Caller): OriginScope {
  const { overlays = [] } = documentRequest(caller.configuration) ?? {}
  const ids = overlays.map(overlay => ('url' in overlay ? overlay.url : overlay.hash))
  return { ...loginScope(caller), overlays: ids.join('\n') }
}

const REASONS: { readonly [reason in Unknown]: string } = {
  lost: '; which hosts its document named at first is no longer known, so install the connector again',
  full: '; which hosts its document named at first is not known, because as many documents as APPROVED_DOCUMENTS_MAX allows are remembered'
}

/** @throws ConnectorError `ORIGIN_NOT_APPROVED` for a URL that no credential may be sent to. */
export function assertApproved(url: URL, first: FirstOrigins, access: ApiAccess): void {
  if (isApproved(url, first, access)) return
  const isUnknown = first.unknown !== undefined && access.allowedHosts === null
  const reason = isUnknown ? REASONS[first.unknown] : ''
  throw new ConnectorError('ORIGIN_NOT_APPROVED', { host: url.host, reason })
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
