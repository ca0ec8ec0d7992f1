/** How much may go on at once. */
export type FairQueueLimits = {
  /** Entries that run, of all tenants together. */
  readonly running: number
  /** Entries that each tenant may have waiting. */
  readonly waiting: number
}

export type FairQueue = {
  /**
   * Runs an entry of a tenant, or lets it wait for its turn.
   *
   * @param start Called when the entry may run: at once where there is room.
   * @returns Ends the entry, whether it waits or runs, and may be called again without effect; null
   *   when too many of the tenant wait already.
   */
  enter(tenant: string, start: () => void): (() => void) | null
}

type Entry = { readonly arrival: number; readonly start: () => void }
type Tenant = { running: number; readonly waiting: Set<Entry> }

/**
 * Shares places among tenants (design 4): while there is room everybody runs; then the next place goes
 * to the tenant with the fewest running, of equal ones to the one that has waited longest. Pure but for
 * what it remembers: it knows no time and waits for nothing.
 */
export function createFairQueue(limits: FairQueueLimits): FairQueue {
  // A tenant is known only as long as it has something here.
  const tenants = new Map<string, Tenant>()
  let running = 0
  let arrivals = 0

  const run = (tenant: Tenant, { start }: Entry): void => {
    running++
    tenant.running++
    start()
  }
  const runNext = (): void => {
    const next = nextOf(tenants.values())
    if (next === null) return
    next.tenant.waiting.delete(next.entry)
    run(next.tenant, next.entry)
  }
  return {
    enter(name, start) {
      const tenant = tenants.get(name) ?? { running: 0, waiting: new Set() }
      const entry = { arrival: arrivals++, start }
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

/** Whose turn it is; null when nobody waits. */
function nextOf(
  tenants: Iterable<Tenant>
): { readonly tenant: Tenant; readonly entry: Entry } | null {
  let next: { readonly tenant: Tenant; readonly entry: Entry } | null = null
  for (const tenant of tenants) {
    const [entry] = tenant.waiting
    if (entry === undefined) continue
    const ahead = next === null ? -1 : tenant.running - next.tenant.running
    if (next === null || ahead < 0 || (ahead === 0 && entry.arrival < next.entry.arrival)) {
      next = { tenant, entry }
    }
  }
  return next
}
