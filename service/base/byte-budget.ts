import type { Owner } from './owner.ts'

/** What a JSON value takes in memory, besides its text. */
export const VALUE_BYTES = 64

/** The bytes that one body, document or answer has taken while it is under way. */
export type Holding = { readonly owner: Owner; bytes: number }

/** The bytes that all bodies, documents or answers under way may take together. */
export type ByteBudget = {
  readonly limit: number
  /**
   * Takes bytes.
   *
   * @returns Whether they may be had. A holding that is alone may have any.
   */
  take(holding: Holding, bytes: number): boolean
  /** Gives back all that a holding has; nothing the second time. */
  giveBack(holding: Holding): void
}

export type ByteLimits = {
  /** Most bytes of all. */
  readonly limit: number
  /** The share of all that one door token may take. */
  readonly doorShare: number
  /** The share of those of its door token that one tenant may take. */
  readonly tenantShare: number
}

/** Bytes behind one door token, and of its tenants. */
type DoorUse = { bytes: number; readonly tenants: Map<string, number> }

/** Counts in all, for each door token, and below it for each tenant (docs/running.md#tenants-and-fairness). */
export function createByteBudget({ limit, doorShare, tenantShare }: ByteLimits): ByteBudget {
  const doorMax = limit * doorShare
  const tenantMax = doorMax * tenantShare
  // The operator chooses the doors, callers the tenants: only those who hold something are kept.
  const doors = new Map<string | null, DoorUse>()
  let all = 0
  const useOf = (doorToken: string | null): DoorUse => {
    const known = doors.get(doorToken)
    if (known !== undefined) return known
    const use = { bytes: 0, tenants: new Map<string, number>() }
    doors.set(doorToken, use)
    return use
  }
  return {
    limit,
    take(holding, bytes) {
      const { doorToken, tenant } = holding.owner
      const door = useOf(doorToken)
      const ofTenant = (door.tenants.get(tenant) ?? 0) + bytes
      const isOver = all + bytes > limit || door.bytes + bytes > doorMax || ofTenant > tenantMax
      if (isOver && all !== holding.bytes) return false
      all += bytes
      door.bytes += bytes
      door.tenants.set(tenant, ofTenant)
      holding.bytes += bytes
      return true
    },
    giveBack(holding) {
      const { owner, bytes } = holding
      if (bytes === 0) return
      const door = useOf(owner.doorToken)
      const left = (door.tenants.get(owner.tenant) ?? 0) - bytes
      all -= bytes
      door.bytes -= bytes
      if (left > 0) door.tenants.set(owner.tenant, left)
      else door.tenants.delete(owner.tenant)
      holding.bytes = 0
    }
  }
}
