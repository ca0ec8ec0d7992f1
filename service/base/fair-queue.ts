import type { Owner } from './owner.ts'
import { doorKey } from './owner.ts'

export type FairQueueLimits = {
  /** Running entries of all owners together. */
  readonly running: number
  /** Running entries of one door token. Default: as many as run together. */
  readonly runningOfDoor?: number
  /** Waiting entries of all owners together. */
  readonly waiting: number
  /** Waiting entries of one owner. */
  readonly waitingOfOwner: number
}

/** Which limit on waiting entries refuses an entry: that of its owner, or that of all. */
export type QueueRefusal = 'owner' | 'all'

export type QueueEntry = {
  /** Called when the entry may run, immediately if a slot is free. */
  start(): void
  /** Called when the waiting entry has to make room for that of another. It must not enter again at once. */
  drop(): void
}

export type FairQueue = {
  /**
   * Runs an entry of an owner, or queues it.
   *
   * @returns Ends the entry, waiting or running; further calls have no effect. A refusal if it may not wait.
   */
  enter(owner: Owner, entry: QueueEntry): (() => void) | QueueRefusal
}

/** What one door token, or one tenant below it, has in the queue. */
type Share = { running: number; waiting: number; lastStart: number }
type Tenant = Share & { readonly entries: Set<QueueEntry> }
type Door = Share & { readonly tenants: Map<string, Tenant> }

/**
 * Shares slots fairly among door tokens, and those of a door token among its tenants. A free slot goes to the
 * waiting door with the fewest running entries, and there to the waiting tenant with the fewest; among equals,
 * to the one whose last start is longest ago.
 *
 * Room to wait is shared alike: when all of it is taken, an entry of a door, or of a tenant, that has fewer
 * waiting takes the place of the latest one of the door and tenant with the most.
 */
export function createFairQueue(limits: FairQueueLimits): FairQueue {
  const runningOfDoor = limits.runningOfDoor ?? limits.running
  // Both levels hold only who has entries.
  const doors = new Map<string, Door>()
  let running = 0
  let waiting = 0
  let starts = 0

  const hasRoom = (door: Door): boolean => door.running < runningOfDoor
  const wait = (door: Door, tenant: Tenant, entry: QueueEntry): void => {
    tenant.entries.add(entry)
    for (const share of [door, tenant]) share.waiting++
    waiting++
  }
  /** @returns Whether the entry was waiting. */
  const stopWaiting = (door: Door, tenant: Tenant, entry: QueueEntry): boolean => {
    if (!tenant.entries.delete(entry)) return false
    for (const share of [door, tenant]) share.waiting--
    waiting--
    return true
  }
  const run = (door: Door, tenant: Tenant, entry: QueueEntry): void => {
    running++
    starts++
    for (const share of [door, tenant]) {
      share.running++
      share.lastStart = starts
    }
    entry.start()
  }
  const runNext = (): void => {
    const door = best(doors.values(), isNext, hasRoom)
    const tenant = door && best(door.tenants.values(), isNext)
    const [entry] = tenant?.entries ?? []
    if (door === undefined || tenant === undefined || entry === undefined) return
    stopWaiting(door, tenant, entry)
    run(door, tenant, entry)
  }
  const forgetIdle = (doorName: string, door: Door, name: string, tenant: Tenant): void => {
    if (tenant.running === 0 && tenant.waiting === 0) door.tenants.delete(name)
    if (door.tenants.size === 0) doors.delete(doorName)
  }
  /** Makes room for an entry of `door` and `tenant`. @returns Whether there is any. */
  const makeRoom = (door: Door, tenant: Tenant): boolean => {
    if (waiting < limits.waiting) return true
    const longest = best(doors.values(), hasMoreWaiting)
    // One more of the other is still no more than what is left.
    const fullest = longest && longest.waiting > door.waiting + 1 ? longest : door
    const fullestTenant = best(fullest.tenants.values(), hasMoreWaiting)
    if (fullestTenant === undefined) return false
    if (fullest === door && fullestTenant.waiting <= tenant.waiting + 1) return false
    const latest = [...fullestTenant.entries].at(-1)
    if (latest === undefined) return false
    stopWaiting(fullest, fullestTenant, latest)
    latest.drop()
    return true
  }
  return {
    enter(owner, entry) {
      const doorName = doorKey(owner)
      const door = doors.get(doorName) ?? { ...NOTHING, tenants: new Map<string, Tenant>() }
      const tenant = door.tenants.get(owner.tenant) ?? { ...NOTHING, entries: new Set() }
      const mayRun = running < limits.running && hasRoom(door)
      if (!mayRun) {
        if (tenant.waiting >= limits.waitingOfOwner) return 'owner'
        if (!makeRoom(door, tenant)) return 'all'
      }
      doors.set(doorName, door)
      door.tenants.set(owner.tenant, tenant)
      // One entry may enter for several owners.
      const own = { start: () => entry.start(), drop: () => drop() }
      let isHere = true
      const leave = (): void => {
        if (!isHere) return
        isHere = false
        const hasRun = !stopWaiting(door, tenant, own)
        if (hasRun) {
          running--
          for (const share of [door, tenant]) share.running--
        }
        forgetIdle(doorName, door, owner.tenant, tenant)
        if (hasRun) runNext()
      }
      const drop = (): void => {
        isHere = false
        forgetIdle(doorName, door, owner.tenant, tenant)
        entry.drop()
      }
      if (mayRun) run(door, tenant, own)
      else wait(door, tenant, own)
      return leave
    }
  }
}

const NOTHING: Share = { running: 0, waiting: 0, lastStart: 0 }

/** The first of those admitted before which no other comes; undefined for none. */
function best<T extends Share>(
  shares: Iterable<T>,
  isBefore: (a: T, b: T) => boolean,
  isAdmitted: (share: T) => boolean = () => true
): T | undefined {
  let first: T | undefined
  for (const share of shares) {
    if (share.waiting === 0 || !isAdmitted(share)) continue
    if (first === undefined || isBefore(share, first)) first = share
  }
  return first
}

function isNext(a: Share, b: Share): boolean {
  return a.running === b.running ? a.lastStart < b.lastStart : a.running < b.running
}

function hasMoreWaiting(a: Share, b: Share): boolean {
  return a.waiting > b.waiting
}
