export type FairQueueLimits = {
  /** Running entries of all tenants together. */
  readonly running: number
  /** Waiting entries per tenant. */
  readonly waiting: number
}

export type FairQueue = {
  /**
   * Runs an entry of a tenant, or queues it.
   *
   * @param start Called when the entry may run, immediately if a slot is free.
   * @returns Ends the entry, waiting or running; further calls have no effect. Null when the queue of the
   *   tenant is full.
   */
  enter(tenant: string, start: () => void): (() => void) | null
}

type Entry = { readonly start: () => void }
type Tenant = { running: number; lastStart: number; readonly waiting: Set<Entry> }

/**
 * Shares slots fairly among tenants. A free slot goes to the waiting tenant with the fewest running
 * entries; among equals, to the one whose last start is longest ago.
 */
export function createFairQueue(limits: FairQueueLimits): FairQueue {
  // Holds only tenants with entries.
  const tenants = new Map<string, Tenant>()
  let running = 0
  let starts = 0

  const run = (tenant: Tenant, { start }: Entry): void => {
    running++
    tenant.running++
    tenant.lastStart = ++starts
    start()
  }
  const runNext = (): void => {
    const tenant = nextOf(tenants.values())
    const [entry] = tenant?.waiting ?? []
    if (tenant === undefined || entry === undefined) return
    tenant.waiting.delete(entry)
    run(tenant, entry)
  }
  return {
    enter(name, start) {
      const tenant = tenants.get(name) ?? { running: 0, lastStart: 0, waiting: new Set() }
      const entry = { start }
      const waits = running >= limits.running
      if (waits && tenant.waiting.size >= limits.waiting) return null
      tenants.set(name, tenant)
      if (waits) tenant.waiting.add(entry)
      else run(tenant, entry)

      let isHere = true
      return () => {
        if (!isHere) return
        isHere = false
        const hasRun = !tenant.waiting.delete(entry)
        if (hasRun) {
          running--
          tenant.running--
        }
        if (tenant.running === 0 && tenant.waiting.size === 0) tenants.delete(name)
        if (hasRun) runNext()
      }
    }
  }
}

/** The tenant that gets the next slot; undefined when none waits. */
function nextOf(tenants: Iterable<Tenant>): Tenant | undefined {
  let next: Tenant | undefined
  for (const tenant of tenants) {
    if (tenant.waiting.size > 0 && (next === undefined || isBefore(tenant, next))) next = tenant
  }
  return next
}

function isBefore(a: Tenant, b: Tenant): boolean {
  return a.running === b.running ? a.lastStart < b.lastStart : a.running < b.running
}
