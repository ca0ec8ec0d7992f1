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

type Entry = { readonly start: () => void }
type Tenant = { running: number; lastTurn: number; readonly waiting: Set<Entry> }

/**
 * Shares places among tenants (design 4): while there is room everybody runs; then the next place goes
 * to the tenant with the fewest running, of equal ones to the one whose last turn is longest ago. It
 * knows no clock and waits for nothing.
 */
export function createFairQueue(limits: FairQueueLimits): FairQueue {
  // A tenant is known only as long as it has something here.
  const tenants = new Map<string, Tenant>()
  let running = 0
  let turns = 0

  const run = (tenant: Tenant, { start }: Entry): void => {
    running++
    tenant.running++
    tenant.lastTurn = ++turns
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
      const tenant = tenants.get(name) ?? { running: 0, lastTurn: 0, waiting: new Set() }
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

/** Whose turn it is; undefined when nobody waits. */
function nextOf(tenants: Iterable<Tenant>): Tenant | undefined {
  let next: Tenant | undefined
  for (const tenant of tenants) {
    if (tenant.waiting.size > 0 && (next === undefined || isBefore(tenant, next))) next = tenant
  }
  return next
}

function isBefore(a: Tenant, b: Tenant): boolean {
  return a.running === b.running ? a.lastTurn < b.lastTurn : a.running < b.running
}
