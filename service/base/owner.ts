/** Who causes cost. Queues, rates and quotas count by door token first, by tenant below it. */
export type Owner = {
  /** Hash of the path token that opened the door; null where none did. */
  readonly doorToken: string | null
  /** Name of the tenant in lower case, `-` when unknown. The caller chooses it: it proves nothing. */
  readonly tenant: string
}

/** The owner of what all callers share. */
export const COMMON_OWNER: Owner = { doorToken: null, tenant: '' }

/** Separates the parts of an owner's key. */
const SEPARATOR = '#'

/** The owner of a name as a caller writes it. */
export function createOwner(doorToken: string | null, tenant: string): Owner {
  return { doorToken, tenant: tenant.toLowerCase().replaceAll(SEPARATOR, '_') }
}

/** A text that only this owner has. */
export function ownerKey({ doorToken, tenant }: Owner): string {
  return doorToken === null ? tenant : `${tenant}${SEPARATOR}${doorToken}`
}

/** A text that all owners behind one door token have, and no others: blank for those without one. */
export function doorKey({ doorToken }: Owner): string {
  return doorToken ?? ''
}
