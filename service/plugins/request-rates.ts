import type { Owner } from '../base/owner.ts'
import { doorKey, ownerKey } from '../base/owner.ts'
import type { SlidingWindow } from '../base/sliding-window.ts'
import { createSlidingWindow } from '../base/sliding-window.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { createFairCache } from '../store/fair-cache.ts'

/** Memory for the rates of tenants, and most that one takes. They are needed for a second. */
const RATES_MAX_BYTES = 8 * 1024 * 1024
const RATE_BYTES = 4 * 1024
const RATE_LIFE_S = 1

const WINDOW_MS = 1_000

type RateSettings = Pick<Settings, 'DOOR_REQUESTS_PER_SECOND' | 'TENANT_REQUESTS_PER_SECOND'>

/**
 * Returns a check that throws DOOR_RATE_LIMITED or TENANT_RATE_LIMITED for a request above
 * `DOOR_REQUESTS_PER_SECOND` or `TENANT_REQUESTS_PER_SECOND` (docs/running.md#tenants-and-fairness). Refused
 * requests count for neither.
 */
export function createRateCheck(settings: RateSettings): (owner: Owner) => void {
  const { DOOR_REQUESTS_PER_SECOND: ofDoor, TENANT_REQUESTS_PER_SECOND: ofTenant } = settings
  // Callers choose the names of tenants, the operator those of doors.
  const doors = new Map<string, SlidingWindow>()
  const tenants = createFairCache<SlidingWindow>({
    maxBytes: RATES_MAX_BYTES,
    sizeOf: () => RATE_BYTES,
    now: () => performance.now()
  })
  const windowOfDoor = (owner: Owner, limit: number): SlidingWindow => {
    const key = doorKey(owner)
    const window = doors.get(key) ?? createSlidingWindow(limit, WINDOW_MS)
    doors.set(key, window)
    return window
  }
  const windowOfTenant = (owner: Owner, limit: number): SlidingWindow => {
    const key = ownerKey(owner)
    const window = tenants.get(key) ?? createSlidingWindow(limit, WINDOW_MS)
    tenants.set(key, window, 2 * RATE_LIFE_S, owner)
    return window
  }
  return owner => {
    const now = performance.now()
    const door = ofDoor === undefined ? null : windowOfDoor(owner, ofDoor)
    assertFree('DOOR_RATE_LIMITED', door, ofDoor, now)
    const tenant = ofTenant === undefined ? null : windowOfTenant(owner, ofTenant)
    assertFree('TENANT_RATE_LIMITED', tenant, ofTenant, now)
    for (const window of [door, tenant]) window?.take(now, now)
  }
}

/** Lines that tell an operator at start what the configured rates do not limit. */
export function rateNotices(settings: RateSettings): readonly string[] {
  const { DOOR_REQUESTS_PER_SECOND: ofDoor, TENANT_REQUESTS_PER_SECOND: ofTenant } = settings
  if (ofTenant === undefined || ofDoor !== undefined) return []
  return [
    'warning: TENANT_REQUESTS_PER_SECOND alone does not limit callers who send other tenant names; set DOOR_REQUESTS_PER_SECOND too'
  ]
}

function assertFree(
  code: 'DOOR_RATE_LIMITED' | 'TENANT_RATE_LIMITED',
  window: SlidingWindow | null,
  limit = 0,
  now: number
): void {
  const next = window?.next(now) ?? now
  if (next <= now) return
  const seconds = Math.max(1, Math.ceil((next - now) / 1000))
  throw new ConnectorError(code, { limit, seconds }, { retryAfterSeconds: seconds })
}
