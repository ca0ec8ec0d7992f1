/** How much may go on at once. */
export type FairQueueLimits = {
  /** Entries that run, of all tenants together. */
  readonly running: number
  /** Entries that each tenant may have waiting. */
  readonly waiting: number
}

export type FairQueue = {
  /**
   * Runs an entry of a tenant, or lets it wait for a slot.
   *
   * @param start Called when the entry may run: at once where there is room.
   * @returns Ends the entry, whether it waits or runs, and may be called again without effect; null
   *   when too many of the tenant wait already.
   */
  enter(tenant: string, start: () => void): (() => void) | null
}

type Entry = { readonly start: () => void }
type Tenant = { running: number; lastStart: number; readonly waiting: Set<Entry> }

/**
 * Shares slots among tenants: while there is room everybody runs; then the next slot goes to the tenant
 * with the fewest running, of equal ones to the one whose last start is longest ago. It knows no clock
 * and waits for nothing.
 */
export function createFairQueue(limits: FairQueueLimits): FairQueue {
  // A tenant is known only as long as it has something here.
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

/** The tenant that gets the next slot; undefined when nobody waits. */
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
